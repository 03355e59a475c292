"""Streams: a snapshot first, then every change, for as long as the viewer may see it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from time import monotonic
from typing import TypeVar
from uuid import UUID

import pytest
import sqlalchemy as sql

from api.authorization.models import Principal
from api.authorization.vigils import Vigils
from api.clusters.cluster import Cluster
from api.database.database import Database
from api.database.encryption import Encryption
from api.database.tables import NamespaceRow, WorkloadRow
from api.errors import InvalidInput, NotFound, Unauthenticated
from api.monitoring.arrivals import changed_at
from api.namespaces.service import NamespaceService
from api.workloads.models import Workload, WorkloadPhase
from api.workloads.service import WorkloadService
from api.workloads.updates import ResetReason, UpdateKind, WorkloadUpdate
from tests.api.people import SignedIn
from tests.api.proxy import FaultyProxy
from tests.api.servers import only_embedded
from tests.api.workloads.apps import PATIENCE, WEB, Apps

pytestmark = only_embedded

T = TypeVar("T")
ONE = replace(WEB, replicas=1)


async def next_of(stream: AsyncGenerator[T, None]) -> T:
    async with asyncio.timeout(PATIENCE):
        return await anext(stream)


async def test_a_stream_begins_with_what_is_and_goes_on_with_what_changes(apps: Apps) -> None:
    await apps.deploy_until_ready(ONE)
    stream = apps.workloads.watch(apps.principal, apps.namespace.slug, "web")
    first = await next_of(stream)

    await apps.workloads.scale(apps.principal, apps.namespace.slug, "web", 2)
    second = await next_of(stream)
    await stream.aclose()

    assert (UpdateKind.SNAPSHOT, WorkloadPhase.READY) == (first.kind, first.workload and first.workload.status.phase)
    assert UpdateKind.CHANGE == second.kind
    assert first.workload != second.workload


async def test_nothing_is_told_twice(apps: Apps) -> None:
    """However often the Store says that something happened: only a difference is a message."""
    stream = apps.workloads.watch_namespace(apps.principal, apps.namespace.slug)
    await apps.deploy(WEB)
    seen = []
    while True:
        update = await next_of(stream)
        if update.kind is UpdateKind.SYNCED:
            continue
        assert update.workload is not None
        seen.append(replace(update.workload, as_of=None))
        if update.workload.status.phase is WorkloadPhase.READY:
            break
    await stream.aclose()

    assert all(before != after for before, after in pairwise(seen))


async def test_a_stream_goes_on_from_a_cursor_with_what_was_missed(apps: Apps) -> None:
    """The same messages as for a reader who stayed, no more and no less, and then that this is all."""
    await apps.deploy_until_ready(ONE)
    stayed = apps.workloads.watch(apps.principal, apps.namespace.slug, "web")
    first = await next_of(stayed)

    await apps.workloads.scale(apps.principal, apps.namespace.slug, "web", 2)
    told = [await next_of(stayed)]
    while told[-1].workload is None or told[-1].workload.status.ready_replicas < 2:
        told.append(await next_of(stayed))
    returned = apps.workloads.watch(apps.principal, apps.namespace.slug, "web", first.cursor)
    missed = [await next_of(returned)]
    while missed[-1].kind is not UpdateKind.SYNCED:
        missed.append(await next_of(returned))
    synced = missed.pop()
    while len(told) < len(missed):  # its status may have gone on meanwhile
        told.append(await next_of(stayed))
    await asyncio.gather(stayed.aclose(), returned.aclose())

    assert told == missed
    assert told[-1].cursor == synced.cursor


async def test_news_of_the_cluster_say_when_they_arrived_and_what_was_missed_does_not(apps: Apps) -> None:
    """The delay of who was away is none of the server's."""
    await apps.deploy_until_ready(ONE)
    stayed = apps.workloads.watch(apps.principal, apps.namespace.slug, "web")
    first = await next_of(stayed)
    at_first = changed_at.get()

    before, live = monotonic(), []
    await apps.workloads.scale(apps.principal, apps.namespace.slug, "web", 2)
    while (told := (await next_of(stayed)).workload) is None or told.status.ready_replicas < 2:
        live.append(changed_at.get())
    live.append(changed_at.get())
    returned = apps.workloads.watch(apps.principal, apps.namespace.slug, "web", first.cursor)
    missed = []
    for _ in live:
        await next_of(returned)
        missed.append(changed_at.get())
    await asyncio.gather(stayed.aclose(), returned.aclose())

    assert at_first is None
    assert [None] * len(live) == missed
    assert before <= (live[-1] or 0) <= monotonic()


