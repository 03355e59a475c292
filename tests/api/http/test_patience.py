"""What is there at once is taken without a clock; what is not is waited for, and no longer than said."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from api.http.patience import within


async def after(*events: asyncio.Event) -> str:
    """Waits for one after another."""
    for event in events:
        await event.wait()
    return "come"


async def stopping_slowly(event: asyncio.Event) -> str:
    """Waits for something else once it is told to stop."""
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        await event.wait()
        raise
    return "come"


async def raising() -> str:
    raise LookupError


async def raising_later() -> str:
    await asyncio.sleep(0)
    raise LookupError


async def test_what_is_there_at_once_is_given_without_waiting() -> None:
    assert "come" == await within(0, after())


async def test_what_comes_in_time_is_given() -> None:
    first, second = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.call_soon(first.set)
    loop.call_soon(loop.call_soon, second.set)

    assert "come" == await within(60, after(first, second))


@pytest.mark.parametrize("failing", [raising(), raising_later()], ids=["at once", "later"])
async def test_what_fails_fails(failing: Coroutine[Any, Any, str]) -> None:
    with pytest.raises(LookupError):
        await within(60, failing)


async def test_what_takes_too_long_is_given_up() -> None:
    with pytest.raises(TimeoutError):
        await within(0.01, after(asyncio.Event()))


async def test_what_is_given_up_may_still_wait_for_its_end() -> None:
    end = asyncio.Event()
    asyncio.get_running_loop().call_later(0.02, end.set)

    with pytest.raises(TimeoutError):
        await within(0.01, stopping_slowly(end))

    assert end.is_set()


async def test_who_is_cancelled_meanwhile_is_cancelled() -> None:
    began = asyncio.Event()

    async def begun() -> str:
        began.set()
        return await after(asyncio.Event())

    async def waiting() -> str:
        return await within(60, begun())

    task = asyncio.create_task(waiting())
    await began.wait()
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
