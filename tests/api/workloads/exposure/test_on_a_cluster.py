"""Apps exposed on a cluster, where a test does by hand what an operator would do.

No operator runs on the development cluster, and none of the embedded one's acts on the classes that are used here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from api.clusters.cluster import Cluster
from api.clusters.models import Kubeconfig
from api.clusters.objects import MANAGED_BY, MANAGER, Kind
from api.errors import InvalidInputs, NameTaken
from api.manifests.exposures.profiles import Exposures
from api.manifests.models import ExposureMode
from api.workloads.models import ExposureReason, ExposureState, WorkloadPhase
from tests.api.clusters.embedded.client import Client
from tests.api.manifests.exposures.profiles import PRIVATE, PROFILES, PUBLIC
from tests.api.proxy import FaultyProxy
from tests.api.servers import PATIENT, ApiServer, only_embedded, only_real, write_kubeconfig
from tests.api.waiting import until
from tests.api.workloads.apps import WEB, Apps
from tests.api.workloads.exposure.operators import DEVICE, FINALIZER, Operator, is_in, reach


async def test_a_private_address_comes_up_as_the_operator_reports_it(apps: Apps, operator: Operator) -> None:
    workload, _ = await apps.deploy(replace(PRIVATE, replicas=1))
    assert (ExposureState.PENDING, ExposureReason.AWAITING_ADDRESS) == (
        workload.exposure.state,
        workload.exposure.reason,
    )

    await operator.report("False", "ProxyPending", "waiting for proxy pod to finish auth")
    pending = await reach(apps, lambda exposure: exposure.reason is ExposureReason.OPERATOR_REPORTS)
    await operator.report("True", "ProxyCreated", "ProxyCreated", hostname=DEVICE)
    ready = await reach(apps, lambda each: each.state is ExposureState.READY and each.port_answers is True)

    assert "finish auth" in pending.message
    assert (f"http://{DEVICE}:8080", None) == (ready.url, ready.reason)


async def test_a_private_address_counts_as_a_load_balancer_and_takes_no_node_port(apps: Apps, cluster: Cluster) -> None:
    slug = apps.namespace.slug
    await apps.deploy(replace(PRIVATE, replicas=0))

    def used() -> dict[str, str]:
        return next((dict(each.status.used) for each in cluster.store.resource_quotas(slug)), {})

    await until(cluster, slug, lambda: used().get("services.loadbalancers") == "1")
    service = await cluster.get(Kind.SERVICE, slug, "web-private")

    assert "0" == used()["services.nodeports"]
    assert service is not None
    assert ("vpn.example/mesh", False, [None]) == (
        service["spec"]["loadBalancerClass"],
        service["spec"]["allocateLoadBalancerNodePorts"],
        [port.get("nodePort") for port in service["spec"]["ports"]],
    )


async def test_the_quota_lets_no_load_balancer_of_the_clouds_usual_sort_pass(apps: Apps, somebody: Client) -> None:
    spec = {"type": "LoadBalancer", "ports": [{"port": 80}]}
    answer = await somebody.post(
        f"/api/v1/namespaces/{apps.namespace.slug}/services", {"metadata": {"name": "plain"}, "spec": spec}
    )

    assert 403 == answer.status
    assert "services.nodeports" in answer.body["message"]


async def test_a_public_address_is_an_ingress_of_a_host_of_its_own(apps: Apps, operator: Operator) -> None:
    await apps.deploy_until_ready(replace(PUBLIC, replicas=1))

    await operator.assign("lb.example")
    exposure = await reach(apps, is_in(ExposureState.READY))

    assert f"https://web-{apps.namespace.slug}.apps.example" == exposure.url
    assert exposure.reachable_by == "Anybody on the internet."


async def test_an_exposed_app_would_not_be_changed_by_deploying_it_again(apps: Apps) -> None:
    for spec in (PRIVATE, PUBLIC):
        await apps.deploy(replace(spec, replicas=0))

        plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, replace(spec, replicas=0))

        assert {"unchanged"} == {each.action for each in plan.diff}


async def test_exposing_an_app_replaces_none_of_its_pods(apps: Apps) -> None:
    await apps.deploy_until_ready(replace(WEB, replicas=1))
    before = [pod.uid for pod in await apps.pods()]

    await apps.deploy(replace(PRIVATE, replicas=1))
    await apps.reach("web", WorkloadPhase.READY, revision=2)

    assert before == [pod.uid for pod in await apps.pods()]
    assert ["exposure"] == [change.path for change in (await apps.revisions())[0].changes]


async def test_an_address_is_being_removed_until_its_operator_has_cleaned_up(apps: Apps, operator: Operator) -> None:
    await apps.deploy(replace(PRIVATE, replicas=0))
    await operator.hold(FINALIZER)

    await apps.deploy(replace(WEB, replicas=0))
    removing = await reach(apps, is_in(ExposureState.REMOVING))
    with pytest.raises(NameTaken) as refusal:
        await apps.deploy(replace(PRIVATE, replicas=0))
    await operator.hold()
    await reach(apps, is_in(ExposureState.NONE))
    await apps.deploy(replace(PRIVATE, replicas=0))

    assert ExposureReason.BEING_REMOVED is removing.reason
    assert (("workload", "exposure"), True) == (refusal.value.path, "still being removed" in refusal.value.message)


async def test_rolling_back_takes_up_the_exposure_of_then(apps: Apps, cluster: Cluster) -> None:
    await apps.deploy(replace(PUBLIC, replicas=0))
    await apps.deploy(replace(WEB, replicas=0))

    plan = await apps.workloads.plan_rollback(apps.principal, apps.namespace.slug, "web", 1)
    workload, _ = await apps.workloads.deploy(apps.principal, plan.id, None)

    assert [("exposure", '"none"', '"public"')] == [(each.path, each.before, each.after) for each in plan.changes]
    assert ExposureMode.PUBLIC is workload.spec.exposure
    assert await cluster.get(Kind.INGRESS, apps.namespace.slug, "web-public") is not None


@only_embedded
async def test_no_app_gets_a_host_that_could_be_another_tenants(apps: Apps, cluster: Cluster) -> None:
    """Two namespaces that drew the same suffix, one in 2^30: here by hand."""
    label, _, suffix = apps.namespace.slug.partition("-")
    other = {"name": f"my-{label}-{suffix}", "labels": {MANAGED_BY: MANAGER}}
    created = await cluster.create({"apiVersion": "v1", "kind": "Namespace", "metadata": other})
    await cluster.wait_until_seen(Kind.NAMESPACE, created.object["metadata"]["resourceVersion"])

    with pytest.raises(NameTaken) as refusal:
        await apps.deploy(replace(PUBLIC, name="web-my", replicas=0))
    await apps.deploy(replace(PUBLIC, replicas=0))
    await apps.deploy(replace(WEB, name="web-my", replicas=0))

    assert ("workload", "name") == refusal.value.path


class TestNothingOffered:
    @pytest.fixture
    def exposures(self) -> Exposures:
        return Exposures(private="Set MOORAGE_EXPOSURE_PRIVATE.", public=PROFILES["gateway"])

    async def test_what_is_not_offered_is_refused_by_the_name_of_the_field_with_the_setting(self, apps: Apps) -> None:
        with pytest.raises(InvalidInputs) as refusal:
            await apps.deploy(PRIVATE)

        (failure,) = refusal.value.failures
        assert (("workload", "exposure"), "Set MOORAGE_EXPOSURE_PRIVATE.") == (failure.path, failure.message)

    async def test_routes_are_refused_where_the_cluster_knows_of_none(self, apps: Apps, cluster: Cluster) -> None:
        with pytest.raises(InvalidInputs) as refusal:
            await apps.deploy(PUBLIC)

        (failure,) = refusal.value.failures
        assert ("workload", "exposure") == failure.path
        assert "The cluster serves no HTTPRoute" in failure.message
        assert cluster.reachable
        assert cluster.store.synced
        offers = {offer.mode: offer.reason for offer in apps.workloads.exposure_offers()}
        assert (None, failure.message) == (offers[ExposureMode.NONE], offers[ExposureMode.PUBLIC])

    async def test_an_app_that_asks_for_none_is_deployed(self, apps: Apps) -> None:
        workload, _ = await apps.deploy(replace(WEB, replicas=0))

        assert ExposureState.NONE is workload.exposure.state


HTTP_ROUTES = "/apis/gateway.networking.k8s.io/v1"
CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
CRD = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {
        "name": "httproutes.gateway.networking.k8s.io",
        "annotations": {"api-approved.kubernetes.io": "https://github.com/kubernetes-sigs/gateway-api/pull/2466"},
    },
    "spec": {
        "group": "gateway.networking.k8s.io",
        "scope": "Namespaced",
        "names": {"kind": "HTTPRoute", "plural": "httproutes", "singular": "httproute"},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "subresources": {"status": {}},
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "properties": {
                            "spec": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
                            "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
                        },
                    }
                },
            }
        ],
    },
}
"""As much of the Gateway API's own as makes the API server take such objects; their fields it does not check."""


