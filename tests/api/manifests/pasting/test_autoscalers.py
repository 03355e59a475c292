"""A HorizontalPodAutoscaler that is pasted with what it scales."""

from __future__ import annotations

import pytest

from api.manifests.export import ExportFormat, export
from api.manifests.models import Autoscaling, Volume, WorkloadKind, WorkloadSpec
from api.manifests.pasting.reading import read

DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template: {spec: {containers: [{name: web, image: ghcr.io/ada/engine:1.4}]}}
---
"""


def autoscaler(spec: str, *, version: str = "v2", target: str = "web") -> str:
    return f"""
apiVersion: autoscaling/{version}
kind: HorizontalPodAutoscaler
metadata: {{name: web}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: {target}}}
  {spec}
"""


def percent(resource: str, value: int) -> str:
    target = f"{{type: Utilization, averageUtilization: {value}}}"
    return f"{{type: Resource, resource: {{name: {resource}, target: {target}}}}}"


@pytest.mark.parametrize(
    ("spec", "version", "found"),
    [
        (["minReplicas: 2", "maxReplicas: 6"], "v2", Autoscaling(2, 6, 80)),
        (["maxReplicas: 6", f"metrics: [{percent('cpu', 55)}]"], "v2", Autoscaling(1, 6, 55)),
        (
            ["maxReplicas: 6", f"metrics: [{percent('memory', 90)}, {percent('cpu', 55)}]"],
            "v2",
            Autoscaling(1, 6, 55, 90),
        ),
        (["maxReplicas: 6", "targetCPUUtilizationPercentage: 33"], "v1", Autoscaling(1, 6, 33)),
        (["minReplicas: 0", "maxReplicas: 1"], "v2", Autoscaling(0, 1, 80)),
    ],
)
def test_it_fills_the_field(spec: list[str], version: str, found: Autoscaling) -> None:
    """What breaks a rule is marked in the form, and not made something else."""
    pasted = read(DEPLOYMENT + autoscaler("\n  ".join(spec), version=version))

    assert found == pasted.autoscaling
    assert () == pasted.left_out


def test_it_may_stand_before_what_it_scales() -> None:
    pasted = read(autoscaler("maxReplicas: 3") + "---" + DEPLOYMENT.removesuffix("---\n"))

    assert ("web", Autoscaling(1, 3, 80)) == (pasted.name, pasted.autoscaling)


def test_what_is_no_percentage_is_left_out() -> None:
    metrics = "metrics: [{type: Pods, pods: {metric: {name: requests}}}]"

    pasted = read(DEPLOYMENT + autoscaler(f"maxReplicas: 3\n  behavior: {{}}\n  {metrics}"))

    assert Autoscaling(1, 3, 80) == pasted.autoscaling
    assert ["HorizontalPodAutoscaler web: spec.metrics[0]", "HorizontalPodAutoscaler web: spec.behavior"] == [
        each.what for each in pasted.left_out
    ]


def test_that_cpu_comes_with_memory_is_said() -> None:
    pasted = read(DEPLOYMENT + autoscaler(f"maxReplicas: 3\n  metrics: [{percent('memory', 90)}]"))

    assert Autoscaling(1, 3, 80, 90) == pasted.autoscaling
    assert ["CPU is kept near 80 percent beside it."] == [each.why for each in pasted.left_out]


def test_that_of_another_workload_is_left_out() -> None:
    pasted = read(DEPLOYMENT + autoscaler("maxReplicas: 3", target="api"))

    assert pasted.autoscaling is None
    assert [("HorizontalPodAutoscaler web", "It scales another workload.")] == [
        (each.what, each.why) for each in pasted.left_out
    ]


@pytest.mark.parametrize("kind", [WorkloadKind.WEB_SERVICE, WorkloadKind.STATEFUL_SERVICE])
def test_what_is_exported_is_read_again(kind: WorkloadKind) -> None:
    volumes = (Volume("data", "/data", 1),) if kind is WorkloadKind.STATEFUL_SERVICE else ()
    wanted = Autoscaling(2, 5, 60, 70)
    spec = WorkloadSpec("web", "ghcr.io/ada/engine:1", kind=kind, volumes=volumes, autoscaling=wanted)
    (file,) = export(spec, ExportFormat.MANIFESTS)

    pasted = read(file.content)

    assert (kind, wanted, None) == (pasted.kind, pasted.autoscaling, pasted.replicas)
