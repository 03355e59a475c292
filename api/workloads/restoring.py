"""Bringing a deleted workload back: on record first, then in the cluster; whole, or as deleted as before."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from api.clusters.cluster import Cluster
from api.database.database import Database
from api.errors import NameTaken
from api.namespaces.models import Namespace
from api.namespaces.settling import Settler
from api.workloads.applying import Applier, Object, controller_kind, without_runs
from api.workloads.broadcast import Broadcaster
from api.workloads.changes import Changer, bounded
from api.workloads.records import DeletedRecord
from api.workloads.repository import WorkloadRepository
from api.workloads.timeline import TimelineKind, TimelineRepository

RESTORABLE_FOR = timedelta(hours=24)
"""After that a deleted app is forgotten, with its revisions and secrets."""


class Restorer:
    """Undoes deletions. A process that is lost on the way leaves an app on record, which the reconciler brings back."""

    def __init__(
        self, database: Database, cluster: Cluster, changer: Changer, *, rows: Broadcaster, settler: Settler
    ) -> None:
        self._database = database
        self._cluster = cluster
        self._applier = Applier(cluster)
        self._changer = changer
        self._rows = rows
        self._settler = settler

    async def restore(self, namespace: Namespace, deleted: DeletedRecord, author_id: UUID) -> None:
        """Bring a workload back as it was, but for runs of a job: nothing is run again.

        Raises NameTaken where another has its name by now, and what the cluster refuses; then it is deleted as before.
        """
        await self._record(deleted, author_id)
        try:
            restored = await self._apply(namespace, deleted)
        except BaseException:

            async def delete_again() -> None:
                await self._delete_again(namespace, deleted)
                self._rows.changed(namespace.id)

            name = deleted.workload.name
            await self._settler.settle(delete_again, what=f"take back the restoring of {name} in {namespace.slug}")
            raise
        finally:
            self._rows.changed(namespace.id)
        await self._wait_until_seen(deleted, restored)

    async def _record(self, deleted: DeletedRecord, author_id: UUID) -> None:
        record = deleted.workload
        async with self._database.session() as session:
            if not await WorkloadRepository(session).undelete(record.id):
                raise name_taken(record.name)
            await TimelineRepository(session).note(TimelineKind.RESTORED, record, author_id=author_id)

    async def _apply(self, namespace: Namespace, deleted: DeletedRecord) -> list[Object]:
        async with bounded():
            live = await self._applier.live(namespace.slug, deleted.workload.id)
            wanted = without_runs(await self._changer.objects_of(namespace, deleted.workload), live)
            return await self._applier.put(namespace.slug, wanted, live)

    async def _delete_again(self, namespace: Namespace, deleted: DeletedRecord) -> None:
        record = deleted.workload
        async with self._database.session() as session:
            workloads = WorkloadRepository(session)
            if await workloads.lock(record.id) is None:
                return
            await self._applier.remove(namespace.slug, await self._applier.live(namespace.slug, record.id))
            await workloads.mark_deleted(record.id, at=deleted.deleted_at)
            await TimelineRepository(session).note(TimelineKind.DELETED, record)

    async def _wait_until_seen(self, deleted: DeletedRecord, restored: list[Object]) -> None:
        kind = controller_kind(deleted.workload.spec.kind)
        for each in restored:
            if each["kind"] == kind.kind:
                await self._cluster.wait_until_seen(kind, each["metadata"]["resourceVersion"])


def name_taken(name: str) -> NameTaken:
    """The refusal to bring back an app whose name another has."""
    message = f"The namespace has another app named {name} by now. Delete that one, or leave this be."
    return NameTaken(message, path=("id",))
