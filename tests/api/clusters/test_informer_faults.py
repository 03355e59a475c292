"""An informer before an API server that fails: nothing is lost or told twice, and the server is not asked in a rush."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from itertools import pairwise
from pathlib import Path

import pytest

from api.clusters.connection import Connection
from api.clusters.health import Health
from api.clusters.informer import Informer
from api.clusters.models import Kubeconfig
from api.clusters.objects import Kind
from api.clusters.store import Store
from tests.api.clusters.conftest import Follow, Following
from tests.api.clusters.scripted_api import ScriptedApi, Watch, status
from tests.api.clusters.subscribers import until, was_told
from tests.api.clusters.wire import NAMESPACE, pod
from tests.api.servers import write_kubeconfig

Lose = Callable[[ScriptedApi, Watch], Awaitable[None]]

DENIED = 'pods is forbidden: User "moorage" cannot list resource "pods" in API group "" at the cluster scope'


def versions(store: Store) -> dict[str, str]:
    return {each.metadata.name: each.metadata.resource_version for each in store.pods(NAMESPACE)}


async def seen(store: Store, version: int) -> bool:
    return await store.wait_until_seen(Kind.POD, str(version), timeout=10)


async def followed(api: ScriptedApi, follow: Follow, *, stall: float = 60) -> tuple[Following, Watch]:
    """An informer that has listed the pods `kept` and `lost`, and watches."""
    following = follow(stall=stall)
    await api.list(pod("kept", 3), pod("lost", 4))
    watch = await api.watch(since="10")
    assert await following.next_health() is None
    return following, watch


async def end_with_error(api: ScriptedApi, watch: Watch) -> None:
    await watch.send("ERROR", status(410, "too old resource version", reason="Expired"))


async def end_and_refuse(api: ScriptedApi, watch: Watch) -> None:
    await watch.end()
    (await api.request()).refuse(410, "too old resource version", reason="Expired")


@pytest.mark.parametrize("lose", [end_with_error, end_and_refuse])
class TestLosingThePlace:
    """410, inside a stream or in place of one."""

    async def test_what_was_deleted_in_between_is_noticed(self, api: ScriptedApi, follow: Follow, lose: Lose) -> None:
        following, watch = await followed(api, follow)

        await lose(api, watch)
        await api.list(pod("kept", 3), pod("new", 19), version="20")
        await api.watch(since="20")

        assert {"kept": "3", "new": "19"} == versions(following.store)
        assert None is following.store.pod("uid-lost")

    async def test_a_subscriber_is_told_of_what_changed_meanwhile(
        self, api: ScriptedApi, follow: Follow, lose: Lose
    ) -> None:
        following, watch = await followed(api, follow)

        with following.store.subscribe(NAMESPACE) as changes:
            await lose(api, watch)
            await api.list(pod("kept", 3), version="20")
            await api.watch(since="20")

            assert await was_told(changes)

    async def test_a_subscriber_is_not_told_where_nothing_changed(
        self, api: ScriptedApi, follow: Follow, lose: Lose
    ) -> None:
        following, watch = await followed(api, follow)

        with following.store.subscribe(NAMESPACE) as changes:
            await lose(api, watch)
            await api.list(pod("kept", 3), pod("lost", 4), version="20")
            await api.watch(since="20")

            assert not await was_told(changes)

    async def test_the_cluster_counts_as_well_all_the_time(self, api: ScriptedApi, follow: Follow, lose: Lose) -> None:
        following, watch = await followed(api, follow)

        await lose(api, watch)
        await api.list(version="20")
        await api.watch(since="20")

        assert following.health_changes.empty()


async def test_another_object_of_the_same_name_takes_the_place_of_the_lost_one(
    api: ScriptedApi, follow: Follow
) -> None:
    following, watch = await followed(api, follow)

    await end_with_error(api, watch)
    await api.list(pod("kept", 3), pod("lost", 15, uid="another"), version="20")
    await api.watch(since="20")

    assert {"kept": "3", "lost": "15"} == versions(following.store)
    assert (True, False) == (
        following.store.pod("another") is not None,
        following.store.pod("uid-lost") is not None,
    )


async def test_a_list_that_grows_old_between_its_pages_is_begun_anew(api: ScriptedApi, follow: Follow) -> None:
    store = follow().store
    (await api.request()).list(pod("gone-since", 3), version="10", next_page="more")
    (await api.request()).refuse(410, "The provided continue parameter is too old", reason="Expired")

    again = await api.request()
    again.list(pod("there", 12), version="20")
    await api.watch(since="20")

    assert "continue" not in again.query
    assert {"there": "12"} == versions(store)


async def test_a_stream_without_a_byte_is_given_up_and_opened_anew(api: ScriptedApi, follow: Follow) -> None:
    _, watch = await followed(api, follow, stall=0.05)

    await api.watch(since="10")

    await watch.until_over()


async def test_half_a_line_is_not_taken_for_news(api: ScriptedApi, follow: Follow) -> None:
    following, watch = await followed(api, follow, stall=0.2)

    await watch.send_raw(b'{"type": "DELETED", "object": {"metadata": ')
    await api.watch(since="10")

    assert {"kept": "3", "lost": "4"} == versions(following.store)


@pytest.mark.parametrize("politely", [True, False])
async def test_a_stream_that_breaks_within_a_line_is_taken_up_before_it(
    api: ScriptedApi, follow: Follow, politely: bool
) -> None:
    following, watch = await followed(api, follow)
    await watch.send("MODIFIED", pod("kept", 11))
    assert await seen(following.store, 11)

    await watch.send_raw(b'{"type": "DELETED", "object": {"metadata": ')
    if politely:
        await watch.end()
    else:
        watch.reset()
    again = await api.watch(since="11")
    await again.send("DELETED", pod("kept", 12))

    assert await seen(following.store, 12)
    assert {"lost": "4"} == versions(following.store)
    assert following.health_changes.empty()


@pytest.mark.parametrize(
    "garbage", [b"<html>\n", b"{}\n", b'{"type": "ADDED", "object": {"metadata": {}}}\n', b"\xff\xfe\n"]
)
async def test_a_line_that_cannot_be_read_is_told_and_everything_is_listed_again(
    api: ScriptedApi, follow: Follow, garbage: bytes
) -> None:
    following, watch = await followed(api, follow)

    await watch.send_raw(garbage)
    trouble = await following.next_health()
    await api.list(pod("kept", 12), version="20")

    assert "The cluster's answer cannot be read" in (trouble or "")
    assert None is await following.next_health()
    assert {"kept": "12"} == versions(following.store)


async def test_an_error_within_a_stream_is_told_and_the_watch_goes_on(api: ScriptedApi, follow: Follow) -> None:
    following, watch = await followed(api, follow)

    await watch.send("ERROR", status(500, "etcdserver: no leader", reason="InternalError"))
    trouble = await following.next_health()
    await api.watch(since="10")

    assert "The cluster has a problem of its own. Try again in a moment." == trouble
    assert None is await following.next_health()


async def test_a_server_that_fails_is_asked_again_until_it_answers(api: ScriptedApi, follow: Follow) -> None:
    following = follow()
    for _ in range(4):
        (await api.request()).refuse(500, "etcdserver: request timed out", reason="InternalError")
    async with asyncio.timeout(10):
        await following.health.wait_until_found()
    trouble, detail = following.health.message, following.health.detail

    await api.list(pod("kept", 3))

    assert "The cluster has a problem of its own. Try again in a moment." == trouble
    assert "500: etcdserver: request timed out" == detail
    assert None is await following.next_health()


async def test_a_busy_server_is_left_alone_for_as_long_as_it_says(api: ScriptedApi, follow: Follow) -> None:
    follow()
    (await api.request()).refuse(429, "too many requests", reason="TooManyRequests", Retry_After="1")
    asked = time.monotonic()

    await api.list()

    assert 1.0 <= time.monotonic() - asked < 3


async def test_a_missing_right_is_an_answer_that_is_asked_for_ever_less_often(api: ScriptedApi, follow: Follow) -> None:
    following = follow()
    began = time.monotonic()
    arrivals = []
    for _ in range(5):
        (await api.request()).refuse(403, DENIED, reason="Forbidden")
        arrivals.append(time.monotonic() - began)

    pauses = [after - before for before, after in pairwise(arrivals)]
    shortest = [0.05, 0.1, 0.2, 0.4]
    assert all(least <= pause < least * 2 + 2 for least, pause in zip(shortest, pauses, strict=True))
    assert 'it cannot list resource "pods"' in (following.health.message or "")


async def test_a_right_that_is_granted_later_is_noticed(api: ScriptedApi, follow: Follow) -> None:
    following = follow()
    (await api.request()).refuse(403, DENIED, reason="Forbidden")

    await api.list(pod("kept", 3))
    await api.watch(since="10")

    assert None is await following.next_health()
    assert {"kept": "3"} == versions(following.store)


async def test_a_server_that_comes_up_later_is_found(tmp_path: Path) -> None:
    api = ScriptedApi()
    kubeconfig = write_kubeconfig(tmp_path / "kubeconfig", api.url, "token")
    well = asyncio.Event()
    store, health = Store(), Health([Kind.POD], well.set)
    async with Connection.open(Kubeconfig(kubeconfig)) as connection:
        task = asyncio.create_task(Informer(connection, store, health, Kind.POD).run())
        async with asyncio.timeout(10):
            await health.wait_until_found()
        trouble = health.message

        async with api.serving():
            await api.list(pod("kept", 3))
            await until(store, NAMESPACE, lambda: {"kept": "3"} == versions(store))

        assert "The cluster does not answer" in (trouble or "")
        task.cancel()


async def test_what_is_known_stays_known_while_the_server_is_away(api: ScriptedApi, follow: Follow) -> None:
    following, watch = await followed(api, follow)

    watch.reset()
    (await api.request()).refuse(503, "apiserver is shutting down", reason="ServiceUnavailable")
    trouble = await following.next_health()

    assert "The cluster has a problem of its own. Try again in a moment." == trouble
    assert {"kept": "3", "lost": "4"} == versions(following.store)


async def test_a_cluster_that_was_restored_from_a_backup_is_believed(api: ScriptedApi, follow: Follow) -> None:
    """Its versions are lower than those that were known."""
    following, watch = await followed(api, follow)

    await end_with_error(api, watch)
    await api.list(pod("kept", 2), version="5")
    await api.watch(since="5")

    assert {"kept": "2"} == versions(following.store)
    assert not await following.store.wait_until_seen(Kind.POD, "10", timeout=0.01)
