"""Undoing revisions that were begun and never came to their end: the cluster is brought back to what counts."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from api.database.database import Database
from api.errors import ExpectedFailure, MoorageError
from api.namespaces.models import Namespace
from api.namespaces.repository import NamespaceRepository
from api.workloads.applying import Applier, Object, runs_of_revision, without_exposing, without_runs
from api.workloads.broadcast import Broadcaster
from api.workloads.recorded import Recorded
from api.workloads.records import WorkloadRecord
from api.workloads.repository import WorkloadRepository
from api.workloads.revisions import RevisionRepository
from api.workloads.timeline import Details, TimelineKind, TimelineRepository

_logger = logging.getLogger(__name__)

ABANDONED_AFTER = timedelta(minutes=2)
"""A revision is applied or undone well within this; one pending for longer lost its process on the way."""


class Undoer:
    """Undoes revisions, each under its workload's lock and only while it is in the making."""

    def __init__(self, database: Database, applier: Applier, recorded: Recorded, rows: Broadcaster) -> None:
        self._database = database
        self._applier = applier
        self._recorded = recorded
        self._rows = rows

    async def undo(self, namespace: Namespace, workload_id: UUID, base: WorkloadRecord | None, number: int) -> None:
        """Bring the cluster back to `base` (None: to nothing), and record that the revision `number` failed.

        Under the row's lock, and only while that revision is still in the making: what was marked as applied after all,
        or undone by another, stays as it is. Where the cluster takes `base` no longer, the revision has failed all the
        same: what differs is for the reconciler, which says so, and the app can be changed and deleted.
        """
        async with self._database.patient_session(namespace.id) as session:
            workloads = WorkloadRepository(session)
            now = await workloads.lock(workload_id)
            if now is None or now.applying != number:
                return
            live = await self._applier.live(namespace.slug, workload_id)
            if base is None:
                await self._applier.remove(namespace.slug, live)
                await workloads.remove(workload_id)
            else:
                await self._put_back(namespace, base, live, number)
                await RevisionRepository(session).fail(workload_id, number)
                failed = Details(revision=number)
                await TimelineRepository(session).note(TimelineKind.REVISION_FAILED, base, failed)

    async def mend(
        self, namespace: Namespace, record: WorkloadRecord, *, abandoned_after: timedelta = ABANDONED_AFTER
    ) -> bool:
        """Undo a revision whose process was lost while it applied it; False where there is none."""
        since, number = record.applying_since, record.applying
        if since is None or number is None or datetime.now(UTC) - since < abandoned_after:
            return False
        base = record if record.revision is not None else None
        await self.undo(namespace, record.id, base, number)
        self._rows.written(namespace.id)
        return True

    async def sweep(self, *, abandoned_after: timedelta = ABANDONED_AFTER) -> None:
        """Mend every workload that has been in the making for longer than `abandoned_after`."""
        async with self._database.session() as session:
            abandoned = await WorkloadRepository(session).unsettled(since=datetime.now(UTC) - abandoned_after)
        for record in abandoned:
            async with self._database.session() as session:
                namespace = await NamespaceRepository(session).by_id(record.namespace_id)
            if namespace is not None:
                await self._mend_or_log(namespace, record, abandoned_after)

    async def _mend_or_log(self, namespace: Namespace, record: WorkloadRecord, abandoned_after: timedelta) -> None:
        """One that cannot be mended now keeps no other from being mended."""
        try:
            await self.mend(namespace, record, abandoned_after=abandoned_after)
        except MoorageError as error:
            _logger.warning("could not undo revision %s of %s yet: %s", record.applying, record.name, error.message)
        except Exception:
            _logger.exception("undoing revision %s of %s failed", record.applying, record.name)

    async def _put_back(self, namespace: Namespace, base: WorkloadRecord, live: Sequence[Object], number: int) -> None:
        wanted = without_runs(await self._recorded.objects_of(namespace, base), live)
        concerned = live if self._recorded.can_expose(base) else without_exposing(live, base.spec)
        try:
            # What somebody has run meanwhile goes on.
            await self._applier.put(namespace.slug, wanted, without_runs(concerned, wanted))
            await self._applier.remove(namespace.slug, runs_of_revision(number, live))
        except ExpectedFailure as refusal:
            _logger.warning("the cluster does not take %s of %s back: %s", base.name, namespace.slug, refusal.message)
