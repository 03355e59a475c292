"""A dry run changes nothing, and is refused where the real thing would be."""

from __future__ import annotations

from typing import Any

import pytest

from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.errors import ClusterRefused, PolicyViolation, QuotaExceeded
from tests.api.clusters.contract.manifests import deployment, environment_of, pod, quota, service
from tests.api.clusters.embedded.client import Client

pytestmark = pytest.mark.usefixtures("ready_for_pods")


@pytest.fixture
async def counted_quota(cluster: Cluster, namespace: str, somebody: Client) -> None:
    """A quota of one CPU and 1 Gi, once the API server counts by it."""
    hard = {"requests.cpu": "1", "requests.memory": "1Gi"}
    await cluster.create(quota(namespace, **hard))
    path = f"/api/v1/namespaces/{namespace}/resourcequotas"
    await somebody.until(path, "share", lambda live: "used" in live.get("status", {}))


def requests(cpu: str, memory: str) -> dict[str, Any]:
    return {"resources": {"requests": {"cpu": cpu, "memory": memory}}}


async def test_a_creation_that_is_only_tried_leaves_nothing(cluster: Cluster, namespace: str) -> None:
    tried = await cluster.create(service(namespace), dry_run=True)

    assert "web" == tried.object["metadata"]["name"]
    assert await cluster.get(Kind.SERVICE, namespace, "web") is None


async def test_an_apply_that_is_only_tried_tells_the_result_and_leaves_what_is(
    cluster: Cluster, namespace: str
) -> None:
    await cluster.create(deployment(namespace, A="1"))
    before = await cluster.get(Kind.DEPLOYMENT, namespace, "web")
    assert before is not None

    tried = await cluster.apply(deployment(namespace, A="2"), dry_run=True)

    after = await cluster.get(Kind.DEPLOYMENT, namespace, "web")
    assert after is not None
    assert ({"A": "2"}, {"A": "1"}) == (environment_of(tried.object), environment_of(after))
    assert before["metadata"]["generation"] == after["metadata"]["generation"]


async def test_a_pod_beyond_the_quota_is_refused_with_the_amounts(
    cluster: Cluster, namespace: str, counted_quota: None
) -> None:
    with pytest.raises(QuotaExceeded) as refused:
        await cluster.create(pod(namespace, **requests("2", "1Gi")), dry_run=True)

    told = refused.value
    assert ("requests.cpu", "2", "0", "1") == (told.resource, told.requested, told.used, told.limit)


async def test_a_pod_beyond_the_quota_in_two_resources_is_refused_by_one_of_them(
    cluster: Cluster, namespace: str, counted_quota: None
) -> None:
    with pytest.raises(QuotaExceeded) as refused:
        await cluster.create(pod(namespace, **requests("2", "2Gi")), dry_run=True)

    assert {"requests.cpu": ("2", "1"), "requests.memory": ("2Gi", "1Gi")}[refused.value.resource] == (
        refused.value.requested,
        refused.value.limit,
    )


async def test_a_pod_without_requests_is_refused_where_a_quota_counts_them(
    cluster: Cluster, namespace: str, counted_quota: None
) -> None:
    with pytest.raises(PolicyViolation, match=r"must specify requests\.cpu") as refused:
        await cluster.create(pod(namespace), dry_run=True)

    assert "share" == refused.value.policy


@pytest.mark.parametrize("namespace", [{"pod-security.kubernetes.io/enforce": "restricted"}], indirect=True)
async def test_a_pod_that_breaks_pod_security_is_refused_with_every_reason(cluster: Cluster, namespace: str) -> None:
    with pytest.raises(PolicyViolation) as refused:
        await cluster.create(pod(namespace), dry_run=True)

    assert "Pod Security" == refused.value.policy
    assert [
        "allowPrivilegeEscalation != false",
        "unrestricted capabilities",
        "runAsNonRoot != true",
        "seccompProfile",
    ] == [violation.partition(" (")[0] for violation in refused.value.violations]


@pytest.mark.parametrize("namespace", [{"pod-security.kubernetes.io/warn": "restricted"}], indirect=True)
async def test_a_deployment_that_breaks_pod_security_passes_with_a_warning(cluster: Cluster, namespace: str) -> None:
    tried = await cluster.create(deployment(namespace), dry_run=True)

    (warning,) = tried.warnings
    assert warning.startswith('would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false')


async def test_a_field_that_breaks_a_rule_is_named(cluster: Cluster, namespace: str) -> None:
    with pytest.raises(ClusterRefused, match=r"spec\.ports\[0\]\.port"):
        await cluster.create(service(namespace, port=70_000), dry_run=True)


async def test_a_field_that_does_not_exist_is_named(cluster: Cluster, namespace: str) -> None:
    with pytest.raises(ClusterRefused, match="there is no such field") as refused:
        await cluster.create(pod(namespace, imagee="typo"), dry_run=True)

    assert ["spec.containers[0].imagee"] == [each.field for each in refused.value.fields]
