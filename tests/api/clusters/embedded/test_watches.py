"""Watches: from where they start, what they show, and when they end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import aiohttp
import pytest

from api.clusters.embedded import EmbeddedCluster
from tests.api.clusters.embedded.client import Client, Obj
from tests.api.clusters.embedded.conftest import PACE, Namespace, session


def config_map(name: str, **labels: str) -> Obj:
    return {"metadata": {"name": name, "labels": labels}}


@pytest.fixture
async def config_maps(client: Client, namespace: Namespace) -> str:
    path = f"{namespace.core}/configmaps"
    await client.until(path, "kube-root-ca.crt", lambda _: True)
    return path


async def take(client: Client, path: str, count: int, **query: str) -> list[tuple[str, str]]:
    """The first (type, name) of a watch."""
    taken: list[tuple[str, str]] = []
    async with asyncio.timeout(10), aclosing(client.watch(path, **query)) as events:
        async for event in events:
            taken.append((event["type"], event["object"]["metadata"].get("name", "")))
            if len(taken) == count:
                break
    return taken


async def test_a_watch_goes_on_from_the_version_of_a_list(client: Client, config_maps: str) -> None:
    version = (await client.get(config_maps)).body["metadata"]["resourceVersion"]
    await client.post(config_maps, config_map("a"))
    await client.patch(f"{config_maps}/a", {"data": {"k": "v"}})
    await client.delete(f"{config_maps}/a")

    taken = await take(client, config_maps, 3, resourceVersion=version)

    assert taken == [("ADDED", "a"), ("MODIFIED", "a"), ("DELETED", "a")]


async def test_versions_of_a_watch_grow_with_each_event(client: Client, config_maps: str) -> None:
    version = int((await client.get(config_maps)).body["metadata"]["resourceVersion"])
    for name in ("a", "b"):
        await client.post(config_maps, config_map(name))
    await client.delete(f"{config_maps}/a")

    versions = [version]
    async with aclosing(client.watch(config_maps, resourceVersion=str(version))) as events:
        async for event in events:
            versions.append(int(event["object"]["metadata"]["resourceVersion"]))
            if len(versions) == 4:
                break

    assert versions == sorted(set(versions))


async def test_without_a_version_a_watch_starts_with_what_is_there(client: Client, config_maps: str) -> None:
    await client.post(config_maps, config_map("a"))

    assert {("ADDED", "a"), ("ADDED", "kube-root-ca.crt")} == set(await take(client, config_maps, 2))


async def test_an_object_that_leaves_the_selector_is_shown_as_deleted(client: Client, config_maps: str) -> None:
    await client.post(config_maps, config_map("a", tier="front"))
    version = (await client.get(config_maps)).body["metadata"]["resourceVersion"]
    for tier in ("back", "front"):
        await client.patch(f"{config_maps}/a", {"metadata": {"labels": {"tier": tier}}})

    taken = await take(client, config_maps, 2, resourceVersion=version, labelSelector="tier=front")

    assert taken == [("DELETED", "a"), ("ADDED", "a")]


async def test_a_streaming_list_ends_with_a_bookmark(client: Client, config_maps: str) -> None:
    query = {"sendInitialEvents": "true", "resourceVersionMatch": "NotOlderThan", "allowWatchBookmarks": "true"}
    annotations: list[Obj] = []
    async with aclosing(client.watch(config_maps, **query)) as events:
        async for event in events:
            if event["type"] == "BOOKMARK":
                annotations.append(event["object"]["metadata"]["annotations"])
                break

    assert annotations == [{"k8s.io/initial-events-end": "true"}]


async def test_a_watch_ends_at_its_timeout(client: Client, config_maps: str) -> None:
    version = (await client.get(config_maps)).body["metadata"]["resourceVersion"]

    async with asyncio.timeout(10):
        events = [event async for event in client.watch(config_maps, resourceVersion=version, timeoutSeconds="1")]

    assert events == []


async def test_a_version_that_is_too_old_is_gone() -> None:
    """Of four changes three are remembered."""
    async with EmbeddedCluster.open(pace=PACE, history=3) as cluster, session(cluster) as opened:
        client = Client(opened)
        path = "/api/v1/namespaces/default/secrets"
        version = (await client.get(path)).body["metadata"]["resourceVersion"]
        for name in ("a", "b", "c", "d"):
            await client.post(path, {"metadata": {"name": name}})

        async with asyncio.timeout(10):
            events = [event async for event in client.watch(path, resourceVersion=version, timeoutSeconds="5")]

    [event] = events
    assert ("ERROR", 410, "Expired") == (event["type"], event["object"]["code"], event["object"]["reason"])


async def test_a_watcher_that_does_not_keep_up_is_ended() -> None:
    """It reads nothing while far more is written than its queue and the socket hold."""
    async with EmbeddedCluster.open(pace=PACE, watch_queue=5) as cluster, session(cluster) as opened:
        client = Client(opened)
        path = "/api/v1/namespaces/default/configmaps"
        async with session(cluster) as slow, slow.get(path, params={"watch": "1"}) as response:
            for number in range(60):
                await client.post(path, {"metadata": {"name": f"c{number}"}, "data": {"k": "x" * 200_000}})
            async with asyncio.timeout(10):
                read = [line[:40] async for line in _lines(response)]

    assert len(read) < 60


async def _lines(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    rest = b""
    async for chunk in response.content.iter_any():
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line


async def test_closing_the_cluster_ends_its_watches() -> None:
    async with asyncio.timeout(10):
        async with EmbeddedCluster.open(pace=PACE) as cluster:
            opened = session(cluster)
            events = Client(opened).watch("/api/v1/namespaces", timeoutSeconds="600")
            await anext(events)
        left = [event async for event in events]
        await opened.close()

    assert {event["type"] for event in left} <= {"ADDED", "MODIFIED"}
