"""The class of load balancers is set to another one: a Service's never changes, so that one goes and another comes."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from api.authorization.authorizer import Authorizer
from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.database.database import Database
from api.errors import NameTaken, QuotaExceeded
from api.manifests.exposures.presets import exposures_of
from api.manifests.models import ChangeAction
from api.namespaces.models import NamespaceLimits
from api.namespaces.service import NamespaceService
from api.workloads.models import ExposureState
from api.workloads.reconciler.repairs import Outcome
from tests.api.clusters.embedded.client import Client
from tests.api.manifests.exposures.profiles import PRIVATE, Said
from tests.api.servers import only_embedded
from tests.api.waiting import until
from tests.api.workloads.apps import WEB, Apps
from tests.api.workloads.exposure.operators import FINALIZER, Operator, Settings

OTHER = exposures_of(Said(exposure_private="tailscale", exposure_private_class="vpn.example/other"), is_demo=False)
APP = replace(PRIVATE, replicas=0)


@pytest.fixture
def namespaces(database: Database, cluster: Cluster) -> NamespaceService:
    """Of namespaces that a single private address fills."""
    return NamespaceService(database, cluster, Authorizer(), NamespaceLimits(per_user=3, load_balancers=1))


@pytest.fixture
async def full(apps: Apps, cluster: Cluster, set_to: Settings) -> Apps:
    """The app is exposed by one class, its namespace is full, and the setting names another class since."""
    await apps.deploy(APP)
    await until(cluster, apps.namespace.slug, lambda: used(cluster, apps.namespace.slug) == "1")
    return set_to(OTHER)


def used(cluster: Cluster, slug: str) -> str | None:
    quotas = cluster.store.resource_quotas(slug)
    return next((each.status.used.get("services.loadbalancers") for each in quotas), None)


async def classes(cluster: Cluster, slug: str) -> dict[str, str]:
    """The load balancers that there are, by name, as the API server says."""
    services = await cluster.list(Kind.SERVICE, slug)
    found = {each["metadata"]["name"]: each["spec"].get("loadBalancerClass") for each in services}
    return {name: of for name, of in found.items() if of is not None}


def is_leaving(cluster: Cluster, slug: str) -> bool:
    return any(each.metadata.deletion_timestamp is not None for each in cluster.store.services(slug))


async def look(apps: Apps) -> Outcome:
    """What the reconciler makes of the app."""
    workload = await apps.get()
    return await apps.workloads.repairer.look_at((apps.namespace.slug, str(workload.id)), lambda: None)


async def test_another_class_takes_another_service(apps: Apps, cluster: Cluster, set_to: Settings) -> None:
    """A Service's class can never be changed: the plan says that one goes and another comes."""
    workload, _ = await apps.deploy(replace(PRIVATE, replicas=0))
    slug = apps.namespace.slug
    said = Said(exposure_private="tailscale", exposure_private_class="vpn.example/other")
    later = set_to(exposures_of(said, is_demo=False))

    plan = await later.workloads.plan(apps.principal, slug, replace(PRIVATE, replicas=0))
    repaired = await later.workloads.repairer.look_at((slug, str(workload.id)), lambda: None)

    services = {each.name: each.action for each in plan.diff if each.kind == "Service"}
    assert ChangeAction.DELETE is services.pop("web-private")
    assert ChangeAction.UNCHANGED is services.pop("web")
    ((name, action),) = services.items()
    assert (ChangeAction.CREATE, Outcome.REPAIRED) == (action, repaired)
    made = await cluster.get(Kind.SERVICE, slug, name)
    assert made is not None
    assert "vpn.example/other" == made["spec"]["loadBalancerClass"]
    assert ExposureState.PENDING is (await later.get()).exposure.state


