"""Making a revision real: recorded first, then applied, then marked; whole, or undone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from api.clusters.cluster import Cluster
from api.database.database import Database
from api.errors import NotFound, PlanConflict, PlanExpired, Unavailable
from api.manifests.builder import build
from api.namespaces.models import Namespace
from api.namespaces.repository import NamespaceRepository
from api.namespaces.settling import settle
from api.workloads.applying import Applier, Object, controller_kind, without_runs
from api.workloads.broadcast import Broadcaster
from api.workloads.drafting import Draft
from api.workloads.models import RevisionCause, RevisionState
from api.workloads.offers import ExposureOffers
from api.workloads.plans import PlanRepository
from api.workloads.records import WorkloadRecord
from api.workloads.repository import WorkloadRepository
from api.workloads.revisions import NewRevision, RevisionRepository
from api.workloads.sealing import SecretSeal

APPLY_SECONDS = 30.0
ABANDONED_AFTER = timedelta(minutes=2)
"""A revision is applied or undone well within this; one pending for longer lost its process on the way."""


@dataclass(frozen=True, slots=True)
class Change:
    """A draft that is to become its workload's next revision, and why; `plan_id` is the plan that this uses up."""

    draft: Draft
    cause: RevisionCause
    author_id: UUID
    message: str | None = None
    plan_id: UUID | None = None


class Changer:
    """Turns changes into revisions, one at a time for each workload: the row's lock decides between two."""

    def __init__(
        self,
        database: Database,
        cluster: Cluster,
        applier: Applier,
        seal: SecretSeal,
        rows: Broadcaster,
        *,
        offers: ExposureOffers,
    ) -> None:
        self._database = database
        self._cluster = cluster
        self._applier = applier
        self._seal = seal
        self._rows = rows
        self._offers = offers

    async def make(self, change: Change) -> int:
        """The number of the new revision, once it is applied and this replica's Store has seen it (or 2 s passed).

        Raises PlanConflict where the workload is no longer what the change was worked out for, PlanExpired where its
        plan was used, and what the cluster refuses; then nothing of it is left.
        """
        namespace = change.draft.namespace
        revision_id, number = await self._record(change)
        self._rows.changed(namespace.id)
        try:
            controller = await self._apply(change.draft, number)
            await self._mark_applied(change.draft.workload_id, revision_id, number)
        except BaseException:
            undo = self._restore(namespace, change.draft.workload_id, change.draft.base, number)
            await settle(undo, what=f"undo revision {number} of {change.draft.spec.name}")
            raise
        finally:
            self._rows.changed(namespace.id)
        version = controller["metadata"]["resourceVersion"]
        await self._cluster.wait_until_seen(controller_kind(change.draft.spec.kind), version)
        return number

    async def delete(self, namespace: Namespace, record: WorkloadRecord) -> None:
        """Delete the workload's objects, then its record: as long as anything is left of it, it is on record."""
        async with self._database.session() as session:
            workloads = WorkloadRepository(session)
            _require_unmoved(await workloads.lock(record.id), record)
            async with _bounded():
                await self._applier.remove(namespace.slug, await self._applier.live(namespace.slug, record.id))
            await workloads.mark_deleted(record.id)
        self._rows.changed(namespace.id)

    async def mend(self, namespace: Namespace, record: WorkloadRecord) -> bool:
        """Undo a revision whose process was lost while it applied it; False where there is none."""
        since, number = record.applying_since, record.applying
        if since is None or number is None or datetime.now(UTC) - since < ABANDONED_AFTER:
            return False
        base = record if record.revision is not None else None
        await self._restore(namespace, record.id, base, number)
        self._rows.changed(namespace.id)
        return True

    async def sweep(self) -> None:
        """Mend every workload that has been in the making for too long."""
        async with self._database.session() as session:
            abandoned = await WorkloadRepository(session).unsettled(since=datetime.now(UTC) - ABANDONED_AFTER)
        for record in abandoned:
            async with self._database.session() as session:
                namespace = await NamespaceRepository(session).by_id(record.namespace_id)
            if namespace is not None:
                await settle(self.mend(namespace, record), what=f"undo revision {record.applying} of {record.name}")

    async def _record(self, change: Change) -> tuple[UUID, int]:
        """Record the change as a pending revision; its id and its number."""
        draft = change.draft
        async with self._database.session() as session:
            await _use_plan(PlanRepository(session), change.plan_id)
            await self._claim(WorkloadRepository(session), draft)
            revisions = RevisionRepository(session)
            number = await revisions.latest_number(draft.workload_id) + 1
            revision = self._new_revision(change)
            await revisions.add(revision, number=number, template_revision=draft.template_revision(number))
        return revision.id, number

    async def _claim(self, workloads: WorkloadRepository, draft: Draft) -> None:
        """Lock the workload's row, or add it; PlanConflict where it is not what the draft was made for."""
        if draft.base is not None:
            _require_unmoved(await workloads.lock(draft.workload_id), draft.base)
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
        )

    async def _apply(self, draft: Draft, number: int) -> Object:
        """Answers the controller."""
        async with _bounded():
            live = await self._applier.live(draft.namespace.slug, draft.workload_id)
            return (await self._applier.put(draft.namespace.slug, draft.manifests(number), live))[-1]

    async def _mark_applied(self, workload_id: UUID, revision_id: UUID, number: int) -> None:
        async with self._database.session() as session:
            await RevisionRepository(session).mark(revision_id, RevisionState.APPLIED)
            await WorkloadRepository(session).point_to(workload_id, number)

    async def _restore(self, namespace: Namespace, workload_id: UUID, base: WorkloadRecord | None, number: int) -> None:
        """Bring the cluster back to `base` (None: to nothing), and record that the revision `number` failed.

        Under the row's lock, and only while that revision is still in the making: what was marked as applied after all,
        or undone by another, stays as it is.
        """
        async with self._database.session() as session:
            workloads = WorkloadRepository(session)
            now = await workloads.lock(workload_id)
            if now is None or now.applying != number:
                return
            live = await self._applier.live(namespace.slug, workload_id)
            if base is None:
                await self._applier.remove(namespace.slug, live)
                await workloads.remove(workload_id)
            else:
                wanted = without_runs(await self.objects_of(namespace, base), live)
                await self._applier.put(namespace.slug, wanted, live)
                await RevisionRepository(session).fail(workload_id, number)

    async def objects_of(self, namespace: Namespace, record: WorkloadRecord) -> list[Object]:
        """The objects of the revision that counts, secrets included."""
        return build(
            record.spec,
            namespace=namespace.slug,
            workload_id=record.id,
            revision=record.revision or 1,
            template_revision=record.template_revision,
            secret_values=await self.secret_values(namespace.id, record.revision_id),
            exposure=self._offers.profile(record.spec.exposure),
        )

    async def secret_values(self, namespace_id: UUID, revision_id: UUID) -> dict[str, str]:
        """The secret values of a revision. For building manifests only: they never leave the server."""
        async with self._database.session() as session:
            sealed = await RevisionRepository(session).sealed_secrets(revision_id)
        return self._seal.unseal(sealed, namespace_id=namespace_id, row_id=revision_id)


