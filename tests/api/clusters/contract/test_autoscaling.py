"""HorizontalPodAutoscalers: the number of pods follows what they use, and where it does not, it is said why."""

from __future__ import annotations

from typing import Any

import pytest

from api.clusters.cluster import Cluster
from api.clusters.objects import HorizontalPodAutoscaler, Kind
from api.errors import ClusterRefused
from tests.api.clusters.contract.manifests import Object, deployment, metadata
from tests.api.waiting import until

LONG = 90.0
"""Seconds: metrics-server reads the nodes every ten, and tells nothing of a pod before it has read it twice."""


def autoscaler(namespace: str, **spec: Any) -> Object:
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    wanted = {"scaleTargetRef": target, "maxReplicas": 3, **spec}
    kind = Kind.HORIZONTAL_POD_AUTOSCALER
    return {
        "apiVersion": kind.api_version,
        "kind": kind.kind,
        "metadata": metadata("web", namespace),
        "spec": {key: value for key, value in wanted.items() if value is not None},
    }


def busy(namespace: str, *, uses: str, replicas: int = 1) -> Object:
    """A Deployment whose pods request a tenth of a core each, and use what is said."""
    manifest = deployment(namespace, replicas=replicas)
    template = manifest["spec"]["template"]
    template["metadata"]["annotations"] = {"kwok.x-k8s.io/usage-cpu": uses}
    template["spec"]["containers"][0]["resources"] = {"requests": {"cpu": "100m"}}
    return manifest


def conditions(cluster: Cluster, namespace: str) -> dict[str, tuple[str, str]]:
    """The conditions of the only autoscaler, each with its status and reason."""
    return {
        each.type: (each.status, each.reason)
        for found in cluster.store.autoscalers(namespace)
        for each in found.status.conditions
    }


async def test_what_pods_use_decides_how_many_there_are(cluster: Cluster, namespace: str, ready_for_pods: None) -> None:
    await cluster.create(busy(namespace, uses="150m"))
    await cluster.create(autoscaler(namespace, maxReplicas=5))

    def has_grown() -> bool:
        told = [each.status.last_scale_time is not None for each in cluster.store.autoscalers(namespace)]
        return told == [True] and all(each.spec.replicas > 1 for each in cluster.store.deployments(namespace))

    await until(cluster, namespace, has_grown, seconds=LONG)

    (found,) = cluster.store.autoscalers(namespace)
    assert 145 <= (used(found) or 0) <= 155  # a real one measures
    assert ("True", "ValidMetricFound") == conditions(cluster, namespace)["ScalingActive"]


def used(found: HorizontalPodAutoscaler) -> int | None:
    (metric,) = found.status.current_metrics or ()
    return metric.resource.current.average_utilization if metric.resource is not None else None


async def test_it_says_that_it_would_ask_for_more_than_it_may(
    cluster: Cluster, namespace: str, ready_for_pods: None
) -> None:
    await cluster.create(busy(namespace, uses="400m", replicas=2))
    await cluster.create(autoscaler(namespace))

    def is_limited() -> bool:
        return conditions(cluster, namespace).get("ScalingLimited") == ("True", "TooManyReplicas")

    await until(cluster, namespace, is_limited, seconds=LONG)


async def test_it_says_that_nothing_can_be_read(cluster: Cluster, namespace: str, ready_for_pods: None) -> None:
    """No pod of it ever runs: there is nothing to be measured."""
    manifest = busy(namespace, uses="1", replicas=2)
    manifest["spec"]["template"]["spec"]["containers"][0]["image"] = "registry.example/web:broken"
    await cluster.create(manifest)
    await cluster.create(autoscaler(namespace))

    def is_unable() -> bool:
        return conditions(cluster, namespace).get("ScalingActive") == ("False", "FailedGetResourceMetric")

    await until(cluster, namespace, is_unable, seconds=LONG)

    assert [2] == [each.spec.replicas for each in cluster.store.deployments(namespace)]


