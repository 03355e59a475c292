"""Bringing a deleted workload back: whole, or as deleted as before."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.clusters.cluster import Cluster
from api.database.database import Database
from api.errors import NameTaken, NotThere, PlanConflict, Unavailable
from api.namespaces.models import Namespace
from api.namespaces.settling import Settler
from api.workloads.applying import Applier, Object, bounded, controller_kind, left_behind, without_runs
from api.workloads.broadcast import Broadcaster
from api.workloads.models import DeletedWorkload
from api.workloads.recorded import Recorded
from api.workloads.records import DeletedRecord, WorkloadRecord
from api.workloads.repository import WorkloadRepository
from api.workloads.timeline import TimelineKind, TimelineRepository
from api.workloads.volumes import take_disks

RESTORABLE_FOR = timedelta(hours=24)
"""After that a deleted app is forgotten, with its revisions and secrets."""


class Restorer:
    """Undoes deletions. What a process that is lost on the way leaves is an orphan, which the reconciler removes."""

    def __init__(
        self, database: Database, cluster: Cluster, recorded: Recorded, *, rows: Broadcaster, settler: Settler
    ) -> None:
        self._database = database
        self._cluster = cluster
        self._applier = Applier(cluster)
        self._recorded = recorded
        self._rows = rows
        self._settler = settler

    async def restore(self, namespace: Namespace, deleted: DeletedRecord, author_id: UUID) -> None:
        """Bring a workload back as it was, but for runs of a job: nothing is run again.

        In one transaction, under the row's lock: whoever deploys or repairs the app waits, and what fails leaves it on
        record as deleted as before. Raises NameTaken where another has its name by now, NotThere where somebody else
        has brought it back, and what the cluster refuses.
        """
        record = deleted.workload
        try:
            async with self._database.patient_session(namespace.id) as session:
                await self._undelete(session, deleted)
                restored = await self._apply(namespace, deleted)
                await TimelineRepository(session).note(TimelineKind.RESTORED, record, author_id=author_id)
        except BaseException:

            async def clean_up() -> None:
                await self._clean_up(namespace, record.id)

            await self._settler.settle(clean_up, what=f"clean up after {record.name} in {namespace.slug}")
            raise
        self._rows.written(namespace.id)
        await self._wait_until_seen(namespace, deleted, restored)

    async def require_deleted(self, deleted: DeletedRecord) -> None:
        """Wait a moment for whoever brings it back just now; NotThere where somebody has."""
        with suppress(PlanConflict, Unavailable):  # that takes longer: what was found in the way is told then
            async with self._database.session() as session:
                _require_gone(await WorkloadRepository(session).lock_soon(deleted.workload.id))

    async def _undelete(self, session: AsyncSession, deleted: DeletedRecord) -> None:
        workloads, record = WorkloadRepository(session), deleted.workload
        await take_disks(session, record.namespace_id, record.spec)
        require_restorable(deleted)  # its disks may have been deleted from the moment on that it is not
        _require_gone(await workloads.lock(record.id))
        if not await workloads.undelete(record.id):
            raise name_taken(record.name)

    async def _apply(self, namespace: Namespace, deleted: DeletedRecord) -> list[Object]:
        async with bounded():
            live = await self._applier.live(namespace.slug, deleted.workload.id)
            wanted = without_runs(await self._recorded.objects_of(namespace, deleted.workload), live)
            return await self._applier.put(namespace.slug, wanted, live)

    async def _clean_up(self, namespace: Namespace, workload_id: UUID) -> None:
        """Take away what was half made of an app that is still deleted."""
        async with self._database.patient_session(namespace.id) as session:
            if await WorkloadRepository(session).lock(workload_id) is None:
                live = await self._applier.live(namespace.slug, workload_id)
                await self._applier.remove(namespace.slug, left_behind(live))

    async def _wait_until_seen(self, namespace: Namespace, deleted: DeletedRecord, restored: list[Object]) -> None:
        kind = controller_kind(deleted.workload.spec.kind)
        for each in restored:
            if each["kind"] == kind.kind:
                version = each["metadata"]["resourceVersion"]
                await self._cluster.wait_until_seen(kind, version, namespace=namespace.slug)


def _require_gone(record: WorkloadRecord | None) -> None:
    if record is not None:
        raise NotThere(f"{record.name} has been brought back already.", path=("id",))


def restorable_since() -> datetime:
    """An app can be brought back that was deleted after this."""
    return datetime.now(UTC) - RESTORABLE_FOR


def require_restorable(deleted: DeletedRecord) -> None:
    """NotThere on path `id` where the app was deleted too long ago."""
    if deleted.deleted_at <= restorable_since():
        raise too_late()


def too_late() -> NotThere:
    """The refusal to bring back an app that was deleted too long ago, or never was."""
    hours = int(RESTORABLE_FOR.total_seconds() // 3600)
    return NotThere(f"No such app was deleted within the last {hours} hours.", path=("id",))


def name_taken(name: str) -> NameTaken:
    """The refusal to bring back an app whose name another has."""
    message = f"The namespace has another app named {name} by now. Delete that one, or leave this be."
    return NameTaken(message, path=("id",))


def deleted_workload(deleted: DeletedRecord) -> DeletedWorkload:
    """The model of an app that can be brought back."""
    record = deleted.workload
    return DeletedWorkload(
        id=record.id,
        namespace_id=record.namespace_id,
        name=record.name,
        kind=record.spec.kind,
        deleted_at=deleted.deleted_at,
        restorable_until=deleted.deleted_at + RESTORABLE_FOR,
    )