async def _use_plan(plans: PlanRepository, plan_id: UUID | None) -> None:
    """Of two that deploy one plan, the second waits here for the first, and finds the plan used."""
    if plan_id is not None and not await plans.use(plan_id, now=datetime.now(UTC)):
        raise PlanExpired("This plan was deployed already. Make a new one.", path=("plan_id",))


def _require_unmoved(now: WorkloadRecord | None, base: WorkloadRecord) -> None:
    """PlanConflict, naming what moved, unless the workload is still at the revision `base`."""
    if now is None:
        raise NotFound(f"There is no app named {base.name}.")
    if now.applying is not None:
        raise PlanConflict(
            f"Revision {now.applying} of {base.name} is being applied at this moment. Try again when it is through.",
            changes=("revision",),
        )
    if now.revision != base.revision:
        raise PlanConflict(
            f"Revision {now.revision} of {base.name} was deployed meanwhile. Plan again to see what that changes.",
            changes=("revision",),
        )


@asynccontextmanager
async def _bounded() -> AsyncIterator[None]:
    """At most APPLY_SECONDS; Unavailable beyond them."""
    try:
        async with asyncio.timeout(APPLY_SECONDS):
            yield
    except TimeoutError as error:
        raise Unavailable(f"The cluster did not take the app within {APPLY_SECONDS:.0f} s.", part="cluster") from error
