"""Waiting with a limit for what is nearly always there at once."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator
from functools import partial
from types import coroutine
from typing import Any, TypeVar

T = TypeVar("T")


@coroutine
def within(seconds: float, awaited: Coroutine[Any, Any, T]) -> Generator[Any, Any, T]:
    """What `awaited` returns; raises TimeoutError where that takes longer than `seconds`.

    It is begun first, and the clock is set only once it waits for something: to set and to stop one takes longer than
    to read a request.
    """
    try:
        waited_for = awaited.send(None)
    except StopIteration as returned:
        result: T = returned.value
        return result
    return (yield from _timed(seconds, awaited, waited_for).__await__())


async def _timed(seconds: float, awaited: Coroutine[Any, Any, T], waited_for: Any) -> T:
    async with asyncio.timeout(seconds):
        return await _rest(awaited, waited_for)


@coroutine
def _rest(awaited: Coroutine[Any, Any, T], waited_for: Any) -> Generator[Any, Any, T]:
    """What is left of a coroutine that was begun, by the rules of `yield from` (PEP 380)."""
    while True:
        try:
            go_on = partial(awaited.send, (yield waited_for))
        except BaseException as error:
            go_on = partial(awaited.throw, error)
        try:
            waited_for = go_on()
        except StopIteration as returned:
            result: T = returned.value
            return result
