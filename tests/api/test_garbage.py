"""What refers to itself is collected in small pieces."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Iterator

import pytest

from api import garbage
from tests.garbage import freeze


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    freeze()


class Knot:
    """Refers to itself."""

    def __init__(self) -> None:
        self.itself = self


@pytest.mark.asyncio(loop_scope="function")  # the clock goes on for as long as the loop does
async def test_the_young_are_collected_though_no_more_come_than_go() -> None:
    gone = asyncio.Event()
    loop = asyncio.get_running_loop()
    garbage.settle(every=0.01)

    weakref.finalize(Knot(), loop.call_soon_threadsafe, gone.set)

    await asyncio.wait_for(gone.wait(), 5)


@pytest.mark.asyncio(loop_scope="function")
async def test_what_was_open_before_is_walked_by_no_collection() -> None:
    knot = Knot()
    garbage.settle()

    assert not any(each is knot for each in gc.get_objects())
