"""What is deployed is what the plan has shown, also where Moorage was started with other settings, or anew, since."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import func, update

from api.authorization.vigils import Vigils
from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.database.database import Database
from api.database.encryption import Encryption
from api.database.tables import IdempotencyKeyRow, PlanRow, RevisionRow, WorkloadRow
from api.errors import NotFound, PlanConflict, PlanExpired
from api.idempotency.models import Asked
from api.manifests.exposures.profiles import Exposures
from api.manifests.models import WorkloadSpec
from api.namespaces.service import NamespaceService
from api.workloads.models import Revision, RevisionState, Workload
from api.workloads.service import WorkloadService
from tests.api.manifests.exposures.profiles import PROFILES, PUBLIC
from tests.api.people import SignedIn
from tests.api.servers import only_embedded
from tests.api.workloads.apps import SECRETIVE, Apps

pytestmark = only_embedded

KEY = bytes(range(32))
PROFILE = PROFILES["ingress without issuer"]
BEFORE = Exposures(private="not here", public=PROFILE)
AFTER = Exposures(private="not here", public=replace(PROFILE, class_name="internet-facing"))
EXPOSED = replace(PUBLIC, replicas=0)
Started = Callable[[Exposures], WorkloadService]


@pytest.fixture
def exposures() -> Exposures:
    return BEFORE


@pytest.fixture
def started(database: Database, cluster: Cluster, namespaces: NamespaceService, signed_in: SignedIn) -> Started:
    """Starts Moorage with some settings, on the same database."""

    def start(exposures: Exposures) -> WorkloadService:
        return WorkloadService(
            database, cluster, namespaces, Encryption(KEY), vigils=Vigils(signed_in), exposures=exposures
        )

    return start


@pytest.fixture
def workloads(started: Started, exposures: Exposures) -> WorkloadService:
    return started(exposures)


async def test_a_plan_made_under_other_settings_is_refused(apps: Apps, started: Started, cluster: Cluster) -> None:
    slug, later = apps.namespace.slug, started(AFTER)
    stale = await apps.workloads.plan(apps.principal, slug, EXPOSED)

    with pytest.raises(PlanConflict, match="settings") as refusal:
        await later.deploy(apps.principal, stale.id, None)

    assert ("plan_id",) == refusal.value.path
    assert [] == await cluster.list(Kind.INGRESS, slug)
    again = await later.plan(apps.principal, slug, EXPOSED)
    await later.deploy(apps.principal, again.id, None)
    (ingress,) = await cluster.list(Kind.INGRESS, slug)
    assert "internet-facing" == ingress["spec"]["ingressClassName"]


@pytest.mark.parametrize("spec", [EXPOSED, SECRETIVE])
async def test_a_plan_holds_over_a_start_with_the_same_settings(
    apps: Apps, started: Started, spec: WorkloadSpec
) -> None:
    for each in (spec, replace(spec, image="registry.example/web:2")):
        plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, each)

        workload, _ = await started(BEFORE).deploy(apps.principal, plan.id, None)

        assert each.image == workload.spec.image


async def test_a_plan_of_an_earlier_release_is_refused_as_any_that_does_not_hold(
    apps: Apps, database: Database
) -> None:
    """Its fingerprint was of what was live alone: for a new app of nothing."""
    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, EXPOSED)
    async with database.session() as session:
        row = await session.get_one(PlanRow, plan.id)
        row.fingerprint = hashlib.sha256(b"").hexdigest()

    with pytest.raises(PlanConflict, match="Plan again"):
        await apps.workloads.deploy(apps.principal, plan.id, None)


class Interrupted:
    """A deploy under a key whose process was lost between the last write and the mark."""

    def __init__(self, apps: Apps, database: Database) -> None:
        self._apps = apps
        self._database = database
        self._plan_id: UUID | None = None

    async def begin(self, spec: WorkloadSpec) -> None:
        plan = await self._apps.workloads.plan(self._apps.principal, self._apps.namespace.slug, spec)
        self._plan_id = plan.id
        workload, revision = await self.send(self._apps.workloads)
        before = revision.number - 1 or None
        async with self._database.session() as session:
            await session.execute(
                update(RevisionRow).where(RevisionRow.id == revision.id).values(state=RevisionState.PENDING.value)
            )
            await session.execute(
                update(WorkloadRow).where(WorkloadRow.id == workload.id).values(current_revision=before)
            )
            await session.execute(update(IdempotencyKeyRow).values(finished_at=None, claimed_until=func.now()))

    async def forget_objects(self) -> None:
        """As an earlier release has linked the key."""
        async with self._database.session() as session:
            result = IdempotencyKeyRow.result.op("-")("objects")
            await session.execute(update(IdempotencyKeyRow).values(result=result))

    async def send(self, workloads: WorkloadService) -> tuple[Workload, Revision]:
        """The same request."""
        principal, plan_id = self._apps.principal, self._plan_id
        assert plan_id is not None
        asked = Asked.of(principal, "k", "deployWorkload", {"planId": str(plan_id)})
        return await workloads.once.revision(
            principal, asked, lambda claim: workloads.deploy(principal, plan_id, None, claim=claim)
        )


@pytest.fixture
def interrupted(apps: Apps, database: Database) -> Interrupted:
    return Interrupted(apps, database)


@pytest.mark.parametrize("spec", [EXPOSED, SECRETIVE])
async def test_a_deploy_that_was_left_is_finished_under_the_same_settings(
    apps: Apps, started: Started, interrupted: Interrupted, spec: WorkloadSpec
) -> None:
    await interrupted.begin(spec)

    _, revision = await interrupted.send(started(BEFORE))

    assert RevisionState.APPLIED is revision.state
    assert [revision.id] == [each.id for each in await apps.revisions()]


async def test_a_deploy_that_was_left_is_undone_under_other_settings(
    apps: Apps, started: Started, interrupted: Interrupted, cluster: Cluster
) -> None:
    later = started(AFTER)
    await interrupted.begin(EXPOSED)

    with pytest.raises(PlanConflict, match="settings"):
        await interrupted.send(later)

    assert [] == await cluster.list(Kind.INGRESS, apps.namespace.slug)
    with pytest.raises(NotFound):
        await apps.get()
    with pytest.raises(PlanExpired):
        await interrupted.send(later)


async def test_a_change_that_was_left_is_undone_to_what_was_before(
    apps: Apps, started: Started, interrupted: Interrupted
) -> None:
    await apps.deploy(EXPOSED)
    await interrupted.begin(replace(EXPOSED, image="registry.example/web:2"))

    with pytest.raises(PlanConflict):
        await interrupted.send(started(AFTER))

    assert EXPOSED.image == (await apps.get()).spec.image
    assert [RevisionState.FAILED, RevisionState.APPLIED] == [each.state for each in await apps.revisions()]


async def test_a_deploy_that_an_earlier_release_left_is_undone(
    apps: Apps, started: Started, interrupted: Interrupted
) -> None:
    """Nobody knows what it was about to apply."""
    await interrupted.begin(EXPOSED)
    await interrupted.forget_objects()

    with pytest.raises(PlanConflict):
        await interrupted.send(started(BEFORE))

    with pytest.raises(NotFound):
        await apps.get()
