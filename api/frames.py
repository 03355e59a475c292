"""Room for the frames of a server's functions, whatever calls the event loop.

CPython keeps the frames of Python functions in chunks of 16 KiB. Where one ends below a function that calls others a
thousand times, each of these calls maps a chunk and unmaps it again: an operation takes two or three times as long in a
server that is started some calls further down, and a fifth longer than it need elsewhere.
A chunk is as large as its first frame needs, at the next power of two, so that below a function with one large frame
there is room for all others. `push_chunk` in https://github.com/python/cpython/blob/3.11/Python/pystate.c
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

_SLOTS = 16_500
"""Of 8 bytes: a little more than half of 256 KiB. The rest is left: a thousand frames of 128 bytes."""

P = ParamSpec("P")
T = TypeVar("T")


def with_room(function: Callable[P, T], /, *arguments: P.args, **named: P.kwargs) -> T:
    """What `function` returns or raises; neither it nor what it calls maps a chunk, down to a thousand calls.

    Takes ten microseconds, once: for what runs an event loop, or a thread's work.
    """
    return function(*arguments, **named)


with_room.__code__ = with_room.__code__.replace(co_stacksize=_SLOTS)
