"""One app, or what guards one namespace, brought back to what is recorded of it; and said so on the timeline.

What is repaired is what a revision says: fields that others added beside those are theirs, as with every server-side
apply. What was verified is remembered as a footprint of the watch cache, so that looking again costs no call.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.clusters.ownership import is_ours
from api.clusters.store import Footprint, Key
from api.database.database import Database
from api.errors import ExpectedFailure
from api.manifests.diff import deletion
from api.manifests.models import ObjectDiff
from api.namespaces.models import Namespace, NamespacePhase
from api.namespaces.provisioning import GUARDS
from api.namespaces.service import NamespaceService
from api.workloads.applying import MANAGED, Applier
from api.workloads.broadcast import Broadcaster
from api.workloads.changes import Changer, bounded
from api.workloads.records import WorkloadRecord
from api.workloads.repository import WorkloadRepository
from api.workloads.timeline import Details, TimelineKind, TimelineRepository

Permit = Callable[[], None]


class Outcome(Enum):
    """What became of a look at an app or a namespace."""

    SETTLED = "settled"
    """It is as recorded, or is not to be held to it."""
    REPAIRED = "repaired"
    BUSY = "busy"
    """Somebody is changing it at this moment: to be looked at again soon."""


class Repairer:
    """Looks at one key at a time: an app of a namespace, or what guards the namespace (None)."""

    def __init__(
        self,
        database: Database,
        cluster: Cluster,
        namespaces: NamespaceService,
        changer: Changer,
        rows: Broadcaster,
    ) -> None:
        self._database = database
        self._cluster = cluster
        self._namespaces = namespaces
        self._changer = changer
        self._rows = rows
        self._verified: dict[Key, Footprint] = {}
        self._refused: dict[Key, str] = {}

    def forget(self) -> None:
        """What was verified in an earlier term is none of this one's."""
        self._verified.clear()
        self._refused.clear()

    async def look_at(self, key: Key, permit: Permit) -> Outcome:
        """Repair what differs; `permit` is asked before each write.

        Raises Unavailable where the cluster or the database does not answer, and what the cluster refuses; the first
        time it does, the refusal is on the timeline.
        """
        slug, label = key
        footprint = self._cluster.store.footprint(MANAGED if label else GUARDS, slug, label)
        if self._verified.get(key) == footprint:
            return Outcome.SETTLED
        self._verified.pop(key, None)
        namespace = await self._namespaces.to_reconcile(slug)
        if namespace is None or namespace.phase is not NamespacePhase.ACTIVE:
            return Outcome.SETTLED
        try:
            outcome = await self._repair(namespace, label, permit)
        except ExpectedFailure as refusal:
            await self._note_refusal(key, namespace, refusal)
            raise
        self._refused.pop(key, None)
        if outcome is Outcome.SETTLED and footprint:
            self._verified[key] = footprint  # of before: whatever was changed since is looked at again
        return outcome

    async def _repair(self, namespace: Namespace, label: str | None, permit: Permit) -> Outcome:
        if label is None:
            return await self._repair_guards(namespace, permit)
        workload_id = _uuid(label)
        return await self._repair_app(namespace, workload_id, permit) if workload_id else Outcome.SETTLED

    async def _repair_guards(self, namespace: Namespace, permit: Permit) -> Outcome:
        async with bounded():
            diffs = await self._namespaces.repair(namespace, permit=permit)
        if not diffs:
            return Outcome.SETTLED
        async with self._database.session() as session:
            await _note(session, TimelineKind.REPAIRED, namespace, diffs)
        self._rows.changed(namespace.id)
        return Outcome.REPAIRED

    async def _repair_app(self, namespace: Namespace, workload_id: UUID, permit: Permit) -> Outcome:
        """Under the row's lock: neither a deploy nor another leader writes the app meanwhile."""
        applier = Applier(self._cluster, permit=permit)
        async with self._database.session() as session:
            record = await WorkloadRepository(session).lock(workload_id)
            if record is not None and record.applying is not None:
                return Outcome.BUSY
            async with bounded():
                if record is None or record.namespace_id != namespace.id:
                    diffs = await self._remove_orphans(applier, namespace, workload_id)
                    await _note(session, TimelineKind.ORPHANS_REMOVED, namespace, diffs)
                else:
                    diffs = await self._bring_back(applier, namespace, record)
                    await _note(session, TimelineKind.REPAIRED, namespace, diffs, record)
        if diffs:
            self._rows.changed(namespace.id)
        return Outcome.REPAIRED if diffs else Outcome.SETTLED

    async def _bring_back(self, applier: Applier, namespace: Namespace, record: WorkloadRecord) -> list[ObjectDiff]:
        wanted = await self._changer.objects_of(namespace, record)
        return await applier.repair(namespace.slug, wanted, await applier.live(namespace.slug, record.id))

    async def _remove_orphans(self, applier: Applier, namespace: Namespace, workload_id: UUID) -> list[ObjectDiff]:
        """Delete what we made for an app that is on record no longer; never a volume, and nothing of somebody else's
        who copied our labels."""
        orphans = [each for each in await applier.live(namespace.slug, workload_id) if is_ours(each)]
        await applier.remove(namespace.slug, orphans)
        return [deletion(each) for each in orphans]

    async def _note_refusal(self, key: Key, namespace: Namespace, refusal: ExpectedFailure) -> None:
        """Once for each reason: it is tried again for as long as it takes."""
        if self._refused.get(key) == refusal.message:
            return
        self._refused[key] = refusal.message
        workload_id = _uuid(key[1]) if key[1] else None
        async with self._database.session() as session:
            record = await WorkloadRepository(session).by_id(workload_id) if workload_id else None
            await TimelineRepository(session).add(
                TimelineKind.REPAIR_REFUSED,
                Details(app=record.name if record else None, message=refusal.message),
                namespace_id=namespace.id,
                workload_id=record.id if record else None,
            )
        self._rows.changed(namespace.id)


async def _note(
    session: AsyncSession,
    kind: TimelineKind,
    namespace: Namespace,
    diffs: Sequence[ObjectDiff],
    record: WorkloadRecord | None = None,
) -> None:
    if diffs:
        await TimelineRepository(session).add(
            kind,
            Details(app=record.name if record else None, objects=tuple(diffs)),
            namespace_id=namespace.id,
            workload_id=record.id if record else None,
        )


def _uuid(label: str) -> UUID | None:
    """The app that a label names; None for what is no id of ours."""
    try:
        return UUID(label)
    except ValueError:
        return None


WATCHED_FOR_REPAIR: tuple[Kind, ...] = (*MANAGED, *GUARDS)
"""Kinds of which every edit has to be told: each is in the watch cache."""
