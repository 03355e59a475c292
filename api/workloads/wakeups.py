"""Waiting for whatever concerns a stream: the Store, this process's rows, or the time of the next check."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

from api.clusters.store import Changes, Store
from api.workloads.broadcast import Broadcaster

REST_SECONDS = 0.04
"""Between two wake-ups: more changes nobody can follow, and each costs every stream its work. One that comes right
after another waits for that long, and is still told within 50 ms."""


@dataclass(frozen=True, slots=True)
class Wakeup:
    """Why a stream was woken: `store` and `rows` say what may have changed; neither of them, that time passed."""

    store: bool
    rows: bool
    store_since: float | None = field(default=None, compare=False)
    """When, by `time.monotonic`, the first of the Store's changes came."""


class Wakeups:
    """Two signals waited for at once. However many changes came while nobody waited, one wake-up tells of them."""

    def __init__(self, changes: Changes, rows: asyncio.Event) -> None:
        self._changes = changes
        self._rows = rows
        self._change: asyncio.Task[float] | None = None
        self._row: asyncio.Task[None] | None = None
        self._earliest = 0.0

    @classmethod
    @asynccontextmanager
    async def open(
        cls, store: Store, broadcaster: Broadcaster, *, slug: str, namespace_id: UUID, workload_id: UUID | None = None
    ) -> AsyncIterator[Wakeups]:
        """Wake-ups about one workload, or about all of a namespace, for as long as the context lasts."""
        with store.subscribe(slug, workload_id) as changes, broadcaster.subscribe(namespace_id) as rows:
            wakeups = cls(changes, rows)
            try:
                yield wakeups
            finally:
                await wakeups._close()

    async def wait(self, timeout: float) -> Wakeup:
        """The next wake-up, after `timeout` seconds at the latest."""
        self._change = self._change or asyncio.create_task(_next(self._changes), name="wait for the store")
        self._row = self._row or asyncio.create_task(_until(self._rows), name="wait for rows")
        await asyncio.wait({self._change, self._row}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        await self._rest()
        since = self._change.result() if self._change.done() else None
        wakeup = Wakeup(store=self._change.done(), rows=self._row.done(), store_since=since)
        if wakeup.store:
            self._change = None
        if wakeup.rows:
            self._row = self._row.result()
        return wakeup

    def look(self) -> None:
        """Wake whoever waits, as where rows have changed."""
        self._rows.set()

    async def _rest(self) -> None:
        """Let what comes in a burst become one wake-up; the first after a quiet time is not held up."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(0.0, self._earliest - loop.time()))
        self._earliest = loop.time() + REST_SECONDS

    async def _close(self) -> None:
        tasks = [task for task in (self._change, self._row) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _next(changes: Changes) -> float:
    return await anext(changes)


async def _until(signal: asyncio.Event) -> None:
    await signal.wait()
    signal.clear()
