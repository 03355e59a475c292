"""From plan to running, on PostgreSQL and on an API server over HTTP."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.manifests.models import ChangeAction, EnvironmentVariable, SecretVariable
from api.workloads.models import RevisionCause, RevisionState, StepState, Workload, WorkloadPhase
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
        async for update in apps.workloads.watch_namespace(apps.principal, apps.namespace.slug):
            if update.workload is None:  # SYNCED
                continue
            seen.append(update.workload)
            if update.workload.status.phase is WorkloadPhase.READY:
                break
    return seen


async def test_what_was_deployed_can_be_read_at_once(apps: Apps) -> None:
    """Read your own write: the Store knows the Deployment when `deploy` returns, and the answer says so."""
    workload, _ = await apps.deploy()

    assert workload.status.phase not in (WorkloadPhase.MISSING, WorkloadPhase.PENDING)
    assert workload.id == (await apps.get()).id


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
        ("nginx:1.29", "Run as user"),
    ],
)
async def test_an_app_that_cannot_start_says_why(apps: Apps, image: str, said: str) -> None:
    await apps.deploy(replace(WEB, image=image, replicas=1))

    workload = await apps.reach("web", WorkloadPhase.FAILED)

    assert said in workload.status.message
    assert StepState.FAILED in {step.state for step in workload.rollout.steps}