@asynccontextmanager
async def installed(somebody: Client) -> AsyncIterator[None]:
    """The API server serves HTTPRoutes meanwhile."""
    created = await somebody.post(CRDS, CRD)
    assert created.status == 201
    name = created.body["metadata"]["name"]
    await somebody.until(CRDS, name, _is_established)
    yield
    await somebody.delete(f"{CRDS}/{name}")
    await somebody.until_gone(CRDS, fieldSelector=f"metadata.name={name}")


@only_real
async def test_an_extension_that_comes_and_goes_while_we_run_is_served_for_as_long_as_it_is_there(
    api_server: ApiServer, proxy: FaultyProxy, somebody: Client, tmp_path: Path
) -> None:
    kubeconfig = write_kubeconfig(tmp_path / "kubeconfig", proxy.url, api_server.token)
    async with Cluster.open(Kubeconfig(kubeconfig), stall=1, limit=PATIENT) as cluster:
        before = cluster.serves(Kind.HTTP_ROUTE)
        async with installed(somebody):
            await until(cluster, "none", lambda: cluster.serves(Kind.HTTP_ROUTE))
        await until(cluster, "none", lambda: not cluster.serves(Kind.HTTP_ROUTE))

        assert (False, True) == (before, cluster.reachable)


@only_real
class TestRoutes:
    @pytest.fixture
    def exposures(self) -> Exposures:
        return Exposures(private="not here", public=PROFILES["gateway"])

    @pytest.fixture(autouse=True)
    async def served(self, somebody: Client) -> AsyncIterator[None]:
        async with installed(somebody):
            yield

    async def test_a_route_is_ready_once_the_gateway_takes_it(
        self, served: None, apps: Apps, cluster: Cluster, somebody: Client
    ) -> None:
        await apps.deploy(replace(PUBLIC, replicas=0))
        path = f"{HTTP_ROUTES}/namespaces/{apps.namespace.slug}/httproutes/web-public"
        conditions = [
            {"type": kind, "status": "True", "reason": "x", "observedGeneration": 1}
            for kind in ("Accepted", "ResolvedRefs")
        ]

        parent = {"parentRef": {"namespace": "edge", "name": "web"}, "controllerName": "example.com/gateway"}
        await somebody.patch(f"{path}/status", {"status": {"parents": [{**parent, "conditions": conditions}]}})
        exposure = await reach(apps, is_in(ExposureState.READY))
        await apps.deploy(replace(WEB, replicas=0))

        assert f"https://web-{apps.namespace.slug}.apps.example" == exposure.url
        assert 404 == (await somebody.get(path)).status


def _is_established(crd: dict[str, object]) -> bool:
    status = crd.get("status")
    conditions = (status.get("conditions") or ()) if isinstance(status, dict) else ()
    return any(each["type"] == "Established" and each["status"] == "True" for each in conditions)
