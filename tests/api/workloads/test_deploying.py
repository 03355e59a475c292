"""From plan to running, on PostgreSQL and on an API server over HTTP."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from api.clusters.cluster import Cluster
from api.clusters.objects import WORKLOAD_ID, Kind
from api.database.database import Database
from api.database.tables import PlanRow
from api.errors import (
    InvalidInput,
    InvalidInputs,
    NameTaken,
    NotFound,
    PlanConflict,
    PlanExpired,
    QuotaExceeded,
)
from api.manifests.models import ChangeAction, EnvironmentVariable, SecretVariable, WorkloadSize
from api.workloads.models import RevisionCause, RevisionState, StepState, UpdateKind, Workload, WorkloadPhase
from tests.api.servers import only_embedded
from tests.api.workloads.apps import PATIENCE, SECRETIVE, WEB, Apps


async def test_an_app_goes_from_plan_to_ready_without_a_poll(apps: Apps) -> None:
    """The main job: 0/3, then 3/3, told by the stream of the namespace that was open before."""
    stream = asyncio.create_task(_until_ready(apps), name="stream")
    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, WEB)

    workload, revision = await apps.workloads.deploy(apps.principal, plan.id, "first")
    seen = await stream

    assert (ChangeAction.CREATE, plan.id) == (plan.action, workload.id)
    assert (1, RevisionCause.DEPLOY, RevisionState.APPLIED, "first") == (
        revision.number,
        revision.cause,
        revision.state,
        revision.message,
    )
    counts = [each.status.ready_replicas for each in seen]
    assert (0, 3) == (counts[0], counts[-1])
    assert sorted(counts) == counts
    assert seen[-1].rollout.complete
    assert {StepState.DONE} == {step.state for step in seen[-1].rollout.steps}
    assert not any(each.rollout.complete for each in seen[:-1])
    assert f"web.{apps.namespace.slug}.svc:8080" == workload.address


async def _until_ready(apps: Apps) -> list[Workload]:
    """Everything that the namespace's stream tells until the app is ready."""
    seen: list[Workload] = []
    async with asyncio.timeout(PATIENCE):
        async for _, update in apps.workloads.watch_namespace(apps.principal, apps.namespace.slug):
            assert update.workload is not None
            seen.append(update.workload)
            if update.workload.status.phase is WorkloadPhase.READY:
                break
    return seen


async def test_what_was_deployed_can_be_read_at_once(apps: Apps) -> None:
    """Read your own write: the Store knows the Deployment when `deploy` returns, and the answer says so."""
    workload, _ = await apps.deploy()

    assert workload.status.phase not in (WorkloadPhase.MISSING, WorkloadPhase.PENDING)
    assert workload.id == (await apps.get()).id


async def test_a_plan_shows_what_it_would_do_and_does_none_of_it(apps: Apps, cluster: Cluster) -> None:
    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, SECRETIVE)

    assert ["Secret", "Service", "Deployment"] == [manifest.kind for manifest in plan.manifests]
    assert {ChangeAction.CREATE} == {each.action for each in plan.diff}
    assert any(each.resource == "limits.cpu" and each.after > each.used and each.fits for each in plan.quota)
    assert [] == await cluster.list(Kind.DEPLOYMENT, apps.namespace.slug)
    with pytest.raises(NotFound):
        await apps.get()


async def test_a_plan_of_a_change_shows_the_fields_that_differ(apps: Apps) -> None:
    await apps.deploy()

    plan = await apps.workloads.plan(
        apps.principal, apps.namespace.slug, replace(WEB, image="registry.example/web:2", port=None)
    )

    assert ChangeAction.UPDATE == plan.action
    by_kind = {each.kind: each for each in plan.diff}
    assert ChangeAction.DELETE == by_kind["Service"].action
    changed = {change.path: change.after for change in by_kind["Deployment"].changes}
    assert '"registry.example/web:2"' in changed.values()


async def test_a_plan_of_what_runs_already_says_so(apps: Apps) -> None:
    await apps.deploy(SECRETIVE)

    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, SECRETIVE)

    assert ChangeAction.UNCHANGED == plan.action


