"""Disks of stateful services, derived from what the Store holds, and who has a use for them.

An app has a use for the disks of as many replicas as it asks for, and where it is stopped, for all that it had: they
hold what it goes on with. So has an app that was deleted, for as long as it can be brought back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Function, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from api.clusters import objects
from api.errors import InUse, PlanConflict
from api.manifests.claims import claims_of, is_claim_of
from api.manifests.models import WorkloadSpec
from api.manifests.quantities import parse
from api.workloads.models import VolumeClaim, VolumeClaimPhase
from api.workloads.records import WorkloadRecord
from api.workloads.repository import SOON, WorkloadRepository, is_late
from api.workloads.revisions import RevisionRepository

_PATIENTLY = text("SET LOCAL lock_timeout TO DEFAULT")


def claim_of(claim: objects.PersistentVolumeClaim) -> VolumeClaim:
    """The model of one claim."""
    capacity = claim.status.capacity.get("storage")
    return VolumeClaim(
        uid=claim.metadata.uid,
        name=claim.metadata.name,
        namespace=claim.metadata.namespace or "",
        phase=_phase(claim),
        bound=claim.status.phase == VolumeClaimPhase.BOUND,
        capacity=int(parse(capacity)) if capacity else None,
        storage_class=claim.spec.storage_class_name,
        created_at=claim.metadata.creation_timestamp,
    )


def _phase(claim: objects.PersistentVolumeClaim) -> VolumeClaimPhase:
    is_leaving = claim.metadata.deletion_timestamp is not None
    return VolumeClaimPhase.TERMINATING if is_leaving else VolumeClaimPhase(claim.status.phase)


@dataclass(frozen=True, slots=True)
class Keeper:
    """An app that may have a use for disks: by the revision that counts, and by the one that is being applied.

    `deleted_at` is None for an app that is on record.
    """

    record: WorkloadRecord
    specs: tuple[WorkloadSpec, ...]
    deleted_at: datetime | None

    @property
    def is_stopped(self) -> bool:
        return all(spec.most_replicas == 0 for spec in self.specs)

    @property
    def is_autoscaled(self) -> bool:
        return any(spec.autoscaling is not None for spec in self.specs)

    def keeps(self, name: str) -> bool:
        """Whether the app has a use for the disk of that name."""
        return any(_keeps(spec, name) for spec in self.specs)

    def knew(self, name: str) -> bool:
        """Whether the disk is of some replica that the app has, had or might have."""
        return any(is_claim_of(spec, name) for spec in self.specs)


def _keeps(spec: WorkloadSpec, name: str) -> bool:
    if spec.most_replicas == 0:
        return is_claim_of(spec, name)
    return name in claims_of(spec, spec.most_replicas)


def keeper_of(name: str, keepers: Sequence[Keeper]) -> Keeper | None:
    """Who has a use for the disk of that name: an app that is on record before one that is deleted; None: nobody."""
    found = [each for each in keepers if each.keeps(name)]
    return min(found, key=lambda each: each.deleted_at is not None, default=None)


async def keepers_in(session: AsyncSession, namespace_id: UUID, *, deleted_since: datetime) -> list[Keeper]:
    """The apps of a namespace that may have a use for disks; of the deleted ones those that can be brought back."""
    found = await WorkloadRepository(session).stateful(namespace_id, deleted_since=deleted_since)
    return [Keeper(record, await _specs(session, record), deleted_at) for record, deleted_at in found]


async def _specs(session: AsyncSession, record: WorkloadRecord) -> tuple[WorkloadSpec, ...]:
    if record.applying is None or record.revision is None:  # of a first revision, the record is about that one
        return (record.spec,)
    applying = await RevisionRepository(session).by_number(record.id, record.applying)
    return (record.spec, applying.spec) if applying is not None else (record.spec,)


async def take_disks(session: AsyncSession, namespace_id: UUID, spec: WorkloadSpec) -> None:
    """Before a revision with disks is recorded: none that it may take is deleted until the transaction has ended.

    Raises PlanConflict where one is being deleted, and that does not end soon.
    """
    if spec.volumes and not await _locked(session, func.pg_advisory_xact_lock_shared(_lock_of(namespace_id))):
        raise PlanConflict("A disk of the namespace is being deleted at this moment. Try again when that is done.")


async def free_disks(session: AsyncSession, namespace_id: UUID) -> None:
    """Before a disk is deleted: no revision that may take it is recorded until the transaction has ended.

    Raises InUse on path `id` where one is, and that does not end soon.
    """
    if not await _locked(session, func.pg_advisory_xact_lock(_lock_of(namespace_id))):
        message = "An app with volumes is being changed in the namespace at this moment. Try again when that is done."
        raise InUse(message, path=("id",))


async def _locked(session: AsyncSession, lock: Function[None]) -> bool:
    """Whether the lock came soon; it is let go when the transaction ends."""
    await session.execute(SOON)
    try:
        await session.execute(select(lock))
    except DBAPIError as error:
        if not is_late(error):
            raise
        return False
    await session.execute(_PATIENTLY)
    return True


def _lock_of(namespace_id: UUID) -> int:
    """The lock of a namespace's disks: rows are locked for other reasons, by who has nothing to do with disks."""
    return int.from_bytes(namespace_id.bytes[:8], signed=True)
