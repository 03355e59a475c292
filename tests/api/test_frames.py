"""A server's functions find room for their frames, however deep its event loop was started."""

from __future__ import annotations

import resource
from collections.abc import Callable

import pytest

from api.frames import with_room

DEPTHS = range(150)
"""Further than a chunk of frames reaches."""
CALLS = 300
FEW = 30
"""Pages of memory that are touched for the first time, by chance."""


def down(further: int, work: Callable[[], int]) -> int:
    return down(further - 1, work) if further else work()


def mapped() -> int:
    """How many pages of memory are touched for the first time by as many calls of a function that calls another."""

    def another(*_: int) -> None:
        pass

    def one(*given: int) -> None:
        another(*given)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(CALLS):
        one(1, 2, 3, 4)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def test_without_room_each_call_maps_memory_at_some_depth() -> None:
    """The reason for all this: where it fails, CPython keeps frames in another way, and `api.frames` may go."""
    assert max(down(depth, mapped) for depth in DEPTHS) >= CALLS


def test_with_room_no_call_does_at_any_depth() -> None:
    assert max(with_room(down, depth, mapped) for depth in DEPTHS) <= FEW


def test_what_is_called_gets_its_arguments_and_answers() -> None:
    assert (1, 2, 3) == with_room(lambda first, *rest, last: (first, *rest, last), 1, 2, last=3)


def test_what_is_raised_is_raised_on() -> None:
    with pytest.raises(ZeroDivisionError):
        with_room(divmod, 1, 0)
