"""The operator that only plays: addresses that look like some, given and taken as the Tailscale operator does."""

from __future__ import annotations

import pytest

from tests.api.clusters.embedded.client import Client, Obj
from tests.api.clusters.embedded.conftest import Namespace

FINALIZER = "tailscale.com/finalizer"


def balancer(**more: object) -> Obj:
    spec = {"type": "LoadBalancer", "ports": [{"port": 80}], "allocateLoadBalancerNodePorts": False, **more}
    metadata = {"name": "web", "annotations": {"tailscale.com/hostname": "web-shop"}}
    return {"metadata": metadata, "spec": spec}


def ingress(class_name: str, host: str) -> Obj:
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    spec = {"ingressClassName": class_name, "defaultBackend": backend, "tls": [{"hosts": [host]}]}
    return {"metadata": {"name": "web"}, "spec": spec}


def hostnames(obj: Obj) -> list[str]:
    return [each["hostname"] for each in obj.get("status", {}).get("loadBalancer", {}).get("ingress", ())]


async def test_a_load_balancer_of_its_class_gets_the_name_that_it_asks_for(
    client: Client, namespace: Namespace
) -> None:
    await client.post(f"{namespace.core}/services", balancer(loadBalancerClass="tailscale"))

    service = await client.until(f"{namespace.core}/services", "web", lambda live: bool(hostnames(live)))

    assert ["web-shop.tailnet.example"] == hostnames(service)
    assert [FINALIZER] == service["metadata"]["finalizers"]
    assert [("TailscaleProxyReady", "True")] == [
        (each["type"], each["status"]) for each in service["status"]["conditions"]
    ]


async def test_a_load_balancer_that_is_deleted_goes_once_it_is_let_go(client: Client, namespace: Namespace) -> None:
    path = f"{namespace.core}/services"
    await client.post(path, balancer(loadBalancerClass="tailscale"))
    await client.until(path, "web", lambda live: bool(hostnames(live)))

    await client.delete(f"{path}/web")

    await client.until_gone(path)


@pytest.mark.parametrize(
    ("class_name", "host", "expected"),
    [("tailscale", "web-shop", "web-shop.tailnet.example"), ("demo", "web-shop.apps.example", "ingress.example")],
)
async def test_an_ingress_of_its_classes_gets_an_address(
    client: Client, namespace: Namespace, class_name: str, host: str, expected: str
) -> None:
    path = f"/apis/networking.k8s.io/v1/namespaces/{namespace.name}/ingresses"
    await client.post(path, ingress(class_name, host))

    found = await client.until(path, "web", lambda live: bool(hostnames(live)))

    assert [expected] == hostnames(found)


async def test_a_load_balancer_without_node_ports_gets_none(client: Client, namespace: Namespace) -> None:
    answer = await client.post(f"{namespace.core}/services", balancer(loadBalancerClass="vpn.example/mesh"))

    assert [None] == [port.get("nodePort") for port in answer.body["spec"]["ports"]]


async def test_a_class_is_for_load_balancers_and_stays(client: Client, namespace: Namespace) -> None:
    path = f"{namespace.core}/services"
    await client.post(path, balancer(loadBalancerClass="vpn.example/mesh"))

    changed = await client.patch(f"{path}/web", {"spec": {"loadBalancerClass": "vpn.example/other"}})
    refused = await client.post(
        path, {"metadata": {"name": "x"}, "spec": {"ports": [{"port": 80}], "loadBalancerClass": "x"}}
    )

    assert [("spec.loadBalancerClass", "FieldValueInvalid")] == changed.causes
    assert ("spec.loadBalancerClass", "FieldValueForbidden") in refused.causes
