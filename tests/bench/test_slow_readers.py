"""Followers that read nothing: what each takes of the server's memory, and whether others are told later for it."""

from __future__ import annotations

import asyncio
import socket
import statistics
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import psutil
import pytest

from tests.bench.followed import Followed, Scale, followed
from tests.bench.measures import Bars
from tests.bench.sockets import Follower, following
from tests.bench.test_following import at_rest, told

pytestmark = pytest.mark.bench

READING, SLEEPING = 1_000, 200
ROUNDS, EVENTS = 5, 10
UNREAD = 1_200_000
"""Bytes: more than each may take."""
ROOM = 4_096
"""Bytes that the system keeps for who sleeps: what does not fit there is up to the server."""
CELLS = "rollout { revision cells { podName revision isCurrent state } }"
LONG = f"""subscription ($slug: String!) {{
  deploymentUpdated(namespace: $slug, name: "web") {{
    kind cursor workload {{ name spec {{ replicas image }} {" ".join(f"c{number}: {CELLS}" for number in range(14))} }}
  }}
}}"""
"""A message of ten thousand bytes."""


@pytest.mark.timeout(600)
async def test_who_reads_nothing_takes_little_memory_and_keeps_nobody_waiting(bars: Bars, tmp_path: Path) -> None:
    alone: list[float] = []
    beside: list[float] = []
    with followed(tmp_path) as (server, process, scale):
        address = ("127.0.0.1", server.port)
        async with following(READING, address, lambda: follower(server)) as readers:
            await at_rest(process)
            before, read = process.memory_info().rss, read_by(readers)
            async with sleeping(SLEEPING, server, process):
                while (sent := read_by(readers) - read) < UNREAD:
                    await spreads(readers, scale, 2)
                size = (process.memory_info().rss - before) / SLEEPING / 1024
            for _ in range(ROUNDS):  # in turn, as the machine is now faster and now slower
                await at_rest(process)
                async with following(SLEEPING, address, lambda: follower(server)):
                    alone += await spreads(readers, scale, EVENTS)
                await at_rest(process)
                async with sleeping(SLEEPING, server, process):
                    beside += await spreads(readers, scale, EVENTS)

    bars.held(f"memory of each of {SLEEPING} that read nothing of {sent / 1e6:.1f} MB", size, 1024, " KiB")
    bars.held(
        f"a rollout to {READING:,} others, p99, beside them / beside as many that read",
        statistics.median(beside) / statistics.median(alone),
        1.2,
        "x",
        f"{statistics.median(beside):.0f} / {statistics.median(alone):.0f} ms",
    )
    assert [] == bars.missed()


def follower(server: Followed) -> Follower:
    return Follower(("127.0.0.1", server.port), server.token, LONG, {"slug": server.slug})


async def spreads(readers: Sequence[Follower], scale: Scale, count: int) -> list[float]:
    """Milliseconds, of so many rollouts, an even number: one begins as the one before was told to all."""
    found = []
    for number in range(count):
        replicas = 3 + number % 2
        found.append((await told(readers, b'"replicas":%d' % replicas, partial(scale, replicas))).spread)
    return found


def read_by(readers: Sequence[Follower]) -> float:
    """Bytes, of each."""
    return statistics.median(each.bytes_read for each in readers)


@asynccontextmanager
async def sleeping(number: int, server: Followed, process: psutil.Process) -> AsyncIterator[None]:
    """Sockets that are told their snapshot, and read nothing from then on; the server has them still at the end."""
    sleepers: list[Follower] = []
    before = sockets_of(process)
    try:
        for _ in range(number):
            each = follower(server)
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM)
            connection.setblocking(False)
            await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", server.port))
            await asyncio.get_running_loop().create_connection(lambda each=each: each, sock=connection)  # type: ignore[misc]
            sleepers.append(each)
            await asyncio.wait_for(each.told, 10)
            each.sleep()
        yield
        assert sockets_of(process) >= before + number, "they were given up meanwhile"
    finally:
        for each in sleepers:
            each.close()


def sockets_of(process: psutil.Process) -> int:
    """How many are open."""
    return sum(each.status == psutil.CONN_ESTABLISHED for each in process.net_connections("tcp"))
