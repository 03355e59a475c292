"""The rows of workloads, within one transaction of the caller's."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, bindparam, cast, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from api.database.pages import Order, Page, PageRequest
from api.database.paging import AnyRow, AnySelect, keyset_page, scanned_page
from api.database.searching import columns_contain
from api.database.tables import NamespaceRow, RevisionRow, WorkloadRow
from api.errors import PlanConflict
from api.manifests.models import WorkloadKind
from api.namespaces.models import Namespace
from api.namespaces.repository import COLUMNS as NAMESPACE_COLUMNS
from api.namespaces.repository import namespace_of
from api.workloads import specs
from api.workloads.filters import BY_NAME, EVERY_WORKLOAD, MOST_SCANNED, WorkloadFilter, WorkloadOrderField
from api.workloads.models import RevisionState
from api.workloads.records import DeletedRecord, WorkloadRecord

_Applying = aliased(RevisionRow, name="applying")

_COUNTS = and_(
    RevisionRow.workload_id == WorkloadRow.id, RevisionRow.number == func.coalesce(WorkloadRow.current_revision, 1)
)
_IS_APPLYING = and_(_Applying.workload_id == WorkloadRow.id, _Applying.state == RevisionState.PENDING.value)
_Any = aliased(RevisionRow, name="any_revision")
_LATEST = select(func.max(_Any.number)).where(_Any.workload_id == WorkloadRow.id).scalar_subquery()
_ALL: AnySelect = (
    select(
        WorkloadRow.id,
        WorkloadRow.namespace_id,
        WorkloadRow.name,
        WorkloadRow.created_at,
        WorkloadRow.updated_at,
        RevisionRow.id,
        WorkloadRow.current_revision,
        RevisionRow.template_revision,
        _Applying.number,
        _Applying.created_at,
        _LATEST,
        cast(RevisionRow.spec, Text),
    )
    .join(RevisionRow, _COUNTS)
    .outerjoin(_Applying, _IS_APPLYING)
)
_WORKLOADS = _ALL.where(WorkloadRow.deleted_at.is_(None))
"""Workloads that are not deleted, with the revision that counts and the one being applied: the fields of a record."""

# Made once, as putting a statement together takes longer than having it answered.
_IN_NAMESPACE = WorkloadRow.namespace_id == bindparam("namespace_id")
_BY_NAME = _WORKLOADS.where(_IN_NAMESPACE, WorkloadRow.name == bindparam("name"))
_BY_ID = _WORKLOADS.where(WorkloadRow.id == bindparam("id"))
_NAMED = _WORKLOADS.where(WorkloadRow.name == bindparam("name")).subquery("named")
_PLACE = (
    select(*NAMESPACE_COLUMNS, *_NAMED.c)
    .select_from(NamespaceRow)
    .outerjoin(_NAMED, _NAMED.c.namespace_id == NamespaceRow.id)
    .where(NamespaceRow.slug == bindparam("slug"))
)

_DELETED = _ALL.where(WorkloadRow.deleted_at.is_not(None), WorkloadRow.current_revision.is_not(None)).add_columns(
    WorkloadRow.deleted_at
)

_ORDERS = {
    WorkloadOrderField.NAME: WorkloadRow.name,
    WorkloadOrderField.CREATED_AT: WorkloadRow.created_at,
    WorkloadOrderField.UPDATED_AT: WorkloadRow.updated_at,
}

SOON = text("SET LOCAL lock_timeout = '1500ms'")
"""For who holds a connection that others wait for: what is locked for longer `is_late`, until the transaction ends."""
_LOCK_NOT_AVAILABLE = "55P03"


class WorkloadRepository:
    """Workloads that are not deleted, each with the revision that counts; and those that may come back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def by_name(self, namespace_id: UUID, name: str) -> WorkloadRecord | None:
        return await self._one(_BY_NAME, namespace_id=namespace_id, name=name)

    async def place(self, slug: str, name: str) -> tuple[Namespace | None, WorkloadRecord | None]:
        """The namespace of that slug, and the workload of that name in it: one statement for both."""
        row = (await self._session.execute(_PLACE, {"slug": slug, "name": name})).one_or_none()
        if row is None:
            return None, None
        fields = row[len(NAMESPACE_COLUMNS) :]
        return namespace_of(row), _record(fields) if fields[0] is not None else None

    async def by_id(self, workload_id: UUID) -> WorkloadRecord | None:
        return await self._one(_BY_ID, id=workload_id)

    async def page(
        self,
        namespace_id: UUID,
        request: PageRequest,
        *,
        filter: WorkloadFilter = EVERY_WORKLOAD,
        order: Order[WorkloadOrderField] = BY_NAME,
        admits: Callable[[WorkloadRecord], bool] | None = None,
    ) -> Page[WorkloadRecord]:
        """The workloads of a namespace, in one statement; only those that `admits` lets in, where that is given."""
        statement = _WORKLOADS.where(WorkloadRow.namespace_id == namespace_id, *_filtered(filter))
        key = [_ORDERS[order.field], WorkloadRow.id]
        down, name = order.descending, order.name
        if admits is None:
            return await keyset_page(
                self._session, statement, read=_record, key=key, request=request, descending=down, order=name
            )
        return await scanned_page(
            self._session,
            statement,
            read=_record,
            admits=admits,
            most=MOST_SCANNED,
            key=key,
            request=request,
            descending=down,
            order=name,
        )

    async def all(self, namespace_id: UUID, *, limit: int) -> list[WorkloadRecord]:
        """The workloads of a namespace by name, `limit` at most."""
        statement = _WORKLOADS.where(WorkloadRow.namespace_id == namespace_id).order_by(WorkloadRow.name)
        return [_record(row) for row in await self._session.execute(statement.limit(limit))]

    async def ids(self, namespace_ids: Collection[UUID]) -> list[tuple[UUID, UUID]]:
        """Namespace and workload, of all workloads in some namespaces."""
        statement = select(WorkloadRow.namespace_id, WorkloadRow.id).where(
            WorkloadRow.namespace_id.in_(namespace_ids), WorkloadRow.deleted_at.is_(None)
        )
        return [(row[0], row[1]) for row in await self._session.execute(statement)]

    async def unsettled(self, *, since: datetime) -> list[WorkloadRecord]:
        """Workloads with a revision that has been in the making since before `since`."""
        statement = _WORKLOADS.where(_Applying.created_at < since)
        return [_record(row) for row in await self._session.execute(statement)]

    async def lock_soon(self, workload_id: UUID) -> WorkloadRecord | None:
        """`lock`, for who holds a connection that others wait for: PlanConflict where its turn does not come soon, as
        while the cluster is slow to do what another asked for."""
        await self._session.execute(SOON)
        try:
            return await self.lock(workload_id)
        except DBAPIError as error:
            if not is_late(error):
                raise
            raise PlanConflict("The app is being changed at this moment. Try again when that is done.") from error

    async def lock(self, workload_id: UUID) -> WorkloadRecord | None:
        """The workload, kept from every other writer until the present transaction ends; None where it is deleted."""
        await self._session.execute(select(WorkloadRow.id).where(WorkloadRow.id == workload_id).with_for_update())
        return await self.by_id(workload_id)

    async def add(self, *, workload_id: UUID, namespace_id: UUID, name: str, kind: WorkloadKind) -> bool:
        """A new workload without a revision yet; False where the namespace has one of that name."""
        statement = (
            insert(WorkloadRow)
            .values(id=workload_id, namespace_id=namespace_id, name=name, kind=kind.value)
            .on_conflict_do_nothing()
            .returning(WorkloadRow.id)
        )
        return await self._session.scalar(statement) is not None

    async def point_to(self, workload_id: UUID, revision: int) -> None:
        """Make `revision` the one that counts."""
        values = {"current_revision": revision, "updated_at": func.now()}
        await self._session.execute(update(WorkloadRow).where(WorkloadRow.id == workload_id).values(values))

    async def mark_deleted(self, workload_id: UUID) -> None:
        await self._session.execute(
            update(WorkloadRow).where(WorkloadRow.id == workload_id).values(deleted_at=func.now())
        )

    async def deleted(self, namespace_id: UUID, *, since: datetime, limit: int) -> list[DeletedRecord]:
        """The workloads of a namespace that were deleted after `since`, the latest first."""
        statement = _DELETED.where(WorkloadRow.namespace_id == namespace_id, WorkloadRow.deleted_at > since)
        rows = await self._session.execute(statement.order_by(WorkloadRow.deleted_at.desc()).limit(limit))
        return [DeletedRecord(_record(row), row[-1]) for row in rows]

    async def stateful(
        self, namespace_id: UUID, *, deleted_since: datetime
    ) -> list[tuple[WorkloadRecord, datetime | None]]:
        """The stateful services of a namespace by name, and those that were deleted after then, with when."""
        may_come_back = and_(WorkloadRow.deleted_at > deleted_since, WorkloadRow.current_revision.is_not(None))
        statement = _ALL.add_columns(WorkloadRow.deleted_at).where(
            WorkloadRow.namespace_id == namespace_id,
            WorkloadRow.kind == WorkloadKind.STATEFUL_SERVICE.value,
            or_(WorkloadRow.deleted_at.is_(None), may_come_back),
        )
        rows = await self._session.execute(statement.order_by(WorkloadRow.name))
        return [(_record(row), row[-1]) for row in rows]

    async def deleted_by_id(self, workload_id: UUID, *, since: datetime) -> DeletedRecord | None:
        """The workload of that id, where it was deleted after `since`."""
        statement = _DELETED.where(WorkloadRow.id == workload_id, WorkloadRow.deleted_at > since)
        row = (await self._session.execute(statement)).one_or_none()
        return DeletedRecord(_record(row), row[-1]) if row is not None else None

    async def undelete(self, workload_id: UUID) -> bool:
        """Take it back on record; False where another workload has its name by now, or it is forgotten."""
        is_deleted = WorkloadRow.deleted_at.is_not(None)
        statement = update(WorkloadRow).where(WorkloadRow.id == workload_id, is_deleted).values(deleted_at=None)
        try:
            async with self._session.begin_nested():
                return await self._session.scalar(statement.returning(WorkloadRow.id)) is not None
        except IntegrityError:
            return False

    async def forget(self, *, deleted_before: datetime) -> None:
        """Let go of workloads that were deleted before then, with their revisions and secrets."""
        await self._session.execute(delete(WorkloadRow).where(WorkloadRow.deleted_at < deleted_before))

    async def remove(self, workload_id: UUID) -> None:
        """Forget a workload whose first creation failed, with its revision."""
        await self._session.execute(delete(WorkloadRow).where(WorkloadRow.id == workload_id))

    async def _one(self, statement: AnySelect, **values: str | UUID) -> WorkloadRecord | None:
        row = (await self._session.execute(statement, values)).one_or_none()
        return _record(row) if row is not None else None


def _filtered(filter: WorkloadFilter) -> Iterator[ColumnElement[bool]]:
    """What PostgreSQL can tell of `filter`."""
    if filter.kinds:
        yield func.coalesce(RevisionRow.spec["kind"].astext, WorkloadKind.WEB_SERVICE.value).in_(filter.kinds)
    if filter.text:
        yield columns_contain(filter.text, WorkloadRow.name, RevisionRow.spec["image"].astext)


def is_late(error: DBAPIError) -> bool:
    """Whether a lock did not come within its time."""
    return getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE


def _record(row: AnyRow | tuple[Any, ...]) -> WorkloadRecord:
    fields: tuple[Any, ...] = (*row[:11], specs.from_text(row[11]))
    return WorkloadRecord(*fields)
