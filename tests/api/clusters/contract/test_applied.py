"""Telling without a call that an apply would change nothing: never where it would, on either API server."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.clusters.ownership import Object, is_applied
from api.manifests.builder import build
from api.manifests.models import Autoscaling, ConfigFile, Probe, SecretVariable, WorkloadSpec
from api.manifests.secrets import without_values
from tests.api.clusters.contract.manifests import deployment, secret, service
from tests.api.clusters.embedded.client import Client
from tests.api.manifests.specs import NIGHTLY, WEB, WORKLOAD_ID, values_of


def objects(namespace: str) -> list[Object]:
    return [service(namespace), secret(namespace, "ours"), deployment(namespace, A="1", B="2")]


SPECS = [
    replace(WEB, secrets=(SecretVariable("TOKEN", "x"),), files=(ConfigFile("/etc/a", "b"),)),
    replace(WEB, replicas=1, liveness=Probe(path="/live"), autoscaling=Autoscaling(2, 4, cpu_percent=80)),
    NIGHTLY,
]
"""No StatefulSet: its templates of volumes are owned as a whole, and the API server writes defaults into them."""


@pytest.mark.parametrize("spec", SPECS, ids=["web service", "autoscaled", "scheduled"])
async def test_what_was_just_created_needs_no_call(cluster: Cluster, namespace: str, spec: WorkloadSpec) -> None:
    """What a creation sets beside what was sent, the defaults, is nobody's."""
    manifests = build(
        without_values(spec),
        namespace=namespace,
        workload_id=WORKLOAD_ID,
        revision=1,
        template_revision=1,
        secret_values=values_of(spec),
    )

    created = [(await cluster.create(each)).object for each in manifests]

    applied = {live["kind"]: is_applied(live, each) for live, each in zip(created, manifests, strict=True)}
    assert dict.fromkeys(applied, True) == applied


async def applied_twice(cluster: Cluster, manifest: Object) -> Object:
    """As it is after a change."""
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
