"""The rows of revisions, within one transaction of the caller's."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.database.pages import Page, PageRequest
from api.database.paging import AnyRow, AnySelect, keyset_page
from api.database.tables import RevisionRow, WorkloadRow
from api.manifests.models import FieldChange, WorkloadSpec
from api.workloads import specs
from api.workloads.models import Revision, RevisionCause, RevisionState

_SECRETS = select(RevisionRow.secrets).where(RevisionRow.id == bindparam("id"))


@dataclass(frozen=True, slots=True)
class NewRevision:
    """A revision to be recorded. `secrets` is sealed; `changes` are against the revision before it; `source_revision`
    is the number of the one that it takes up again, of a rollback."""

    id: UUID
    workload_id: UUID
    cause: RevisionCause
    spec: WorkloadSpec
    secrets: bytes | None
    author_id: UUID
    message: str | None
    changes: tuple[FieldChange, ...]
    source_revision: int | None = None


class RevisionRepository:
    """Revisions of workloads; their secrets are read apart, sealed, by those who apply them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, revision: NewRevision, *, number: int, template_revision: int) -> None:
        """Record `revision` as pending."""
        row = RevisionRow(
            id=revision.id,
            workload_id=revision.workload_id,
            number=number,
            template_revision=template_revision,
            cause=revision.cause.value,
            state=RevisionState.PENDING.value,
            spec=specs.to_json(revision.spec),
            secrets=revision.secrets,
            author_id=revision.author_id,
            message=revision.message,
            changes=msgspec.to_builtins(revision.changes),
            source_revision=revision.source_revision,
        )
        self._session.add(row)
        await self._session.flush()

    async def mark(self, revision_id: UUID, state: RevisionState) -> None:
        await self._session.execute(update(RevisionRow).where(RevisionRow.id == revision_id).values(state=state.value))

    async def fail(self, workload_id: UUID, number: int) -> None:
        """Mark a revision that is in the making as failed."""
        pending = RevisionRow.state == RevisionState.PENDING.value
        await self._session.execute(
            update(RevisionRow)
            .where(RevisionRow.workload_id == workload_id, RevisionRow.number == number, pending)
            .values(state=RevisionState.FAILED.value)
        )

    async def template_revision(self, revision_id: UUID) -> int:
        """The revision that its pods carry. Raises NoResultFound where there is none of that id."""
        found = await self._session.execute(select(RevisionRow.template_revision).where(RevisionRow.id == revision_id))
        return found.scalar_one()

    async def latest_with_template(self, workload_id: UUID, template_revision: int) -> int | None:
        """The number of the latest revision that was applied with pods of that revision; None where none is left."""
        latest = select(func.max(RevisionRow.number)).where(
            RevisionRow.workload_id == workload_id,
            RevisionRow.template_revision == template_revision,
            RevisionRow.state == RevisionState.APPLIED.value,
        )
        return (await self._session.execute(latest)).scalar_one()

    async def sealed_secrets(self, revision_id: UUID) -> bytes | None:
        return await self._session.scalar(_SECRETS, {"id": revision_id})

    async def by_id(self, revision_id: UUID) -> tuple[Revision, UUID] | None:
        """A revision, and the namespace that it is in."""
        row = (await self._session.execute(_revisions().where(RevisionRow.id == revision_id))).one_or_none()
        return (_model(row), row[2]) if row is not None else None

    async def by_number(self, workload_id: UUID, number: int) -> Revision | None:
        statement = _revisions().where(RevisionRow.workload_id == workload_id, RevisionRow.number == number)
        row = (await self._session.execute(statement)).one_or_none()
        return _model(row) if row is not None else None

    async def changed_since(self, workload_id: UUID, number: int) -> list[str]:
        """The fields that applied revisions after `number` have changed."""
        statement = _revisions().where(
            RevisionRow.workload_id == workload_id,
            RevisionRow.number > number,
            RevisionRow.state == RevisionState.APPLIED.value,
        )
        later = [_model(row) for row in await self._session.execute(statement.order_by(RevisionRow.number))]
        return list(dict.fromkeys(change.path for revision in later for change in revision.changes))

    async def page(self, workload_id: UUID, request: PageRequest) -> Page[Revision]:
        """The revisions of a workload, newest first."""
        statement = _revisions().where(RevisionRow.workload_id == workload_id)
        key = [RevisionRow.number]
        return await keyset_page(self._session, statement, read=_model, key=key, request=request, descending=True)


def _revisions() -> AnySelect:
    """Revisions of workloads that are not deleted, the revision that counts, and the namespace."""
    return (
        select(RevisionRow, WorkloadRow.current_revision, WorkloadRow.namespace_id)
        .join(WorkloadRow, WorkloadRow.id == RevisionRow.workload_id)
        .where(WorkloadRow.deleted_at.is_(None))
    )


def _model(row: AnyRow) -> Revision:
    revision, current_revision = row[:2]
    return Revision(
        id=revision.id,
        workload_id=revision.workload_id,
        number=revision.number,
        cause=RevisionCause(revision.cause),
        state=RevisionState(revision.state),
        spec=specs.from_json(revision.spec),
        author_id=revision.author_id,
        message=revision.message,
        created_at=revision.created_at,
        is_current=revision.number == current_revision,
        changes=msgspec.convert(revision.changes, tuple[FieldChange, ...]),
        source_revision=revision.source_revision,
    )
