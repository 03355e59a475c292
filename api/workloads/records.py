"""Workloads and plans as the database has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.manifests.fingerprints import Snapshot
from api.manifests.models import ChangeAction, WorkloadSpec
from api.workloads.models import RevisionCause


@dataclass(frozen=True, slots=True)
class WorkloadRecord:
    """A workload with the revision that counts: the one last applied, or the first while that is being applied.

    `revision` is None until the first is applied; `applying` is the number of the one being applied, if any, and
    `applying_since` when that began. `latest_revision` is the highest number so far, also where that failed.
    """

    id: UUID
    namespace_id: UUID
    name: str
    created_at: datetime
    updated_at: datetime
    revision_id: UUID
    revision: int | None
    template_revision: int
    applying: int | None
    applying_since: datetime | None
    latest_revision: int
    spec: WorkloadSpec


@dataclass(frozen=True, slots=True)
class DeletedRecord:
    """A workload that is deleted, and can be brought back for a while."""

    workload: WorkloadRecord
    deleted_at: datetime


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """A plan that was made, and what it was made for: `fingerprint` is of `base` and of what is to be applied to it;
    `source_revision` is the number of the revision that it takes up again, None where it was made of a description."""

    id: UUID
    namespace_id: UUID
    principal_id: UUID
    spec: WorkloadSpec
    base_revision: int | None
    fingerprint: str
    base: tuple[Snapshot, ...]
    action: ChangeAction
    expires_at: datetime
    used_at: datetime | None
    source_revision: int | None = None

    @property
    def cause(self) -> RevisionCause:
        """Why the revision is made that it becomes."""
        return RevisionCause.DEPLOY if self.source_revision is None else RevisionCause.ROLLBACK
