"""An exposure that is withdrawn goes whole, and takes nothing of anybody else with it.

By the app's developer, where the installation still offers the mode and where its setting has been removed since; or by
the setting alone, which is no reason to cut an app off.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.errors import MoorageError
from api.manifests.exposures.profiles import NOT_EXPOSED
from api.manifests.models import ExposureMode, WorkloadSpec
from api.workloads.models import ExposureReason, ExposureState
from api.workloads.reconciler.repairs import Outcome
from tests.api.clusters.embedded.client import Client
from tests.api.manifests.exposures.profiles import PRIVATE, PROFILES, PUBLIC
from tests.api.proxy import Fault, FaultyProxy
from tests.api.servers import only_embedded
from tests.api.workloads.apps import WEB, Apps
from tests.api.workloads.exposure.operators import DEVICE, FINALIZER, Operator, Settings, is_in, reach

Withdrawing = Callable[[], Apps]
"""Who withdraws it: a developer of the installation as it is by then."""
KINDS = (Kind.SERVICE, Kind.INGRESS, Kind.NETWORK_POLICY)
CARRIERS = [(PRIVATE, Kind.SERVICE, "web-private"), (PUBLIC, Kind.INGRESS, "web-public")]


@pytest.fixture(params=["offered", "setting removed"])
def withdrawing(request: pytest.FixtureRequest, apps: Apps, set_to: Settings) -> Withdrawing:
    return (lambda: apps) if request.param == "offered" else (lambda: set_to(NOT_EXPOSED))


async def objects(cluster: Cluster, slug: str) -> dict[tuple[str, str], str]:
    """What there is of the kinds that expose and shield, whoever made it: UIDs by kind and name."""
    found = [each for kind in KINDS for each in await cluster.list(kind, slug, label_selector="")]
    return {(each["kind"], each["metadata"]["name"]): each["metadata"]["uid"] for each in found}


@pytest.mark.parametrize(("spec", "kind", "name"), CARRIERS, ids=["private", "public"])
async def test_its_objects_and_its_opening_go_and_all_others_stay(
    apps: Apps,
    cluster: Cluster,
    somebody: Client,
    withdrawing: Withdrawing,
    *,
    spec: WorkloadSpec,
    kind: Kind,
    name: str,
) -> None:
    slug = apps.namespace.slug
    opening = {"metadata": {"name": "theirs"}, "spec": {"podSelector": {}, "policyTypes": ["Ingress"]}}
    assert (await somebody.post(f"/apis/networking.k8s.io/v1/namespaces/{slug}/networkpolicies", opening)).status == 201
    for each in (spec, replace(spec, name="shop"), replace(spec, name="web-private-shop")):
        await apps.deploy(replace(each, replicas=0))
    before = await objects(cluster, slug)

    await withdrawing().deploy(replace(WEB, replicas=0))

    after = await objects(cluster, slug)
    assert {(kind.kind, name), ("NetworkPolicy", "web-exposure")} == before.keys() - after.keys()
    assert after == {each: uid for each, uid in before.items() if each in after}


@pytest.mark.parametrize("spec", [PRIVATE, PUBLIC], ids=["private", "public"])
async def test_no_address_is_served_any_more(
    apps: Apps, operator: Operator, withdrawing: Withdrawing, spec: WorkloadSpec
) -> None:
    await apps.deploy(replace(spec, replicas=0))
    if spec is PRIVATE:
        await operator.report("True", "ProxyCreated", "ProxyCreated", hostname=DEVICE)
    else:
        await operator.assign("lb.example")
    before = await reach(apps, is_in(ExposureState.READY))

    later = withdrawing()
    await later.deploy(replace(WEB, replicas=0))
    after = await reach(later, is_in(ExposureState.NONE))

    assert None not in (before.address, before.url)
    assert (None, None, "Other apps of its namespace.") == (after.address, after.url, after.reachable_by)


async def test_the_opening_goes_at_once_where_an_operator_still_cleans_up(
    apps: Apps, cluster: Cluster, operator: Operator, withdrawing: Withdrawing
) -> None:
    slug = apps.namespace.slug
    await apps.deploy(replace(PRIVATE, replicas=0))
    await operator.report("True", "ProxyCreated", "ProxyCreated", hostname=DEVICE)
    await reach(apps, is_in(ExposureState.READY))
    await operator.hold(FINALIZER)

    later = withdrawing()
    await later.deploy(replace(WEB, replicas=0))
    removing = await reach(later, is_in(ExposureState.REMOVING))
    kept = await objects(cluster, slug)
    await operator.hold()
    await reach(later, is_in(ExposureState.NONE))

    assert (ExposureReason.BEING_REMOVED, None, None) == (removing.reason, removing.address, removing.url)
    assert (True, False) == (("Service", "web-private") in kept, ("NetworkPolicy", "web-exposure") in kept)
    assert ("Service", "web-private") not in await objects(cluster, slug)


async def test_the_reconciler_brings_nothing_of_it_back(apps: Apps, cluster: Cluster, withdrawing: Withdrawing) -> None:
    slug = apps.namespace.slug
    await apps.deploy(replace(PRIVATE, replicas=0))
    later = withdrawing()
    workload, _ = await later.deploy(replace(WEB, replicas=0))
    before = await objects(cluster, slug)

    outcome = await later.workloads.repairer.look_at((slug, str(workload.id)), lambda: None)

    assert (Outcome.SETTLED, before) == (outcome, await objects(cluster, slug))


async def test_an_exposed_app_that_is_deleted_leaves_no_way_in(
    apps: Apps, cluster: Cluster, withdrawing: Withdrawing
) -> None:
    slug = apps.namespace.slug
    before = await objects(cluster, slug)
    await apps.deploy(replace(PRIVATE, replicas=0))

    await withdrawing().workloads.delete(apps.principal, slug, "web")

    assert before == await objects(cluster, slug)


async def test_an_app_whose_exposure_is_offered_no_longer_stays_as_it_is_and_can_be_changed(
    apps: Apps, cluster: Cluster, set_to: Settings
) -> None:
    workload, _ = await apps.deploy(replace(PRIVATE, replicas=1))
    slug = apps.namespace.slug
    later = set_to(NOT_EXPOSED)

    repaired = await later.workloads.repairer.look_at((slug, str(workload.id)), lambda: None)
    await later.workloads.scale(apps.principal, slug, "web", 0)
    kept = (
        await cluster.get(Kind.SERVICE, slug, "web-private"),
        await cluster.get(Kind.NETWORK_POLICY, slug, "web-exposure"),
    )
    await later.deploy(replace(WEB, replicas=0))

    assert Outcome.SETTLED is repaired
    assert None not in kept
    assert None is await cluster.get(Kind.SERVICE, slug, "web-private")
    assert None is await cluster.get(Kind.NETWORK_POLICY, slug, "web-exposure")


@only_embedded
async def test_a_change_to_public_that_fails_leaves_nothing_public_where_private_is_withdrawn(
    apps: Apps, cluster: Cluster, proxy: FaultyProxy, set_to: Settings
) -> None:
    await apps.deploy(replace(PRIVATE, replicas=0))
    slug = apps.namespace.slug
    later = set_to(replace(NOT_EXPOSED, public=PROFILES["ingress without issuer"]))
    plan = await later.workloads.plan(apps.principal, slug, replace(PUBLIC, replicas=0))
    proxy.fail_when(
        lambda seen: seen.is_write and seen.method == "PATCH" and "/deployments/" in seen.path, Fault.DENIED
    )

    with pytest.raises(MoorageError):
        await later.workloads.deploy(apps.principal, plan.id, None)
    await later.workloads.settled()

    assert [] == await cluster.list(Kind.INGRESS, slug)
    assert None is await cluster.get(Kind.NETWORK_POLICY, slug, "web-exposure")
    assert ExposureMode.PRIVATE is (await later.get()).spec.exposure
