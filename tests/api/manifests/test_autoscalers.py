"""The HorizontalPodAutoscaler of an app, and what the app's other objects are with one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.manifests.models import Autoscaling, WorkloadSpec
from tests.api.manifests.specs import DATABASE, WEB, built, controller_of

SCALED = replace(WEB, replicas=9, autoscaling=Autoscaling(2, 6, cpu_percent=65))


@pytest.mark.parametrize(
    ("spec", "kind"), [(SCALED, "Deployment"), (replace(DATABASE, autoscaling=SCALED.autoscaling), "StatefulSet")]
)
def test_it_scales_the_controller_which_says_no_number_itself(spec: WorkloadSpec, kind: str) -> None:
    objects = built(spec)

    controller = objects[kind]
    assert "replicas" not in controller["spec"]
    assert {"apiVersion": "apps/v1", "kind": kind, "name": controller["metadata"]["name"]} == objects[
        "HorizontalPodAutoscaler"
    ]["spec"]["scaleTargetRef"]


def test_it_keeps_each_resource_near_a_percentage_of_what_is_requested() -> None:
    spec = replace(SCALED, autoscaling=Autoscaling(2, 6, cpu_percent=65, memory_percent=80))

    metrics = built(spec)["HorizontalPodAutoscaler"]["spec"]["metrics"]

    assert [("cpu", 65), ("memory", 80)] == [
        (each["resource"]["name"], each["resource"]["target"]["averageUtilization"]) for each in metrics
    ]


def test_memory_has_no_say_where_nothing_is_said_of_it() -> None:
    metrics = built(SCALED)["HorizontalPodAutoscaler"]["spec"]["metrics"]

    assert ["cpu"] == [each["resource"]["name"] for each in metrics]


@pytest.mark.parametrize(("least", "has_budget"), [(1, False), (2, True)])
def test_a_budget_comes_with_a_second_replica_at_least(least: int, has_budget: bool) -> None:
    """However many there may be: with the least of them, a node could not be drained."""
    objects = built(replace(SCALED, autoscaling=Autoscaling(least, 6)))

    assert has_budget is ("PodDisruptionBudget" in objects)


def test_an_app_without_autoscaling_has_none_and_says_its_number() -> None:
    assert "HorizontalPodAutoscaler" not in built(WEB)
    assert WEB.replicas == controller_of(WEB)["spec"]["replicas"]
