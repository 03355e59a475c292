"""Several calls at a time: as if they were made one after the other, but sooner."""

from __future__ import annotations

import asyncio

import pytest

from api.clusters.calls import MOST_AT_ONCE, at_once


async def test_answers_come_in_the_order_of_the_calls() -> None:
    second_is_done = asyncio.Event()

    async def first() -> str:
        await second_is_done.wait()
        return "first"

    async def second() -> str:
        second_is_done.set()
        return "second"

    assert ["first", "second"] == await at_once([first(), second()])


async def test_the_first_failure_is_raised_once_all_have_ended() -> None:
    ended = []

    async def fail(name: str, turns: int) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        ended.append(name)
        raise ValueError(name)

    with pytest.raises(ValueError, match="early"):
        await at_once([fail("early", 5), fail("late", 1)])

    assert ["late", "early"] == ended


async def test_nothing_is_begun_after_a_failure() -> None:
    """Or a server that hangs would be waited for as often as there are rounds of calls."""
    begun = []

    async def call(number: int) -> None:
        begun.append(number)
        await asyncio.sleep(0)
        if number == 1:
            raise ValueError(number)

    with pytest.raises(ValueError, match="1"):
        await at_once([call(number) for number in range(3 * MOST_AT_ONCE)])

    assert list(range(MOST_AT_ONCE)) == begun


async def test_no_more_than_some_are_made_at_once() -> None:
    open_now = most = 0

    async def call() -> None:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        await asyncio.sleep(0)
        open_now -= 1

    await at_once([call() for _ in range(3 * MOST_AT_ONCE)])

    assert MOST_AT_ONCE == most


async def test_whoever_is_cancelled_leaves_no_call_behind() -> None:
    ended = asyncio.Event()

    async def call() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    waiting = asyncio.create_task(at_once([call()]))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert ended.is_set()
