"""Several calls of the API server at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

T = TypeVar("T")

MOST_AT_ONCE = 8
"""For one operation of a user's: the API server has others to serve."""


async def at_once(calls: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """What they answer, in their order. Where some fail, it raises what the first of those did.

    It ends when all that were begun have: nothing goes on behind the back of whoever undoes it. Where one has failed no
    other is begun: those that wait for their turn would wait for a silent server once more.
    """
    turns, failed = asyncio.Semaphore(MOST_AT_ONCE), asyncio.Event()

    async def in_turn(call: Coroutine[Any, Any, T]) -> T:
        async with turns:
            if failed.is_set():
                raise asyncio.CancelledError  # never the first: turns come in the order of the calls
            try:
                return await call
            except BaseException:
                failed.set()
                raise

    begun = tuple(calls)
    try:
        answers = await asyncio.gather(*map(in_turn, begun), return_exceptions=True)
    finally:
        for call in begun:  # its turn never came
            call.close()
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return [answer for answer in answers if not isinstance(answer, BaseException)]