async def test_it_leaves_alone_what_has_no_pods(cluster: Cluster, namespace: str) -> None:
    await cluster.create(busy(namespace, uses="1", replicas=0))
    await cluster.create(autoscaler(namespace, minReplicas=2))

    def is_disabled() -> bool:
        return conditions(cluster, namespace).get("ScalingActive") == ("False", "ScalingDisabled")

    await until(cluster, namespace, is_disabled, seconds=LONG)

    assert [0] == [each.spec.replicas for each in cluster.store.deployments(namespace)]


async def test_it_lifts_what_has_fewer_pods_than_the_least(cluster: Cluster, namespace: str) -> None:
    await cluster.create(busy(namespace, uses="1m"))
    await cluster.create(autoscaler(namespace, minReplicas=2))

    await until(
        cluster,
        namespace,
        lambda: [2] == [each.spec.replicas for each in cluster.store.deployments(namespace)],
        seconds=LONG,
    )


async def test_it_says_that_what_it_scales_is_not_there(cluster: Cluster, namespace: str) -> None:
    await cluster.create(autoscaler(namespace))

    def is_lost() -> bool:
        return conditions(cluster, namespace).get("AbleToScale") == ("False", "FailedGetScale")

    await until(cluster, namespace, is_lost, seconds=LONG)


async def test_what_is_left_out_is_one_pod_at_least_and_eighty_percent_of_cpu(cluster: Cluster, namespace: str) -> None:
    created = (await cluster.create(autoscaler(namespace), dry_run=True)).object

    (metric,) = created["spec"]["metrics"]
    assert (1, "cpu") == (created["spec"]["minReplicas"], metric["resource"]["name"])
    assert {"type": "Utilization", "averageUtilization": 80} == metric["resource"]["target"]
    assert await cluster.get(Kind.HORIZONTAL_POD_AUTOSCALER, namespace, "web") is None


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (
            {"minReplicas": 4, "maxReplicas": 3},
            "spec.maxReplicas: must be greater than or equal to `minReplicas`",
        ),
        ({"minReplicas": -1}, "spec.minReplicas: must be greater than or equal to 0"),
        ({"minReplicas": 0}, "must specify at least one Object or External metric"),
        ({"maxReplicas": 0}, "spec.maxReplicas"),
        ({"maxReplicas": -1}, "spec.maxReplicas: must be greater than or equal to 1"),
        (
            {"metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization"}}}]},
            "must set either a target raw value or a target utilization",
        ),
        (
            {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": ""}},
            "spec.scaleTargetRef.name",
        ),
    ],
)
async def test_what_makes_no_sense_is_refused(
    cluster: Cluster, namespace: str, spec: dict[str, Any], message: str
) -> None:
    with pytest.raises(ClusterRefused) as refusal:
        await cluster.create(autoscaler(namespace, **spec))

    assert message in refusal.value.message


async def test_a_part_that_was_read_from_an_older_version_is_refused(cluster: Cluster, namespace: str) -> None:
    """What is handed over is the number that runs, not one that was overtaken."""
    created = (await cluster.create(deployment(namespace, replicas=0))).object
    await cluster.apply(deployment(namespace, replicas=1))
    part = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {key: created["metadata"][key] for key in ("name", "namespace", "uid", "resourceVersion")},
        "spec": {"replicas": 0},
    }

    with pytest.raises(ClusterRefused, match="has been modified"):
        await cluster.apply_as("keeper", part)


async def test_what_another_manager_took_over_stays_when_we_let_go(cluster: Cluster, namespace: str) -> None:
    await cluster.create(deployment(namespace, replicas=3))
    part = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": namespace},
        "spec": {"replicas": 3},
    }
    await cluster.apply_as("keeper", part)
    without = deployment(namespace)
    del without["spec"]["replicas"]

    applied = (await cluster.apply(without)).object

    assert 3 == applied["spec"]["replicas"]
