"""What the API server refuses for other reasons than the object itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from api.clusters.cluster import Cluster
from api.clusters.models import Kubeconfig
from api.clusters.objects import Kind
from api.errors import ClusterRefused, NamespaceTerminating, NotThere, Unavailable
from tests.api.clusters.contract.manifests import namespace_object, service
from tests.api.clusters.embedded.client import Client
from tests.api.proxy import FaultyProxy
from tests.api.servers import PATIENT, write_kubeconfig


@pytest.fixture
async def terminating(cluster: Cluster, somebody: Client) -> AsyncIterator[str]:
    """A namespace that is being deleted, and kept from its end by an object in it."""
    name = f"contract-{uuid4().hex[:8]}"
    await cluster.create(namespace_object(name))
    kept = service(name, "kept")
    kept["metadata"]["finalizers"] = ["example.com/hold"]
    await cluster.create(kept)
    await cluster.delete(Kind.NAMESPACE, None, name)
    await somebody.until("/api/v1/namespaces", name, lambda live: live["status"]["phase"] == "Terminating")
    yield name
    await cluster.apply(service(name, "kept"))


async def opened_as(token: str, proxy: FaultyProxy, folder: Path) -> Kubeconfig:
    kubeconfig = write_kubeconfig(folder / f"kubeconfig-{uuid4().hex}", proxy.url, token)
    return Kubeconfig(kubeconfig)


async def test_nothing_new_is_put_into_a_namespace_that_is_being_deleted(cluster: Cluster, terminating: str) -> None:
    with pytest.raises(NamespaceTerminating):
        await cluster.create(service(terminating))


async def test_a_dry_run_tells_that_the_namespace_is_being_deleted(cluster: Cluster, terminating: str) -> None:
    with pytest.raises(NamespaceTerminating):
        await cluster.apply(service(terminating), dry_run=True)


async def test_a_namespace_that_is_absent_is_told_apart(cluster: Cluster) -> None:
    with pytest.raises(NotThere, match='namespaces "nowhere" not found'):
        await cluster.create(service("nowhere"))


@pytest.mark.parametrize("name", ["..", "."])
async def test_a_name_that_would_lead_elsewhere_is_never_sent(
    cluster: Cluster, namespace: str, proxy: FaultyProxy, name: str
) -> None:
    before = len(proxy.seen)

    with pytest.raises(ClusterRefused, match="no name of a Kubernetes object"):
        await cluster.delete(Kind.SERVICE, namespace, name)

    assert [] == [seen for seen in proxy.seen[before:] if seen.is_write]


async def test_credentials_that_are_not_taken_are_told(proxy: FaultyProxy, tmp_path: Path) -> None:
    async with Cluster.open(await opened_as("nobody's", proxy, tmp_path), limit=PATIENT) as stranger:
        with pytest.raises(Unavailable, match="does not accept Moorage's credentials") as refused:
            await stranger.create(service("default"))

        assert ("cluster", False) == (refused.value.part, stranger.reachable)
        assert "does not accept Moorage's credentials" in (stranger.message or "")


@pytest.mark.devcluster
@pytest.mark.parametrize("api_server", ["devcluster"], indirect=True)
async def test_a_right_that_is_missing_is_named(
    somebody: Client, namespace: str, ready_for_pods: None, proxy: FaultyProxy, tmp_path: Path
) -> None:
    """By RBAC; the embedded cluster has one user, who may do everything."""
    accounts = f"/api/v1/namespaces/{namespace}/serviceaccounts"
    request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    token = (await somebody.post(f"{accounts}/default/token", request)).body["status"]["token"]

    async with Cluster.open(await opened_as(token, proxy, tmp_path), limit=PATIENT) as powerless:
        with pytest.raises(Unavailable, match=r'lacks a right .* cannot create resource "services"') as refused:
            await powerless.create(service(namespace))

        assert "cluster" == refused.value.part
        assert "lacks a right in the cluster: it cannot list resource" in (powerless.message or "")
