"""A deploy does what its plan promised, once, or nothing at all: what the plan was made for may have moved."""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import replace

import pytest

from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.database.database import Database
from api.database.tables import PlanRow
from api.errors import (
    FieldConflict,
    NameTaken,
    NotFound,
    PlanConflict,
    PlanExpired,
)
from api.manifests.models import RegistryCredentials, SecretFile, SecretVariable, WorkloadSize, WorkloadSpec
from api.manifests.pods import secret_name
from api.manifests.redaction import REDACTED
from api.workloads.models import WorkloadPhase
from tests.api.clusters.embedded.client import Client
from tests.api.servers import only_embedded, only_real
from tests.api.workloads.apps import CANARY, SECRETIVE, WEB, Apps, service_of_somebody_else
from tests.devcluster.kubectl import Kubectl
from tests.devcluster_fixture import DevCluster

STRATEGIC = "application/strategic-merge-patch+json"


async def test_a_plan_made_before_another_deploy_is_refused(apps: Apps) -> None:
    await apps.deploy()
    stale = await apps.workloads.plan(apps.principal, apps.namespace.slug, replace(WEB, replicas=1))
    await apps.deploy(replace(WEB, replicas=2))

    with pytest.raises(PlanConflict) as refusal:
        await apps.workloads.deploy(apps.principal, stale.id, None)

    assert ("replicas",) == refusal.value.changes
    assert (FieldConflict("Workload", "web", "replicas", planned="1", live="2", base="3"),) == refusal.value.conflicts
    assert (2, apps.principal.user_id) == (refusal.value.revision, refusal.value.author_id)
    assert ("plan_id",) == refusal.value.path
    assert 2 == (await apps.get()).spec.replicas


async def test_every_secret_that_another_deploy_has_set_is_told_by_name(apps: Apps) -> None:
    """Nobody sees that a secret differs: that it was written is all there is to tell."""

    def with_secrets(value: str) -> WorkloadSpec:
        return replace(
            WEB,
            replicas=0,
            secrets=(SecretVariable("TOKEN", value),),
            secret_files=(SecretFile("/etc/key", value),),
            registry_credentials=RegistryCredentials("ada", value),
        )

    await apps.deploy(with_secrets("one"))
    stale = await apps.workloads.plan(apps.principal, apps.namespace.slug, replace(with_secrets("one"), replicas=1))
    await apps.deploy(with_secrets("two"))

    with pytest.raises(PlanConflict) as refusal:
        await apps.workloads.deploy(apps.principal, stale.id, None)

    paths = {"secrets[TOKEN]", "secret_files[/etc/key]", "registry_credentials.password"}
    hidden = json.dumps(REDACTED)
    assert paths == {each.path for each in refusal.value.conflicts}
    assert {(hidden, hidden, hidden)} == {(each.planned, each.live, each.base) for each in refusal.value.conflicts}


async def test_a_plan_is_not_made_of_what_was_written_from_an_older_revision(apps: Apps) -> None:
    await apps.deploy()
    await apps.deploy(replace(WEB, replicas=2))

    with pytest.raises(PlanConflict, match="Revision 2 of web was deployed since revision 1") as refusal:
        await apps.workloads.plan(apps.principal, apps.namespace.slug, WEB, base_revision=1)

    assert (("base_revision",), ("replicas",)) == (refusal.value.path, refusal.value.changes)
    assert (FieldConflict("Workload", "web", "replicas", planned="3", live="2", base="3"),) == refusal.value.conflicts
    await apps.workloads.plan(apps.principal, apps.namespace.slug, WEB, base_revision=2)


@pytest.mark.parametrize(
    ("deployed", "base_revision", "told"),
    [(True, 0, "There is an app named web already"), (False, 3, "The app web was deleted since revision 3")],
)
async def test_what_is_new_and_what_is_gone_are_told_apart(
    apps: Apps, deployed: bool, base_revision: int, told: str
) -> None:
    if deployed:
        await apps.deploy()

    with pytest.raises(PlanConflict, match=told) as refusal:
        await apps.workloads.plan(apps.principal, apps.namespace.slug, WEB, base_revision=base_revision)

    assert ("name",) == refusal.value.changes


async def test_what_is_new_may_be_said_to_be(apps: Apps) -> None:
    await apps.workloads.plan(apps.principal, apps.namespace.slug, WEB, base_revision=0)


