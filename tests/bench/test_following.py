"""Thousands who follow one app: how soon all of them are told, what that costs, and what it takes at rest.

All sockets are of one process beside the server, which reads them one after the other: what it takes is in the figures.
"""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import psutil
import pytest

from tests.bench.followed import Followed, followed
from tests.bench.measures import Bars
from tests.bench.sockets import Follower, Sighting, following

pytestmark = pytest.mark.bench

FEW, MANY, IDLE = 200, 5_000, 10_000
EVENTS = 6
PATIENCE = 120.0
SHARED = """subscription ($slug: String!) {
  deploymentUpdated(namespace: $slug, name: "web") {
    kind cursor workload { name spec { replicas image } status { phase message readyReplicas }
      rollout { revision cells { podName revision isCurrent state } } }
  }
}"""
BY_VIEWER = SHARED.replace("workload { name", "workload { name viewerCan { write }")
"""The same, with what is executed for each subscriber."""


@pytest.mark.timeout(600)
async def test_all_who_follow_a_rollout_are_told_at_once(bars: Bars, tmp_path: Path) -> None:
    with followed(tmp_path) as (server, process, scale):
        memory = await memory_of(server, process, IDLE)  # first, while nothing was freed that it could take
        alone = await measure(server, process, scale, FEW, BY_VIEWER)
        shared = await measure(server, process, scale, MANY, SHARED)

    bars.held(f"a rollout to {MANY:,} sockets, p99 after the first", shared.spread, 200, " ms")
    ratio = alone.cost / shared.cost
    bars.held(
        "executed for each subscriber / shared, CPU a message (inverse)",
        1 / ratio,
        0.1,
        "x",
        f"{alone.cost:.0f} µs / {shared.cost:.0f} µs",
    )
    bars.held(f"a socket of {IDLE:,} that follow, at rest", memory, 40, " KiB")
    assert [] == bars.missed()


class Measured:
    """What one side took."""

    def __init__(self, spread: float, cost: float) -> None:
        self.spread = spread
        """Milliseconds from the first who was told to 99 of a hundred."""
        self.cost = cost
        """Microseconds of the server's processor, a message: how many a change brings is up to what comes meanwhile."""


async def measure(
    server: Followed, process: psutil.Process, scale: Callable[[int], None], count: int, query: str
) -> Measured:
    spreads, costs = [], []
    address = ("127.0.0.1", server.port)
    async with following(count, address, maker(server, query)) as followers:
        for number in range(EVENTS):
            replicas = 3 + number % 2
            before, heard = used(process), sum(each.messages for each in followers)
            took = await told(followers, b'"replicas":%d' % replicas, partial(scale, replicas))
            await at_rest(process)
            messages = sum(each.messages for each in followers) - heard
            costs.append((used(process) - before) / messages * 1_000_000)
            spreads.append(took)
        scale(2)
        await at_rest(process)
    return Measured(statistics.median(spreads), statistics.median(costs))


async def told(followers: Sequence[Follower], mark: bytes, happen: Callable[[], None]) -> float:
    """Milliseconds from the first who sees `mark` to 99 of a hundred."""
    sighting = Sighting(mark, len(followers))
    for each in followers:
        each.sighting = sighting
    happen()
    async with asyncio.timeout(PATIENCE):
        await sighting.all
    times = sighting.times
    return (times[len(times) * 99 // 100] - times[0]) * 1000


async def at_rest(process: psutil.Process) -> None:
    """Until the server has done what it had to: an event brings others, as the pods that come up."""
    async with asyncio.timeout(PATIENCE):
        while True:
            before = used(process)
            await asyncio.sleep(0.5)
            if used(process) - before < 0.1:
                return


async def memory_of(server: Followed, process: psutil.Process, count: int) -> float:
    """KiB a socket."""
    before = process.memory_info().rss
    async with following(count, ("127.0.0.1", server.port), maker(server, SHARED)):
        await at_rest(process)
        return (process.memory_info().rss - before) / count / 1024


def maker(server: Followed, query: str) -> Callable[[], Follower]:
    return lambda: Follower(("127.0.0.1", server.port), server.token, query, {"slug": server.slug})


def used(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
