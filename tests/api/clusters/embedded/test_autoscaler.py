"""The autoscaler at work: its status and events as the real one writes them, and pods that share a load."""

from __future__ import annotations

from typing import Any

from kubernetes.utils.quantity import parse_quantity

from tests.api.clusters.embedded.client import Client
from tests.api.clusters.embedded.conftest import Namespace
from tests.api.clusters.embedded.manifests import Obj, container, deployment

METRICS = "/apis/metrics.k8s.io/v1beta1"


def autoscaler(*, kind: str = "Deployment", name: str = "web", most: int = 4, **spec: Any) -> Obj:
    target = {"apiVersion": "apps/v1", "kind": kind, "name": name}
    return {"metadata": {"name": "web"}, "spec": {"scaleTargetRef": target, "maxReplicas": most, **spec}}


def autoscalers(namespace: Namespace) -> str:
    return f"/apis/autoscaling/v2/namespaces/{namespace.name}/horizontalpodautoscalers"


def web(*, uses: str | None, replicas: int = 1) -> Obj:
    """A Deployment whose pods request a tenth of a core each, and use what is said; None: a share of a load."""
    resources = {"requests": {"cpu": "100m"}}
    made = deployment(replicas=replicas)
    template = made["spec"]["template"]
    template["spec"]["containers"] = [container(resources=resources)]
    if uses is not None:
        template["metadata"]["annotations"] = {"kwok.x-k8s.io/usage-cpu": uses}
    return made


def condition(obj: Obj, name: str) -> Obj:
    conditions = obj.get("status", {}).get("conditions") or ()
    return next((each for each in conditions if each["type"] == name), {})


async def test_its_status_and_its_event_are_worded_as_by_kubernetes(client: Client, namespace: Namespace) -> None:
    await client.post(namespace.deployments, web(uses="240m"))
    await client.post(autoscalers(namespace), autoscaler(most=2))
    path = autoscalers(namespace)

    scaled = await client.until(path, "web", lambda obj: obj["status"].get("desiredReplicas") == 2)
    limited = await client.until(
        path, "web", lambda obj: condition(obj, "ScalingLimited").get("reason") == "TooManyReplicas"
    )

    assert "the HPA controller was able to update the target scale to 2" == condition(scaled, "AbleToScale")["message"]
    metric = "cpu resource utilization (percentage of request)"
    assert (
        f"the HPA was able to successfully calculate a replica count from {metric}"
        == condition(limited, "ScalingActive")["message"]
    )
    assert (
        "the desired replica count is more than the maximum replica count"
        == condition(limited, "ScalingLimited")["message"]
    )
    current = {"averageUtilization": 240, "averageValue": "240m"}
    assert [{"type": "Resource", "resource": {"name": "cpu", "current": current}}] == scaled["status"]["currentMetrics"]
    events = (await client.get(namespace.events)).body["items"]
    assert "New size: 2; reason: cpu resource utilization (percentage of request) above target" in [
        each["message"] for each in events if each["reason"] == "SuccessfulRescale"
    ]


async def test_pods_are_taken_away_only_when_none_was_asked_for_of_late(client: Client, namespace: Namespace) -> None:
    await client.post(namespace.deployments, web(uses="1m", replicas=3))
    await client.post(autoscalers(namespace), autoscaler())

    waits = await client.until(
        autoscalers(namespace), "web", lambda obj: condition(obj, "AbleToScale").get("reason") == "ScaleDownStabilized"
    )

    assert (3, 3) == (waits["status"]["currentReplicas"], waits["status"]["desiredReplicas"])


async def test_a_window_of_its_own_is_kept(client: Client, namespace: Namespace) -> None:
    await client.post(namespace.deployments, web(uses="1m", replicas=3))
    behavior = {"scaleDown": {"stabilizationWindowSeconds": 0}}
    await client.post(autoscalers(namespace), autoscaler(minReplicas=2, behavior=behavior))

    scaled = await client.until(namespace.deployments, "web", lambda obj: obj["spec"]["replicas"] == 2)

    owner = next(
        each["manager"]
        for each in scaled["metadata"]["managedFields"]
        if "f:replicas" in each.get("fieldsV1", {}).get("f:spec", {})
    )
    assert "kube-controller-manager" == owner


async def test_pods_of_an_autoscaled_app_share_one_load(client: Client, namespace: Namespace) -> None:
    await client.post(namespace.deployments, web(uses=None, replicas=2))
    await client.until(namespace.deployments, "web", lambda obj: obj["status"].get("readyReplicas") == 2)
    await client.post(autoscalers(namespace), autoscaler(minReplicas=2))

    measured = (await client.get(f"{METRICS}/namespaces/{namespace.name}/pods")).body["items"]

    one, other = (parse_quantity(each["containers"][0]["usage"]["cpu"]) for each in measured)
    assert one == other > 0