async def test_a_plan_is_refused_when_somebody_changed_the_cluster_and_names_what_moved(
    apps: Apps, cluster: Cluster
) -> None:
    await apps.deploy()
    stale = await apps.workloads.plan(apps.principal, apps.namespace.slug, replace(WEB, replicas=1))
    (service,) = await cluster.list(Kind.SERVICE, apps.namespace.slug)
    await cluster.delete(Kind.SERVICE, apps.namespace.slug, service["metadata"]["name"])

    with pytest.raises(PlanConflict) as refusal:
        await apps.workloads.deploy(apps.principal, stale.id, None)

    assert ("Service/web",) == refusal.value.changes
    (conflict,) = refusal.value.conflicts
    assert ("metadata.uid", None) == (conflict.path, conflict.live)


async def test_a_plan_is_refused_field_by_field_when_somebody_edited_and_scaled_what_runs(
    apps: Apps, somebody: Client
) -> None:
    await apps.deploy()
    stale = await apps.workloads.plan(apps.principal, apps.namespace.slug, replace(WEB, replicas=1))
    deployment = f"/apis/apps/v1/namespaces/{apps.namespace.slug}/deployments/web"
    edited = {"name": "app", "image": "registry.example/web:hotfix", "env": [{"name": "DEBUG", "value": "1"}]}
    await somebody.patch(
        deployment, {"spec": {"template": {"spec": {"containers": [edited]}}}}, STRATEGIC, fieldManager="editor"
    )
    await somebody.patch(f"{deployment}/scale", {"spec": {"replicas": 7}}, fieldManager="scaler")

    with pytest.raises(PlanConflict) as refusal:
        await apps.workloads.deploy(apps.principal, stale.id, None)

    container = "spec.template.spec.containers[app]"
    assert ("Deployment/web",) == refusal.value.changes
    assert (
        FieldConflict("Deployment", "web", "spec.replicas", planned="1", live="7", base="3", manager="scaler"),
        FieldConflict(
            "Deployment",
            "web",
            f"{container}.env[DEBUG].value",
            planned=None,
            live='"1"',
            base=None,
            manager="editor",
        ),
        FieldConflict(
            "Deployment",
            "web",
            f"{container}.image",
            planned='"registry.example/web:1"',
            live='"registry.example/web:hotfix"',
            base='"registry.example/web:1"',
            manager="editor",
        ),
    ) == refusal.value.conflicts
    assert 3 == (await apps.get()).spec.replicas


@only_real
async def test_what_kubectl_edits_and_scales_is_told(apps: Apps, devcluster: DevCluster) -> None:
    await apps.deploy()
    stale = await apps.workloads.plan(apps.principal, apps.namespace.slug, replace(WEB, image="registry.example/web:2"))
    kubectl = Kubectl(devcluster, apps.namespace.slug)
    await asyncio.to_thread(kubectl, "set", "image", "deployment/web", "app=registry.example/web:hotfix")
    await asyncio.to_thread(kubectl, "set", "env", "deployment/web", "DEBUG=1")
    await asyncio.to_thread(kubectl, "scale", "deployment/web", "--replicas=7")

    with pytest.raises(PlanConflict) as refusal:
        await apps.workloads.deploy(apps.principal, stale.id, None)

    container = "spec.template.spec.containers[app]"
    assert {
        "spec.replicas": ("3", "7", "3"),
        f"{container}.image": ('"registry.example/web:2"', '"registry.example/web:hotfix"', '"registry.example/web:1"'),
        f"{container}.env[DEBUG].value": (None, '"1"', None),
    } == {each.path: (each.planned, each.live, each.base) for each in refusal.value.conflicts}
    assert all(each.manager and each.manager.startswith("kubectl") for each in refusal.value.conflicts)
    again = await apps.workloads.plan(apps.principal, apps.namespace.slug, replace(WEB, image="registry.example/web:2"))
    workload, _ = await apps.workloads.deploy(apps.principal, again.id, None)
    assert "registry.example/web:2" == workload.spec.image


async def test_a_plan_still_holds_when_others_add_what_is_theirs(apps: Apps, somebody: Client) -> None:
    """Operators annotate what they see to, a load balancer's controller for one."""
    await apps.deploy()
    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, replace(WEB, replicas=1))
    service = f"/api/v1/namespaces/{apps.namespace.slug}/services/web"
    await somebody.patch(service, {"metadata": {"annotations": {"operator.example/seen": "true"}}})

    workload, _ = await apps.workloads.deploy(apps.principal, plan.id, None)

    assert 1 == workload.spec.replicas


