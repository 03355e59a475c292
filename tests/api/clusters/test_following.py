"""Following a cluster of which Moorage may not list everything: in each namespace of ours, and in no other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from api.clusters.connection import Connection
from api.clusters.following import Following
from api.clusters.health import Health
from api.clusters.objects import Kind
from api.clusters.store import Store
from tests.api.clusters.conftest import NEVER
from tests.api.clusters.scripted_api import Exchange, ScriptedApi, Watch
from tests.api.clusters.subscribers import until
from tests.api.clusters.wire import Json, metadata, namespace, pod

DENIED = 'pods is forbidden: User "moorage" cannot list resource "pods" in API group "" at the cluster scope'
DENIED_IN = 'pods is forbidden: User "moorage" cannot list resource "pods" in API group "" in the namespace "shop"'


@dataclass(frozen=True)
class Followed:
    following: Following
    store: Store
    health: Health

    def names(self, slug: str) -> set[str]:
        return {each.metadata.name for each in self.store.pods(slug)}


@pytest.fixture
async def followed(connection: Connection) -> AsyncIterator[Followed]:
    """Pods alone, for the length of a test."""
    store = Store()
    health = Health([Kind.POD], store.notify_all)
    following = Following(connection, store, health, stall=NEVER)
    task = asyncio.create_task(following.follow(Kind.POD), name="informer pods")
    yield Followed(following, store, health)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def pod_in(slug: str, name: str, version: int) -> Json:
    return {**pod(name, version), "metadata": metadata(name, version, namespace=slug)}


async def deny(api: ScriptedApi) -> Exchange:
    exchange = await api.request()
    exchange.refuse(403, DENIED, reason="Forbidden")
    return exchange


async def list_in(api: ScriptedApi, *items: Json, version: str = "10") -> tuple[str, Watch]:
    """Answer a list, and open the watch that follows it; the list's path."""
    listed = await api.request()
    listed.list(*items, version=version)
    return listed.path, await api.watch(since=version)


async def test_where_the_whole_cluster_may_be_listed_it_is(api: ScriptedApi, followed: Followed) -> None:
    await followed.following.follow_namespaces({"shop"})

    path, _ = await list_in(api, pod_in("shop", "web", 3), pod_in("other", "web", 4))

    assert "/api/v1/pods" == path
    assert ({"web"}, {"web"}, None) == (followed.names("shop"), followed.names("other"), followed.health.message)


async def test_where_it_may_not_each_namespace_of_ours_is_followed(api: ScriptedApi, followed: Followed) -> None:
    await followed.following.follow_namespaces({"shop"})
    await deny(api)

    path, watch = await list_in(api, pod_in("shop", "web", 3))
    await watch.send("ADDED", pod_in("shop", "worker", 12))

    assert await followed.store.wait_until_seen(Kind.POD, "12", timeout=10, namespace="shop")
    assert ("/api/v1/namespaces/shop/pods", None) == (path, followed.health.message)
    assert {"web", "worker"} == followed.names("shop")


async def test_without_a_namespace_the_missing_right_is_the_trouble(api: ScriptedApi, followed: Followed) -> None:
    await deny(api)
    async with asyncio.timeout(10):
        await followed.health.wait_until_found()

    assert 'it cannot list resource "pods"' in (followed.health.message or "")


async def test_a_namespace_that_comes_is_followed_and_no_trouble_of_the_others(
    api: ScriptedApi, followed: Followed
) -> None:
    await followed.following.follow_namespaces({"shop"})
    await deny(api)
    await list_in(api)

    await followed.following.follow_namespace("blog")
    asked = await api.request()
    meanwhile = followed.health.message
    asked.list(pod_in("blog", "web", 5), version="20")
    await api.watch(since="20")

    assert ("/api/v1/namespaces/blog/pods", None, {"web"}) == (asked.path, meanwhile, followed.names("blog"))