@only_embedded
async def test_a_plan_warns_of_an_image_that_starts_as_root_and_offers_a_user(apps: Apps) -> None:
    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, replace(WEB, image="nginx:1.29"))

    (finding,) = plan.findings
    assert ("workload", "run_as_user") == finding.path
    assert finding.fix is not None
    assert ("1000", ("workload", "run_as_user")) == (finding.fix.value, finding.fix.path)


@only_embedded
async def test_a_plan_tells_every_broken_rule_at_once_each_with_its_field(apps: Apps) -> None:
    bad = replace(
        WEB,
        name="Not A Name",
        replicas=-1,
        port=70000,
        environment=(EnvironmentVariable("1BAD", "x"),),
        secrets=(SecretVariable("TOKEN"),),
    )

    with pytest.raises(InvalidInputs) as refusal:
        await apps.workloads.plan(apps.principal, apps.namespace.slug, bad)

    assert {
        ("workload", "name"),
        ("workload", "replicas"),
        ("workload", "port"),
        ("workload", "environment", 0, "name"),
        ("workload", "secrets", 0, "value"),
    } == {failure.path for failure in refusal.value.failures}


async def test_what_can_never_fit_the_quota_is_refused_in_its_own_type(apps: Apps) -> None:
    with pytest.raises(QuotaExceeded) as refusal:
        await apps.workloads.plan(apps.principal, apps.namespace.slug, replace(WEB, size=WorkloadSize.XL, replicas=9))

    assert ("workload", "replicas") == refusal.value.path
    assert refusal.value.resource
    assert refusal.value.limit


async def test_a_change_that_a_full_quota_would_stall_for_ever_is_refused(apps: Apps) -> None:
    """A rolling update that never drops below the asked replicas needs room for one pod more."""
    full = replace(WEB, size=WorkloadSize.XL, replicas=2)
    await apps.deploy_until_ready(full)

    with pytest.raises(QuotaExceeded) as refusal:
        await apps.workloads.plan(apps.principal, apps.namespace.slug, replace(full, image="registry.example/web:2"))

    assert ("workload", "size") == refusal.value.path
    assert ("limits.cpu", "4", "2", "4") == (
        refusal.value.resource,
        refusal.value.used,
        refusal.value.requested,
        refusal.value.limit,
    )
    assert "Scale down by one first" in refusal.value.message


async def test_a_plan_made_before_another_deploy_is_refused(apps: Apps) -> None:
    await apps.deploy()
    stale = await apps.workloads.plan(apps.principal, apps.namespace.slug, replace(WEB, replicas=1))
    await apps.deploy(replace(WEB, replicas=2))

    with pytest.raises(PlanConflict) as refusal:
        await apps.workloads.deploy(apps.principal, stale.id, None)

    assert ("replicas",) == refusal.value.changes
    assert ("plan_id",) == refusal.value.path
    assert 2 == (await apps.get()).spec.replicas


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


async def test_what_a_new_revision_no_longer_has_is_taken_out(apps: Apps, cluster: Cluster) -> None:
    """Fields by server-side apply, objects by pruning."""
    before = replace(SECRETIVE, environment=(EnvironmentVariable("KEEP", "1"), EnvironmentVariable("DROP", "1")))
    await apps.deploy(before)

    await apps.deploy(replace(before, environment=(EnvironmentVariable("KEEP", "2"),), secrets=(), port=None))

    (deployment,) = await cluster.list(Kind.DEPLOYMENT, apps.namespace.slug)
    container = deployment["spec"]["template"]["spec"]["containers"][0]
    assert [{"name": "KEEP", "value": "2"}] == container["env"]
    assert "ports" not in container
    assert "readinessProbe" not in container
    assert [] == await cluster.list(Kind.SERVICE, apps.namespace.slug)
    assert [] == await cluster.list(Kind.SECRET, apps.namespace.slug)


