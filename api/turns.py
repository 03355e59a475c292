"""Turns of the event loop, for work that would keep everybody else waiting where all of it is done in one.

asyncio runs all that is ready before it looks at sockets and timers again. Sixteen pages of 5 ms each that are asked
for at the same moment are one turn of 80 ms, where they are begun at once; and again where what they wait for comes at
once. So few are begun in one turn, and few are at work at the same time: who came first is done sooner for it.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable

MOST_SECONDS = 0.01
"""How long a turn may have taken for something else to be begun in it."""
MOST_AT_ONCE = 4
"""How many may be at work: enough that there is something to do while some wait for the database."""
HELD_SECONDS = 0.02
"""After how long somebody is taken to be waiting for something slow, and others are begun."""


class Turns:
    """Has those who begin something wait, in the order in which they came, until there is room for it."""

    def __init__(
        self,
        *,
        seconds: float = MOST_SECONDS,
        at_once: int = MOST_AT_ONCE,
        in_turn: int = 1,
        held: float = HELD_SECONDS,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """`in_turn` is how many of those who had to wait are begun in one turn. `seconds`, `at_once` and `held` are
        MOST_SECONDS, MOST_AT_ONCE and HELD_SECONDS."""
        self._seconds = seconds
        self._in_turn = in_turn
        self.held = held
        self._clock = clock
        self._free = at_once
        self._began: float | None = None
        self._waiting: deque[asyncio.Future[None]] = deque()

    def one(self) -> Turn:
        """What is done in an `async with` block of this is begun once there is room."""
        return Turn(self)

    async def taken(self) -> None:
        """Wait for room, and take it."""
        if self._waiting or not self._has_room:
            await self._granted()
        else:
            self._take()

    def give_back(self) -> None:
        """Let another one have it; while something is done in this turn, once that is over."""
        self._free += 1
        if self._began is None:
            self._grant()

    async def _granted(self) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                self.give_back()
            raise

    @property
    def _has_room(self) -> bool:
        return self._free > 0 and (self._began is None or self._clock() - self._began < self._seconds)

    def _take(self) -> None:
        self._free -= 1
        if self._began is None:
            self._began = self._clock()
            asyncio.get_running_loop().call_soon(self._end)

    def _end(self) -> None:
        """The turn is over."""
        self._began = None
        self._grant()

    def _grant(self) -> None:
        """Room for the first of those who wait, which they begin in the next turn; whoever has given up is passed over.
        Not for all that there is room for: they would begin in the same turn."""
        granted = 0
        while self._waiting and self._has_room and granted < self._in_turn:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                self._take()
                granted += 1


class Turn:
    """One who begins something. Whoever takes long over it makes room for others before it is done."""

    __slots__ = ("_timer", "_turns")

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._timer: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> None:
        await self._turns.taken()
        self._timer = asyncio.get_running_loop().call_later(self._turns.held, self._give_back)

    async def __aexit__(self, *error: object) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._give_back()

    def _give_back(self) -> None:
        self._timer = None
        self._turns.give_back()
