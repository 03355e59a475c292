"""What does not fit the namespace's quota is told at the field that asks for it, with a way out that there is."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest

from api.authorization.authorizer import Authorizer
from api.clusters.cluster import Cluster
from api.clusters.failures import failure
from api.clusters.objects import Kind
from api.database.database import Database
from api.errors import FieldPath, InvalidInputs, QuotaExceeded
from api.manifests.exposures.profiles import Exposures
from api.manifests.models import Autoscaling, Resources, SecretFile, Volume, WorkloadKind, WorkloadSize, WorkloadSpec
from api.namespaces.models import NamespaceLimits
from api.namespaces.service import NamespaceService
from api.workloads.refusals import about_fields_of
from tests.api.clusters.embedded.client import Client
from tests.api.manifests.exposures.profiles import PRIVATE, PROFILES
from tests.api.servers import only_embedded
from tests.api.waiting import PATIENCE, until
from tests.api.workloads.apps import WEB, Apps

DATABASE = replace(WEB, name="db", kind=WorkloadKind.STATEFUL_SERVICE, volumes=(Volume("data", "/data", 30),))
JOB = WorkloadSpec(name="job", image="registry.example/web:1", kind=WorkloadKind.JOB)
HUGE = Resources(3000, 6000, 100, 200)


async def refused(apps: Apps, spec: WorkloadSpec) -> QuotaExceeded:
    with pytest.raises(QuotaExceeded) as refusal:
        await apps.workloads.plan(apps.principal, apps.namespace.slug, spec)
    return refusal.value


@only_embedded
async def test_disks_are_about_the_volumes(apps: Apps) -> None:
    found = await refused(apps, replace(DATABASE, replicas=1))

    assert (("workload", "volumes"), "requests.storage") == (found.path, found.resource)
    assert "Choose smaller volumes" in found.message


@only_embedded
async def test_a_run_that_is_too_big_is_about_its_size(apps: Apps) -> None:
    found = await refused(apps, replace(JOB, size=None, resources=HUGE))

    assert ("workload", "resources") == found.path
    assert "A run of it does not fit" in found.message
    assert "Choose smaller resources, or make room in the namespace." in found.message


@only_embedded
async def test_each_field_that_asks_for_too_much_is_told(apps: Apps) -> None:
    with pytest.raises(InvalidInputs) as refusal:
        await apps.workloads.plan(
            apps.principal, apps.namespace.slug, replace(DATABASE, size=WorkloadSize.XL, replicas=9)
        )

    found = {each.path: each.resource for each in refusal.value.failures if isinstance(each, QuotaExceeded)}
    assert {("workload", "replicas"): "limits.cpu", ("workload", "volumes"): "requests.storage"} == found


@only_embedded
async def test_a_restart_without_room_offers_no_change_of_a_field_that_it_does_not_have(apps: Apps) -> None:
    await apps.deploy_until_ready(replace(WEB, size=WorkloadSize.XL, replicas=2))

    with pytest.raises(QuotaExceeded, match="Scale down by one first") as refusal:
        await apps.workloads.restart(apps.principal, apps.namespace.slug, "web")

    assert (("name",), None) == (refusal.value.path, refusal.value.fix)


async def test_a_quota_of_somebody_elses_is_told_at_the_field_too(apps: Apps, somebody: Client) -> None:
    """The forecast knows nothing of it: the dry run finds it, once the API server knows of it."""
    quota = {"metadata": {"name": "few"}, "spec": {"hard": {"count/services": "0"}}}
    await somebody.post(f"/api/v1/namespaces/{apps.namespace.slug}/resourcequotas", quota)

    async def planned_until_refused() -> None:
        async with asyncio.timeout(PATIENCE):
            while True:
                await apps.workloads.plan(apps.principal, apps.namespace.slug, WEB)

    with pytest.raises(QuotaExceeded, match="Do without a port, or make room in the namespace") as refusal:
        await planned_until_refused()

    assert (("workload", "port"), "count/services") == (refusal.value.path, refusal.value.resource)


class TestPrivateAddresses:
    @pytest.fixture
    def exposures(self) -> Exposures:
        return Exposures(private=replace(PROFILES["tailscale"], class_name="vpn.example/mesh"), public="not here")

    @pytest.fixture
    def namespaces(self, database: Database, cluster: Cluster, exposures: Exposures) -> NamespaceService:
        limits = NamespaceLimits(load_balancers=1)
        return NamespaceService(database, cluster, Authorizer(), limits)

    @only_embedded
    async def test_one_more_than_there_are_is_about_the_exposure(self, apps: Apps, cluster: Cluster) -> None:
        slug = apps.namespace.slug
        await apps.deploy(replace(PRIVATE, replicas=0))

        def used() -> dict[str, str]:
            return next((dict(each.status.used) for each in cluster.store.resource_quotas(slug)), {})

        await until(cluster, slug, lambda: used().get("services.loadbalancers") == "1")

        found = await refused(apps, replace(PRIVATE, name="two", replicas=0))

        assert (("workload", "exposure"), "services.loadbalancers") == (found.path, found.resource)
        assert "Do without a private address" in found.message
        assert await cluster.get(Kind.SERVICE, slug, "two-private") is None


@pytest.mark.parametrize(
    ("spec", "resource", "path"),
    [
        (WEB, "limits.cpu", ("size",)),
        (replace(WEB, size=None, resources=HUGE), "requests.memory", ("resources",)),
        (WEB, "pods", ("replicas",)),
        (replace(WEB, autoscaling=Autoscaling(2, 4)), "count/pods", ("autoscaling", "min_replicas")),
        (JOB, "pods", ()),
        (DATABASE, "gold.storageclass.storage.k8s.io/requests.storage", ("volumes",)),
        (DATABASE, "persistentvolumeclaims", ("volumes",)),
        (PRIVATE, "services.nodeports", ("exposure",)),
        (WEB, "services", ("port",)),
        (replace(WEB, secret_files=(SecretFile("/k"),)), "secrets", ("secret_files",)),
        (WEB, "configmaps", ("files",)),
        (WEB, "requests.nvidia.com/gpu", ()),
        (WEB, "count/deployments.apps", ()),
    ],
)
def test_a_refusal_of_the_cluster_is_told_at_the_field_that_asks_for_the_resource(
    spec: WorkloadSpec, resource: str, path: FieldPath
) -> None:
    amounts = f"requested: {resource}=1, used: {resource}=2, limited: {resource}=2"
    said = f'pods "web" is forbidden: exceeded quota: q, {amounts}'

    with pytest.raises(QuotaExceeded, match=r"[Mm]ake room in the namespace") as refusal, about_fields_of(spec):
        raise failure(403, json.dumps({"message": said}).encode(), {})

    assert path == refusal.value.path
