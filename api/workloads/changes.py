"""Making a revision real: recorded first, then applied, then marked; whole, or undone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from api.clusters.cluster import Cluster
from api.database.database import Database
from api.errors import NotFound, PlanConflict, PlanExpired, Unavailable
from api.idempotency.models import Claim
from api.idempotency.repository import IdempotencyRepository
from api.manifests.builder import build
from api.manifests.fingerprints import content
from api.namespaces.models import Namespace
from api.namespaces.settling import Settler
from api.workloads.applying import Applier, Object, bounded, controller_kind
from api.workloads.broadcast import Broadcaster
from api.workloads.conflicts import deployed_meanwhile
from api.workloads.drafting import Draft
from api.workloads.models import Revision, RevisionCause, RevisionState
from api.workloads.offers import ExposureOffers
from api.workloads.plans import USED, PlanRepository
from api.workloads.recorded import Recorded
from api.workloads.records import WorkloadRecord
from api.workloads.refusals import about_fields_of
from api.workloads.repository import WorkloadRepository
from api.workloads.revisions import NewRevision, RevisionRepository
from api.workloads.sealing import SecretSeal
from api.workloads.timeline import Details, TimelineKind, TimelineRepository
from api.workloads.undoing import Undoer
from api.workloads.volumes import take_disks

OBJECTS = "objects"
"""By this name an idempotency key keeps a digest of what its revision applies."""


@dataclass(frozen=True, slots=True)
class Change:
    """A draft that is to become its workload's next revision, and why; `plan_id` is the plan that this uses up."""

    draft: Draft
    cause: RevisionCause
    author_id: UUID
    message: str | None = None
    plan_id: UUID | None = None
    claim: Claim | None = None
    """Of the idempotency key that it is made under."""
    source_revision: int | None = None
    """The number of the revision that it takes up again, of a rollback."""
    require_unmoved: Callable[[Sequence[Object]], None] | None = None
    """Raises PlanConflict where what runs, as it is read right before it is changed, is not what was planned for."""


