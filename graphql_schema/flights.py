"""One execution for all who ask for the same at the same moment: whoever comes first leads it, all others wait.

It has no task of its own, as those of `graphql_schema.reads` have: what waits for nothing is there in the same turn of
the event loop, before a feed tells the next of its readers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Generic, TypeVar

T = TypeVar("T")

LANDED_AT_ONCE = 100
"""Of those who wait, in each turn of the event loop: thousands at once would hold up everybody else."""


class Flight(Generic[T]):
    """An execution under way. `forget` is called once it is over, however it ended.

    Where the one who leads goes away, another one leads it anew. Where it fails, nothing comes of it for anybody, and
    each does for itself what it can.
    """

    def __init__(self, forget: Callable[[], object]) -> None:
        self._forget = forget
        self._waiting: dict[asyncio.Future[bool], None] = {}
        """What each waits for: whether to lead."""
        self.outcome: T | None = None

    async def joined(self) -> bool:
        """Wait for the outcome; True where whoever waits is to lead instead, as nobody does any more."""
        waiter: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting[waiter] = None
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled() and waiter.result():
                self.hand_over()
            raise
        finally:
            self._waiting.pop(waiter, None)

    def hand_over(self) -> None:
        """Have the first of those who wait lead it."""
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(True)
                return
        self._forget()

    def land(self, outcome: T | None) -> None:
        """Tell those who wait what has come of it; None: nothing."""
        self.outcome = outcome
        self._forget()
        self._tell(iter(tuple(self._waiting)))

    def _tell(self, waiters: Iterator[asyncio.Future[bool]]) -> None:
        some = [*islice((waiter for waiter in waiters if not waiter.done()), LANDED_AT_ONCE)]
        for waiter in some:
            waiter.set_result(False)
        if len(some) == LANDED_AT_ONCE:
            asyncio.get_running_loop().call_soon(self._tell, waiters)