async def test_a_namespaces_stream_goes_on_with_the_deletions_that_were_missed(apps: Apps) -> None:
    await apps.deploy_until_ready(ONE)
    stream = apps.workloads.watch_namespace(apps.principal, apps.namespace.slug)
    await next_of(stream)
    synced = await next_of(stream)
    await stream.aclose()

    await apps.workloads.delete(apps.principal, apps.namespace.slug, "web")
    returned = apps.workloads.watch_namespace(apps.principal, apps.namespace.slug, synced.cursor)
    gone = await _deletion_of(returned)
    await returned.aclose()

    assert synced.cursor is not None
    assert gone is not None


async def test_a_cursor_of_another_process_is_answered_by_a_reset_and_a_snapshot(
    apps: Apps, database: Database, cluster: Cluster, namespaces: NamespaceService, signed_in: SignedIn
) -> None:
    workload = await apps.deploy_until_ready(ONE)
    replica = WorkloadService(database, cluster, namespaces, Encryption(b"0" * 32), vigils=Vigils(signed_in))
    there = replica.watch(apps.principal, apps.namespace.slug, "web")
    elsewhere = (await next_of(there)).cursor
    await there.aclose()
    await replica.close()

    stream = apps.workloads.watch(apps.principal, apps.namespace.slug, "web", elsewhere)
    reset, snapshot = await next_of(stream), await next_of(stream)
    await stream.aclose()

    assert (UpdateKind.RESET, ResetReason.UNKNOWN_STREAM) == (reset.kind, reset.reset)
    assert (UpdateKind.SNAPSHOT, workload.id) == (snapshot.kind, snapshot.workload_id)


async def test_what_another_process_answers_is_never_older_than_what_was_told_by_the_first(
    *, apps: Apps, database: Database, cluster: Cluster, namespaces: NamespaceService, signed_in: SignedIn
) -> None:
    """Somebody else follows there, and is not told yet: PostgreSQL's notifications do not reach that process."""
    await apps.deploy_until_ready(ONE)
    replica = WorkloadService(database, cluster, namespaces, Encryption(b"0" * 32), vigils=Vigils(signed_in))
    with database.notifications.subscribed(replica.rows):
        pass  # and not any more
    somebody = replica.watch(apps.principal, apps.namespace.slug, "web")
    stayed = apps.workloads.watch(apps.principal, apps.namespace.slug, "web")
    await next_of(somebody), await next_of(stayed)

    async with database.session() as session:
        await session.execute(sql.update(WorkloadRow).values(updated_at=sql.func.now()))
    told = await next_of(stayed)
    moved = replica.watch(apps.principal, apps.namespace.slug, "web", told.cursor)
    reset, snapshot = await next_of(moved), await next_of(moved)
    await asyncio.gather(stayed.aclose(), somebody.aclose(), moved.aclose())
    await replica.close()

    assert (UpdateKind.CHANGE, UpdateKind.RESET) == (told.kind, reset.kind)
    assert _timeless(told) == _timeless(snapshot)


def _timeless(update: WorkloadUpdate) -> Workload:
    assert update.workload is not None
    return replace(update.workload, as_of=None)


@pytest.mark.parametrize("text", ["", "x", "!!!", "WyJhIiwxLFsieCJdXQ", "WyJhIiwxLFsiMSJdXQ" + "A" * 600])
async def test_what_is_no_cursor_is_refused(apps: Apps, text: str) -> None:
    await apps.deploy(ONE)

    with pytest.raises(InvalidInput, match="cursor") as refusal:
        await anext(apps.workloads.watch(apps.principal, apps.namespace.slug, "web", text))

    assert ("after",) == refusal.value.path


