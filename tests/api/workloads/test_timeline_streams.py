"""An app's timeline as it is written: each entry once, whoever commits first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from uuid import UUID

import pytest
from sqlalchemy import text

from api.authorization.models import Principal
from api.database.database import Database
from api.errors import InvalidInput, NotFound, Unauthenticated
from api.namespaces.service import NamespaceService
from api.workloads.access import WorkloadAccess
from api.workloads.models import Workload
from api.workloads.service import WorkloadService
from api.workloads.timeline import Details, TimelineKind, TimelineRepository
from api.workloads.timeline_streams import TimelineStreams, TimelineUpdate, TimelineUpdateKind
from tests.api.people import SignedIn
from tests.api.servers import only_embedded
from tests.api.workloads.apps import PATIENCE, WEB, Apps

pytestmark = only_embedded


@pytest.fixture
def streams(
    database: Database, namespaces: NamespaceService, workloads: WorkloadService, signed_in: SignedIn
) -> TimelineStreams:
    access = WorkloadAccess(database, namespaces)
    return TimelineStreams(database, access, workloads.rows, still_valid=signed_in)


@pytest.fixture
async def web(apps: Apps) -> Workload:
    return (await apps.deploy(WEB))[0]


class Reader:
    """What one reader is told."""

    def __init__(self, updates: AsyncIterator[TimelineUpdate]) -> None:
        self._updates = updates
        self.cursor = ""

    async def next(self) -> TimelineUpdate:
        async with asyncio.timeout(PATIENCE):
            update = await anext(self._updates)
        self.cursor = update.cursor
        return update

    async def message(self) -> str | None:
        """What the next entry says."""
        update = await self.next()
        assert update.entry is not None, update
        return update.entry.details.message

    async def rest(self) -> list[TimelineUpdate]:
        async with asyncio.timeout(PATIENCE):
            return [update async for update in self._updates]


@asynccontextmanager
async def opened(
    streams: TimelineStreams, principal: Principal, workload_id: UUID, after: str | None = None
) -> AsyncIterator[Reader]:
    async with aclosing(streams.follow(principal, workload_id, after)) as updates:
        yield Reader(updates)


async def write(database: Database, workload: Workload, *messages: str) -> None:
    for message in messages:
        async with database.session() as session:
            await add(TimelineRepository(session), workload, message)


async def add(repository: TimelineRepository, workload: Workload, message: str) -> None:
    await repository.add(
        TimelineKind.REPAIRED,
        Details(message=message),
        namespace_id=workload.namespace_id,
        workload_id=workload.id,
    )


async def test_what_happens_from_now_on_is_told(
    apps: Apps, database: Database, streams: TimelineStreams, web: Workload
) -> None:
    async with opened(streams, apps.principal, web.id) as reader:
        first = await reader.next()
        await write(database, web, "one")
        told = await reader.message()

    assert (TimelineUpdateKind.SYNCED, "one") == (first.kind, told)


async def test_who_comes_back_is_told_what_they_missed_and_nothing_twice(
    apps: Apps, database: Database, streams: TimelineStreams, web: Workload
) -> None:
    async with opened(streams, apps.principal, web.id) as before:
        await before.next()
        await write(database, web, "one")
        await before.message()

    await write(database, web, "two", "three")
    async with opened(streams, apps.principal, web.id, before.cursor) as reader:
        told = [await reader.message(), await reader.message()]
        synced = await reader.next()

    assert ["two", "three"] == told
    assert TimelineUpdateKind.SYNCED == synced.kind


@pytest.mark.parametrize("comes_back", [False, True])
async def test_an_entry_that_becomes_visible_after_a_later_one_is_told(
    *, apps: Apps, database: Database, streams: TimelineStreams, web: Workload, comes_back: bool
) -> None:
    """Its time is that at which its transaction began."""
    async with opened(streams, apps.principal, web.id) as reader:
        await reader.next()
        async with database.session() as slow:
            await slow.execute(text("SELECT now()"))
            await write(database, web, "begun later")
            told = [await reader.message()]
            await add(TimelineRepository(slow), web, "begun earlier")
        if not comes_back:
            told.append(await reader.message())
    if comes_back:
        async with opened(streams, apps.principal, web.id, reader.cursor) as again:
            told.append(await again.message())

    assert ["begun later", "begun earlier"] == told


async def test_more_than_a_cursor_names_are_told_once_each(
    apps: Apps, database: Database, streams: TimelineStreams, web: Workload
) -> None:
    wanted = [f"entry {number}" for number in range(250)]
    async with opened(streams, apps.principal, web.id) as before:
        await before.next()
        await write(database, web, *wanted[:120])
        told = [await before.message() for _ in range(110)]

    await write(database, web, *wanted[120:])
    async with opened(streams, apps.principal, web.id, before.cursor) as reader:
        told += [await reader.message() for _ in range(140)]
        last = await reader.next()

    assert wanted == told
    assert TimelineUpdateKind.SYNCED == last.kind
    assert len(before.cursor) < 16 * 1024


async def test_a_stream_ends_with_the_app_and_tells_that_it_was_deleted(
    apps: Apps, streams: TimelineStreams, web: Workload
) -> None:
    async with opened(streams, apps.principal, web.id) as reader:
        await reader.next()
        await apps.workloads.delete(apps.principal, apps.namespace.slug, "web")
        rest = await reader.rest()

    assert [TimelineKind.DELETED] == [update.entry.kind for update in rest if update.entry]
    assert TimelineUpdateKind.ENDED == rest[-1].kind


async def test_a_stream_ends_within_two_seconds_of_the_session(
    apps: Apps, streams: TimelineStreams, signed_in: SignedIn, web: Workload
) -> None:
    async with opened(streams, apps.principal, web.id) as reader:
        await reader.next()
        signed_in.value = False

        with pytest.raises(Unauthenticated):
            async with asyncio.timeout(2):
                await reader.next()


async def test_nobody_follows_what_is_anothers(
    apps: Apps, eve: Principal, streams: TimelineStreams, web: Workload
) -> None:
    async with opened(streams, eve, web.id) as reader:
        with pytest.raises(NotFound):
            await reader.next()


async def test_a_cursor_of_another_app_is_refused(apps: Apps, streams: TimelineStreams, web: Workload) -> None:
    async with opened(streams, apps.principal, web.id) as reader:
        await reader.next()
    other, _ = await apps.deploy(WEB.__class__(name="other", image=WEB.image, replicas=1))

    for cursor in (reader.cursor, "", "x", "W10"):
        async with opened(streams, apps.principal, other.id, cursor) as refused:
            with pytest.raises(InvalidInput):
                await refused.next()