async def test_a_secret_that_moved_is_told_and_its_value_is_kept_nowhere(
    apps: Apps, database: Database, somebody: Client
) -> None:
    await apps.deploy(SECRETIVE)
    stale = await apps.workloads.plan(apps.principal, apps.namespace.slug, replace(SECRETIVE, size=WorkloadSize.M))
    secret = f"/api/v1/namespaces/{apps.namespace.slug}/secrets/{secret_name('web')}"
    await somebody.patch(secret, {"stringData": {"TOKEN": "canary-of-somebody"}}, fieldManager="editor")

    with pytest.raises(PlanConflict) as refusal:
        await apps.workloads.deploy(apps.principal, stale.id, None)

    hidden = json.dumps(REDACTED)
    expected = FieldConflict(
        "Secret", secret_name("web"), "data.TOKEN", planned=hidden, live=hidden, base=hidden, manager="editor"
    )
    assert (expected,) == refusal.value.conflicts
    async with database.session() as session:
        kept = json.dumps((await session.get_one(PlanRow, stale.id)).base)
    assert not any(form in kept for form in (CANARY, base64.b64encode(CANARY.encode()).decode()))


async def test_a_plan_still_holds_when_only_the_status_moved(apps: Apps) -> None:
    """Pods become ready all the time, and resourceVersions with them: no conflict."""
    await apps.deploy()
    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, replace(WEB, replicas=1))
    await apps.reach("web", WorkloadPhase.READY)

    workload, _ = await apps.workloads.deploy(apps.principal, plan.id, None)

    assert 1 == workload.spec.replicas


@only_embedded
async def test_a_plan_is_for_one_deploy(apps: Apps) -> None:
    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, WEB)
    await apps.workloads.deploy(apps.principal, plan.id, None)

    with pytest.raises(PlanExpired):
        await apps.workloads.deploy(apps.principal, plan.id, None)


@only_embedded
async def test_a_plan_is_too_old_after_15_minutes(apps: Apps, database: Database) -> None:
    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, WEB)
    async with database.session() as session:
        row = await session.get_one(PlanRow, plan.id)
        lifetime = row.expires_at - row.created_at
        row.expires_at = row.created_at

    with pytest.raises(PlanExpired, match="15 minutes"):
        await apps.workloads.deploy(apps.principal, plan.id, None)
    assert 15 == round(lifetime.total_seconds() / 60)


@only_embedded
async def test_of_many_deploys_of_one_plan_one_wins(apps: Apps) -> None:
    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, WEB)

    outcomes = await asyncio.gather(
        *(apps.workloads.deploy(apps.principal, plan.id, None) for _ in range(6)), return_exceptions=True
    )

    assert 1 == sum(isinstance(outcome, tuple) for outcome in outcomes)
    assert 5 == sum(isinstance(outcome, PlanConflict | PlanExpired) for outcome in outcomes), outcomes
    assert [1] == [revision.number for revision in await apps.revisions()]


@only_embedded
async def test_of_many_plans_for_one_revision_one_wins(apps: Apps) -> None:
    """No lost update: what the winner deployed is what runs."""
    await apps.deploy()
    plans = [
        await apps.workloads.plan(apps.principal, apps.namespace.slug, replace(WEB, replicas=count))
        for count in (1, 2, 4, 5)
    ]

    outcomes = await asyncio.gather(
        *(apps.workloads.deploy(apps.principal, plan.id, None) for plan in plans), return_exceptions=True
    )

    (winner,) = [outcome for outcome in outcomes if isinstance(outcome, tuple)]
    assert 3 == sum(isinstance(outcome, PlanConflict) for outcome in outcomes), outcomes
    assert winner[0].spec.replicas == (await apps.get()).spec.replicas
    assert [2, 1] == [revision.number for revision in await apps.revisions()]


@only_embedded
async def test_an_object_that_turned_up_after_the_plan_is_not_taken_over_and_nothing_is_left(
    apps: Apps, cluster: Cluster
) -> None:
    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, SECRETIVE)
    await cluster.create(service_of_somebody_else(apps.namespace.slug))

    with pytest.raises(NameTaken):
        await apps.workloads.deploy(apps.principal, plan.id, None)

    await apps.workloads.settled()
    assert await cluster.get(Kind.SERVICE, apps.namespace.slug, "web") is not None
    assert [] == await cluster.list(Kind.SECRET, apps.namespace.slug)
    with pytest.raises(NotFound):
        await apps.get()