async def test_a_namespace_that_goes_is_forgotten_and_its_watch_ended(api: ScriptedApi, followed: Followed) -> None:
    await followed.following.follow_namespaces({"shop"})
    await deny(api)
    _, watch = await list_in(api, pod_in("shop", "web", 3))

    await followed.following.follow_namespaces(set())

    await watch.until_over()
    await until(followed.store, "shop", lambda: not followed.names("shop"))


async def test_what_was_deleted_in_one_namespace_while_its_watch_was_lost_is_forgotten_there_alone(
    api: ScriptedApi, followed: Followed
) -> None:
    await followed.following.follow_namespaces({"shop"})
    await deny(api)
    _, watch = await list_in(api, pod_in("shop", "gone", 3))
    await followed.following.follow_namespace("blog")
    await list_in(api, pod_in("blog", "web", 5))

    await watch.send("ERROR", {"kind": "Status", "code": 410, "reason": "Expired", "message": "too old"})
    await list_in(api, version="30")

    assert (set(), {"web"}) == (followed.names("shop"), followed.names("blog"))


async def test_a_namespace_that_denies_everything_is_no_trouble_of_the_others(
    api: ScriptedApi, followed: Followed
) -> None:
    await followed.following.follow_namespaces({"shop"})
    await deny(api)

    (await api.request()).refuse(403, DENIED_IN, reason="Forbidden")
    again = await api.request()

    assert ("/api/v1/namespaces/shop/pods", None) == (again.path, followed.health.message)


async def test_a_right_that_is_taken_away_is_known_to_be_missing_there_alone(
    api: ScriptedApi, followed: Followed
) -> None:
    await followed.following.follow_namespaces({"shop"})
    await deny(api)
    _, watch = await list_in(api)
    before = followed.store.is_denied(Kind.POD, "shop")

    await watch.send("ERROR", {"kind": "Status", "code": 410, "reason": "Expired", "message": "too old"})
    (await api.request()).refuse(403, DENIED_IN, reason="Forbidden")
    await api.request()

    denied = tuple(followed.store.is_denied(Kind.POD, slug) for slug in ("shop", "blog"))
    assert (False, (True, False)) == (before, denied)


async def test_what_was_denied_is_known_as_soon_as_it_may_be_read(api: ScriptedApi, followed: Followed) -> None:
    await followed.following.follow_namespaces({"shop"})
    await deny(api)
    (await api.request()).refuse(403, DENIED_IN, reason="Forbidden")

    await list_in(api, pod_in("shop", "web", 3))

    assert (False, {"web"}) == (followed.store.is_denied(Kind.POD, "shop"), followed.names("shop"))


async def test_a_right_to_what_a_cluster_may_lack_is_no_trouble_of_the_rest(
    api: ScriptedApi, connection: Connection
) -> None:
    store = Store()
    health = Health([Kind.CERTIFICATE], store.notify_all)
    following = Following(connection, store, health, stall=NEVER)
    task = asyncio.create_task(following.follow(Kind.CERTIFICATE))

    (await api.request()).refuse(403, DENIED.replace("pods", "certificates"), reason="Forbidden")
    await health.wait_until_found()

    assert (None, True) == (health.message, store.is_denied(Kind.CERTIFICATE, "shop"))
    task.cancel()


async def test_of_a_namespace_itself_it_is_asked_for(api: ScriptedApi, connection: Connection) -> None:
    store = Store()
    following = Following(connection, store, Health([Kind.NAMESPACE], store.notify_all), stall=NEVER)
    await following.follow_namespaces({"shop"})
    task = asyncio.create_task(following.follow(Kind.NAMESPACE))
    await deny(api)

    asked = await api.request()
    asked.answer(namespace("shop", 7))

    assert await store.wait_until_seen(Kind.NAMESPACE, "7", timeout=10, namespace="shop")
    assert ("/api/v1/namespaces/shop", True) == (asked.path, store.namespace("shop") is not None)
    task.cancel()
