"""Telling without a call that an apply would change nothing: never where it would, on either API server."""

from __future__ import annotations

import pytest

from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.clusters.ownership import Object, is_applied
from tests.api.clusters.contract.manifests import deployment, secret, service
from tests.api.clusters.embedded.client import Client


def objects(namespace: str) -> list[Object]:
    return [service(namespace), secret(namespace, "ours"), deployment(namespace, A="1", B="2")]


async def applied_twice(cluster: Cluster, manifest: Object) -> Object:
    """As it is after a change: what a creation sets, its defaults too, is ours until then."""
    await cluster.create(manifest)
    return (await cluster.apply(manifest)).object


@pytest.mark.parametrize("position", [0, 2])
async def test_what_was_applied_as_it_is_needs_no_call(cluster: Cluster, namespace: str, position: int) -> None:
    manifest = objects(namespace)[position]

    live = await applied_twice(cluster, manifest)

    assert is_applied(live, manifest)


async def test_another_value_is_a_change(cluster: Cluster, namespace: str) -> None:
    live = await applied_twice(cluster, deployment(namespace, A="1"))

    assert not is_applied(live, deployment(namespace, A="2"))


async def test_a_field_more_is_a_change(cluster: Cluster, namespace: str) -> None:
    live = await applied_twice(cluster, deployment(namespace, A="1"))

    assert not is_applied(live, deployment(namespace, A="1", B="2"))


async def test_a_field_less_is_a_change(cluster: Cluster, namespace: str) -> None:
    live = await applied_twice(cluster, deployment(namespace, A="1", B="2"))

    assert not is_applied(live, deployment(namespace, A="1"))


async def test_what_somebody_changed_is_a_change(cluster: Cluster, namespace: str, somebody: Client) -> None:
    await applied_twice(cluster, service(namespace))
    place = f"/api/v1/namespaces/{namespace}/services/web"
    await somebody.patch(place, {"spec": {"selector": {"app": "theirs"}}})

    live = await cluster.get(Kind.SERVICE, namespace, "web")

    assert live is not None
    assert not is_applied(live, service(namespace))


async def test_what_somebody_set_beside_ours_is_none(cluster: Cluster, namespace: str, somebody: Client) -> None:
    await applied_twice(cluster, service(namespace))
    place = f"/api/v1/namespaces/{namespace}/services/web"
    await somebody.patch(place, {"metadata": {"annotations": {"example.com/theirs": "kept"}}})

    live = await cluster.get(Kind.SERVICE, namespace, "web")

    assert live is not None
    assert is_applied(live, service(namespace))
