"""Waking streams up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from time import monotonic
from uuid import uuid4

import pytest

from api.clusters.store import Store
from api.workloads.broadcast import Broadcaster
from api.workloads.wakeups import REST_SECONDS, Wakeup, Wakeups

LONG = 10.0
NAMESPACE_ID = uuid4()


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def broadcaster() -> Broadcaster:
    return Broadcaster()


@pytest.fixture
async def wakeups(store: Store, broadcaster: Broadcaster) -> AsyncIterator[Wakeups]:
    async with Wakeups.open(store, broadcaster, slug="shop", namespace_id=NAMESPACE_ID) as opened:
        yield opened


async def test_says_what_it_was_woken_by(store: Store, broadcaster: Broadcaster, wakeups: Wakeups) -> None:
    store.notify_all()
    by_store = await wakeups.wait(LONG)
    broadcaster.written(NAMESPACE_ID)
    by_rows = await wakeups.wait(LONG)
    by_time = await wakeups.wait(0.01)

    assert Wakeup(store=True, rows=False) == by_store
    assert Wakeup(store=False, rows=True) == by_rows
    assert Wakeup(store=False, rows=False) == by_time


async def test_it_says_since_when_there_is_something_to_tell(store: Store, wakeups: Wakeups) -> None:
    """Since the first of the changes that one wake-up tells of."""
    before = monotonic()
    store.notify_all()
    after = monotonic()
    store.notify_all()

    by_store = await wakeups.wait(LONG)
    by_time = await wakeups.wait(0.01)

    assert before <= (by_store.store_since or 0) <= after
    assert by_time.store_since is None


async def test_a_burst_is_one_wakeup(store: Store, wakeups: Wakeups) -> None:
    """Whoever shouts all the time wakes a stream 25 times a second, and no more."""
    loop = asyncio.get_running_loop()
    count, end = 0, loop.time() + 5 * REST_SECONDS

    while loop.time() < end:
        store.notify_all()
        count += (await wakeups.wait(LONG)).store

    assert 1 <= count <= 6


async def test_what_comes_during_the_rest_is_not_lost(store: Store, broadcaster: Broadcaster, wakeups: Wakeups) -> None:
    store.notify_all()
    await wakeups.wait(LONG)

    store.notify_all()
    asyncio.get_running_loop().call_later(REST_SECONDS / 4, broadcaster.written, NAMESPACE_ID)

    assert Wakeup(store=True, rows=True) == await wakeups.wait(LONG)
