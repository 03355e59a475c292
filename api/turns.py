"""Turns of the event loop, for work that would keep everybody else waiting where all of it is done in one.

asyncio runs all that is ready before it looks at sockets and timers again. Sixteen pages of 5 ms each that are asked
for at the same moment are one turn of 80 ms, where they are begun at once; and again where what they wait for comes at
once. So nothing is begun in a turn that has taken long, and few are at work at the same time while there is much to do:
who came first is done sooner for it.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Generator
from itertools import count
from typing import Any, Generic, Self, TypeVar, cast

T = TypeVar("T")

MOST_SECONDS = 0.005
"""How long a turn may have taken for something else to be begun in it, or to be gone on with."""
MOST_AT_ONCE = 4
"""How many may be at work: enough that there is something to do while some wait for the database."""
_WOKEN_AT_ONCE = 50
"""Of those who wait: for as many as would be begun in one turn, were they short."""
_MOST_COME = 10
"""To so many turns who waits for one comes in vain at most, if there is a place: others may fill each before."""
PULSE_SECONDS = 0.002
"""How often it is looked whether those at work only wait for something, while others wait for them."""
_MOST_PULSES = 10
"""After so many in which nothing was begun one more is, however much there is to do."""


class Turns:
    """Has those who begin something wait, in the order in which they came, until there is room for it."""

    def __init__(
        self,
        *,
        seconds: float = MOST_SECONDS,
        at_once: int = MOST_AT_ONCE,
        pulse: float = PULSE_SECONDS,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """`seconds`, `at_once` and `pulse` are MOST_SECONDS, MOST_AT_ONCE and PULSE_SECONDS."""
        self._seconds = seconds
        self._pulse_seconds = pulse
        self._clock = clock
        self._at_once = self._free = at_once
        self._lent = 0
        """How many of those at work have no place of their own, as all others only wait."""
        self._began: float | None = None
        """When the turn's first piece was begun."""
        self._going_on: deque[asyncio.Future[bool]] = deque()
        """Those at work who have what they waited for, and came to a turn without room; told whether they are next."""
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._again: list[asyncio.Future[None]] = []
        """Those who were woken, and came to a turn without room: the first of the next."""
        self._woken = 0
        """How many are on their way."""
        self._pulse: asyncio.TimerHandle | None = None
        self._pulses = 0

    async def __aenter__(self) -> Self:
        """Wait for room, and take it. To be used as `async with turns:`, by many at the same time."""
        if self._woken or self._waiting or self._again or not self._has_room:
            await self._until_room()
        self._free -= 1
        self._pulses = 0
        self._note_piece()
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._lent:
            self._lent -= 1
        else:
            self._free += 1
        self._wake_soon()

    def paced(self, work: Awaitable[T]) -> Awaitable[T]:
        """The same, but that each time it has waited it goes on in a turn that has room. For those who were let in.

        What it has done in tasks of their own is not paced: neither theirs nor their own waiting counts here.
        """
        return _Paced(work, self)

    def go_on(self) -> Generator[Any, None, None]:
        """Wait until the turn has room, where it has none: to be yielded from by what is awaited."""
        is_next = False
        while not (is_next or self._is_short):
            waiter: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
            self._going_on.append(waiter)
            is_next = yield from waiter
        self._note_piece()

    async def _until_room(self) -> None:
        queue: deque[asyncio.Future[None]] | list[asyncio.Future[None]] = self._waiting
        for come in count(1):
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            queue.append(waiter)
            self._watch()
            try:
                await waiter
            except asyncio.CancelledError:
                if not waiter.cancelled():  # it was just woken: another one is instead
                    self._woken -= 1
                    self._wake_soon()
                raise
            self._woken -= 1
            if self._has_room or (self._free > 0 and come > _MOST_COME):
                return
            queue = self._again

    @property
    def _has_room(self) -> bool:
        return self._free > 0 and self._is_short

    @property
    def _is_short(self) -> bool:
        """Whether the turn has not taken long yet."""
        return self._began is None or self._clock() - self._began < self._seconds

    def _note_piece(self) -> None:
        """A piece is begun or gone on with, maybe the turn's first."""
        if self._began is None:
            self._began = self._clock()
            asyncio.get_running_loop().call_soon(self._end)

    def _end(self) -> None:
        """The turn is over: those at work go on before others begin. Who waited longest does in any case, however much
        was done before it in the next turn; so each comes to its turn."""
        self._began = None
        going_on, self._going_on = self._going_on, deque()
        is_next = True
        for waiter in going_on:
            if not waiter.done():  # else it has given up
                waiter.set_result(is_next)
                is_next = False
        self._wake_soon()

    def _wake_soon(self) -> None:
        """Have the first of those who wait look whether there is room, in the next turn."""
        if self._began is not None:  # the end of this turn does
            return
        self._waiting.extendleft(reversed(self._again))
        self._again.clear()
        while self._waiting and self._free > 0 and self._woken < _WOKEN_AT_ONCE:
            waiter = self._waiting.popleft()
            if not waiter.done():  # else it has given up
                self._woken += 1
                waiter.set_result(None)

    def _watch(self) -> None:
        """While somebody waits."""
        if self._pulse is None:
            due = self._clock() + self._pulse_seconds
            self._pulse = asyncio.get_running_loop().call_later(self._pulse_seconds, self._look, due)

    def _look(self, due: float) -> None:
        """Where the event loop has time, those at work only wait: others may begin meanwhile."""
        self._pulse = None
        if not self._waiting and not self._again:
            return
        self._pulses += 1
        if self._clock() - due < self._pulse_seconds:
            self._lend(self._at_once)
        elif self._pulses > _MOST_PULSES:
            self._lend(1)
        self._watch()

    def _lend(self, count: int) -> None:
        more = max(count - self._free, 0)
        self._free += more
        self._lent += more
        self._wake_soon()


class _Paced(Generic[T]):
    """Awaits, and passes on what is awaited by that, so that it can put off to go on."""

    def __init__(self, work: Awaitable[T], turns: Turns) -> None:
        self._work = work
        self._turns = turns

    def __await__(self) -> Generator[Any, None, T]:
        steps, error = _whole(self._work), None
        try:
            while True:
                # Not from within an `except`: what the work raises would seem to come of what it was told.
                awaited = steps.send(None) if error is None else steps.throw(error)
                error = None
                try:
                    yield awaited
                except BaseException as raised:
                    error = raised
                if error is None or isinstance(error, Exception):  # who is cancelled is not kept waiting
                    try:
                        yield from self._turns.go_on()
                    except BaseException as raised:
                        error = raised
        except StopIteration as end:
            return cast("T", end.value)
        finally:
            error = None  # else it and this frame refer to each other
            steps.close()


async def _whole(work: Awaitable[T]) -> T:
    return await work


class Batches:
    """Does many short things in the order in which they came, so many in each turn."""

    def __init__(self, *, most: int) -> None:
        """`most` is how many are done in one turn."""
        self._most = most
        self._left: deque[Callable[[], object]] = deque()
        self._is_under_way = False

    def add(self, do: Callable[[], object]) -> None:
        """Have something done in a turn to come."""
        self._left.append(do)
        if not self._is_under_way:
            self._is_under_way = True
            asyncio.get_running_loop().call_soon(self._some)

    def _some(self) -> None:
        """What one of them raises the event loop tells; the others are done all the same."""
        try:
            for _ in range(min(self._most, len(self._left))):
                self._left.popleft()()
        finally:
            self._is_under_way = bool(self._left)
            if self._is_under_way:
                asyncio.get_running_loop().call_soon(self._some)
