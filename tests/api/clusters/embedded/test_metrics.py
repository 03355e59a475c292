"""`metrics.k8s.io`."""

from __future__ import annotations

from decimal import Decimal

from kubernetes.utils.quantity import parse_quantity

from tests.api.clusters.embedded.client import Client
from tests.api.clusters.embedded.conftest import Namespace
from tests.api.clusters.embedded.manifests import condition, pod

METRICS = "/apis/metrics.k8s.io/v1beta1"


async def test_running_pods_have_usage_in_proportion_to_their_requests(client: Client, namespace: Namespace) -> None:
    requests = {"cpu": "200m", "memory": "256Mi"}
    await client.post(namespace.pods, pod(more={"resources": {"requests": requests}}))
    await client.until(namespace.pods, "app", lambda obj: condition(obj, "Ready").get("status") == "True")

    [measured] = (await client.get(f"{METRICS}/namespaces/{namespace.name}/pods")).body["items"]

    usage = measured["containers"][0]["usage"]
    assert usage["cpu"].endswith("n")
    assert Decimal(0) < parse_quantity(usage["cpu"]) < parse_quantity("200m")
    assert parse_quantity("64Mi") < parse_quantity(usage["memory"]) < parse_quantity("256Mi")


async def test_pods_that_do_not_run_have_none(client: Client, namespace: Namespace) -> None:
    await client.post(namespace.pods, pod(image="ghcr.io/example/web:broken"))
    await client.until(namespace.pods, "app", lambda obj: bool(obj["spec"].get("nodeName")))

    assert (await client.get(f"{METRICS}/namespaces/{namespace.name}/pods")).body["items"] == []
    assert (await client.get(f"{METRICS}/namespaces/{namespace.name}/pods/app")).status == 404


async def test_every_node_has_usage(client: Client) -> None:
    nodes = (await client.get("/api/v1/nodes")).body["items"]

    measured = (await client.get(f"{METRICS}/nodes")).body["items"]

    assert {node["metadata"]["name"] for node in nodes} == {each["metadata"]["name"] for each in measured}
    assert len(nodes) == 3
