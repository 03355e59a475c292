"""What a HorizontalPodAutoscaler says of the workload that it scales, in either version that is served."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.manifests.kinds import has
from api.manifests.models import Autoscaling, WorkloadKind
from api.manifests.pasting.documents import mapping, mappings
from api.manifests.pasting.gathering import NO_FIELD, Gathering, number

KIND = "HorizontalPodAutoscaler"
_USUAL_PERCENT = 80
"""What Kubernetes keeps CPU near where nothing is said."""
_RESOURCES = ("cpu", "memory")
_TAKEN = frozenset({"scaleTargetRef", "minReplicas", "maxReplicas", "metrics", "targetCPUUtilizationPercentage"})
_PERCENT_ONLY = "Autoscaling keeps CPU, and memory too, near a percentage of what is requested; nothing else."


def scales(document: Mapping[str, Any], workload: Mapping[str, Any]) -> bool:
    """Whether the autoscaler is that of the workload."""
    target, metadata = mapping(mapping(document.get("spec")).get("scaleTargetRef")), mapping(workload.get("metadata"))
    return (target.get("kind"), target.get("name")) == (workload.get("kind"), metadata.get("name"))


def read(gathered: Gathering, document: Mapping[str, Any], kind: WorkloadKind) -> None:
    """Put what it says into the field, for an app of a kind that can be scaled."""
    name = f"{KIND} {mapping(document.get('metadata')).get('name', '')}"
    spec = mapping(document.get("spec"))
    most = number(spec.get("maxReplicas"))
    if not has(kind, "autoscaling") or most is None:
        gathered.leave_out(name, "It scales nothing that this app has, or says no maxReplicas.")
        return
    percents = _percents(gathered, spec, name)
    least = number(spec.get("minReplicas"))
    for key in sorted(map(str, spec.keys() - _TAKEN)):
        gathered.leave_out(f"{name}: spec.{key}", NO_FIELD)
    cpu = percents.get("cpu", _USUAL_PERCENT)
    gathered.put("autoscaling", Autoscaling(1 if least is None else least, most, cpu, percents.get("memory")))


def _percents(gathered: Gathering, spec: Mapping[str, Any], name: str) -> dict[str, int]:
    """What is to be kept near, by resource. Of what is no percentage of a resource it is told that it is left out."""
    found: dict[str, int] = {}
    if (percent := number(spec.get("targetCPUUtilizationPercentage"))) is not None:
        found["cpu"] = percent
    for place, metric in enumerate(mappings(spec.get("metrics"))):
        resource = mapping(metric.get("resource"))
        percent = number(mapping(resource.get("target")).get("averageUtilization"))
        if metric.get("type") == "Resource" and resource.get("name") in _RESOURCES and percent is not None:
            found[str(resource["name"])] = percent
        else:
            gathered.leave_out(f"{name}: spec.metrics[{place}]", _PERCENT_ONLY)
    if found and "cpu" not in found:
        gathered.leave_out(f"{name}: no cpu", f"CPU is kept near {_USUAL_PERCENT} percent beside it.")
    return found
