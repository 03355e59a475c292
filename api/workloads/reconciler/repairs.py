"""One app, or what guards one namespace, brought back to what is recorded of it; and said so on the timeline.

What is repaired is what a revision says: fields that others added beside those are theirs, as with every server-side
apply. What was verified is remembered as a footprint of the watch cache, so that looking again costs no call.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.clusters.store import Footprint, Key
from api.database.database import Database
from api.errors import ExpectedFailure, FieldPath, MoorageError
from api.manifests.models import ObjectDiff
from api.namespaces.models import Namespace, NamespacePhase
from api.namespaces.provisioning import GUARDS
from api.namespaces.service import NamespaceService
from api.workloads.applying import MANAGED, Applier, bounded, left_behind, without_exposing
from api.workloads.broadcast import Broadcaster
from api.workloads.recorded import Recorded
from api.workloads.records import WorkloadRecord
from api.workloads.repository import WorkloadRepository
from api.workloads.timeline import Details, TimelineKind, TimelineRepository

Permit = Callable[[], None]
_NOTED_SECONDS = 3600.0
REPAIRED_KINDS: tuple[Kind, ...] = (*MANAGED, *GUARDS)
"""Kinds of which every edit has to be told: each is in the watch cache. A volume is none of them."""


class Outcome(Enum):
    """What became of a look at an app or a namespace."""

    SETTLED = "settled"
    """It is as recorded, or is not to be held to it."""
    REPAIRED = "repaired"
    BUSY = "busy"
    """Somebody is changing it at this moment: to be looked at again soon."""


@dataclass
class _Done:
    diffs: list[ObjectDiff]
    failure: MoorageError | None = None


class Repairer:
    """Looks at one key at a time: an app of a namespace, or what guards the namespace (None)."""

    def __init__(
        self,
        database: Database,
        cluster: Cluster,
        namespaces: NamespaceService,
        recorded: Recorded,
        rows: Broadcaster,
    ) -> None:
        self._database = database
        self._cluster = cluster
        self._namespaces = namespaces
        self._recorded = recorded
        self._rows = rows
        self._verified: dict[Key, Footprint] = {}
        self._refused: dict[Key, tuple[type[ExpectedFailure], FieldPath]] = {}
        self._noted: dict[Key, tuple[Sequence[ObjectDiff], float]] = {}

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
        if namespace is None or not _is_to_be_held(namespace, label):
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
        done = await _until_one_fails(self._namespaces.repair(namespace, permit=permit))
        async with self._database.session() as session:
            await self._note(session, TimelineKind.REPAIRED, namespace, done.diffs, None)
        return self._outcome(namespace, done)

    async def _repair_app(self, namespace: Namespace, workload_id: UUID, permit: Permit) -> Outcome:
        """Under the row's lock: neither a deploy nor another leader writes the app meanwhile."""
        applier = Applier(self._cluster, permit=permit)
        async with self._database.patient_session(namespace.id) as session:
            record = await WorkloadRepository(session).lock(workload_id)
            if record is not None and record.applying is not None:
                return Outcome.BUSY
            if record is None or record.namespace_id != namespace.id:
                done = await _until_one_fails(self._remove_orphans(applier, namespace, workload_id))
                await self._note(session, TimelineKind.ORPHANS_REMOVED, namespace, done.diffs, None)
            else:
                done = await _until_one_fails(self._bring_back(applier, namespace, record))
                await self._note(session, TimelineKind.REPAIRED, namespace, done.diffs, record)
        return self._outcome(namespace, done)

    def _outcome(self, namespace: Namespace, done: _Done) -> Outcome:
        if done.diffs:
            self._rows.written(namespace.id)
        if done.failure is not None:
            raise done.failure
        return Outcome.REPAIRED if done.diffs else Outcome.SETTLED

    async def _bring_back(
        self, applier: Applier, namespace: Namespace, record: WorkloadRecord
    ) -> AsyncIterator[ObjectDiff]:
        wanted = await self._recorded.objects_of(namespace, record)
        live = await applier.live(namespace.slug, record.id)
        if not self._recorded.can_expose(record):  # a setting, or a CRD, is not there: no reason to cut the app off
            live = without_exposing(live, record.spec)
        async for each in applier.repair(namespace.slug, wanted, live):
            yield each

    async def _remove_orphans(
        self, applier: Applier, namespace: Namespace, workload_id: UUID
    ) -> AsyncIterator[ObjectDiff]:
        """Delete what we made for an app that is on record no longer; never a volume, and nothing of somebody else's
        who copied our labels."""
        orphans = left_behind(await applier.live(namespace.slug, workload_id))
        async for each in applier.clear(namespace.slug, orphans):
            yield each

    async def _note(
        self,
        session: AsyncSession,
        kind: TimelineKind,
        namespace: Namespace,
        diffs: Sequence[ObjectDiff],
        record: WorkloadRecord | None,
    ) -> None:
        """Once an hour for each that is the same: somebody may bring it about again and again."""
        key = namespace.slug, str(record.id) if record else None
        now = time.monotonic()
        self._noted = {each: noted for each, noted in self._noted.items() if now - noted[1] < _NOTED_SECONDS}
        if not diffs or (key in self._noted and self._noted[key][0] == diffs):
            return
        self._noted[key] = diffs, now
        await TimelineRepository(session).add(
            kind,
            Details(app=record.name if record else None, objects=tuple(diffs)),
            namespace_id=namespace.id,
            workload_id=record.id if record else None,
        )

    async def _note_refusal(self, key: Key, namespace: Namespace, refusal: ExpectedFailure) -> None:
        """Once for each reason: it is tried again for as long as it takes, and what it says of figures may vary."""
        reason = type(refusal), refusal.path
        if self._refused.get(key) == reason:
            return
        self._refused[key] = reason
        workload_id = _uuid(key[1]) if key[1] else None
        async with self._database.session() as session:
            record = await WorkloadRepository(session).by_id(workload_id) if workload_id else None
            await TimelineRepository(session).add(
                TimelineKind.REPAIR_REFUSED,
                Details(app=record.name if record else None, message=refusal.message),
                namespace_id=namespace.id,
                workload_id=record.id if record else None,
            )
        self._rows.written(namespace.id)


async def _until_one_fails(repairs: AsyncIterator[ObjectDiff]) -> _Done:
    """What was done up to the first failure, within the time that a change may take."""
    done = _Done([])
    try:
        async with bounded():
            async for each in repairs:
                done.diffs.append(each)
    except MoorageError as failure:
        done.failure = failure
    return done


def _uuid(label: str) -> UUID | None:
    """The app that a label names; None for what is no id of ours."""
    try:
        return UUID(label)
    except ValueError:
        return None


def _is_to_be_held(namespace: Namespace, label: str | None) -> bool:
    """One that is missing may only have lost the label that it is found by, and what guards it with that: the cluster
    is asked. Its apps wait until it is found again."""
    is_missing = namespace.phase is NamespacePhase.MISSING
    return namespace.phase is NamespacePhase.ACTIVE or (is_missing and label is None)
