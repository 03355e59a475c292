"""What others do while a plan is made, and between its check and the first write of its deploy."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.errors import MoorageError, PlanConflict
from api.manifests.models import ChangeAction, WorkloadKind
from tests.api.clusters.embedded.client import Client
from tests.api.proxy import Fault, FaultyProxy, Seen
from tests.api.servers import only_embedded
from tests.api.workloads.apps import WEB, Apps

NEXT = replace(WEB, image="registry.example/web:2")
JOB = replace(WEB, name="migrate", kind=WorkloadKind.JOB, port=None, replicas=1)


def reads_deployments(request: Seen) -> bool:
    return request.method == "GET" and not request.watches and "/deployments" in request.path


async def test_a_plan_tries_each_change_once(apps: Apps, proxy: FaultyProxy) -> None:
    await apps.deploy_until_ready()
    proxy.seen.clear()

    await apps.workloads.plan(apps.principal, apps.namespace.slug, NEXT)

    assert [True] == [each.dry_run for each in proxy.seen if "/deployments/" in each.path and each.method != "GET"]


async def test_what_runs_is_asked_for_by_name(apps: Apps, proxy: FaultyProxy) -> None:
    """A list of a kind that nobody writes waits for the API server's cache."""
    await apps.deploy_until_ready()
    proxy.seen.clear()

    await apps.deploy(NEXT)

    read = [each for each in proxy.seen if each.method == "GET" and not each.watches]
    assert {"web"} == {each.path.rpartition("/")[2] for each in read}


@only_embedded
async def test_what_somebody_writes_while_a_plan_is_made_is_not_told_as_undone(
    apps: Apps, proxy: FaultyProxy, somebody: Client
) -> None:
    """After the change was tried, and before what runs was read: a deploy leaves it."""
    await apps.deploy()
    proxy.seen.clear()
    proxy.fail_when(reads_deployments, Fault.BUSY)
    planning = asyncio.create_task(apps.workloads.plan(apps.principal, apps.namespace.slug, NEXT))
    await proxy.until_answered(lambda request: request.dry_run and "/deployments/" in request.path)
    added = {"spec": {"template": {"metadata": {"annotations": {"mesh/inject": "yes"}}}}}
    await somebody.patch(f"/apis/apps/v1/namespaces/{apps.namespace.slug}/deployments/web", added)
    proxy.heal()

    [deployment] = [each for each in (await planning).diff if each.kind == "Deployment"]

    assert ChangeAction.DELETE not in {change.action for change in deployment.changes}


@only_embedded
async def test_what_moves_after_the_check_of_a_plan_and_before_its_first_write_is_a_conflict(
    apps: Apps, proxy: FaultyProxy, somebody: Client
) -> None:
    await apps.deploy()
    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, NEXT)
    proxy.seen.clear()

    def is_second_reading(request: Seen) -> bool:
        return reads_deployments(request) and sum(map(reads_deployments, proxy.seen)) >= 2

    proxy.fail_when(is_second_reading, Fault.BUSY)
    deploying = asyncio.create_task(apps.workloads.deploy(apps.principal, plan.id, None))
    await proxy.until_seen(is_second_reading)
    await somebody.patch(f"/apis/apps/v1/namespaces/{apps.namespace.slug}/deployments/web", {"spec": {"replicas": 7}})
    proxy.heal()

    with pytest.raises(PlanConflict) as refused:
        await deploying
    assert ["spec.replicas"] == [conflict.path for conflict in refused.value.conflicts]
    assert ("7", "3") == (refused.value.conflicts[0].live, refused.value.conflicts[0].base)


@only_embedded
async def test_a_plan_names_the_run_that_its_deploy_makes_also_after_one_that_failed(
    apps: Apps, cluster: Cluster, proxy: FaultyProxy
) -> None:
    """The number of a revision that failed is not given again."""
    await apps.deploy(JOB)
    changed = replace(JOB, image="registry.example/web:2")
    failing = await apps.workloads.plan(apps.principal, apps.namespace.slug, changed)
    proxy.fail_when(lambda request: request.is_creation and request.path.endswith("/jobs"), Fault.DENIED)
    with pytest.raises(MoorageError):
        await apps.workloads.deploy(apps.principal, failing.id, None)
    proxy.heal()
    await apps.workloads.settled()

    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, changed)
    await apps.workloads.deploy(apps.principal, plan.id, None)

    planned = {each.name for each in plan.diff if each.kind == "Job" and each.action is ChangeAction.CREATE}
    assert planned <= {each["metadata"]["name"] for each in await cluster.list(Kind.JOB, apps.namespace.slug)}
    assert {"migrate-3"} == planned


@only_embedded
async def test_a_run_goes_that_this_replica_was_not_told_of(apps: Apps, cluster: Cluster, proxy: FaultyProxy) -> None:
    """Its watch is silent, and two would do the work at once."""
    await apps.deploy(JOB)
    proxy.stall_watches()
    await apps.deploy(replace(JOB, image="registry.example/web:broken"))  # never ends

    await apps.deploy(replace(JOB, image="registry.example/web:3"))

    runs = {each["metadata"]["name"] for each in await cluster.list(Kind.JOB, apps.namespace.slug)}
    assert {"migrate-1", "migrate-3"} >= runs
    assert "migrate-3" in runs
