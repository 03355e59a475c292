"""Turning autoscaling on and off: who says how many pods there are, and that there are never too few meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace

import pytest

from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.clusters.ownership import owns
from api.errors import InvalidInput, PlanConflict, QuotaExceeded
from api.manifests.models import Autoscaling, ChangeAction, FieldChange, Volume, WorkloadKind, WorkloadSize
from api.workloads.models import RevisionCause, Workload, WorkloadPhase
from api.workloads.scaling import KEEPER
from tests.api.clusters.embedded.client import Client
from tests.api.servers import only_embedded
from tests.api.workloads.apps import WEB, Apps

FOUR = replace(WEB, replicas=4)
SCALING = replace(FOUR, autoscaling=Autoscaling(2, 6, cpu_percent=200))
"""Nothing uses twice what it requests: the number stays, and falls to the least after a minute at the soonest."""
FIVE = replace(WEB, autoscaling=Autoscaling(5, 6, cpu_percent=200))
STORE = replace(WEB, kind=WorkloadKind.STATEFUL_SERVICE, volumes=(Volume("data", "/data", 1),), replicas=2)


@asynccontextmanager
async def replicas_seen(somebody: Client, slug: str, plural: str = "deployments") -> AsyncIterator[list[int]]:
    """Every number of pods that the app's controller asks for meanwhile, up to the version at the end."""
    path = f"/apis/apps/v1/namespaces/{slug}/{plural}"
    listed = (await somebody.get(path)).body
    seen = [item["spec"]["replicas"] for item in listed["items"]]

    async def follow() -> None:
        async with aclosing(somebody.watch(path, resourceVersion=listed["metadata"]["resourceVersion"])) as events:
            async for event in events:
                if event["object"]["metadata"].get("annotations", {}).get("test/last"):
                    return
                seen.append(event["object"]["spec"]["replicas"])

    following = asyncio.create_task(follow(), name="follow replicas")
    yield seen
    name = (await somebody.get(path)).body["items"][0]["metadata"]["name"]
    await somebody.patch(f"{path}/{name}", {"metadata": {"annotations": {"test/last": "yes"}}})
    async with asyncio.timeout(20):
        await following


async def autoscalers(cluster: Cluster, slug: str) -> list[dict[str, object]]:
    return [each["spec"] for each in await cluster.list(Kind.HORIZONTAL_POD_AUTOSCALER, slug)]


async def asked_replicas(cluster: Cluster, slug: str) -> int:
    (deployment,) = await cluster.list(Kind.DEPLOYMENT, slug)
    return int(deployment["spec"]["replicas"])


async def test_turning_it_on_keeps_the_pods_that_run(apps: Apps, cluster: Cluster, somebody: Client) -> None:
    """A field that its only field manager ceases to apply falls to its default, which is 1 here."""
    await apps.deploy_until_ready(FOUR)
    before = {pod.uid for pod in await apps.pods()}

    async with replicas_seen(somebody, apps.namespace.slug) as seen:
        await apps.deploy(SCALING)
        await apps.deploy(replace(SCALING, image="registry.example/web:2"))
        await apps.deploy(replace(SCALING, image=WEB.image))

    assert {4} == set(seen)
    assert 4 == len(before)
    (spec,) = await autoscalers(cluster, apps.namespace.slug)
    assert (2, 6) == (spec["minReplicas"], spec["maxReplicas"])


async def test_turning_it_on_replaces_no_pod(apps: Apps) -> None:
    await apps.deploy_until_ready(FOUR)
    before = {pod.uid for pod in await apps.pods()}

    await apps.deploy(SCALING)
    await apps.reach("web", WorkloadPhase.READY, revision=2)

    assert before == {pod.uid for pod in await apps.pods()}


async def test_the_number_is_nobodys_that_ceases_to_apply_it(apps: Apps, cluster: Cluster) -> None:
    await apps.deploy(FOUR)

    await apps.deploy(SCALING)

    (deployment,) = await cluster.list(Kind.DEPLOYMENT, apps.namespace.slug)
    assert owns(deployment, KEEPER, ("spec", "replicas"))
    assert not owns(deployment, "moorage", ("spec", "replicas"))


@pytest.mark.parametrize(("bounds", "replicas"), [((5, 8), 5), ((1, 3), 3)])
async def test_a_number_out_of_bounds_is_brought_to_the_nearest(
    apps: Apps, cluster: Cluster, somebody: Client, bounds: tuple[int, int], replicas: int
) -> None:
    await apps.deploy(FOUR)

    async with replicas_seen(somebody, apps.namespace.slug) as seen:
        await apps.deploy(replace(SCALING, autoscaling=Autoscaling(*bounds, cpu_percent=200)))

    assert {4, replicas} == set(seen)
    assert replicas == await asked_replicas(cluster, apps.namespace.slug)


