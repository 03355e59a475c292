"""The event loop of a server, with room for the frames of all that it calls.

CPython keeps the frames of Python functions in chunks of 16 KiB. Where one ends below a function that calls others a
thousand times, each of these calls maps a chunk and unmaps it again: a page of apps takes 1.4 to 1.9 times as long in a
loop that was started some calls further down.
A chunk that is mapped for a frame has room for that and for a thousand slots more, at the next power of two. So below a
function of one large frame there is room for all others. `push_chunk` in
https://github.com/python/cpython/blob/v3.11.7/Python/pystate.c; releases that keep the chunk they unmapped last
(https://github.com/python/cpython/issues/142183) map none either, and need no room.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import uvloop

_SLOTS = 33_000
"""Of 8 bytes: a little more than half of 512 KiB. The rest is left: a thousand frames of 260 bytes, as many as Python
lets calls go down."""

T = TypeVar("T")


def run(main: Coroutine[Any, Any, T]) -> T:
    """What `main` returns or raises, run by a new uvloop that has room for its frames."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return _with_room(lambda: runner.run(main))


def _with_room(function: Callable[[], T]) -> T:
    return function()


_with_room.__code__ = _with_room.__code__.replace(co_stacksize=_SLOTS)