async def test_who_follows_the_same_is_given_the_same_message(apps: Apps) -> None:
    """So that whatever is made of it for one is there for all."""
    await apps.deploy_until_ready(ONE)
    streams = [apps.workloads.watch(apps.principal, apps.namespace.slug, "web") for _ in range(3)]
    snapshots = [await next_of(stream) for stream in streams]

    await apps.workloads.scale(apps.principal, apps.namespace.slug, "web", 2)
    changes = [await next_of(stream) for stream in streams]
    await asyncio.gather(*(stream.aclose() for stream in streams))

    assert 1 == len({id(each) for each in snapshots})
    assert 1 == len({id(each) for each in changes})


async def test_a_namespaces_stream_tells_of_apps_that_come_and_go(apps: Apps) -> None:
    await apps.deploy_until_ready(ONE)
    stream = apps.workloads.watch_namespace(apps.principal, apps.namespace.slug)
    snapshot, synced = await next_of(stream), await next_of(stream)

    other, _ = await apps.deploy(replace(ONE, name="other"))
    change = await next_of(stream)
    await apps.workloads.delete(apps.principal, apps.namespace.slug, "other")
    gone = await _deletion_of(stream)
    await stream.aclose()

    assert [UpdateKind.SNAPSHOT, UpdateKind.SYNCED, UpdateKind.CHANGE] == [snapshot.kind, synced.kind, change.kind]
    assert (other.id, other.id) == (change.workload_id, gone)


async def _deletion_of(stream: AsyncGenerator[WorkloadUpdate, None]) -> UUID | None:
    while True:
        update = await next_of(stream)
        if update.kind is UpdateKind.DELETED:
            return update.workload_id


async def test_a_namespaces_stream_ends_with_the_namespace(apps: Apps, namespaces: NamespaceService) -> None:
    workload = await apps.deploy_until_ready(ONE)
    stream = apps.workloads.watch_namespace(apps.principal, apps.namespace.slug)
    await next_of(stream)

    await namespaces.delete(apps.principal, apps.namespace.slug)
    async with asyncio.timeout(PATIENCE):
        rest = [update async for update in stream]

    assert (workload.id, UpdateKind.DELETED) == (rest[-1].workload_id, rest[-1].kind)


async def test_a_stream_ends_within_two_seconds_of_the_session(apps: Apps, signed_in: SignedIn) -> None:
    await apps.deploy_until_ready(ONE)
    stream = apps.workloads.watch(apps.principal, apps.namespace.slug, "web")
    await next_of(stream)

    signed_in.value = False

    with pytest.raises(Unauthenticated):
        async with asyncio.timeout(2):
            await anext(stream)


async def test_who_is_signed_out_while_a_stream_begins_is_shown_nothing(apps: Apps, signed_in: SignedIn) -> None:
    await apps.deploy_until_ready(ONE)
    signed_in.value = False
    streams = (
        apps.workloads.watch(apps.principal, apps.namespace.slug, "web"),
        apps.workloads.watch_namespace(apps.principal, apps.namespace.slug),
    )

    for stream in streams:
        with pytest.raises(Unauthenticated):
            await next_of(stream)


class Watched:
    """A credential that is asked about, and answered by the test."""

    def __init__(self) -> None:
        self.asked: asyncio.Queue[asyncio.Future[bool]] = asyncio.Queue()
        self.told: list[Callable[[], None]] = []
        """To be called where it may have changed."""

    async def still_valid(self, principal: Principal) -> bool:
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.asked.put_nowait(answer)
        return await answer

    @contextmanager
    def following(self, principal: Principal, told: Callable[[], None]) -> Iterator[None]:
        self.told.append(told)
        yield

    async def answer(self, *, is_valid: bool) -> None:
        (await self.asked.get()).set_result(is_valid)

    def doubt(self) -> None:
        for told in self.told:
            told()


@dataclass
class Passed:
    """A reader who waits, whose sink takes everything."""

    stream: AsyncGenerator[WorkloadUpdate, None]
    waiting: asyncio.Task[WorkloadUpdate]
    taken: asyncio.Queue[WorkloadUpdate]

    async def next_taken(self) -> WorkloadUpdate:
        return await asyncio.wait_for(self.taken.get(), PATIENCE)

    async def woken(self) -> WorkloadUpdate:
        """What it was told by its own task; it waits for the next."""
        update = await asyncio.wait_for(self.waiting, PATIENCE)
        self.waiting = asyncio.create_task(anext(self.stream))
        return update


