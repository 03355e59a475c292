"""One leader at a time, whatever becomes of the others: on both API servers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from api.clusters.connection import Connection
from api.clusters.election import Elector, LeadershipLost, LeaseTimes, Term
from api.clusters.models import Kubeconfig
from tests.api.clusters.embedded.client import Client
from tests.api.proxy import Fault, FaultyProxy
from tests.api.servers import ApiServer, write_kubeconfig

TIMES = LeaseTimes(duration=2, deadline=1, retry=0.05)
NAME = "reconciler"


@dataclass
class Log:
    """Who worked from when until when, on one clock."""

    began: asyncio.Queue[tuple[str, Term]] = field(default_factory=asyncio.Queue)
    spans: list[tuple[str, float, float]] = field(default_factory=list)

    def work(self, who: str) -> Callable[[Term], Awaitable[None]]:
        async def work(term: Term) -> None:
            start = time.monotonic()
            self.began.put_nowait((who, term))
            try:
                await asyncio.Event().wait()
            finally:
                self.spans.append((who, start, time.monotonic()))

        return work

    async def next(self) -> tuple[str, Term]:
        async with asyncio.timeout(15):
            return await self.began.get()

    def overlaps(self) -> bool:
        spans = sorted(self.spans, key=lambda span: span[1])
        return any(later[1] < earlier[2] for earlier, later in pairwise(spans))


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
async def through_the_proxy(api_server: ApiServer, proxy: FaultyProxy, tmp_path: Path) -> AsyncIterator[Connection]:
    """A way to the API server that can be broken."""
    async with _connection(proxy.url, api_server.token, tmp_path / "faulty") as connection:
        yield connection


@pytest.fixture
async def another_way(api_server: ApiServer, tmp_path: Path) -> AsyncIterator[Connection]:
    """A way that stays whole."""
    async with (
        FaultyProxy.open(api_server.url, api_server.tls) as whole,
        _connection(whole.url, api_server.token, tmp_path / "whole") as connection,
    ):
        yield connection


@asynccontextmanager
async def _connection(url: str, token: str, folder: Path) -> AsyncIterator[Connection]:
    kubeconfig = write_kubeconfig(folder.with_suffix(".yaml"), url, token)
    async with Connection.open(Kubeconfig(kubeconfig)) as connection:
        yield connection


@asynccontextmanager
async def campaigning(
    connection: Connection, namespace: str, identity: str, work: Callable[[Term], Awaitable[None]]
) -> AsyncIterator[asyncio.Task[None]]:
    elector = Elector(connection, namespace=namespace, name=NAME, identity=identity, times=TIMES)
    task = asyncio.create_task(elector.run(work))
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_who_shuts_down_hands_over_at_once(
    through_the_proxy: Connection, another_way: Connection, namespace: str, log: Log
) -> None:
    async with campaigning(through_the_proxy, namespace, "a", log.work("a")) as first:
        _, term = await log.next()
        async with campaigning(another_way, namespace, "b", log.work("b")):
            first.cancel()
            ended = time.monotonic()
            who, next_term = await log.next()

            assert ("b", term.number + 1) == (who, next_term.number)
            assert time.monotonic() - ended < TIMES.duration / 2
    assert not log.overlaps()


async def test_who_is_cut_off_stops_before_another_begins(
    through_the_proxy: Connection, another_way: Connection, namespace: str, log: Log, proxy: FaultyProxy
) -> None:
    async with campaigning(through_the_proxy, namespace, "a", log.work("a")):
        _, term = await log.next()
        async with campaigning(another_way, namespace, "b", log.work("b")):
            proxy.fail_when(lambda _: True, Fault.REFUSED)
            who, _ = await log.next()

            assert "b" == who
            with pytest.raises(LeadershipLost):
                term.require()
            proxy.heal()
    assert ["a", "b"] == [span[0] for span in sorted(log.spans, key=lambda span: span[1])]
    assert not log.overlaps()


async def test_work_that_fails_gives_the_lease_back(
    through_the_proxy: Connection, another_way: Connection, namespace: str, log: Log
) -> None:
    async def fail(term: Term) -> None:
        log.began.put_nowait(("a", term))
        raise RuntimeError("no such thing")

    async with campaigning(through_the_proxy, namespace, "a", fail):
        await log.next()
        async with campaigning(another_way, namespace, "b", log.work("b")):
            async with asyncio.timeout(15):
                while (await log.began.get())[0] != "b":
                    pass


async def test_who_holds_a_lease_that_is_deleted_stops_before_another_begins(
    through_the_proxy: Connection, another_way: Connection, namespace: str, log: Log, somebody: Client
) -> None:
    async with (
        campaigning(through_the_proxy, namespace, "a", log.work("a")),
        campaigning(another_way, namespace, "b", log.work("b")),
    ):
        _, term = await log.next()
        await somebody.delete(f"/apis/coordination.k8s.io/v1/namespaces/{namespace}/leases/{NAME}")
        _, again = await log.next()

        assert again.number >= 1
        with pytest.raises(LeadershipLost):
            term.require()
    assert not log.overlaps()


async def test_an_event_loop_that_stood_still_knows_that_its_term_is_over() -> None:
    now = [0.0]
    term = Term(1, until=10.0, clock=lambda: now[0])
    term.require()

    now[0] = 10.0

    with pytest.raises(LeadershipLost):
        term.require()
