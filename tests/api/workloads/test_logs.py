"""Logs of an app that runs, followed while things break."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

import pytest

from api.authorization.models import Principal
from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.database.database import Database
from api.errors import NotFound, Unauthenticated
from api.logs.models import Ended, Gap, Lines, LogEvent, LogLine, PodEnded, PodStarted, StreamEnd
from api.namespaces.service import NamespaceService
from api.workloads.access import WorkloadAccess
from api.workloads.log_service import LogService, LogsWanted
from tests.api.people import SignedIn
from tests.api.proxy import FaultyProxy, Seen
from tests.api.servers import only_embedded
from tests.api.workloads.apps import PATIENCE, WEB, Apps

pytestmark = only_embedded

ONE = WEB.__class__(name="web", image=WEB.image, replicas=1)


@pytest.fixture
async def logs(
    database: Database, cluster: Cluster, namespaces: NamespaceService, signed_in: SignedIn
) -> AsyncIterator[LogService]:
    access = WorkloadAccess(database, namespaces)
    async with LogService.open(access, cluster, still_valid=signed_in) as opened:
        yield opened


class Reader:
    """What one reader is told."""

    def __init__(self, events: AsyncIterator[LogEvent]) -> None:
        self._events = events
        self.events: list[LogEvent] = []

    @property
    def lines(self) -> list[LogLine]:
        return [line for event in self.events if isinstance(event.told, Lines) for line in event.told.lines]

    def of(self, kind: type) -> list[object]:
        return [event.told for event in self.events if isinstance(event.told, kind)]

    async def next(self) -> None:
        async with asyncio.timeout(PATIENCE):
            self.events.append(await anext(self._events))

    async def until_lines(self, count: int) -> None:
        while len(self.lines) < count:
            await self.next()

    async def until(self, kind: type, count: int = 1) -> None:
        while len(self.of(kind)) < count:
            await self.next()

    async def rest(self) -> None:
        async with asyncio.timeout(PATIENCE):
            self.events += [event async for event in self._events]


@asynccontextmanager
async def opened(logs: LogService, apps: Apps, principal: Principal | None = None) -> AsyncIterator[Reader]:
    wanted = LogsWanted((apps.namespace.slug, "web"))
    async with aclosing(logs.follow(principal or apps.principal, wanted, None, history=1000)) as events:
        yield Reader(events)


def is_follow(request: Seen) -> bool:
    return "follow" in request.query


async def test_two_readers_are_served_by_one_connection(apps: Apps, logs: LogService, proxy: FaultyProxy) -> None:
    await apps.deploy_until_ready(ONE)

    async with opened(logs, apps) as first, opened(logs, apps) as second:
        await asyncio.gather(first.until_lines(6), second.until_lines(6))

    assert first.lines[:6] == second.lines[:6]
    assert 1 == sum(map(is_follow, proxy.seen))


async def test_an_api_server_that_restarts_costs_no_line(apps: Apps, logs: LogService, proxy: FaultyProxy) -> None:
    await apps.deploy_until_ready(ONE)

    async with opened(logs, apps) as reader:
        await reader.until_lines(4)
        await proxy.until_seen(is_follow)
        await proxy.refuse_connections()
        await proxy.accept_connections()
        await reader.until_lines(len(reader.lines) + 8)

    [source] = {line.source for line in reader.lines}
    whole = (await logs._reader.behind(source, None)).lines
    assert list(whole[: len(reader.lines)]) == reader.lines
    assert [] == reader.of(Gap)


async def test_a_pod_that_is_deleted_while_it_is_followed_is_told_as_ended_and_the_next_from_its_first_line(
    apps: Apps, logs: LogService, cluster: Cluster
) -> None:
    await apps.deploy_until_ready(ONE)
    [pod] = await apps.pods()

    async with opened(logs, apps) as reader:
        await reader.until_lines(4)
        await cluster.delete(Kind.POD, apps.namespace.slug, pod.name)
        await reader.until(PodEnded)
        await reader.until(PodStarted, 2)
        await reader.until_lines(len(reader.lines) + 3)

    others = [line.message for line in reader.lines if line.source.uid != pod.uid]
    assert "INFO  Starting app" == others[0]
    assert [] == reader.of(Gap)
    assert len(set(reader.lines)) == len(reader.lines)


async def test_a_stream_ends_with_the_app(apps: Apps, logs: LogService) -> None:
    await apps.deploy_until_ready(ONE)

    async with opened(logs, apps) as reader:
        await reader.until_lines(1)
        await apps.workloads.delete(apps.principal, apps.namespace.slug, "web")
        await reader.rest()

    assert Ended(StreamEnd.GONE) == reader.events[-1].told


async def test_a_stream_ends_within_two_seconds_of_the_session(
    apps: Apps, logs: LogService, signed_in: SignedIn
) -> None:
    await apps.deploy_until_ready(ONE)

    async with opened(logs, apps) as reader:
        await reader.until_lines(1)
        signed_in.value = False
        with pytest.raises(Unauthenticated):
            async with asyncio.timeout(2):
                await reader.rest()


async def test_nobody_follows_what_is_anothers(apps: Apps, eve: Principal, logs: LogService) -> None:
    await apps.deploy(ONE)

    async with opened(logs, apps, eve) as reader:
        with pytest.raises(NotFound):
            await reader.next()


async def test_a_stream_that_is_closed_leaves_no_task(apps: Apps, logs: LogService) -> None:
    await apps.deploy_until_ready(ONE)
    before = asyncio.all_tasks()

    async with opened(logs, apps) as reader:
        await reader.until_lines(5)
    await asyncio.sleep(0)

    left = {task.get_name() for task in asyncio.all_tasks() - before}
    assert set() == {name for name in left if name.startswith(("log of", "log stream"))}
