"""The loop of the one replica that leads: what the watch cache tells of is looked at, and everything now and then.

Level-triggered, as Kubernetes' own controllers: a change says where to look, never what to do, so that one that was
missed costs no more than the time to the next round.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from api.clusters.cluster import Cluster
from api.clusters.election import LeadershipLost, Term
from api.clusters.store import Key, Touched
from api.clusters.workqueue import WorkQueue
from api.database.database import Database
from api.errors import MoorageError
from api.monitoring.changes import FAILED, Reconciling
from api.monitoring.telemetry import Telemetry
from api.namespaces.models import Namespace, NamespacePhase
from api.namespaces.service import NamespaceService
from api.workloads.reconciler.patience import Patience
from api.workloads.reconciler.repairs import REPAIRED_KINDS, Outcome, Repairer
from api.workloads.repository import WorkloadRepository
from api.workloads.restoring import restorable_since
from api.workloads.timeline import TimelineRepository
from api.workloads.undoing import Undoer

ROUND_SECONDS = 15.0
"""Between two looks at everything; with nothing changed one costs no call of the cluster."""
_FORGET_SECONDS = 600.0
KEPT_FOR = timedelta(days=90)
"""How long timelines go back."""
LONGEST_REST = 20.0
"""The longest pause between two repairs of one app: repaired within 30 s also where somebody keeps changing it."""
_WORKERS = 4
_BUSY_SECONDS = 1.0

_logger = logging.getLogger(__name__)


class Reconciler:
    """Holds every namespace that is not paused to what is recorded, for the length of a term."""

    def __init__(
        self,
        database: Database,
        cluster: Cluster,
        namespaces: NamespaceService,
        undoer: Undoer,
        repairer: Repairer,
        *,
        round_seconds: float = ROUND_SECONDS,
        reconciling: Reconciling | None = None,
    ) -> None:
        self._database = database
        self._cluster = cluster
        self._namespaces = namespaces
        self._undoer = undoer
        self._repairer = repairer
        self._round_seconds = round_seconds
        self._reconciling = reconciling or Telemetry().reconciling
        self._forgets_at = 0.0

    async def lead(self, term: Term) -> None:
        """Work until cancelled, or until the term is over (LeadershipLost)."""
        self._repairer.forget()
        shift = _Shift(self._repairer, term, self._reconciling)
        try:
            with self._reconciling.term(), self._cluster.store.touched() as touched:
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(shift.listen(touched), name="reconciler: listen")
                    tasks.create_task(self._rounds(shift), name="reconciler: rounds")
                    for number in range(_WORKERS):
                        tasks.create_task(shift.work(), name=f"reconciler: worker {number}")
        finally:
            shift.close()

    async def _rounds(self, shift: _Shift) -> None:
        async def look_at_everything() -> None:
            for key in await self._everything():
                shift.look_at(key)

        while True:
            for step in (look_at_everything, self._undoer.sweep, self._namespaces.sweep, self._forget):
                await _tried(step)
            await asyncio.sleep(self._round_seconds)

    async def _everything(self) -> set[Key]:
        """Every app on record, and everything in the cluster that says to be one; in namespaces that are not paused."""
        recorded = await self._namespaces.reconciled()
        active = [each for each in recorded if each.phase is NamespacePhase.ACTIVE]
        missing = {(each.slug, None) for each in recorded if each.phase is NamespacePhase.MISSING}
        slugs = {each.slug for each in active}
        in_cluster = {key for key in self._cluster.store.owners(REPAIRED_KINDS) if key[0] in slugs}
        async with self._database.autocommit() as session:
            on_record = await WorkloadRepository(session).ids([each.id for each in active])
        return in_cluster | missing | set(_keys(active, on_record))

    async def _forget(self) -> None:
        """Let go of what nobody can bring back any more, with its secrets, and of what happened long ago."""
        if time.monotonic() < self._forgets_at:
            return
        now = datetime.now(UTC)
        async with self._database.session() as session:
            await WorkloadRepository(session).forget(deleted_before=restorable_since())
            await TimelineRepository(session).forget(before=now - KEPT_FOR)
        self._forgets_at = time.monotonic() + _FORGET_SECONDS


async def _tried(step: Callable[[], Awaitable[None]]) -> None:
    """One that fails keeps no other from being done: it is tried again with the next round."""
    try:
        await step()
    except MoorageError as error:
        _logger.info("a step of the reconciler was left out: %s", error.message)
    except Exception:
        _logger.exception("a step of the reconciler failed; the next round tries again")


def _keys(namespaces: Sequence[Namespace], on_record: Sequence[tuple[UUID, UUID]]) -> Iterator[Key]:
    slugs = {each.id: each.slug for each in namespaces}
    yield from ((slug, None) for slug in slugs.values())
    yield from ((slugs[namespace_id], str(workload_id)) for namespace_id, workload_id in on_record)


class _Shift:
    """The work of one term: a queue in which each key is once, and those who take from it."""

    def __init__(self, repairer: Repairer, term: Term, reconciling: Reconciling) -> None:
        self._repairer = repairer
        self._term = term
        self._reconciling = reconciling
        self._queue: WorkQueue[Key] = WorkQueue()
        self._patience = Patience(longest=LONGEST_REST)
        self._at_work: set[Key] = set()

    def look_at(self, key: Key) -> None:
        """As soon as its rest after the last repair is over."""
        if rest := self._patience.left(key):
            self._queue.add_after(key, rest)
        else:
            self._queue.add(key)

    async def listen(self, touched: Touched) -> None:
        while True:
            for key in await touched.take():
                self.look_at(key)

    async def work(self) -> None:
        while True:
            key = await self._queue.get()
            if key in self._at_work:
                self._queue.add_after(key, _BUSY_SECONDS)
                continue
            self._at_work.add(key)
            try:
                await self._look_at(key)
            finally:
                self._at_work.discard(key)

    def close(self) -> None:
        self._queue.close()

    async def _look_at(self, key: Key) -> None:
        try:
            outcome = await self._repairer.look_at(key, self._term.require)
        except LeadershipLost:
            raise
        except MoorageError as error:
            _logger.info("%s cannot be held to what is recorded: %s", key, error.message)
            self._reconciling.looked(FAILED)
            self._queue.add_after(key, self._patience.rest(key))
            return
        except Exception:
            _logger.exception("looking at %s failed", key)
            self._reconciling.looked(FAILED)
            self._queue.add_after(key, self._patience.rest(key))
            return
        self._reconciling.looked(outcome.value)
        if outcome is Outcome.BUSY:
            self._queue.add_after(key, _BUSY_SECONDS)
        elif outcome is Outcome.REPAIRED:
            _logger.warning("%s was changed by somebody else, and is repaired", key)
            self._queue.add_after(key, self._patience.rest(key))