@pytest.fixture
async def watched() -> Watched:
    return Watched()


@pytest.fixture
async def passed(
    apps: Apps, database: Database, cluster: Cluster, namespaces: NamespaceService, watched: Watched
) -> AsyncIterator[Passed]:
    """Of one app, by a process of its own, once it was told what there is."""
    await apps.deploy_until_ready(ONE)
    vigils = Vigils(watched.still_valid, following=watched.following, is_told=lambda: True)
    service = WorkloadService(database, cluster, namespaces, Encryption(os.urandom(32)), vigils=vigils)
    taken: asyncio.Queue[WorkloadUpdate] = asyncio.Queue()

    def take(update: WorkloadUpdate) -> bool:
        taken.put_nowait(update)
        return True

    stream = service.watch(apps.principal, apps.namespace.slug, "web", sink=take)
    first = asyncio.create_task(anext(stream))
    await watched.answer(is_valid=True)
    await first
    reader = Passed(stream, asyncio.create_task(anext(stream)), taken)
    yield reader
    reader.waiting.cancel()
    await asyncio.wait([reader.waiting])
    await stream.aclose()
    await service.close()


async def scaled(apps: Apps, replicas: int) -> None:
    await apps.workloads.scale(apps.principal, apps.namespace.slug, "web", replicas)


async def test_who_waits_is_told_by_its_sink(apps: Apps, passed: Passed) -> None:
    await scaled(apps, 2)
    taken = await passed.next_taken()

    assert (UpdateKind.CHANGE, False) == (taken.kind, passed.waiting.done())


async def test_a_sink_takes_nothing_while_it_is_not_known_whether_its_viewer_is_signed_in(
    apps: Apps, passed: Passed, watched: Watched
) -> None:
    watched.doubt()
    await scaled(apps, 2)
    answer = await asyncio.wait_for(watched.asked.get(), PATIENCE)
    await apps.reach("web", WorkloadPhase.READY, revision=2)  # by another process: this one was told it too
    before = passed.taken.empty(), passed.waiting.done()
    answer.set_result(True)
    told = await passed.woken()

    assert (True, False) == before
    assert UpdateKind.CHANGE == told.kind


async def test_a_sink_takes_nothing_once_its_viewer_is_signed_out(apps: Apps, passed: Passed, watched: Watched) -> None:
    watched.doubt()
    await watched.answer(is_valid=False)
    await scaled(apps, 2)

    with pytest.raises(Unauthenticated):
        await passed.woken()
    assert passed.taken.empty()


async def test_a_sink_takes_nothing_of_a_namespace_that_is_another_s_now(
    apps: Apps, passed: Passed, database: Database, eve: Principal
) -> None:
    async with database.session() as session:
        await session.execute(sql.update(NamespaceRow).values(owner_id=eve.user_id))

    with pytest.raises(StopAsyncIteration):
        await passed.woken()
    assert passed.taken.empty()


async def test_after_a_change_of_the_namespace_its_reader_is_asked_about_once(
    apps: Apps, passed: Passed, database: Database
) -> None:
    async with database.session() as session:
        await session.execute(sql.update(NamespaceRow).values(reconciliation_paused=True))
    told = await passed.woken()
    await scaled(apps, 2)
    taken = await passed.next_taken()

    assert told.change is not None
    assert ("namespace",) == told.change.fields
    assert UpdateKind.CHANGE == taken.kind


async def test_nobody_watches_what_is_anothers(apps: Apps, eve: Principal) -> None:
    await apps.deploy(ONE)

    with pytest.raises(NotFound):
        await anext(apps.workloads.watch(eve, apps.namespace.slug, "web"))
    with pytest.raises(NotFound):
        await anext(apps.workloads.watch_namespace(eve, apps.namespace.slug))


async def test_who_follows_after_a_change_is_shown_it_at_first(apps: Apps) -> None:
    """Also where others follow already, who are told a little later."""
    await apps.deploy_until_ready(ONE)
    stayed = apps.workloads.watch(apps.principal, apps.namespace.slug, "web")
    await next_of(stayed)
    shown = []
    for replicas in (2, 3, 4):
        await apps.workloads.scale(apps.principal, apps.namespace.slug, "web", replicas)
        stream = apps.workloads.watch(apps.principal, apps.namespace.slug, "web")
        first = await next_of(stream)
        shown.append(first.workload and first.workload.spec.replicas)
        await stream.aclose()
    await stayed.aclose()

    assert [2, 3, 4] == shown


