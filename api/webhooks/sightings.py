"""How an app was last told to be, and what there is to tell of how it is now. Pure; the rows are beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.database.tables import WorkloadSightingRow
from api.webhooks.models import Occurrence, WebhookEvent
from api.workloads.models import Workload, WorkloadPhase


class RolloutOutcome(StrEnum):
    """What became of the rollout of a revision."""

    FINISHED = "finished"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Sighting:
    """An app as webhooks were told of it; `outcome` is that of the revision's rollout, once there is one."""

    revision: int | None
    phase: WorkloadPhase
    outcome: RolloutOutcome | None = None


_OUTCOMES = {
    RolloutOutcome.FINISHED: WebhookEvent.DEPLOYMENT_FINISHED,
    RolloutOutcome.FAILED: WebhookEvent.DEPLOYMENT_FAILED,
}
UNSEEN = Sighting(None, WorkloadPhase.PENDING)
"""What an app is before anybody looked."""


def sighting_of(workload: Workload, former: Sighting) -> Sighting:
    """What is seen of an app now. A rollout that is through stays so until the next revision: what befalls the app
    later is a change of its phase. One that failed may still get through; and a revision that is being applied may yet
    be undone."""
    rollout, phase = workload.rollout, workload.status.phase
    if phase is WorkloadPhase.PENDING:
        return replace(former, phase=phase)
    kept = former.outcome if former.revision == rollout.revision else None
    if rollout.complete or kept is RolloutOutcome.FINISHED:
        return Sighting(rollout.revision, phase, RolloutOutcome.FINISHED)
    failed = kept is RolloutOutcome.FAILED or phase is WorkloadPhase.FAILED
    return Sighting(rollout.revision, phase, RolloutOutcome.FAILED if failed else None)


def occurrences_between(former: Sighting, seen: Sighting, workload: Workload, at: datetime) -> Iterator[Occurrence]:
    """What webhooks are told of the difference."""
    told = Occurrence(
        WebhookEvent.WORKLOAD_PHASE_CHANGED,
        at=at,
        workload_id=workload.id,
        app=workload.name,
        revision=workload.rollout.revision,
        phase=seen.phase,
        message=workload.status.message,
    )
    if seen.phase is not former.phase:
        yield msgspec.structs.replace(told, previous_phase=former.phase)
    is_new = (seen.revision, seen.outcome) != (former.revision, former.outcome)
    if seen.outcome is not None and is_new:
        yield msgspec.structs.replace(told, event=_OUTCOMES[seen.outcome])


class SightingRepository:
    """The rows of sightings, within one transaction of the caller's."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_namespace(self, namespace_id: UUID) -> dict[UUID, Sighting]:
        """What is recorded of the apps of a namespace."""
        rows = await self._session.scalars(
            select(WorkloadSightingRow).where(WorkloadSightingRow.namespace_id == namespace_id)
        )
        return {row.workload_id: _sighting(row) for row in rows}

    async def move(self, workload: Workload, former: Sighting | None, seen: Sighting) -> bool:
        """Record `seen` in place of `former` (None: of nothing); False where that is not what is recorded any more:
        another tells of the difference."""
        values = {"revision": seen.revision, "phase": seen.phase.value, "outcome": seen.outcome}
        if former is None:
            added = insert(WorkloadSightingRow).values(
                workload_id=workload.id, namespace_id=workload.namespace_id, **values
            )
            statement = added.on_conflict_do_nothing().returning(WorkloadSightingRow.workload_id)
            return await self._session.scalar(statement) is not None
        row = WorkloadSightingRow
        changed = (
            update(row)
            .where(
                row.workload_id == workload.id,
                row.revision.is_not_distinct_from(former.revision),
                row.phase == former.phase.value,
                row.outcome.is_not_distinct_from(former.outcome),
            )
            .values(values)
            .returning(row.workload_id)
        )
        return await self._session.scalar(changed) is not None


def _sighting(row: WorkloadSightingRow) -> Sighting:
    outcome = RolloutOutcome(row.outcome) if row.outcome is not None else None
    return Sighting(row.revision, WorkloadPhase(row.phase), outcome)