class Changer:
    """Turns changes into revisions, one at a time for each workload: the row's lock decides between two."""

    def __init__(
        self,
        database: Database,
        cluster: Cluster,
        applier: Applier,
        seal: SecretSeal,
        *,
        recorded: Recorded,
        undoer: Undoer,
        rows: Broadcaster,
        settler: Settler,
        offers: ExposureOffers,
    ) -> None:
        self._database = database
        self._cluster = cluster
        self._applier = applier
        self._seal = seal
        self._recorded = recorded
        self._undoer = undoer
        self._rows = rows
        self._settler = settler
        self._offers = offers

    async def make(self, change: Change) -> int:
        """The number of the new revision, once it is applied and this replica's Store has seen it (or 2 s passed).

        Raises PlanConflict where the workload is no longer what the change was worked out for, PlanExpired where its
        plan was used, and what the cluster refuses; then nothing of it is left.
        """
        namespace, number = change.draft.namespace, change.draft.next_revision
        revision = self._new_revision(change)
        try:
            await self._record(change, revision)
        except (Unavailable, asyncio.CancelledError):  # it may have been committed, and the answer been lost
            if change.claim is None:  # under a key, whoever asks again finds it, and finishes it
                await self._undo(change, revision.id)
            raise
        self._rows.written(namespace.id)
        try:
            controller = await self._apply(change)
            await self._mark_applied(change, revision.id, number)
        except BaseException:
            await self._undo(change, revision.id)
            raise
        finally:
            self._rows.written(namespace.id)
        version = controller["metadata"]["resourceVersion"]
        await self._cluster.wait_until_seen(controller_kind(change.draft.spec.kind), version, namespace=namespace.slug)
        return number

    async def _undo(self, change: Change, revision_id: UUID) -> None:
        """Begin to, if it is recorded; where the cluster does not answer it is tried on, and nobody is kept waiting."""
        draft, number = change.draft, change.draft.next_revision

        async def undo() -> None:
            async with self._database.session() as session:
                if await RevisionRepository(session).by_id(revision_id) is None:  # the number is another's by now
                    return
            await self._undoer.undo(draft.namespace, draft.workload_id, draft.base, number)
            self._rows.written(draft.namespace.id)

        what = f"undo revision {number} ({revision_id}) of {draft.spec.name} in {draft.namespace.slug}"
        await self._settler.settle(undo, what=what)

    async def complete(self, namespace: Namespace, revision: Revision, *, recorded: str | None) -> None:
        """Make a revision whole that a lost process left half-applied, as its author has asked for it again.

        Under the row's lock, and only while it is in the making. What the cluster refuses is raised, and undone by the
        sweep. Raises PlanConflict, and undoes it, where its objects would not be those that are `recorded` of it under
        its idempotency key: as with a plan, that or nothing is done.
        """
        values = await self._recorded.secret_values(namespace.id, revision.id)
        async with self._database.patient_session(namespace.id) as session:
            workloads, revisions = WorkloadRepository(session), RevisionRepository(session)
            now = await workloads.lock(revision.workload_id)
            if now is None or now.applying != revision.number:
                return
            wanted = build(
                revision.spec,
                namespace=namespace.slug,
                workload_id=revision.workload_id,
                revision=revision.number,
                template_revision=await revisions.template_revision(revision.id),
                secret_values=values,
                exposure=self._offers.profile(revision.spec.exposure),
            )
            is_same = self._digest(wanted, namespace.id, revision.id) == recorded
            if is_same:
                with about_fields_of(revision.spec):
                    async with bounded():
                        live = await self._applier.live(namespace.slug, revision.workload_id)
                        await self._applier.put(namespace.slug, wanted, live)
                await revisions.mark(revision.id, RevisionState.APPLIED)
                await TimelineRepository(session).note(
                    TimelineKind.REVISION_APPLIED,
                    now,
                    _details(revision.number, revision),
                    author_id=revision.author_id,
                )
                await workloads.point_to(revision.workload_id, revision.number)
        if not is_same:
            await self._undoer.undo(namespace, now.id, now if now.revision is not None else None, revision.number)
        self._rows.written(namespace.id)
        if not is_same:
            raise PlanConflict(
                f"Revision {revision.number} of {now.name} was begun and left, and Moorage's settings, or Moorage "
                "itself, have changed since. It was undone: ask for it anew."
            )

    async def delete(
        self, namespace: Namespace, record: WorkloadRecord, author_id: UUID, claim: Claim | None = None
    ) -> None:
        """Delete the workload's objects, then its record: as long as anything is left of it, it is on record."""
        async with self._database.patient_session(namespace.id) as session:
            workloads = WorkloadRepository(session)
            _require_unmoved(await workloads.lock(record.id), record)
            async with bounded():
                await self._applier.remove(namespace.slug, await self._applier.live(namespace.slug, record.id))
            await workloads.mark_deleted(record.id)
            await TimelineRepository(session).note(TimelineKind.DELETED, record, author_id=author_id)
            if claim is not None:
                await IdempotencyRepository(session).link(claim, {"workload": str(record.id)})
        self._rows.written(namespace.id)

    async def note_run(self, record: WorkloadRecord, author_id: UUID) -> None:
        """Write down who had a job run."""
        async with self._database.session() as session:
            await TimelineRepository(session).note(
                TimelineKind.RUN_STARTED, record, Details(revision=record.revision), author_id=author_id
            )
        self._rows.written(record.namespace_id)

    async def _record(self, change: Change, revision: NewRevision) -> None:
        """Record the change as a pending revision."""
        draft = change.draft
        async with self._database.session() as session:
            await _use_plan(PlanRepository(session), change.plan_id)
            await take_disks(session, draft.namespace.id, draft.spec)
            await self._claim(session, draft)
            await RevisionRepository(session).add(
                revision, number=draft.next_revision, template_revision=draft.template_revision
            )
            if change.claim is not None:
                objects = self._digest(draft.manifests(), draft.namespace.id, revision.id)
                made = {"workload": str(draft.workload_id), "revision": str(revision.id), OBJECTS: objects}
                await IdempotencyRepository(session).link(change.claim, made)

    def _digest(self, objects: Sequence[Object], namespace_id: UUID, revision_id: UUID) -> str:
        return self._seal.digest(content(objects), namespace_id=namespace_id, row_id=revision_id)

    async def _claim(self, session: AsyncSession, draft: Draft) -> None:
        """Lock the workload's row, or add it; PlanConflict where it is not what the draft was made for."""
        workloads = WorkloadRepository(session)
        if draft.base is not None:
            now = await workloads.lock_soon(draft.workload_id)
            if now is not None and _is_overtaken(now, draft.base):
                since, message = draft.base.revision or 0, _overtaken(now)
                raise await deployed_meanwhile(session, now, message, since=since, planned=draft.spec)
            _require_unmoved(now, draft.base)
            if now is not None and now.latest_revision != draft.base.latest_revision:  # the number was shown
                raise PlanConflict(f"A revision of {draft.spec.name} was begun, and failed, meanwhile. Plan again.")
            return
        added = await workloads.add(
            workload_id=draft.workload_id,
            namespace_id=draft.namespace.id,
            name=draft.spec.name,
            kind=draft.spec.kind,
        )
        if not added:
            raise PlanConflict(
                f"An app named {draft.spec.name} was created meanwhile. Plan again to change that one.",
                changes=("name",),
            )

    def _new_revision(self, change: Change) -> NewRevision:
        draft, revision_id = change.draft, uuid4()
        return NewRevision(
            id=revision_id,
            workload_id=draft.workload_id,
            cause=change.cause,
            spec=draft.spec,
            secrets=self._seal.seal(draft.secret_values, namespace_id=draft.namespace.id, row_id=revision_id),
            author_id=change.author_id,
            message=change.message,
            changes=draft.changes,
            source_revision=change.source_revision,
        )

    async def _apply(self, change: Change) -> Object:
        """Answers the controller."""
        draft = change.draft
        with about_fields_of(draft.spec):
            async with bounded():
                live = draft.concerned(await self._applier.live_of(draft.namespace.slug, draft.base))
                if change.require_unmoved is not None:
                    change.require_unmoved(live)
                return (await self._applier.put(draft.namespace.slug, draft.manifests(), live))[-1]

    async def _mark_applied(self, change: Change, revision_id: UUID, number: int) -> None:
        """Only while it is in the making: whoever held it for abandoned meanwhile has undone it."""
        workload_id = change.draft.workload_id
        details = _details(number, change)
        async with self._database.session() as session:
            workloads = WorkloadRepository(session)
            now = await workloads.lock(workload_id)
            if now is None or now.applying != number:
                raise PlanConflict(f"Revision {number} took too long, and was undone meanwhile. Plan again.")
            await RevisionRepository(session).mark(revision_id, RevisionState.APPLIED)
            await workloads.point_to(workload_id, number)
            await TimelineRepository(session).note(
                TimelineKind.REVISION_APPLIED, now, details, author_id=change.author_id
            )