async def test_an_object_of_somebody_elses_is_never_taken_over(apps: Apps, cluster: Cluster) -> None:
    foreign = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "namespace": apps.namespace.slug},
        "spec": {"ports": [{"port": 1}]},
    }
    await cluster.create(foreign)

    with pytest.raises(NameTaken) as refusal:
        await apps.workloads.plan(apps.principal, apps.namespace.slug, WEB)

    assert ("workload", "name") == refusal.value.path
    live = await cluster.get(Kind.SERVICE, apps.namespace.slug, "web")
    assert live is not None
    assert WORKLOAD_ID not in live["metadata"].get("labels", {})


@only_embedded
async def test_an_object_that_turned_up_after_the_plan_is_not_taken_over_and_nothing_is_left(
    apps: Apps, cluster: Cluster
) -> None:
    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, SECRETIVE)
    foreign = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "namespace": apps.namespace.slug},
        "spec": {"ports": [{"port": 1}]},
    }
    await cluster.create(foreign)

    with pytest.raises(NameTaken):
        await apps.workloads.deploy(apps.principal, plan.id, None)

    assert await cluster.get(Kind.SERVICE, apps.namespace.slug, "web") is not None
    assert [] == await cluster.list(Kind.SECRET, apps.namespace.slug)
    with pytest.raises(NotFound):
        await apps.get()


async def test_scaling_makes_a_revision_and_replaces_no_pod(apps: Apps) -> None:
    await apps.deploy_until_ready(replace(WEB, replicas=1))
    before = {pod.uid for pod in await apps.pods()}

    await apps.workloads.scale(apps.principal, apps.namespace.slug, "web", 2)
    workload = await apps.reach("web", WorkloadPhase.READY, revision=2)

    pods = await apps.pods()
    assert (2, 2) == (workload.spec.replicas, len(pods))
    assert before < {pod.uid for pod in pods}
    assert [(True, 1)] * 2 == [(pod.is_current, pod.revision) for pod in pods]
    assert [RevisionCause.SCALE, RevisionCause.DEPLOY] == [revision.cause for revision in await apps.revisions()]


async def test_scaling_to_zero_stops_the_app(apps: Apps) -> None:
    await apps.deploy_until_ready(replace(WEB, replicas=1))

    await apps.workloads.scale(apps.principal, apps.namespace.slug, "web", 0)
    workload = await apps.reach("web", WorkloadPhase.STOPPED)

    assert 0 == workload.status.ready_replicas


@only_embedded
@pytest.mark.parametrize("replicas", [-1, 10_000])
async def test_a_number_of_replicas_that_breaks_the_rules_is_refused_on_its_field(apps: Apps, replicas: int) -> None:
    await apps.deploy()

    with pytest.raises(InvalidInputs) as refusal:
        await apps.workloads.scale(apps.principal, apps.namespace.slug, "web", replicas)

    assert [("replicas",)] == [failure.path for failure in refusal.value.failures]


async def test_scaling_beyond_the_quota_is_refused_and_nothing_changes(apps: Apps) -> None:
    await apps.deploy_until_ready(replace(WEB, replicas=1, size=WorkloadSize.XL))

    with pytest.raises(QuotaExceeded) as refusal:
        await apps.workloads.scale(apps.principal, apps.namespace.slug, "web", 20)

    assert ("replicas",) == refusal.value.path
    assert [1] == [revision.number for revision in await apps.revisions()]


async def test_restarting_replaces_every_pod(apps: Apps) -> None:
    await apps.deploy_until_ready(replace(WEB, replicas=2))
    before = {pod.uid for pod in await apps.pods()}

    await apps.workloads.restart(apps.principal, apps.namespace.slug, "web")
    await apps.reach("web", WorkloadPhase.READY, revision=2)

    current = {pod.uid for pod in await apps.pods() if pod.is_current}
    assert 2 == len(current)
    assert not before & current


