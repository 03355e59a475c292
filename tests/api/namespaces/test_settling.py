"""Work that must not be left half-done."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from api.errors import Unavailable
from api.namespaces.settling import Settler


@pytest.fixture
async def settler() -> AsyncIterator[Settler]:
    settler = Settler(patience=5)
    yield settler
    await settler.close()


async def test_ends_its_work_though_the_caller_is_cancelled_meanwhile(settler: Settler) -> None:
    begun, go_on, done = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await go_on.wait()
        done.set()

    caller = asyncio.create_task(settler.settle(work, what="tidy up"), name="caller")
    await begun.wait()
    caller.cancel()
    go_on.set()

    with pytest.raises(asyncio.CancelledError):
        await caller
    assert done.is_set()


async def test_goes_on_when_the_caller_waits_no_longer() -> None:
    settler, go_on, done = Settler(patience=0.01), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        await go_on.wait()
        done.set()

    await settler.settle(work, what="tidy up")

    assert not done.is_set()
    go_on.set()
    await settler.settled()
    assert done.is_set()


async def test_tries_again_where_a_part_does_not_answer(settler: Settler) -> None:
    answers = [Unavailable("not now", part="cluster"), Unavailable("nor now", part="cluster")]

    async def work() -> None:
        if answers:
            raise answers.pop()

    await settler.settle(work, what="tidy up")

    assert [] == answers


async def test_the_same_is_not_done_twice_at_once() -> None:
    settler, go_on, runs = Settler(patience=0.01), asyncio.Event(), []

    async def work() -> None:
        runs.append("run")
        await go_on.wait()

    await settler.settle(work, what="tidy up")
    await settler.settle(work, what="tidy up")
    go_on.set()
    await settler.settled()

    assert ["run"] == runs


async def test_gives_up_after_its_time(caplog: pytest.LogCaptureFixture) -> None:
    settler = Settler(patience=5, within=0.01)

    with caplog.at_level(logging.ERROR):
        await settler.settle(asyncio.Event().wait, what="tidy up")

    assert "could not tidy up" in caplog.text


async def test_logs_a_failure_and_leaves_the_callers_own_alone(
    settler: Settler, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail() -> None:
        raise ValueError("no luck")

    with caplog.at_level(logging.ERROR):
        await settler.settle(fail, what="tidy up")

    assert "no luck" in caplog.text