def _details(number: int, made: Change | Revision) -> Details:
    return Details(
        revision=number,
        cause=made.cause,
        message=made.message,
        source_revision=made.source_revision,
    )


async def _use_plan(plans: PlanRepository, plan_id: UUID | None) -> None:
    """Of two that deploy one plan, the second waits here for the first, and finds the plan used."""
    if plan_id is not None and not await plans.use(plan_id, now=datetime.now(UTC)):
        raise PlanExpired(USED, path=("plan_id",))


def _require_unmoved(now: WorkloadRecord | None, base: WorkloadRecord) -> None:
    """PlanConflict, naming what moved, unless the workload is still at the revision `base`."""
    if now is None:
        raise NotFound(f"There is no app named {base.name}.")
    if now.applying is not None:
        raise PlanConflict(
            f"Revision {now.applying} of {base.name} is being applied at this moment. Try again when it is through.",
            changes=("revision",),
        )
    if _is_overtaken(now, base):
        raise PlanConflict(_overtaken(now), changes=("revision",), revision=now.revision)


def _is_overtaken(now: WorkloadRecord, base: WorkloadRecord) -> bool:
    return now.applying is None and now.revision != base.revision


def _overtaken(now: WorkloadRecord) -> str:
    return f"Revision {now.revision} of {now.name} was deployed meanwhile. Plan again to see what that changes."
