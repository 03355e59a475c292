"""Thousands who follow one app: how soon all of them are told, what that costs, and what it takes at rest.

All sockets are of one process beside the server, which reads them one after the other: what it takes is in the figures.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest

from tests.bench.followed import Followed, followed
from tests.bench.measures import Bars
from tests.bench.sending import sending
from tests.bench.sockets import Follower, Sighting, following

pytestmark = pytest.mark.bench

FEW, MANY, IDLE = 200, 5_000, 10_000
EVENTS = 6
OF_BARE = 2.1
"""200 ms are asked for where a server that only sends takes 96."""
REST = 6.0
"""Seconds: each socket is pinged once in twenty."""
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
    stock_folder, folder, rest_folder, file = (tmp_path / name for name in ("stock", "ours", "rest", "message"))
    for each in (stock_folder, folder, rest_folder):
        each.mkdir()
    with followed(stock_folder, stock=True) as (server, process, scale):
        stock = await measure(server, process, scale, FEW, BY_VIEWER)
    with followed(folder) as (server, process, scale):
        alone = await measure(server, process, scale, FEW, BY_VIEWER)
        shared = await measure(server, process, scale, MANY, SHARED)
    file.write_bytes(shared.text)
    with sending(file) as (server, process, scale):
        bare = await measure(server, process, scale, MANY, SHARED)
    with followed(rest_folder) as (server, process, _):
        memory = await memory_of(server, process, IDLE)
    with sending(file) as (server, process, _):
        bare_memory = await memory_of(server, process, IDLE)

    bars.held(
        f"a rollout to {MANY:,} sockets, p99 after the first / bare",
        shared.spread / bare.spread,
        OF_BARE,
        "x",
        f"{shared.spread:.0f} / {bare.spread:.0f} ms",
    )
    bars.held(
        "shared / executed for each as graphql-core does, CPU a message",
        shared.cost / stock.cost,
        0.1,
        "x",
        f"{shared.cost:.0f} (bare: {bare.cost:.0f}) / {stock.cost:.0f} µs",
    )
    bars.told("… / executed for each as we do", f"{shared.cost / alone.cost:.2f}x", f"{alone.cost:.0f} µs")
    bars.held(f"a socket of {IDLE:,} that follow, at rest", memory, 40, " KiB", f"bare: {bare_memory:.0f} KiB")
    assert [] == bars.missed()


class Measured(NamedTuple):
    """What one side took."""

    spread: float
    """Milliseconds from the first who was told to 99 of a hundred."""
    cost: float
    """Microseconds of the server's processor, a message, beyond what it takes at rest, as sockets are pinged: how many
    a change brings is up to what comes meanwhile."""
    text: bytes
    """A message."""


async def measure(
    server: Followed, process: psutil.Process, scale: Callable[[int], None], count: int, query: str
) -> Measured:
    spreads, costs, text = [], [], b""
    address = ("127.0.0.1", server.port)
    async with following(count, address, maker(server, query)) as followers:
        await at_rest(process)
        resting = await rate_at_rest(process)
        for number in range(EVENTS):
            replicas = 3 + number % 2
            before, began, heard = used(process), time.monotonic(), sum(each.messages for each in followers)
            sighting = await told(followers, b'"replicas":%d' % replicas, partial(scale, replicas))
            await at_rest(process)
            messages = sum(each.messages for each in followers) - heard
            seconds = used(process) - before - resting * (time.monotonic() - began)
            costs.append(seconds / messages * 1_000_000)
            spreads.append(sighting.spread)
            text = sighting.text
        scale(2)
        await at_rest(process)
    await at_rest(process)
    return Measured(statistics.median(spreads), statistics.median(costs), text)


async def told(followers: Sequence[Follower], mark: bytes, happen: Callable[[], None]) -> Sighting:
    """How all of them saw `mark`."""
    sighting = Sighting(mark, len(followers))
    for each in followers:
        each.sighting = sighting
    happen()
    async with asyncio.timeout(PATIENCE):
        await sighting.all
    return sighting


async def at_rest(process: psutil.Process) -> None:
    """Until the server has done what it had to: an event brings others, as the pods that come up."""
    async with asyncio.timeout(PATIENCE):
        while True:
            before = used(process)
            await asyncio.sleep(0.5)
            if used(process) - before < 0.1:
                return


async def rate_at_rest(process: psutil.Process) -> float:
    """Seconds of the processor that the server takes in a second in which nothing happens."""
    before, began = used(process), time.monotonic()
    await asyncio.sleep(REST)
    return (used(process) - before) / (time.monotonic() - began)


async def memory_of(server: Followed, process: psutil.Process, count: int) -> float:
    """KiB a socket."""
    before = process.memory_info().rss
    async with following(count, ("127.0.0.1", server.port), maker(server, SHARED)):
        await at_rest(process)
        size = (process.memory_info().rss - before) / count / 1024
    await at_rest(process)
    return size


def maker(server: Followed, query: str) -> Callable[[], Follower]:
    return lambda: Follower(("127.0.0.1", server.port), server.token, query, {"slug": server.slug})


def used(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