async def test_what_another_replica_does_is_told_too(
    *, apps: Apps, database: Database, cluster: Cluster, namespaces: NamespaceService, signed_in: SignedIn
) -> None:
    """Another process shares the database and the cluster, and none of this one's memory."""
    encryption = Encryption(b"0" * 32)
    replica = Apps(
        WorkloadService(database, cluster, namespaces, encryption, vigils=Vigils(signed_in)),
        apps.principal,
        apps.namespace,
    )
    await apps.deploy_until_ready(ONE)
    stream = apps.workloads.watch(apps.principal, apps.namespace.slug, "web")
    await next_of(stream)

    await replica.workloads.scale(apps.principal, apps.namespace.slug, "web", 2)
    while (update := await next_of(stream)).workload is not None and update.workload.spec.replicas != 2:
        pass
    await replica.workloads.delete(apps.principal, apps.namespace.slug, "web")
    async with asyncio.timeout(PATIENCE):
        rest = [each.kind async for each in stream]

    assert UpdateKind.DELETED == rest[-1]


async def test_reading_and_watching_call_the_cluster_not_once(apps: Apps, proxy: FaultyProxy) -> None:
    await apps.deploy_until_ready(WEB)
    (pod, *_) = await apps.pods()
    before = len(proxy.seen)

    await apps.get()
    await apps.pods()
    await apps.revisions()
    await apps.workloads.pod_by_uid(apps.principal, pod.uid)
    stream = apps.workloads.watch(apps.principal, apps.namespace.slug, "web")
    await next_of(stream)
    await stream.aclose()

    assert [] == proxy.seen[before:]


async def test_a_manifest_is_one_call(apps: Apps, proxy: FaultyProxy) -> None:
    await apps.deploy(ONE)
    before = len(proxy.seen)

    manifest = await apps.workloads.manifest(apps.principal, apps.namespace.slug, "web")

    assert "kind: Deployment" in manifest
    assert ["GET"] == [request.method for request in proxy.seen[before:]]


async def test_readers_are_told_where_a_feed_breaks_and_the_next_one_begins_anew(apps: Apps) -> None:
    await apps.deploy_until_ready(ONE)
    stream = apps.workloads.watch(apps.principal, apps.namespace.slug, "web")
    await next_of(stream)

    (running,) = apps.workloads._feeds._running.values()
    running.feed.break_off(RuntimeError("a bug"))
    with pytest.raises(RuntimeError, match="a bug"):
        await next_of(stream)
    again = apps.workloads.watch(apps.principal, apps.namespace.slug, "web")
    snapshot = await next_of(again)
    await again.aclose()

    assert UpdateKind.SNAPSHOT == snapshot.kind


async def test_each_reader_is_told_why_a_feed_broke_without_the_frames_of_the_others(apps: Apps) -> None:
    """All are given one exception, which would keep the frames of every reader and be logged with them each time."""
    await apps.deploy_until_ready(ONE)
    streams = [apps.workloads.watch(apps.principal, apps.namespace.slug, "web") for _ in range(3)]
    for stream in streams:
        await next_of(stream)
    (running,) = apps.workloads._feeds._running.values()
    running.feed.break_off(RuntimeError("a bug"))

    lengths = []
    for stream in streams:
        with pytest.raises(RuntimeError) as told:
            await next_of(stream)
        lengths.append(len(told.traceback))

    assert 1 == len(set(lengths))


async def test_a_stream_that_is_closed_leaves_no_task(apps: Apps) -> None:
    await apps.deploy_until_ready(ONE)
    before = asyncio.all_tasks()
    stream = apps.workloads.watch(apps.principal, apps.namespace.slug, "web")
    await next_of(stream)
    waiting = asyncio.create_task(anext(stream), name="reader")
    await asyncio.sleep(0)

    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await stream.aclose()

    await apps.workloads.close()
    assert set() == {task for task in asyncio.all_tasks() - before if task.get_name() != "reader"}
