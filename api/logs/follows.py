"""The logs that are followed just now: one connection for each, for as long as anybody reads it."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from api.clusters.pod_logs import PodLogs
from api.clusters.store import Store
from api.logs.follow import Follow
from api.logs.models import LogSource, Position
from api.logs.reading import LogReader
from api.logs.ring import MOST_BYTES, MOST_LINES, Ring

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FollowLimits:
    """How many logs are followed at once, in one namespace and by the process, and how much is kept of each."""

    per_namespace: int = 64
    per_process: int = 512
    lines: int = MOST_LINES
    bytes: int = MOST_BYTES


class Follows:
    """Shares follows between readers. Whoever opens it closes it: use `Follows.open`."""

    def __init__(self, pod_logs: PodLogs, reader: LogReader, store: Store, limits: FollowLimits) -> None:
        self._pod_logs = pod_logs
        self._reader = reader
        self._store = store
        self._limits = limits
        self._follows: dict[LogSource, Follow] = {}
        self._tasks: dict[Follow, asyncio.Task[None]] = {}

    @classmethod
    @asynccontextmanager
    async def open(
        cls, pod_logs: PodLogs, reader: LogReader, store: Store, limits: FollowLimits
    ) -> AsyncIterator[Follows]:
        """Nothing is followed any more at the end of the context."""
        follows = cls(pod_logs, reader, store, limits)
        try:
            yield follows
        finally:
            tasks = list(follows._tasks.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def join(
        self, source: LogSource, after: Position | None, wakeup: asyncio.Event, *, is_latest: bool
    ) -> Follow | None:
        """Go on from a place, and be woken by what comes. `is_latest` says that the log was read up to its end a moment
        ago; else only others who read it can be joined.

        None where that is not possible now: the others are further already, or too many logs are followed.
        """
        follow = self._follows.get(source)
        if follow is None and is_latest and self._has_room(source.namespace):
            follow = self._begin(source, after)
        if follow is None or not follow.ring.covers(after):
            return None
        follow.wakeups.append(wakeup)
        return follow

    def has(self, source: LogSource) -> bool:
        """Whether anybody follows this log."""
        return source in self._follows

    def leave(self, follow: Follow, wakeup: asyncio.Event) -> None:
        """Read it no more; the last one who leaves ends it."""
        follow.wakeups.remove(wakeup)
        if not follow.wakeups:
            self._drop(follow)
            if (task := self._tasks.get(follow)) is not None:
                task.cancel()

    def _has_room(self, namespace: str) -> bool:
        counts = Counter(source.namespace for source in self._follows)
        return counts.total() < self._limits.per_process and counts[namespace] < self._limits.per_namespace

    def _begin(self, source: LogSource, after: Position | None) -> Follow:
        ring = Ring(after, most_lines=self._limits.lines, most_bytes=self._limits.bytes)
        follow = Follow(source, ring, after=after, reader=self._reader, store=self._store)
        task = asyncio.create_task(follow.run(self._pod_logs), name=f"log of {source.pod}/{source.container}")
        task.add_done_callback(lambda ended: self._ended(follow, ended))
        self._follows[source], self._tasks[follow] = follow, task
        return follow

    def _ended(self, follow: Follow, task: asyncio.Task[None]) -> None:
        """It is no longer joined; one that broke by a fault of ours is begun anew by its readers."""
        self._tasks.pop(follow, None)
        self._drop(follow)
        if not task.cancelled() and (error := task.exception()) is not None:
            _logger.error("following the log of %s failed", follow.source.pod, exc_info=error)
            follow.fail()

    def _drop(self, follow: Follow) -> None:
        if self._follows.get(follow.source) is follow:
            del self._follows[follow.source]
