"""What somebody else deployed meanwhile, field by field of the app's description, and who it was."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import FieldConflict, FieldPath, PlanConflict
from api.manifests.models import WorkloadSpec
from api.manifests.redaction import REDACTED
from api.manifests.secrets import secrets_of
from api.workloads.records import WorkloadRecord
from api.workloads.revisions import RevisionRepository
from api.workloads.spec_changes import is_secret, spec_changes

WORKLOAD = "Workload"
"""The kind of a conflict that is about the app's description."""


async def deployed_meanwhile(
    session: AsyncSession,
    now: WorkloadRecord,
    message: str,
    *,
    since: int,
    planned: WorkloadSpec,
    path: FieldPath = (),
) -> PlanConflict:
    """The conflict of `planned`, written from the revision `since`, with what `now` is the latest revision of."""
    revisions = RevisionRepository(session)
    base = await revisions.by_number(now.id, since)
    latest = await revisions.by_number(now.id, now.revision or 0)
    changed = await revisions.changed_since(now.id, since)
    return PlanConflict(
        message,
        path=path,
        changes=tuple(changed) or ("revision",),
        conflicts=tuple(spec_conflicts(base.spec, now.spec, planned, written=changed)) if base is not None else (),
        revision=latest.number if latest is not None else None,
        author_id=latest.author_id if latest is not None else None,
    )


def spec_conflicts(
    base: WorkloadSpec, live: WorkloadSpec, planned: WorkloadSpec, *, written: Iterable[str]
) -> list[FieldConflict]:
    """The fields in which `live` differs from `base`, and the secrets that are among those `written` since."""
    was, is_now, wanted = _told(base), _told(live), _told(planned)
    secrets = {field for field in written if is_secret(field)}
    moved = [
        field for field in dict.fromkeys([*was, *is_now]) if field in secrets or was.get(field) != is_now.get(field)
    ]
    return [
        FieldConflict(
            WORKLOAD, live.name, field, planned=wanted.get(field), live=is_now.get(field), base=was.get(field)
        )
        for field in moved
    ]


def _told(spec: WorkloadSpec) -> dict[str, str | None]:
    """Every field of a spec that says something, as a change of it is told; everything secret by name."""
    named = {each.name: REDACTED for each in secrets_of(spec)}
    return {each.path: each.after for each in spec_changes(None, spec, old_secrets={}, new_secrets=named)}
