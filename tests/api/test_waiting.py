"""`within`: as `asyncio.timeout` does, whatever the coroutine waits for."""

from __future__ import annotations

import asyncio

import pytest

from api.waiting import comes, within


async def test_what_waits_for_nothing_is_given_at_once() -> None:
    async def ready() -> int:
        return 1

    assert await within(0, ready()) == 1


async def test_what_waits_is_given_once_it_is_there() -> None:
    async def soon() -> int:
        for _ in range(3):
            await asyncio.sleep(0)
        return await asyncio.to_thread(lambda: 2)

    assert await within(10, soon()) == 2


async def test_what_fails_fails() -> None:
    async def failing() -> None:
        await asyncio.sleep(0)
        raise KeyError(1)

    with pytest.raises(KeyError):
        await within(10, failing())


async def test_what_takes_too_long_is_cancelled_where_it_waits() -> None:
    ended = []

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    with pytest.raises(TimeoutError):
        await within(0.01, endless())

    assert ["cancelled"] == ended


async def test_whoever_is_cancelled_cancels_what_they_wait_for() -> None:
    """From its very first wait on."""
    began, ended = asyncio.Event(), []

    async def endless() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("left")

    task = asyncio.create_task(within(10, endless()))
    await began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert ["left"] == ended


async def test_an_event_is_waited_for_so_long_at_most() -> None:
    event = asyncio.Event()

    before = await comes(event, seconds=0.01)
    asyncio.get_running_loop().call_soon(event.set)
    after = await comes(event, seconds=10)

    assert (False, True) == (before, after)
