"""Timeouts that cost something only where there is something to wait for."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")


class Begun(Generator[Any, Any, T]):
    """A coroutine that ran up to where it first waits, for `awaited`; awaited, it goes on from there."""

    def __init__(self, coroutine: Coroutine[Any, Any, T], awaited: Any) -> None:
        self._coroutine = coroutine
        self._first = [awaited]

    def __await__(self) -> Generator[Any, Any, T]:
        return self

    def send(self, value: Any) -> Any:
        return self._first.pop() if self._first else self._coroutine.send(value)

    def throw(self, *error: Any) -> Any:
        return self._coroutine.throw(*error)

    def close(self) -> None:
        self._coroutine.close()


def begun(coroutine: Coroutine[Any, Any, T]) -> Begun[T] | None:
    """Run a coroutine, whose result is not asked for, up to where it first waits: what is to be awaited then, by the
    task that it is to go on in; None where it came to its end. Raises what it raises."""
    try:
        return Begun(coroutine, coroutine.send(None))
    except StopIteration:
        return None


async def within(seconds: float, coroutine: Coroutine[Any, Any, T]) -> T:
    """What `coroutine` gives; raises TimeoutError where that takes longer than `seconds`.

    Most writes to a socket, and most answers from memory, wait for nothing, and a timer that is set and taken back
    takes as long as they do. So it is set once the coroutine first waits.
    """
    try:
        awaited = coroutine.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    async with asyncio.timeout(seconds):
        return await Begun(coroutine, awaited)


async def comes(event: asyncio.Event, *, seconds: float) -> bool:
    """Wait for `event`, so long at most; whether it has come."""
    with suppress(TimeoutError):
        await within(seconds, event.wait())
    return event.is_set()
