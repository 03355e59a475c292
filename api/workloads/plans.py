"""The rows of plans, within one transaction of the caller's."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.database.tables import Base, PlanRow
from api.manifests.fingerprints import Snapshot
from api.manifests.models import ChangeAction
from api.workloads import specs
from api.workloads.records import PlanRecord

_PLANS = Base.metadata.tables[PlanRow.__tablename__]
_OUTDATED = delete(_PLANS).where(_PLANS.c.expires_at < func.now()).cte("outdated")
_ADD = insert(_PLANS).add_cte(_OUTDATED)

USED = "This plan was used already, by a deploy that was done, or failed and was undone. Make a new one."


class PlanRepository:
    """Plans; their secrets are read apart, sealed, by those who deploy them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, plan: PlanRecord, *, secrets: bytes | None) -> None:
        """Record a plan, and forget those that nobody can deploy any more, with their secrets: in one statement."""
        values = {
            "id": plan.id,
            "namespace_id": plan.namespace_id,
            "workload_name": plan.spec.name,
            "principal_id": plan.principal_id,
            "spec": specs.to_json(plan.spec),
            "secrets": secrets,
            "base_revision": plan.base_revision,
            "fingerprint": plan.fingerprint,
            "base": msgspec.to_builtins(plan.base),
            "action": plan.action.value,
            "source_revision": plan.source_revision,
            "expires_at": plan.expires_at,
        }
        await self._session.execute(_ADD, values)

    async def get(self, plan_id: UUID) -> PlanRecord | None:
        row = await self._session.get(PlanRow, plan_id)
        return _record(row) if row is not None else None

    async def sealed_secrets(self, plan_id: UUID) -> bytes | None:
        return await self._session.scalar(select(PlanRow.secrets).where(PlanRow.id == plan_id))

    async def use(self, plan_id: UUID, *, now: datetime) -> bool:
        """Take the plan for one deploy; False where another has taken it. Its secrets are forgotten here."""
        statement = (
            update(PlanRow)
            .where(PlanRow.id == plan_id, PlanRow.used_at.is_(None))
            .values(used_at=now, secrets=None)
            .returning(PlanRow.id)
        )
        return await self._session.scalar(statement) is not None


def _record(row: PlanRow) -> PlanRecord:
    return PlanRecord(
        id=row.id,
        namespace_id=row.namespace_id,
        principal_id=row.principal_id,
        spec=specs.from_json(row.spec),
        base_revision=row.base_revision,
        fingerprint=row.fingerprint,
        base=msgspec.convert(row.base, tuple[Snapshot, ...]),
        action=ChangeAction(row.action),
        expires_at=row.expires_at,
        used_at=row.used_at,
        source_revision=row.source_revision,
    )