async def test_a_new_app_begins_with_the_least(apps: Apps, somebody: Client) -> None:
    await apps.deploy(replace(SCALING, autoscaling=Autoscaling(3, 6, cpu_percent=200)))

    async with replicas_seen(somebody, apps.namespace.slug) as seen:
        workload = await apps.reach("web", WorkloadPhase.READY)

    assert {3} == set(seen)
    assert (3, 3) == (workload.status.desired_replicas, workload.status.ready_replicas)


async def test_a_stopped_app_is_started_with_the_least(apps: Apps, cluster: Cluster) -> None:
    """An autoscaler leaves an app alone that has no pods."""
    await apps.deploy(replace(WEB, replicas=0))

    await apps.deploy(SCALING)

    assert 2 == await asked_replicas(cluster, apps.namespace.slug)


async def test_an_app_that_somebody_stopped_by_hand_is_started_with_the_next_deploy(
    apps: Apps, cluster: Cluster, somebody: Client
) -> None:
    await apps.deploy(SCALING)
    path = f"/apis/apps/v1/namespaces/{apps.namespace.slug}/deployments/web"
    await somebody.patch(path, {"spec": {"replicas": 0}}, fieldManager="kubectl")

    await apps.deploy(replace(SCALING, image="registry.example/web:2"))

    assert 2 == await asked_replicas(cluster, apps.namespace.slug)


async def test_what_the_autoscaler_chose_survives_a_deploy(apps: Apps, somebody: Client) -> None:
    """It may choose anew meanwhile, but not fewer than the least."""
    await apps.deploy(FIVE)
    await _scale(somebody, apps.namespace.slug, 6)

    async with replicas_seen(somebody, apps.namespace.slug) as seen:
        await apps.deploy(replace(FIVE, image="registry.example/web:2"))

    assert {5, 6} >= set(seen)


async def test_turning_it_off_sets_what_is_asked(apps: Apps, cluster: Cluster, somebody: Client) -> None:
    await apps.deploy(FIVE)
    await _scale(somebody, apps.namespace.slug, 6)

    async with replicas_seen(somebody, apps.namespace.slug) as seen:
        await apps.deploy(replace(WEB, replicas=3))

    assert [] == await autoscalers(cluster, apps.namespace.slug)
    assert {5, 6, 3} >= set(seen)
    assert 3 == await asked_replicas(cluster, apps.namespace.slug)


async def _scale(somebody: Client, slug: str, replicas: int) -> None:
    """As the autoscaler does it."""
    scale = f"/apis/apps/v1/namespaces/{slug}/deployments/web/scale"
    await somebody.patch(scale, {"spec": {"replicas": replicas}}, fieldManager="kube-controller-manager")


async def test_rolling_back_goes_both_ways(apps: Apps, cluster: Cluster, somebody: Client) -> None:
    await apps.deploy_until_ready(FOUR)
    await apps.deploy(SCALING)
    slug = apps.namespace.slug

    async with replicas_seen(somebody, slug) as seen:
        await apps.workloads.rollback(apps.principal, slug, "web", 1, None)
        off = await autoscalers(cluster, slug)
        workload, revision = await apps.workloads.rollback(apps.principal, slug, "web", 2, None)

    assert [] == off
    assert 1 == len(await autoscalers(cluster, slug))
    assert {4} == set(seen)
    assert (SCALING.autoscaling, RevisionCause.ROLLBACK) == (workload.spec.autoscaling, revision.cause)


async def test_a_stateful_service_scales_too(apps: Apps, cluster: Cluster, somebody: Client) -> None:
    await apps.deploy(STORE)

    async with replicas_seen(somebody, apps.namespace.slug, "statefulsets") as seen:
        await apps.deploy(replace(STORE, autoscaling=Autoscaling(1, 3, cpu_percent=200)))

    assert {2} == set(seen)
    (spec,) = await autoscalers(cluster, apps.namespace.slug)
    assert {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "web"} == spec["scaleTargetRef"]


async def test_a_plan_of_it_shows_the_autoscaler_and_no_fall(apps: Apps) -> None:
    await apps.deploy(FOUR)

    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, SCALING)

    changed = {(each.kind, each.action) for each in plan.diff if each.action is not ChangeAction.UNCHANGED}
    assert {("HorizontalPodAutoscaler", ChangeAction.CREATE)} == changed
    assert ["replicas", "autoscaling.min_replicas", "autoscaling.max_replicas", "autoscaling.cpu_percent"] == [
        change.path for change in (await _changes_of(apps))
    ]


async def _changes_of(apps: Apps) -> list[FieldChange]:
    await apps.deploy(SCALING)
    return list((await apps.revisions())[0].changes)


