"""An informer before an API server that keeps to the protocol: list in pages, watch from there, go on from there."""

from __future__ import annotations

import asyncio

from api.clusters.objects import Kind
from api.clusters.store import EVENTS_PER_NAMESPACE, Store
from tests.api.clusters.conftest import Follow
from tests.api.clusters.scripted_api import ScriptedApi
from tests.api.clusters.subscribers import until, was_told
from tests.api.clusters.wire import NAMESPACE, event, namespace, pod


def names(store: Store) -> set[str]:
    return {each.metadata.name for each in store.pods(NAMESPACE)}


def versions(store: Store) -> dict[str, str]:
    return {each.metadata.name: each.metadata.resource_version for each in store.pods(NAMESPACE)}


async def seen(store: Store, version: int) -> bool:
    return await store.wait_until_seen(Kind.POD, str(version), timeout=10)


async def test_ours_are_listed_in_pages_and_watched_from_the_last(api: ScriptedApi, follow: Follow) -> None:
    store = follow().store

    first = await api.request()
    first.list(pod("a", 3), version="10", next_page="more")
    second = await api.request()
    second.list(pod("b", 4), version="10")
    watch = await api.request()

    assert ("/api/v1/pods", "500", "more") == (first.path, first.query["limit"], second.query["continue"])
    assert {"app.kubernetes.io/managed-by=moorage"} == {each.query["labelSelector"] for each in (first, second, watch)}
    assert ("10", "true") == (watch.query["resourceVersion"], watch.query["allowWatchBookmarks"])
    assert {"a", "b"} == names(store)


async def test_what_is_told_is_taken_in_order(api: ScriptedApi, follow: Follow) -> None:
    store = follow().store
    await api.list()
    watch = await api.watch(since="10")

    await watch.send("ADDED", pod("a", 11))
    await watch.send("ADDED", pod("b", 12))
    await watch.send("MODIFIED", pod("a", 13))
    await watch.send("DELETED", pod("b", 14))

    assert await seen(store, 14)
    assert {"a": "13"} == versions(store)


async def test_several_lines_of_a_chunk_and_a_line_of_many_chunks_are_read(api: ScriptedApi, follow: Follow) -> None:
    store = follow().store
    await api.list()
    watch = await api.watch(since="10")
    long = pod("long", 12)
    long["metadata"]["annotations"] = {"example.com/long": "x" * 1_500_000}

    await watch.send_raw(b'{"type": "BOOKMARK", "object": {"metadata": {"resourceVersion": "11"}}}\n' * 3)
    await watch.send("ADDED", long)

    assert await seen(store, 12)
    assert {"long"} == names(store)


async def test_a_bookmark_moves_the_place_where_the_next_watch_begins(api: ScriptedApi, follow: Follow) -> None:
    store = follow().store
    await api.list()
    watch = await api.watch(since="10")
    await watch.bookmark("50")
    assert await seen(store, 50)

    await watch.end()

    await api.watch(since="50")


async def test_a_change_moves_the_place_where_the_next_watch_begins(api: ScriptedApi, follow: Follow) -> None:
    store = follow().store
    await api.list()
    watch = await api.watch(since="10")
    await watch.send("DELETED", pod("a", 31))
    assert await seen(store, 31)

    await watch.end()

    await api.watch(since="31")


async def test_a_watch_that_ends_in_silence_is_taken_up_where_it_began(api: ScriptedApi, follow: Follow) -> None:
    follow()
    await api.list()
    watch = await api.watch(since="10")

    await watch.end()

    await api.watch(since="10")


async def test_whoever_waits_for_a_version_is_woken_by_a_bookmark_beyond_it(api: ScriptedApi, follow: Follow) -> None:
    store = follow().store
    await api.list()
    watch = await api.watch(since="10")
    waiting = asyncio.create_task(seen(store, 20))

    await watch.bookmark("21")

    assert await waiting


async def test_a_subscriber_who_does_not_look_is_told_once_of_any_number_of_changes(
    api: ScriptedApi, follow: Follow
) -> None:
    store = follow().store
    await api.list()
    watch = await api.watch(since="10")

    with store.subscribe(NAMESPACE) as changes:
        for number in range(11, 211):
            await watch.send("ADDED", pod(f"pod-{number}", number))
        assert await seen(store, 210)

        assert (True, False) == (await was_told(changes), await was_told(changes))
    assert 200 == len(names(store))


async def test_a_subscriber_of_another_namespace_is_not_told(api: ScriptedApi, follow: Follow) -> None:
    store = follow().store
    await api.list()
    watch = await api.watch(since="10")

    with store.subscribe("other") as changes:
        await watch.send("ADDED", pod("a", 11))
        assert await seen(store, 11)

        assert not await was_told(changes)


async def test_events_that_are_told_before_their_namespace_are_kept_for_it(api: ScriptedApi, follow: Follow) -> None:
    store = follow(Kind.NAMESPACE, Kind.EVENT).store
    (await api.request()).list(version="5")
    (watch_of_namespaces, events) = sorted(
        [await api.request(), await api.request()], key=lambda each: each.is_watch, reverse=True
    )
    watch = await watch_of_namespaces.open_watch()
    events.list(event("early", 4), event("foreign", 4, namespace="kube-system"), version="6")
    assert await store.wait_until_seen(Kind.EVENT, "6", timeout=10)
    assert [] == store.events(NAMESPACE)

    await watch.send("ADDED", namespace(version=7))

    await until(store, NAMESPACE, lambda: ["early"] == [each.metadata.name for each in store.events(NAMESPACE)])
    assert [] == store.events("kube-system")


async def test_the_oldest_events_of_a_namespace_give_way(api: ScriptedApi, follow: Follow) -> None:
    store = follow(Kind.NAMESPACE, Kind.EVENT).store
    (await api.request()).list(namespace(), version="5")
    watch, events = sorted([await api.request(), await api.request()], key=lambda each: each.is_watch, reverse=True)
    await watch.open_watch()
    many = EVENTS_PER_NAMESPACE * 2
    events.list(
        *(event(f"e{each}", 6, last=f"2026-11-23T12:{each // 60:02}:{each % 60:02}Z") for each in range(many)),
        version="6",
    )

    assert await store.wait_until_seen(Kind.EVENT, "6", timeout=10)

    kept = {each.metadata.name for each in store.events(NAMESPACE)}
    assert EVENTS_PER_NAMESPACE <= len(kept) <= EVENTS_PER_NAMESPACE * 6 // 5
    assert {f"e{each}" for each in range(many - EVENTS_PER_NAMESPACE, many)} <= kept


async def test_of_what_is_only_told_to_change_the_metadata_alone_is_asked_for(api: ScriptedApi, follow: Follow) -> None:
    """A Secret's values are not even sent. An empty list of metadata has null for its items."""
    store = follow(Kind.SECRET).store
    first = await api.request()
    first.answer({"metadata": {"resourceVersion": "10"}, "items": None})
    watch = await api.request()

    assert await store.wait_until_seen(Kind.SECRET, "10", timeout=10)
    metadata = "application/json;as=PartialObjectMetadata{};g=meta.k8s.io;v=v1,application/json"
    assert [metadata.format("List"), metadata.format("")] == [first.accept, watch.accept]
