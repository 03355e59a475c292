"""What a server calls finds room for its frames, however deep its event loop was started, and however deep it goes."""

from __future__ import annotations

import resource
from collections.abc import Callable
from typing import TypeVar

import pytest

from api.eventloop import run

DEPTHS = range(150)
"""Further than a chunk of frames reaches."""
FURTHER = range(0, 800, 5)
"""As far as Python lets calls go down, but for what pytest has taken."""
CALLS = 300
FEW = 30
"""Pages of memory that are touched for the first time, by chance."""

T = TypeVar("T")


def down(further: int, work: Callable[[], T]) -> T:
    return down(further - 1, work) if further else work()


def mapped() -> int:
    """How many pages of memory are touched for the first time by as many calls of a function that calls another."""

    def another(*_: int) -> None:
        pass

    def one(*given: int) -> None:
        another(*given)

    before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    for _ in range(CALLS):
        one(1, 2, 3, 4)
    return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before


async def at(depth: int) -> int:
    return down(depth, mapped)


def test_elsewhere_each_call_maps_memory_at_some_depth() -> None:
    """The reason for all this."""
    if max(down(depth, mapped) for depth in DEPTHS) < CALLS // 2:
        pytest.skip(
            "This Python keeps the chunk that it unmapped last: once all that are supported do, room is for nothing"
        )


def test_wherever_the_loop_is_started_no_call_maps_memory() -> None:
    assert max(down(depth, lambda: run(at(0))) for depth in DEPTHS) <= FEW


def test_however_deep_it_goes_no_call_maps_memory() -> None:
    assert max(run(at(depth)) for depth in FURTHER) <= FEW


def test_what_is_raised_is_raised_on() -> None:
    async def failing() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(failing())
