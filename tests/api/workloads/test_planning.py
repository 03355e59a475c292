"""What a plan shows, and what is refused before anything is done."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from api.clusters.cluster import Cluster
from api.clusters.objects import WORKLOAD_ID, Kind
from api.errors import (
    InvalidInputs,
    NameTaken,
    NotFound,
    QuotaExceeded,
)
from api.manifests.models import (
    ChangeAction,
    EnvironmentVariable,
    SecretVariable,
    Volume,
    WorkloadKind,
    WorkloadSize,
    WorkloadSpec,
)
from api.workloads.models import PolicyFinding, WorkloadPhase
from tests.api.proxy import Fault, FaultyProxy
from tests.api.servers import only_embedded
from tests.api.waiting import until
from tests.api.workloads.apps import SECRETIVE, WEB, Apps, service_of_somebody_else


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


async def test_a_plan_makes_anew_what_is_gone_from_the_cluster(apps: Apps, cluster: Cluster) -> None:
    await apps.deploy()
    (live,) = await cluster.list(Kind.DEPLOYMENT, apps.namespace.slug)
    await cluster.delete(Kind.DEPLOYMENT, apps.namespace.slug, live["metadata"]["name"])

    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, replace(WEB, image="registry.example/web:2"))

    by_kind = {each.kind: each.action for each in plan.diff}
    assert (ChangeAction.UNCHANGED, ChangeAction.CREATE) == (by_kind["Service"], by_kind["Deployment"])


@only_embedded
async def test_a_plan_asks_what_runs_and_what_would_become_of_it_at_once(apps: Apps, proxy: FaultyProxy) -> None:
    """Else it would take two waits for the cluster."""
    await apps.deploy()
    proxy.seen.clear()
    proxy.fail_when(lambda request: request.method == "GET" and not request.watches, Fault.LATE)
    changed = replace(WEB, image="registry.example/web:2")

    planning = asyncio.create_task(apps.workloads.plan(apps.principal, apps.namespace.slug, changed))
    await proxy.until_held()
    await proxy.until_seen(lambda request: request.dry_run and request.path.endswith("/pods"))
    await proxy.until_seen(lambda request: request.dry_run and "/deployments/" in request.path)
    proxy.heal()

    assert ChangeAction.UPDATE == (await planning).action


async def test_a_plan_says_that_it_would_take_the_disk_that_a_deleted_app_has_left(
    apps: Apps, cluster: Cluster
) -> None:
    """Kubernetes gives a pod of a StatefulSet whatever disk has the name."""
    database = replace(
        WEB, name="database", kind=WorkloadKind.STATEFUL_SERVICE, replicas=1, volumes=(Volume("data", "/data", 1),)
    )
    slug = apps.namespace.slug
    assert [] == await findings(apps, database)
    await apps.deploy(database)
    assert [] == await findings(apps, replace(database, image="registry.example/web:2"))
    await until(cluster, slug, lambda: bool(cluster.store.claims(slug)))
    await apps.workloads.delete(apps.principal, slug, "database")

    [found] = await findings(apps, database)

    assert ("workload", "volumes") == found.path
    assert "data-database-0" in found.message


async def findings(apps: Apps, spec: WorkloadSpec) -> list[PolicyFinding]:
    return list((await apps.workloads.plan(apps.principal, apps.namespace.slug, spec)).findings)


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
    assert "18 of 4 cores of CPU limit" in refusal.value.message
    assert "36 of 8 GiB of memory limit" in refusal.value.message


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
    fix = refusal.value.fix
    assert fix is not None
    assert (("workload", "surge"), "false") == (fix.path, fix.value)


async def test_a_full_quota_has_room_for_replacing_pods_in_place(apps: Apps) -> None:
    full = replace(WEB, size=WorkloadSize.XL, replicas=2)
    await apps.deploy_until_ready(full)

    await apps.deploy(replace(full, image="registry.example/web:2", surge=False))

    await apps.reach("web", WorkloadPhase.READY, revision=2)


async def test_a_single_pod_is_not_offered_to_be_stopped_first(apps: Apps) -> None:
    await apps.deploy_until_ready(replace(WEB, size=WorkloadSize.XL, replicas=1))
    await apps.deploy_until_ready(replace(WEB, name="other", size=WorkloadSize.XL, replicas=1))

    change = replace(WEB, size=WorkloadSize.XL, replicas=1, image="registry.example/web:2")
    with pytest.raises(QuotaExceeded) as refusal:
        await apps.workloads.plan(apps.principal, apps.namespace.slug, change)

    assert refusal.value.fix is None


async def test_an_object_of_somebody_elses_is_never_taken_over(apps: Apps, cluster: Cluster) -> None:
    await cluster.create(service_of_somebody_else(apps.namespace.slug))

    with pytest.raises(NameTaken) as refusal:
        await apps.workloads.plan(apps.principal, apps.namespace.slug, WEB)

    assert ("workload", "name") == refusal.value.path
    live = await cluster.get(Kind.SERVICE, apps.namespace.slug, "web")
    assert live is not None
    assert WORKLOAD_ID not in live["metadata"].get("labels", {})
