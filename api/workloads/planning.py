"""Plans: what a deploy would do, and the promise that it does that or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from api.authorization.models import Principal
from api.clusters.objects import Kind
from api.database.database import Database
from api.errors import FieldConflict, PlanConflict, PlanExpired
from api.manifests.conflicts import conflicts
from api.manifests.fingerprints import Identity, Snapshot, content, fingerprint, snapshot
from api.manifests.models import ChangeAction, Manifest, WorkloadSpec
from api.manifests.redaction import redact
from api.manifests.secrets import with_values
from api.manifests.writers import writers
from api.namespaces.models import Namespace
from api.workloads.applying import Applier, Object, identity, is_leaving
from api.workloads.conflicts import deployed_meanwhile
from api.workloads.drafting import Assessment, Draft, Drafter
from api.workloads.findings import findings_of
from api.workloads.models import Plan, VolumeClaim
from api.workloads.plans import USED, PlanRepository
from api.workloads.records import PlanRecord, WorkloadRecord
from api.workloads.scaling import without_scaled
from api.workloads.sealing import SecretSeal
from api.workloads.storage_classes import StorageClasses

Secrets = Mapping[str, str]
"""Secret values by name."""
Fields = Mapping[Identity, Iterable[str]]
"""Paths of fields by object."""

PLAN_LIFETIME = timedelta(minutes=15)


class Planner:
    """Makes plans of drafts, and changes of plans that still hold."""

    def __init__(
        self,
        database: Database,
        applier: Applier,
        drafter: Drafter,
        seal: SecretSeal,
        *,
        storage_classes: StorageClasses,
    ) -> None:
        self._database = database
        self._storage_classes = storage_classes
        self._applier = applier
        self._drafter = drafter
        self._seal = seal

    async def plan(self, principal: Principal, draft: Draft, *, source_revision: int | None = None) -> Plan:
        """The plan of `draft`, kept for 15 minutes for this principal to deploy.

        `source_revision` is the revision that the draft takes up again, where it is a rollback's.
        """
        assessment = await self._drafter.assess(draft)
        storage_classes = await self._storage_classes.for_volumes_of(draft.spec)
        record = replace(self._record(principal, draft, assessment), source_revision=source_revision)
        sealed = self._seal.seal(draft.secret_values, namespace_id=draft.namespace.id, row_id=record.id)
        async with self._database.autocommit() as session:
            await PlanRepository(session).add(record, secrets=sealed)
        return Plan(
            id=record.id,
            namespace=draft.namespace.slug,
            action=record.action,
            spec=draft.spec,
            manifests=tuple(Manifest(redact(each)) for each in assessment.manifests),
            diff=assessment.verdict.diff,
            quota=assessment.quota,
            findings=findings_of(
                draft.spec,
                warnings=assessment.verdict.warnings,
                quota=assessment.quota,
                disks=assessment.disks,
                storage_classes=storage_classes,
            ),
            expires_at=record.expires_at,
            changes=draft.changes,
            base_revision=record.base_revision,
            source_revision=source_revision,
        )

    async def find(self, principal: Principal, plan_id: UUID) -> PlanRecord:
        """The principal's plan; PlanExpired where it is unknown, somebody else's, too old or used."""
        async with self._database.autocommit() as session:
            plan = await PlanRepository(session).get(plan_id)
        if plan is None or plan.principal_id != principal.user_id:
            raise PlanExpired("There is no such plan. Make a new one.", path=("plan_id",))
        if plan.used_at is not None:
            raise PlanExpired(USED, path=("plan_id",))
        if plan.expires_at <= datetime.now(UTC):
            raise PlanExpired("This plan is older than 15 minutes. Make a new one.", path=("plan_id",))
        return plan

    async def redeem(self, plan: PlanRecord, namespace: Namespace, base: WorkloadRecord | None, kept: Secrets) -> Draft:
        """The draft that `plan` was made of; PlanConflict, naming what moved, where it would no longer do the same.

        `base` is the workload of that name as it is now, `kept` its secret values.
        """
        await self._require_base(plan, base)
        workload_id = base.id if base is not None else plan.id
        spec = with_values(plan.spec, await self._secret_values(plan))
        draft = self._drafter.draft(namespace, spec, workload_id=workload_id, base=base, kept=kept)
        self.require_unmoved(plan, draft, draft.concerned(await self._applier.live_of(namespace.slug, base)))
        self._require_same(plan, draft)
        return draft

    async def _require_base(self, plan: PlanRecord, base: WorkloadRecord | None) -> None:
        """PlanConflict, naming the fields that moved, unless the workload is at the revision the plan was made for."""
        name = plan.spec.name
        if base is None and plan.base_revision is not None:
            raise PlanConflict(f"The app {name} was deleted since this plan was made.", changes=("name",))
        if base is None or base.revision == plan.base_revision:
            return
        message = (
            f"Revision {base.revision or base.applying} of {name} was deployed since this plan was made. "
            "Plan again to see what deploying would change now."
        )
        async with self._database.session() as session:
            raise await deployed_meanwhile(session, base, message, since=plan.base_revision or 0, planned=plan.spec)

    async def require_written_from(self, revision: int, spec: WorkloadSpec, base: WorkloadRecord | None) -> None:
        """PlanConflict on path `base_revision`, naming what moved, unless `revision` (0: none) is current."""
        current = (base.revision or 0) if base is not None else 0
        if current == revision:
            return
        path = ("base_revision",)
        if base is None:
            message = f"The app {spec.name} was deleted since revision {revision}."
            raise PlanConflict(message, changes=("name",), path=path)
        if revision == 0:
            message = f"There is an app named {spec.name} already. Take another name, or change that app."
            raise PlanConflict(message, changes=("name",), path=path, revision=base.revision)
        message = (
            f"Revision {base.revision or base.applying} of {spec.name} was deployed since revision {revision}, which "
            "this was written from. Take over what it changed: what is left out is undone."
        )
        async with self._database.session() as session:
            raise await deployed_meanwhile(session, base, message, since=revision, planned=spec, path=path)

    def _record(self, principal: Principal, draft: Draft, assessment: Assessment) -> PlanRecord:
        """The plan of a new app carries the id that the app will have: its manifests are shown with it already."""
        id = draft.workload_id if draft.base is None else uuid4()
        base = (
            *self._snapshots(assessment.live, assessment.ours, namespace_id=draft.namespace.id, plan_id=id),
            *_of_disks(assessment.disks),
        )
        return PlanRecord(
            id=id,
            namespace_id=draft.namespace.id,
            principal_id=principal.user_id,
            spec=draft.spec,
            base_revision=draft.base.revision if draft.base else None,
            fingerprint=self._fingerprint(base, assessment.manifests, namespace_id=draft.namespace.id, plan_id=id),
            base=base,
            action=_action(draft, assessment),
            expires_at=datetime.now(UTC) + PLAN_LIFETIME,
            used_at=None,
        )

    def require_unmoved(self, plan: PlanRecord, draft: Draft, live: Sequence[Object]) -> None:
        """PlanConflict, naming each field, where what runs is no longer what the plan was made for."""
        ours = {each.identity: each.fields for each in plan.base}
        now = (
            *self._snapshots(live, ours, namespace_id=plan.namespace_id, plan_id=plan.id),
            *_of_disks(self._drafter.left_disks(draft)),
        )
        if fingerprint(now) == fingerprint(plan.base):
            return
        moved = _with_managers(conflicts(plan.base, now, draft.manifests()), live)
        changes = tuple(dict.fromkeys(f"{each.kind}/{each.name}" for each in moved))
        raise PlanConflict(
            f"{', '.join(changes)} changed in the cluster since this plan was made. "
            "Plan again to see what deploying would change now.",
            changes=changes,
            conflicts=tuple(moved),
        )

    def _require_same(self, plan: PlanRecord, draft: Draft) -> None:
        """PlanConflict where a deploy would apply something else than the plan has shown: how apps are exposed is up to
        the settings, and the rest of their objects to the release.

        A base that is in the making is not compared with: whoever records the change is told so.
        """
        if draft.base is not None and draft.base.revision is None:
            return
        wanted = draft.manifests()
        now = self._fingerprint(plan.base, wanted, namespace_id=plan.namespace_id, plan_id=plan.id)
        if now == plan.fingerprint:
            return
        raise PlanConflict(
            f"What deploying {draft.spec.name} would apply is not what this plan has shown: Moorage's settings, or "
            "Moorage itself, have changed since, or a deploy of it has failed. Plan again to see what it would do now."
        )

    def _fingerprint(
        self, base: Sequence[Snapshot], wanted: Sequence[Object], *, namespace_id: UUID, plan_id: UUID
    ) -> str:
        """Of what was live, and of what is to be applied to that; keyed, as secret values are in it."""
        text = f"{fingerprint(base)}\n{content(wanted)}"
        return self._seal.digest(text, namespace_id=namespace_id, row_id=plan_id)

    def _snapshots(
        self, live: Sequence[Object], ours: Fields, *, namespace_id: UUID, plan_id: UUID
    ) -> tuple[Snapshot, ...]:
        digest = partial(self._seal.digest, namespace_id=namespace_id, row_id=plan_id)
        return tuple(snapshot(each, ours, digest) for each in without_scaled(live) if not is_leaving(each))

    async def _secret_values(self, plan: PlanRecord) -> dict[str, str]:
        async with self._database.autocommit() as session:
            sealed = await PlanRepository(session).sealed_secrets(plan.id)
        return self._seal.unseal(sealed, namespace_id=plan.namespace_id, row_id=plan.id)


def _of_disks(disks: Iterable[VolumeClaim]) -> Iterator[Snapshot]:
    """The disks that are taken over, by their being there: the plan has told whose data the app would get."""
    return (Snapshot(Kind.PERSISTENT_VOLUME_CLAIM.kind, each.name, each.uid, {}) for each in disks)


def _with_managers(moved: Iterable[FieldConflict], live: Iterable[Object]) -> list[FieldConflict]:
    """The conflicts, each with who set what is live."""
    managers = {identity(each): writers(each) for each in live}
    return [replace(each, manager=managers.get((each.kind, each.name), {}).get(each.path)) for each in moved]


def _action(draft: Draft, assessment: Assessment) -> ChangeAction:
    if draft.base is None:
        return ChangeAction.CREATE
    is_same = all(each.action is ChangeAction.UNCHANGED for each in assessment.verdict.diff)
    return ChangeAction.UNCHANGED if is_same and not draft.changes else ChangeAction.UPDATE
