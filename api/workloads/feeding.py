"""Feeds that somebody follows, each brought up to date by one task whoever and however many follow it.

A feed is woken by the Store (something of its workloads changed in the cluster) and by their rows, those that another
replica wrote too (`api.database.notifications`). Where PostgreSQL does not tell of these just now, they are noticed by
their effect: the cluster then shows another revision than the row that is known.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic
from uuid import UUID

from api.clusters.cluster import Cluster
from api.errors import NotFound, Unavailable
from api.manifests.models import WorkloadKind
from api.namespaces.models import Namespace
from api.workloads.access import WorkloadAccess
from api.workloads.broadcast import Broadcaster
from api.workloads.cursors import FOLLOWED
from api.workloads.diagnosis.diagnoser import Diagnoser
from api.workloads.feed import Feed, Shown, timeless
from api.workloads.jobs import runs_of
from api.workloads.models import Workload
from api.workloads.pods import pods_of
from api.workloads.reading import WorkloadReader
from api.workloads.records import WorkloadRecord
from api.workloads.wakeups import Wakeups

LOOK_SECONDS = 1.0
"""Between two looks where nothing was told."""
KEPT_SECONDS = 60.0
"""How long a feed goes on that nobody follows: who was cut off comes back to it."""
MOST_IDLE = 500
"""Feeds that nobody follows; of those that were left longest ago, none."""

Records = dict[UUID, WorkloadRecord]
Key = tuple[UUID, UUID | None]
"""The ids of a namespace and of the one workload in it that is followed (None: all of them)."""

_logger = logging.getLogger(__name__)


class _Running:
    """A feed with its task."""

    def __init__(self, feed: Feed, task: asyncio.Task[None]) -> None:
        self.feed = feed
        self.task = task
        self.readers = 0
        self.end: asyncio.TimerHandle | None = None


class Feeds:
    """Opens a feed for its first reader, and keeps it for a while after the last one has left."""

    def __init__(
        self,
        access: WorkloadAccess,
        cluster: Cluster,
        reader: WorkloadReader,
        diagnoser: Diagnoser,
        rows: Broadcaster,
    ) -> None:
        self._access = access
        self._cluster = cluster
        self._reader = reader
        self._diagnoser = diagnoser
        self._rows = rows
        self._running: dict[Key, _Running] = {}
        self._opening: dict[Key, asyncio.Lock] = {}

    @asynccontextmanager
    async def opened(self, namespace_id: UUID, only: UUID | None) -> AsyncIterator[Feed]:
        """The feed of a namespace, or of one workload in it, for a reader who may see it.

        Raises NotFound where that is gone, Unavailable where its rows cannot be read.
        """
        key = (namespace_id, only)
        running = await self._started(key)
        running.readers += 1
        if running.end is not None:
            running.end.cancel()
            running.end = None
        try:
            yield running.feed
        finally:
            running.readers -= 1
            if not running.readers:
                self._leave(key, running)

    async def close(self) -> None:
        """End every feed."""
        running, self._running = list(self._running.values()), {}
        for each in running:
            if each.end is not None:
                each.end.cancel()
            each.task.cancel()
        await asyncio.gather(*(each.task for each in running), return_exceptions=True)

    async def _started(self, key: Key) -> _Running:
        """The running feed; many who come at once wait for one to start it."""
        lock = self._opening.setdefault(key, asyncio.Lock())
        try:
            async with lock:
                running = self._running.get(key)
                if running is None or running.feed.closed:
                    running = self._running[key] = await self._start(key)
                return running
        finally:
            if not lock.locked():
                self._opening.pop(key, None)

    async def _start(self, key: Key) -> _Running:
        known = await self._known(key)
        if known is None:
            raise NotFound("It is there no longer.")
        feed = Feed(known[0], key[1])
        begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._run(feed, key, known[1], begun), name=f"feed of {known[0].slug}")
        try:
            await begun
        except BaseException:
            task.cancel()
            raise
        return _Running(feed, task)

    def _leave(self, key: Key, running: _Running) -> None:
        if self._running.get(key) is not running:  # another one was started meanwhile
            running.task.cancel()
            return
        if running.feed.closed:
            del self._running[key]
            return
        loop = asyncio.get_running_loop()
        running.end = loop.call_later(KEPT_SECONDS, self._end, key, running)
        self._running[key] = self._running.pop(key)  # the one that was left last
        idle = [each for each in self._running.items() if not each[1].readers]
        for left in idle[:-MOST_IDLE]:
            self._end(*left)

    def _end(self, key: Key, running: _Running) -> None:
        if self._running.get(key) is running:
            del self._running[key]
        running.task.cancel()

    async def _run(self, feed: Feed, key: Key, records: Records, begun: asyncio.Future[None]) -> None:
        """Whoever reads is told where it breaks, and the next one who comes has it begun anew."""
        try:
            await self._keep(feed, key, records, begun)
        except Exception as error:
            _logger.exception("the feed of %s broke", feed.namespace.slug)
            feed.break_off(error)
            if not begun.done():
                begun.set_exception(error)

    async def _keep(self, feed: Feed, key: Key, records: Records, begun: asyncio.Future[None]) -> None:
        """Bring the feed up to date until there is nothing to follow any more, or it is cancelled."""
        only, slug = key[1], feed.namespace.slug
        async with Wakeups.open(
            self._cluster.store, self._rows, slug=slug, namespace_id=feed.namespace.id, workload_id=only
        ) as wakeups:
            feed.look = wakeups.look
            changed_at: float | None = None
            is_outdated = True  # by whatever was written before the first signal could be heard
            while True:
                looked_at = monotonic()
                known = await self._tried(key) if is_outdated else (feed.namespace, records)
                if known is None:
                    break
                namespace, records = known
                if namespace != feed.namespace:  # else readers would be asked anew whether they may see it
                    feed.namespace = namespace
                self._tell(feed, records, only, changed_at)
                feed.renew(looked_at)
                if not begun.done():
                    begun.set_result(None)
                await feed.all_woken()
                wakeup = await wakeups.wait(LOOK_SECONDS)
                changed_at = wakeup.store_since
                is_outdated = (
                    wakeup.rows
                    or feed.is_awaited
                    or (wakeup.store and self._is_outdated(feed.namespace, records, only))
                )
        feed.close()
        if not begun.done():
            begun.set_result(None)

    def _tell(self, feed: Feed, records: Records, only: UUID | None, changed_at: float | None) -> None:
        shown: dict[UUID, tuple[Workload, Shown]] = {}
        for workload_id, record in records.items():
            workload = self._reader.workload(feed.namespace, record)
            shown[workload_id] = workload, self._shown(feed.namespace, workload, listing=only is not None)
        feed.tell(shown, self._cluster.store.versions(FOLLOWED, feed.namespace.slug), changed_at)

    def _shown(self, namespace: Namespace, workload: Workload, *, listing: bool) -> Shown:
        """What is up has nothing to diagnose, but for a schedule: it is in force however its runs go."""
        told, is_left_alone = timeless(workload), namespace.reconciliation_paused
        may_fail = not workload.rollout.complete or workload.spec.kind is WorkloadKind.SCHEDULED_JOB
        if not may_fail and not listing:
            return Shown(told, None, (), (), is_left_alone)
        observation = self._reader.observe_again(workload)
        return Shown(
            told,
            self._diagnoser.known(workload.namespace, observation) if may_fail else None,
            tuple(pods_of(workload.id, observation)) if listing else (),
            tuple(runs_of(workload.id, observation)) if listing else (),
            is_left_alone,
        )

    async def _tried(self, key: Key) -> tuple[Namespace, Records] | None:
        """The rows as they are now; waits for a database that does not answer."""
        while True:
            try:
                return await self._known(key)
            except Unavailable as error:
                _logger.info("what is followed cannot be read just now: %s", error.message)
                await asyncio.sleep(LOOK_SECONDS)

    async def _known(self, key: Key) -> tuple[Namespace, Records] | None:
        """The rows as they are now; None where what is followed is there no longer."""
        try:
            namespace, records = await self._access.followed(*key)
        except NotFound:
            return None
        return namespace, {record.id: record for record in records}

    def _is_outdated(self, namespace: Namespace, records: Records, only: UUID | None) -> bool:
        """Whether the cluster shows another revision, or another set of workloads, than the rows that are known."""
        shown = self._reader.shown_revisions(namespace.slug)
        known = {workload_id: record.revision for workload_id, record in records.items()}
        return (shown if only is None else {only: shown[only]} if only in shown else {}) != known
