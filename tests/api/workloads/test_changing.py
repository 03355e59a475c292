"""Scaling, restarting, rolling back and deleting what runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.clusters.cluster import Cluster
from api.clusters.objects import WORKLOAD_ID, Kind
from api.errors import (
    InvalidInput,
    InvalidInputs,
    NotFound,
    QuotaExceeded,
)
from api.manifests.models import EnvironmentVariable, SecretVariable, WorkloadSize
from api.workloads.models import RevisionCause, WorkloadPhase
from api.workloads.updates import UpdateKind
from tests.api.servers import only_embedded
from tests.api.workloads.apps import SECRETIVE, WEB, Apps


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
