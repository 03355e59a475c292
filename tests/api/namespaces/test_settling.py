"""Work that must not be left half-done."""

from __future__ import annotations

import asyncio
import logging

import pytest

from api.namespaces.settling import settle


async def test_ends_its_work_though_the_caller_is_cancelled_meanwhile() -> None:
    begun, go_on, done = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await go_on.wait()
        done.set()

    caller = asyncio.create_task(settle(work(), what="tidy up"), name="caller")
    await begun.wait()
    caller.cancel()
    go_on.set()

    with pytest.raises(asyncio.CancelledError):
        await caller
    assert done.is_set()


async def test_gives_up_after_its_time(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        await settle(asyncio.Event().wait(), what="tidy up", within=0.01)

    assert "could not tidy up" in caplog.text


async def test_logs_a_failure_and_leaves_the_callers_own_alone(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise ValueError("no luck")

    with caplog.at_level(logging.ERROR):
        await settle(fail(), what="tidy up")

    assert "no luck" in caplog.text