async def test_a_plan_holds_though_the_autoscaler_moves_meanwhile(apps: Apps, somebody: Client) -> None:
    await apps.deploy(SCALING)
    slug = apps.namespace.slug
    plan = await apps.workloads.plan(apps.principal, slug, replace(SCALING, image="registry.example/web:2"))
    await _scale(somebody, slug, 5)

    workload, _ = await apps.workloads.deploy(apps.principal, plan.id, None)

    assert "registry.example/web:2" == workload.spec.image


@only_embedded
async def test_a_plan_does_not_hold_where_the_autoscaler_was_edited(apps: Apps, somebody: Client) -> None:
    await apps.deploy(SCALING)
    slug = apps.namespace.slug
    plan = await apps.workloads.plan(apps.principal, slug, replace(SCALING, image="registry.example/web:2"))
    path = f"/apis/autoscaling/v2/namespaces/{slug}/horizontalpodautoscalers/web"
    await somebody.patch(path, {"spec": {"maxReplicas": 40}})

    with pytest.raises(PlanConflict) as conflict:
        await apps.workloads.deploy(apps.principal, plan.id, None)

    assert ("HorizontalPodAutoscaler/web",) == conflict.value.changes


@only_embedded
async def test_scaling_by_hand_is_refused_with_the_way_out(apps: Apps) -> None:
    await apps.deploy(SCALING)

    with pytest.raises(InvalidInput, match=r"between 2 and 6 replicas. Deploy it with other bounds") as refusal:
        await apps.workloads.scale(apps.principal, apps.namespace.slug, "web", 3)

    assert ("replicas",) == refusal.value.path


@only_embedded
async def test_a_quota_that_has_no_room_for_all_of_them_is_told_with_how_many_it_allows(apps: Apps) -> None:
    """Four cores of limits: two replicas of XL."""
    spec = replace(WEB, size=WorkloadSize.XL, autoscaling=Autoscaling(1, 5))

    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, spec)

    (finding,) = plan.findings
    assert finding.message.startswith("The quota allows 2 of the 5 replicas that autoscaling may ask for")
    assert ("workload", "autoscaling", "max_replicas") == finding.path
    assert finding.fix is not None
    assert "2" == finding.fix.value
    cpu = next(each for each in plan.quota if each.resource == "limits.cpu")
    assert (2, 10, 4) == (cpu.after, cpu.most, cpu.hard)


@only_embedded
async def test_a_quota_that_has_no_room_for_the_least_refuses(apps: Apps) -> None:
    spec = replace(WEB, size=WorkloadSize.XL, autoscaling=Autoscaling(3, 5))

    with pytest.raises(QuotaExceeded) as refusal:
        await apps.workloads.plan(apps.principal, apps.namespace.slug, spec)

    assert ("workload", "autoscaling", "min_replicas") == refusal.value.path


@only_embedded
async def test_the_quota_counts_the_pods_that_the_autoscaler_has_asked_for(apps: Apps) -> None:
    """Four of them run by now, and all of them would be replaced by larger ones."""
    await apps.deploy(replace(WEB, size=WorkloadSize.M, autoscaling=Autoscaling(4, 6)))
    larger = replace(WEB, size=WorkloadSize.XL, autoscaling=Autoscaling(1, 6))

    with pytest.raises(QuotaExceeded, match="come to 8 of 4 cores") as refusal:
        await apps.workloads.plan(apps.principal, apps.namespace.slug, larger)

    assert ("workload", "autoscaling", "max_replicas") == refusal.value.path


async def test_an_app_whose_pods_are_busy_gets_more_of_them(apps: Apps, somebody: Client) -> None:
    """From the deploy through the autoscaler of the cluster itself to what is served, from one pod to several."""
    await apps.deploy_until_ready(replace(WEB, autoscaling=Autoscaling(1, 4, cpu_percent=200)))
    (pod,) = await apps.pods()
    path = f"/api/v1/namespaces/{apps.namespace.slug}/pods/{pod.name}"
    await somebody.patch(path, {"metadata": {"annotations": {"kwok.x-k8s.io/usage-cpu": "600m"}}})

    grown = await _until_grown(apps)

    assert grown.autoscaler is not None
    assert (1, None) != (grown.autoscaler.desired_replicas, grown.autoscaler.last_scaled_at)
    assert grown.status.desired_replicas == len(grown.rollout.cells) > 1
    assert [1] == [revision.number for revision in await apps.revisions()]


async def _until_grown(apps: Apps) -> Workload:
    async with asyncio.timeout(90):
        async for update in apps.workloads.watch(apps.principal, apps.namespace.slug, "web"):
            found = update.workload
            if found and found.autoscaler and found.autoscaler.desired_replicas > 1 and found.rollout.complete:
                return found
    raise AssertionError("the stream of web ended before it grew")
