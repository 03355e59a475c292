"""Creating, applying and deleting: nothing foreign is adopted, and nothing but what we set is changed."""

from __future__ import annotations

import pytest

from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.errors import NameTaken
from tests.api.clusters.contract.manifests import deployment, environment_of, namespace_object, secret, service
from tests.api.clusters.embedded.client import Client


async def test_an_object_of_somebody_else_is_never_taken_over(
    cluster: Cluster, namespace: str, somebody: Client
) -> None:
    foreign = {"metadata": {"name": "web"}, "data": {"KEY": "dGhlaXJz"}}
    await somebody.post(f"/api/v1/namespaces/{namespace}/secrets", foreign)

    with pytest.raises(NameTaken, match='secrets "web" already exists'):
        await cluster.create(secret(namespace, "ours"))

    live = await cluster.get(Kind.SECRET, namespace, "web")
    assert live is not None
    assert ({"KEY": "dGhlaXJz"}, {}) == (live["data"], live["metadata"].get("labels", {}))


async def test_a_namespace_of_somebody_else_is_never_taken_over(cluster: Cluster) -> None:
    with pytest.raises(NameTaken):
        await cluster.create(namespace_object("default"))


async def test_a_dry_run_of_a_creation_tells_that_the_name_is_taken(cluster: Cluster, namespace: str) -> None:
    await cluster.create(service(namespace))

    with pytest.raises(NameTaken):
        await cluster.create(service(namespace), dry_run=True)


async def test_what_a_creation_set_is_removed_by_an_apply_without_it(cluster: Cluster, namespace: str) -> None:
    await cluster.create(deployment(namespace, A="1", B="2"))

    applied = await cluster.apply(deployment(namespace, A="1"))

    assert {"A": "1"} == environment_of(applied.object)


async def test_an_apply_creates_what_is_absent_and_then_changes_it(cluster: Cluster, namespace: str) -> None:
    created = (await cluster.apply(service(namespace, port=80))).object
    changed = (await cluster.apply(service(namespace, port=81))).object

    assert created["metadata"]["uid"] == changed["metadata"]["uid"]
    assert [81] == [port["port"] for port in changed["spec"]["ports"]]


async def test_an_apply_that_changes_nothing_leaves_the_version(cluster: Cluster, namespace: str) -> None:
    first = (await cluster.apply(service(namespace))).object

    again = (await cluster.apply(service(namespace))).object

    assert first["metadata"]["resourceVersion"] == again["metadata"]["resourceVersion"]


async def test_an_apply_leaves_what_others_set_beside_ours(cluster: Cluster, namespace: str, somebody: Client) -> None:
    await cluster.create(service(namespace))
    place = f"/api/v1/namespaces/{namespace}/services/web"
    await somebody.patch(place, {"metadata": {"annotations": {"example.com/theirs": "kept"}}})

    applied = await cluster.apply(service(namespace, port=81))

    assert {"example.com/theirs": "kept"} == applied.object["metadata"]["annotations"]


async def test_an_apply_takes_back_a_field_of_ours_that_somebody_applied(
    cluster: Cluster, namespace: str, somebody: Client
) -> None:
    await cluster.create(deployment(namespace, replicas=0))
    theirs = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {"replicas": 1}}
    place = f"/apis/apps/v1/namespaces/{namespace}/deployments/web"
    drifted = await somebody.apply(place, theirs, "somebody", force="true")

    applied = await cluster.apply(deployment(namespace, replicas=0))

    assert (1, 0) == (drifted.body["spec"]["replicas"], applied.object["spec"]["replicas"])


async def test_what_is_deleted_is_gone_and_may_be_deleted_again(cluster: Cluster, namespace: str) -> None:
    await cluster.create(service(namespace))

    await cluster.delete(Kind.SERVICE, namespace, "web")
    await cluster.delete(Kind.SERVICE, namespace, "web")

    assert await cluster.get(Kind.SERVICE, namespace, "web") is None


async def test_another_object_that_has_taken_the_name_is_not_deleted(cluster: Cluster, namespace: str) -> None:
    former = (await cluster.create(service(namespace))).object["metadata"]["uid"]
    await cluster.delete(Kind.SERVICE, namespace, "web", uid=former)
    successor = (await cluster.create(service(namespace))).object["metadata"]["uid"]

    await cluster.delete(Kind.SERVICE, namespace, "web", uid=former)

    live = await cluster.get(Kind.SERVICE, namespace, "web")
    assert live is not None
    assert successor == live["metadata"]["uid"]


async def test_deleting_a_deployment_takes_its_pods_along(
    cluster: Cluster, namespace: str, somebody: Client, ready_for_pods: None
) -> None:
    pods = f"/api/v1/namespaces/{namespace}/pods"
    await cluster.create(deployment(namespace, replicas=1))
    await somebody.until_some(pods, lambda found: len(found) == 1)

    await cluster.delete(Kind.DEPLOYMENT, namespace, "web")

    await somebody.until_gone(pods)


async def test_a_list_has_what_is_ours_with_its_kind(cluster: Cluster, namespace: str, somebody: Client) -> None:
    await cluster.create(service(namespace, "ours"))
    await somebody.post(
        f"/api/v1/namespaces/{namespace}/services", {"metadata": {"name": "theirs"}, "spec": {"ports": [{"port": 80}]}}
    )

    listed = await cluster.list(Kind.SERVICE, namespace)

    assert [("v1", "Service", "ours")] == [
        (each["apiVersion"], each["kind"], each["metadata"]["name"]) for each in listed
    ]


async def test_what_is_absent_is_none(cluster: Cluster, namespace: str) -> None:
    assert await cluster.get(Kind.SERVICE, namespace, "nothing") is None
