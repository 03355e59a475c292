"""What happened to an app, or to its namespace: written down as it happens, and kept for a while."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from api.database.pages import Page, PageRequest
from api.database.paging import AnyRow, keyset_page
from api.database.tables import TimelineRow
from api.errors import NotFound
from api.manifests.models import ObjectDiff
from api.workloads.models import RevisionCause
from api.workloads.records import WorkloadRecord

_SUBJECTS = ("fk_timeline_namespace_id", "fk_timeline_workload_id")
"""The foreign keys to what an entry is about."""


class TimelineKind(StrEnum):
    """What happened."""

    REVISION_APPLIED = "revision_applied"
    REVISION_FAILED = "revision_failed"
    """A revision that was not taken, or whose process was lost: what ran before runs again."""
    RUN_STARTED = "run_started"
    DELETED = "deleted"
    RESTORED = "restored"
    REPAIRED = "repaired"
    """Somebody else had changed or deleted objects: they are again as recorded."""
    REPAIR_REFUSED = "repair_refused"
    ORPHANS_REMOVED = "orphans_removed"
    """Objects of an app that is no longer on record were left in the cluster."""
    VOLUME_DELETED = "volume_deleted"
    """Somebody deleted a disk that no app had a use for."""
    RECONCILIATION_PAUSED = "reconciliation_paused"
    RECONCILIATION_RESUMED = "reconciliation_resumed"


class Details(msgspec.Struct, frozen=True, omit_defaults=True):
    """What there is to say of it. `app` is the app's name, `objects` what was done to objects of the cluster,
    `source_revision` the revision that a rollback went back to."""

    app: str | None = None
    revision: int | None = None
    cause: RevisionCause | None = None
    message: str | None = None
    source_revision: int | None = None
    objects: tuple[ObjectDiff, ...] = ()


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened. `workload_id` is None for what happened to the namespace itself, and for an app that is
    gone for good; `author_id` is None for what Moorage did by itself."""

    id: UUID
    namespace_id: UUID
    workload_id: UUID | None
    at: datetime
    kind: TimelineKind
    author_id: UUID | None
    details: Details = field(default_factory=Details)


class TimelineRepository:
    """The rows of timelines, within one transaction of the caller's: what happened and that it did go together."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(
        self,
        kind: TimelineKind,
        details: Details,
        *,
        namespace_id: UUID,
        workload_id: UUID | None,
        author_id: UUID | None = None,
    ) -> None:
        """Write down that it happens now. Raises NotFound where what it happens to is gone by now."""
        row = TimelineRow(
            id=uuid4(),
            namespace_id=namespace_id,
            workload_id=workload_id,
            kind=kind.value,
            author_id=author_id,
            details=msgspec.to_builtins(details),
        )
        self._session.add(row)
        try:
            await self._session.flush()
        except IntegrityError as error:
            if getattr(error.orig and error.orig.__cause__, "constraint_name", None) not in _SUBJECTS:
                raise
            raise NotFound("What this happened to is gone by now.") from error

    async def note(
        self,
        kind: TimelineKind,
        record: WorkloadRecord,
        details: Details | None = None,
        *,
        author_id: UUID | None = None,
    ) -> None:
        """Write down that it happens to an app now."""
        told = msgspec.structs.replace(details or Details(), app=record.name)
        await self.add(kind, told, namespace_id=record.namespace_id, workload_id=record.id, author_id=author_id)

    async def page(
        self,
        request: PageRequest,
        *,
        namespace_id: UUID,
        workload_id: UUID | None = None,
        kinds: Collection[TimelineKind] = (),
    ) -> Page[TimelineEntry]:
        """What happened to an app, or to anything in a namespace, the latest first; of `kinds`, where any."""
        statement = select(TimelineRow).where(TimelineRow.namespace_id == namespace_id)
        if kinds:
            statement = statement.where(TimelineRow.kind.in_(kinds))
        if workload_id is not None:
            statement = statement.where(TimelineRow.workload_id == workload_id)
        key = [TimelineRow.at, TimelineRow.id]
        return await keyset_page(self._session, statement, read=_entry, key=key, request=request, descending=True)

    async def written_since(
        self, workload_id: UUID, moment: datetime | None, *, known: Collection[UUID], most: int
    ) -> list[TimelineEntry]:
        """What happened to an app since a moment (None: ever) and is not `known`, the earliest first."""
        statement = select(TimelineRow).where(TimelineRow.workload_id == workload_id, TimelineRow.id.not_in(known))
        if moment is not None:
            statement = statement.where(TimelineRow.at >= moment)
        ordered = statement.order_by(TimelineRow.at, TimelineRow.id).limit(most)
        return [_entry(row) for row in await self._session.execute(ordered)]

    async def latest(self, workload_id: UUID, most: int) -> list[TimelineEntry]:
        """The last that happened to an app, the latest first."""
        statement = select(TimelineRow).where(TimelineRow.workload_id == workload_id)
        ordered = statement.order_by(TimelineRow.at.desc(), TimelineRow.id.desc()).limit(most)
        return [_entry(row) for row in await self._session.execute(ordered)]

    async def by_id(self, entry_id: UUID) -> TimelineEntry | None:
        row = (await self._session.execute(select(TimelineRow).where(TimelineRow.id == entry_id))).one_or_none()
        return _entry(row) if row is not None else None

    async def forget(self, *, before: datetime) -> None:
        """Let go of what happened before then."""
        await self._session.execute(delete(TimelineRow).where(TimelineRow.at < before))


def _entry(row: AnyRow) -> TimelineEntry:
    [entry] = row[:1]
    return TimelineEntry(
        id=entry.id,
        namespace_id=entry.namespace_id,
        workload_id=entry.workload_id,
        at=entry.at,
        kind=TimelineKind(entry.kind),
        author_id=entry.author_id,
        details=msgspec.convert(entry.details, Details),
    )