async def test_a_full_namespace_takes_the_other_class_with_a_deploy(full: Apps, cluster: Cluster) -> None:
    plan = await full.workloads.plan(full.principal, full.namespace.slug, APP)
    await full.workloads.deploy(full.principal, plan.id, None)

    services = {each.action for each in plan.diff if each.kind == "Service" and each.name != "web"}
    assert {ChangeAction.DELETE, ChangeAction.CREATE} == services
    assert ["vpn.example/other"] == list((await classes(cluster, full.namespace.slug)).values())


async def test_a_full_namespace_takes_the_other_class_by_the_reconciler(full: Apps, cluster: Cluster) -> None:
    assert Outcome.REPAIRED is await look(full)
    assert ["vpn.example/other"] == list((await classes(cluster, full.namespace.slug)).values())


async def test_a_deploy_waits_for_the_operator_to_clean_up(full: Apps, cluster: Cluster, operator: Operator) -> None:
    await operator.hold(FINALIZER)
    deploying = asyncio.create_task(full.deploy(APP), name="deploy")
    await until(cluster, full.namespace.slug, lambda: is_leaving(cluster, full.namespace.slug))
    meanwhile = await classes(cluster, full.namespace.slug)

    await operator.hold()
    await deploying

    assert {"web-private": "vpn.example/mesh"} == meanwhile
    assert ["vpn.example/other"] == list((await classes(cluster, full.namespace.slug)).values())


async def test_a_deploy_is_refused_where_nobody_cleans_up_and_the_new_one_comes_once_somebody_does(
    full: Apps, cluster: Cluster, operator: Operator
) -> None:
    await operator.hold(FINALIZER)

    with pytest.raises(NameTaken) as refusal:
        await full.deploy(APP)
    await full.workloads.settled()
    held = await classes(cluster, full.namespace.slug)
    await operator.hold()
    repaired = await look(full)

    assert (("plan_id",), Outcome.REPAIRED) == (refusal.value.path, repaired)
    assert f"take the finalizer away ({FINALIZER})" in refusal.value.message
    assert {"web-private": "vpn.example/mesh"} == held
    assert ["vpn.example/other"] == list((await classes(cluster, full.namespace.slug)).values())


async def test_the_reconciler_repairs_the_rest_while_the_old_one_is_kept(
    full: Apps, cluster: Cluster, operator: Operator
) -> None:
    slug = full.namespace.slug
    await operator.hold(FINALIZER)
    await cluster.delete(Kind.DEPLOYMENT, slug, "web")

    with pytest.raises(NameTaken, match="of before is still being removed"):
        await look(full)
    with pytest.raises(NameTaken) as planned:
        await full.workloads.plan(full.principal, slug, APP)
    deployment = await cluster.get(Kind.DEPLOYMENT, slug, "web")
    held = await classes(cluster, slug)
    await operator.hold()

    assert (("workload", "exposure"), {"web-private": "vpn.example/mesh"}) == (planned.value.path, held)
    assert deployment is not None
    assert Outcome.REPAIRED is await look(full)


async def test_without_a_private_address_the_app_is_deployed_while_the_old_one_is_kept(
    full: Apps, operator: Operator
) -> None:
    await operator.hold(FINALIZER)

    workload, _ = await full.deploy(replace(WEB, replicas=0))

    assert ExposureState.REMOVING is workload.exposure.state
    await operator.hold()


@only_embedded
async def test_what_would_not_fit_with_the_old_one_gone_leaves_the_old_one_there(
    full: Apps, cluster: Cluster, somebody: Client
) -> None:
    slug = full.namespace.slug
    quota = next(each.metadata.name for each in cluster.store.resource_quotas(slug))
    hard = {"spec": {"hard": {"services.loadbalancers": "0"}}}
    await somebody.patch(f"/api/v1/namespaces/{slug}/resourcequotas/{quota}", hard)

    with pytest.raises(QuotaExceeded):
        await full.deploy(APP)

    assert {"web-private": "vpn.example/mesh"} == await classes(cluster, slug)
