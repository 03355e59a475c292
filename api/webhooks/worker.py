"""The work behind webhooks, on every replica: queue what happened, deliver what is due, forget what is old.

Replicas share it through rows: none of it is one's alone, and what a process that is killed had begun another does.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID

from api.database.database import Database
from api.database.notifications import Subject, Subscriber
from api.errors import MoorageError, Unavailable
from api.waiting import comes
from api.webhooks.announcing import MOST_AT_ONCE, announce
from api.webhooks.attempts import Attempts
from api.webhooks.models import WebhookLimits
from api.webhooks.outbox import CLAIM, Claimed, Outbox

POLL_SECONDS = 1.0
"""Between two looks at what is due, where nothing was."""
_FORGET_SECONDS = 600.0
_AT_ONCE = 16
"""Deliveries that one replica makes at a time."""

_logger = logging.getLogger(__name__)


class DeliveryWorker:
    """Works until it is cancelled; two of them in one installation deliver nothing twice between them."""

    def __init__(
        self,
        database: Database,
        attempts: Attempts,
        *,
        limits: WebhookLimits | None = None,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._database = database
        self._attempts = attempts
        self._limits = limits or WebhookLimits()
        self._poll_seconds = poll_seconds
        self._wake = asyncio.Event()

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Work in the background for as long as the context lasts."""
        task = asyncio.create_task(self.run(), name="webhooks")
        task.add_done_callback(_report)
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def run(self) -> None:
        """Until cancelled. What is under way then is tried again by another, once its claim has run out."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._announce(), name="webhooks: announce")
            tasks.create_task(self._deliver(tasks), name="webhooks: deliver")
            tasks.create_task(self._forget(), name="webhooks: forget")

    async def _announce(self) -> None:
        """Whenever PostgreSQL tells of a change, and now and then without."""
        told = _Told()
        with self._database.notifications.subscribed(told):
            while True:
                told.event.clear()
                await _tried(self._announce_all)
                await comes(told.event, seconds=self._poll_seconds)

    async def _announce_all(self) -> None:
        count = MOST_AT_ONCE
        while count == MOST_AT_ONCE:
            async with self._database.session() as session:
                count = await announce(session, self._limits)
            if count:
                self._wake.set()

    async def _deliver(self, tasks: asyncio.TaskGroup) -> None:
        under_way: set[asyncio.Task[None]] = set()

        def done(task: asyncio.Task[None]) -> None:
            under_way.discard(task)
            self._wake.set()

        async def claim() -> None:
            while free := _AT_ONCE - len(under_way):
                claimed = await self._claim(free)
                if not claimed:
                    return
                for each in claimed:
                    task = tasks.create_task(self._attempt(each), name=f"webhooks: deliver {each.delivery.id}")
                    under_way.add(task)
                    task.add_done_callback(done)

        while True:
            self._wake.clear()
            await _tried(claim)
            await comes(self._wake, seconds=self._poll_seconds)

    async def _claim(self, most: int) -> list[Claimed]:
        async with self._database.session() as session:
            return await Outbox(session).claim(most)

    async def _attempt(self, claimed: Claimed) -> None:
        """Given up before its claim runs out, so that nobody else makes the same meanwhile."""

        async def attempt() -> None:
            async with asyncio.timeout(CLAIM.total_seconds() * 0.8):
                await self._attempts.make(claimed)

        await _tried(attempt)

    async def _forget(self) -> None:
        async def once() -> None:
            async with self._database.session() as session:
                await Outbox(session).forget(self._limits)

        while True:
            await _tried(once)
            await asyncio.sleep(_FORGET_SECONDS)


class _Told(Subscriber):
    """Sets its event whenever there may be something new on a timeline."""

    def __init__(self) -> None:
        self.event = asyncio.Event()

    def changed(self, subject: Subject, id: UUID) -> None:  # noqa: ARG002 - of any namespace
        if subject is Subject.NAMESPACE:
            self.event.set()


async def _tried(step: Callable[[], Awaitable[None]]) -> None:
    """One that fails is tried again with the next turn: nothing is lost, as all of it is on record."""
    try:
        await step()
    except Unavailable as error:
        _logger.info("webhooks wait: %s", error.message)
    except MoorageError as error:
        _logger.warning("a step of webhooks was left out: %s", error.message)
    except Exception:
        _logger.exception("a step of webhooks failed; it is tried again")


def _report(task: asyncio.Task[None]) -> None:
    """That the work ends by itself is always an error."""
    if not task.cancelled():
        _logger.error("the work of webhooks has ended", exc_info=task.exception())
