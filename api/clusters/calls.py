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

    It ends when all of them have, also where one fails: nothing goes on behind the back of whoever undoes it.
    """
    turns = asyncio.Semaphore(MOST_AT_ONCE)

    async def in_turn(call: Coroutine[Any, Any, T]) -> T:
        async with turns:
            return await call

    begun = tuple(calls)
    try:
        answers = await asyncio.gather(*map(in_turn, begun), return_exceptions=True)
    finally:
        for call in begun:  # cancelled before its turn came
            call.close()
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return [answer for answer in answers if not isinstance(answer, BaseException)]
