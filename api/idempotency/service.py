"""One effect a key, however often and wherever a request arrives, and the same answer each time.

A key is a row: claimed by whoever works on it, for a bounded time; linked, in the very transaction that records the
effect, with the ids of what is made; finished when it is. So a process that is killed leaves a claim that runs out,
and whoever asks next finds by the ids how far it came. A failure is not kept: nothing was done, and the key is free.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import TypeVar
from uuid import UUID
from weakref import WeakValueDictionary

from api.clusters.backoff import Backoff
from api.database.database import Database
from api.errors import MoorageError, NotFound, Unavailable
from api.idempotency.models import Asked, Claim, Result
from api.idempotency.repository import IdempotencyRepository

T = TypeVar("T")

WORK_SECONDS = 9.0
LEASE = timedelta(seconds=12)
"""Longer than anybody works on a key: nobody is at it any more when it is taken over."""
WAIT_SECONDS = 8.0
_LONGEST_PAUSE = 0.3


class Idempotency:
    """Has work done once for each key. Replicas meet in the database."""

    def __init__(self, database: Database, *, lease: timedelta = LEASE) -> None:
        self._database = database
        self._lease = lease
        self._turns: WeakValueDictionary[tuple[UUID, str], asyncio.Lock] = WeakValueDictionary()

    async def once(
        self,
        asked: Asked | None,
        work: Callable[[Claim | None], Awaitable[T]],
        recall: Callable[[Result], Awaitable[T | None]],
    ) -> T:
        """What `work` answers; or `recall`, where the key was used for this before (None: that was undone).

        Waits, bounded, for another that works on the key. Raises IdempotencyConflict where the key stands for
        something else, NotFound where what it stands for is gone by now, Unavailable where it takes too long.
        """
        if asked is None:
            return await work(None)
        async with self._turn(asked):
            claim = await self._claim(asked)
            if not claim.finished:
                return await self._perform(claim, work, recall)
        answer = await recall(claim.result) if claim.result is not None else None
        if answer is None:
            raise NotFound("What was made with this idempotency key is gone by now.")
        return answer

    async def link(self, claim: Claim, **result: str) -> None:
        """Record, in a transaction of its own, what is about to be made under a name that is known beforehand."""
        async with self._database.session() as session:
            await IdempotencyRepository(session).link(claim, result)

    async def _perform(
        self,
        claim: Claim,
        work: Callable[[Claim | None], Awaitable[T]],
        recall: Callable[[Result], Awaitable[T | None]],
    ) -> T:
        """Do it, or where somebody began with it, find out how far that came."""
        try:
            async with asyncio.timeout(WORK_SECONDS):
                answer = await recall(claim.result) if claim.result is not None else None
                if answer is None:
                    answer = await work(claim)
        except (Unavailable, TimeoutError) as error:
            with suppress(Unavailable):
                await self._change(IdempotencyRepository.let_go, claim)
            if isinstance(error, TimeoutError):
                raise Unavailable("It takes too long. Try again with the same key.", part="cluster") from error
            raise
        except MoorageError:
            await self._change(IdempotencyRepository.forget, claim)
            raise
        await self._change(IdempotencyRepository.finish, claim)
        return answer

    @asynccontextmanager
    async def _turn(self, asked: Asked) -> AsyncIterator[None]:
        """Of those in this process that ask for the same, one at a time: only that one looks for what others do."""
        lock = self._turns.setdefault((asked.user_id, asked.key), asyncio.Lock())
        async with _limited():
            await lock.acquire()
        try:
            yield
        finally:
            lock.release()

    async def _claim(self, asked: Asked) -> Claim:
        backoff = Backoff(longest=_LONGEST_PAUSE)
        async with _limited():
            while (claim := await self._try_to_claim(asked)) is None:
                await backoff.pause()
            return claim

    async def _try_to_claim(self, asked: Asked) -> Claim | None:
        async with self._database.session() as session:
            return await IdempotencyRepository(session).claim(asked, lease=self._lease)

    async def _change(self, change: Callable[[IdempotencyRepository, Claim], Awaitable[None]], claim: Claim) -> None:
        async with self._database.session() as session:
            await change(IdempotencyRepository(session), claim)


@asynccontextmanager
async def _limited() -> AsyncIterator[None]:
    """At most WAIT_SECONDS; Unavailable beyond them."""
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            yield
    except TimeoutError as error:
        message = "The first request with this idempotency key is still being worked on. Try again in a moment."
        raise Unavailable(message, part="cluster") from error