async def test_rolling_back_brings_everything_back(apps: Apps, cluster: Cluster) -> None:
    """Image, environment, size and secrets: nothing of the earlier revision is forgotten."""
    first = replace(SECRETIVE, environment=(EnvironmentVariable("MODE", "old"),))
    await apps.deploy_until_ready(first)
    (secret_before,) = await cluster.list(Kind.SECRET, apps.namespace.slug)
    second = replace(
        first, image="registry.example/web:2", environment=(), secrets=(SecretVariable("TOKEN", "changed"),)
    )
    await apps.deploy_until_ready(second)

    workload, revision = await apps.workloads.rollback(apps.principal, apps.namespace.slug, "web", 1, "back")
    await apps.reach("web", WorkloadPhase.READY, revision=3)

    (secret,) = await cluster.list(Kind.SECRET, apps.namespace.slug)
    assert (3, RevisionCause.ROLLBACK, "back") == (revision.number, revision.cause, revision.message)
    assert (first.image, first.environment) == (workload.spec.image, workload.spec.environment)
    assert secret_before["data"] == secret["data"]


@only_embedded
@pytest.mark.parametrize("number", [0, 1, 7])
async def test_rolling_back_to_what_never_ran_or_runs_now_is_refused_on_its_field(apps: Apps, number: int) -> None:
    await apps.deploy()

    with pytest.raises(InvalidInput) as refusal:
        await apps.workloads.rollback(apps.principal, apps.namespace.slug, "web", number, None)

    assert ("revision",) == refusal.value.path


async def test_deleting_takes_every_object_and_ends_the_stream(apps: Apps, cluster: Cluster) -> None:
    await apps.deploy_until_ready(SECRETIVE)
    updates = apps.workloads.watch(apps.principal, apps.namespace.slug, "web")
    await anext(updates)

    deleted = await apps.workloads.delete(apps.principal, apps.namespace.slug, "web")

    rest = [update async for update in updates]
    assert (UpdateKind.DELETED, None) == (rest[-1].kind, rest[-1].workload)
    for kind in (Kind.DEPLOYMENT, Kind.SERVICE, Kind.SECRET):
        assert [] == await cluster.list(kind, apps.namespace.slug, label_selector=f"{WORKLOAD_ID}={deleted}")
    with pytest.raises(NotFound):
        await apps.get()


async def test_a_name_is_free_again_after_its_app_was_deleted(apps: Apps) -> None:
    first = await apps.deploy_until_ready(SECRETIVE)
    await apps.workloads.delete(apps.principal, apps.namespace.slug, "web")

    second = await apps.deploy_until_ready(SECRETIVE)

    assert first.id != second.id
    assert 1 == second.rollout.revision


async def test_a_secret_left_without_a_value_keeps_the_one_there_is(apps: Apps, cluster: Cluster) -> None:
    await apps.deploy(SECRETIVE)
    (before,) = await cluster.list(Kind.SECRET, apps.namespace.slug)

    await apps.deploy(replace(SECRETIVE, secrets=(SecretVariable("TOKEN"), SecretVariable("MORE", "new"))))

    (after,) = await cluster.list(Kind.SECRET, apps.namespace.slug)
    assert before["data"]["TOKEN"] == after["data"]["TOKEN"]
    assert {"TOKEN", "MORE"} == after["data"].keys()


async def test_a_new_value_of_a_secret_reaches_the_pods(apps: Apps) -> None:
    """A pod reads its Secret when it starts: a changed value is a rollout, though the spec's names are the same."""
    await apps.deploy_until_ready(SECRETIVE)
    before = {pod.uid for pod in await apps.pods()}

    await apps.deploy(replace(SECRETIVE, secrets=(SecretVariable("TOKEN", "changed"),)))
    await apps.reach("web", WorkloadPhase.READY, revision=2)

    assert not before & {pod.uid for pod in await apps.pods() if pod.is_current}


@only_embedded
@pytest.mark.parametrize(
    ("image", "said"),
    [
        ("registry.example/web:broken", "cannot be pulled"),
        ("registry.example/web:crash", "ended with exit code"),
        ("nginx:1.29", "runAsUser"),
    ],
)
async def test_an_app_that_cannot_start_says_why(apps: Apps, image: str, said: str) -> None:
    await apps.deploy(replace(WEB, image=image, replicas=1))

    workload = await apps.reach("web", WorkloadPhase.FAILED)

    assert said in workload.status.message
    assert StepState.FAILED in {step.state for step in workload.rollout.steps}
