"""A service account that has rights in two namespaces of the real API server, and none in the cluster."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest
import yaml

from api.clusters.cluster import Cluster
from api.clusters.models import Kubeconfig
from api.clusters.objects import Kind
from api.errors import Unavailable
from tests.api.clusters.contract.manifests import deployment, namespace_object
from tests.api.clusters.embedded.client import Client
from tests.api.proxy import FaultyProxy
from tests.api.servers import PATIENT, only_real, write_kubeconfig
from tests.api.waiting import PATIENCE, until

RBAC = "/apis/rbac.authorization.k8s.io/v1"
README = Path(__file__).parents[3] / "README.md"


def role() -> dict[str, object]:
    """The Role that the README tells administrators to make."""
    _, _, after = README.read_text().partition("kind: Role\n")
    document, _, _ = after.partition("```")
    rules: dict[str, object] = yaml.safe_load(document)
    return {"rules": rules["rules"]}


@asynccontextmanager
async def made(somebody: Client, count: int) -> AsyncIterator[list[str]]:
    """Namespaces that Moorage made."""
    names = [f"narrow-{uuid4().hex[:8]}" for _ in range(count)]
    for name in names:
        assert (await somebody.post("/api/v1/namespaces", namespace_object(name))).status == 201
    yield names
    for name in names:
        await somebody.send("DELETE", f"/api/v1/namespaces/{name}")


async def admitted(somebody: Client, shops: Sequence[str], proxy: FaultyProxy, folder: Path) -> Kubeconfig:
    """The way of a service account of the first of `shops` that may work in each of them."""
    home = shops[0]
    await somebody.post(f"/api/v1/namespaces/{home}/serviceaccounts", {"metadata": {"name": "moorage"}})
    subject = {"kind": "ServiceAccount", "name": "moorage", "namespace": home}
    for shop in shops:
        here = f"{RBAC}/namespaces/{shop}"
        created = await somebody.post(f"{here}/roles", {"metadata": {"name": "moorage"}, **role()})
        reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "moorage"}
        binding = {"metadata": {"name": "moorage"}, "subjects": [subject], "roleRef": reference}
        bound = await somebody.post(f"{here}/rolebindings", binding)
        assert (201, 201) == (created.status, bound.status)
    place = f"/api/v1/namespaces/{home}/serviceaccounts/moorage/token"
    token = (await somebody.post(place, {"spec": {}})).body["status"]["token"]
    kubeconfig = write_kubeconfig(folder / "narrow", proxy.url, token)
    return Kubeconfig(kubeconfig)


@pytest.fixture
async def shops(somebody: Client) -> AsyncIterator[tuple[str, str, str]]:
    """Three namespaces that Moorage made."""
    async with made(somebody, 3) as (first, second, third):
        yield first, second, third


@pytest.fixture
async def source(shops: tuple[str, str, str], somebody: Client, proxy: FaultyProxy, tmp_path: Path) -> Kubeconfig:
    """The way of a service account of the first that may work in the first and the second."""
    return await admitted(somebody, shops[:2], proxy, tmp_path)


@only_real
async def test_rights_in_the_namespaces_of_ours_are_enough(
    shops: tuple[str, str, str], source: Kubeconfig, somebody: Client
) -> None:
    first, second, third = shops
    await somebody.post(f"/apis/apps/v1/namespaces/{third}/deployments", deployment(third, "hidden"))
    async with Cluster.open(source, limit=PATIENT) as cluster:
        at_first = cluster.message
        await cluster.follow_namespaces({first, second})
        await until(cluster, first, lambda: cluster.reachable and cluster.store.synced)

        created = [(await cluster.create(deployment(slug, "web"))).object for slug in (first, second)]

        for slug, each in zip((first, second), created, strict=True):
            version = each["metadata"]["resourceVersion"]
            assert await cluster.wait_until_seen(Kind.DEPLOYMENT, version, namespace=slug, timeout=PATIENCE)
        known = [[each.metadata.name for each in cluster.store.deployments(slug)] for slug in shops]
        assert "lacks a right in the cluster" in (at_first or "")
        assert [["web"], ["web"], []] == known
        assert all(cluster.store.namespace(slug) for slug in (first, second))


@only_real
async def test_ten_namespaces_leave_connections_for_calls(somebody: Client, proxy: FaultyProxy, tmp_path: Path) -> None:
    """Each of them is watched for each kind, which is two hundred connections."""
    async with (
        made(somebody, 10) as shops,
        Cluster.open(await admitted(somebody, shops, proxy, tmp_path), limit=PATIENT) as cluster,
    ):
        await cluster.follow_namespaces(shops)
        await until(cluster, shops[0], lambda: cluster.reachable and cluster.store.synced)

        created = [(await cluster.create(deployment(shop, "web"))).object for shop in shops]

        for shop, each in zip(shops, created, strict=True):
            version = each["metadata"]["resourceVersion"]
            assert await cluster.wait_until_seen(Kind.DEPLOYMENT, version, namespace=shop, timeout=PATIENCE)


@only_real
async def test_a_namespace_that_may_not_be_created_is_refused_by_the_right_that_is_missing(source: Kubeconfig) -> None:
    async with Cluster.open(source, limit=PATIENT) as cluster:
        with pytest.raises(Unavailable, match='it cannot create resource "namespaces"'):
            await cluster.create(namespace_object("narrow-refused"))


@only_real
async def test_a_namespace_that_takes_its_rights_away_is_no_trouble_of_the_other(
    shops: tuple[str, str, str], source: Kubeconfig, somebody: Client, proxy: FaultyProxy
) -> None:
    first, second, _ = shops
    async with Cluster.open(source, limit=PATIENT) as cluster:
        await cluster.follow_namespaces({first, second})
        await until(cluster, first, lambda: cluster.reachable and cluster.store.synced)
        for slug in (first, second):
            await cluster.create(deployment(slug, "web"))
        await until(cluster, second, lambda: bool(cluster.store.deployments(second)))

        await somebody.send("DELETE", f"{RBAC}/namespaces/{second}/rolebindings/moorage")
        proxy.break_connections()

        await until(cluster, second, lambda: not cluster.store.deployments(second))
        await until(cluster, first, lambda: cluster.reachable)
        assert ["web"] == [each.metadata.name for each in cluster.store.deployments(first)]
