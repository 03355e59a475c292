"""What follows from a pod's spec: its resources, its class, its template in other kinds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import TypeAlias

from . import quantity
from .objects import Obj

Amounts: TypeAlias = Mapping[str, Decimal]

_COMPUTE = ("cpu", "memory")
_TERMINAL = frozenset({"Succeeded", "Failed"})


def is_terminal(pod: Obj) -> bool:
    return pod.get("status", {}).get("phase") in _TERMINAL


def is_ready(pod: Obj) -> bool:
    conditions = pod.get("status", {}).get("conditions") or ()
    return any(condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions)


def template_of(obj: Obj) -> Obj | None:
    """The pod template of a workload, whichever its kind."""
    spec = obj.get("spec") or {}
    if obj["kind"] == "CronJob":
        spec = spec.get("jobTemplate", {}).get("spec") or {}
    template: Obj | None = spec.get("template")
    return template


def amounts(spec: Obj, kind: str) -> Amounts:
    """What the whole pod asks for; `kind` is requests or limits. Init containers run before the others."""
    total: dict[str, Decimal] = defaultdict(Decimal)
    for container in spec.get("containers") or ():
        for name, value in _of_container(container, kind).items():
            total[name] += value
    for container in spec.get("initContainers") or ():
        for name, value in _of_container(container, kind).items():
            total[name] = max(total[name], value)
    return total


def _of_container(container: Obj, kind: str) -> Amounts:
    values = (container.get("resources") or {}).get(kind) or {}
    return {name: quantity.parse(value) for name, value in values.items()}


def qos_class(spec: Obj) -> str:
    """Guaranteed, Burstable or BestEffort."""
    containers = [*(spec.get("containers") or ()), *(spec.get("initContainers") or ())]
    resources = [container.get("resources") or {} for container in containers]
    if not any(each.get("requests") or each.get("limits") for each in resources):
        return "BestEffort"
    return "Guaranteed" if all(_is_guaranteed(each) for each in resources) else "Burstable"


def _is_guaranteed(resources: Obj) -> bool:
    limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
    return all(name in limits and requests.get(name, limits[name]) == limits[name] for name in _COMPUTE)
