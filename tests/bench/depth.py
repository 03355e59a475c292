"""The event loop's tasks, at a depth of the Python stack.

CPython 3.11 keeps frames in chunks of 16 KiB; where one ends below a function that calls others a thousand times, each
call maps a chunk and unmaps it again. So a figure from one depth says little about another, but where there is room for
all frames (`api.eventloop`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator, Iterator
from contextlib import contextmanager
from typing import Any


class Deep(Coroutine[Any, Any, Any]):
    """A coroutine whose every step runs `depth` calls further down."""

    def __init__(self, coroutine: Coroutine[Any, Any, Any], depth: int) -> None:
        self._coroutine = coroutine
        self._depth = depth

    def __await__(self) -> Generator[Any, Any, Any]:
        return (yield from self._coroutine.__await__())

    def send(self, value: Any) -> Any:
        return self._down(self._depth, value)

    def throw(self, *error: Any) -> Any:
        return self._coroutine.throw(*error)

    def close(self) -> None:
        self._coroutine.close()

    def _down(self, further: int, value: Any) -> Any:
        return self._down(further - 1, value) if further else self._coroutine.send(value)


@contextmanager
def deep(depth: int) -> Iterator[None]:
    """Every task that is made meanwhile runs that deep: an operation may be executed in a task of its own."""
    loop = asyncio.get_running_loop()

    def task_of(loop: asyncio.AbstractEventLoop, coroutine: Any, **named: Any) -> asyncio.Task[Any]:
        return asyncio.Task(Deep(coroutine, depth), loop=loop, **named)

    before = loop.get_task_factory()
    loop.set_task_factory(task_of)
    try:
        yield
    finally:
        loop.set_task_factory(before)
