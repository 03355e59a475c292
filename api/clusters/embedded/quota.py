"""ResourceQuota: what objects use of it, and whether one more fits.

Source: pkg/quota/v1/evaluator/core and plugin/pkg/admission/resourcequota of Kubernetes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from . import quantity
from .objects import Obj
from .pods import Amounts, amounts, is_terminal
from .resources import (
    PERSISTENT_VOLUME_CLAIMS,
    PODS,
    RESOURCES,
    SERVICES,
    Resource,
)
from .status import forbidden
from .store import Store

_COUNTED_BY_NAME = frozenset({"configmaps", "persistentvolumeclaims", "pods", "resourcequotas", "secrets", "services"})
_COMPUTE = ("cpu", "memory", "ephemeral-storage")
_MUST_BE_SET = frozenset({"cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"})


def usage(resource: Resource, obj: Obj) -> dict[str, Decimal]:
    """What one object uses, by the names that quotas limit."""
    used = {f"count/{resource.qualified}": Decimal(1)}
    if resource is PODS:
        return used if is_terminal(obj) else used | _pod_usage(obj["spec"])
    if not resource.group and resource.plural in _COUNTED_BY_NAME:
        used[resource.plural] = Decimal(1)
    if resource is SERVICES:
        used |= _service_usage(obj["spec"])
    if resource is PERSISTENT_VOLUME_CLAIMS:
        storage = ((obj["spec"].get("resources") or {}).get("requests") or {}).get("storage")
        used["requests.storage"] = quantity.parse(storage or 0)
    return used


def _pod_usage(spec: Obj) -> dict[str, Decimal]:
    used = {"pods": Decimal(1)}
    requests, limits = amounts(spec, "requests"), amounts(spec, "limits")
    for name in _COMPUTE:
        used[name] = used[f"requests.{name}"] = requests.get(name, Decimal(0))
        used[f"limits.{name}"] = limits.get(name, Decimal(0))
    return used


def _service_usage(spec: Obj) -> dict[str, Decimal]:
    return {
        "services.nodeports": Decimal(_node_ports(spec)),
        "services.loadbalancers": Decimal(spec["type"] == "LoadBalancer"),
    }


def _node_ports(spec: Obj) -> int:
    """Those that a service will be given; one that asks for none has only those that it names itself."""
    ports = spec.get("ports") or ()
    if spec["type"] == "LoadBalancer" and spec.get("allocateLoadBalancerNodePorts") is False:
        return sum(bool(port.get("nodePort")) for port in ports)
    return len(ports) if spec["type"] in {"NodePort", "LoadBalancer"} else 0


def resources_of(hard: Iterable[str]) -> list[Resource]:
    """The resources whose objects count towards the names in `hard`."""
    names = set(hard)
    return [resource for resource in RESOURCES if resource.namespaced and _limits(resource, names)]


def _limits(resource: Resource, names: set[str]) -> bool:
    if f"count/{resource.qualified}" in names or (not resource.group and resource.plural in names):
        return True
    if resource is SERVICES:
        return any(name.startswith("services.") for name in names)
    if resource is PERSISTENT_VOLUME_CLAIMS:
        return "requests.storage" in names
    compute = {f"{prefix}{name}" for prefix in ("", "requests.", "limits.") for name in _COMPUTE}
    return resource is PODS and bool(names & compute)


def used(store: Store, namespace: str, hard: Iterable[str]) -> Amounts:
    """What the objects of `namespace` use of the names in `hard`."""
    names = set(hard)
    total: dict[str, Decimal] = defaultdict(Decimal)
    for resource in resources_of(names):
        for obj in store.list(resource, namespace):
            for name, value in usage(resource, obj).items():
                if name in names:
                    total[name] += value
    return total


def status_of(store: Store, quota: Obj) -> Obj:
    """The status that a quota should have now."""
    hard: dict[str, Any] = quota["spec"].get("hard") or {}
    total = used(store, quota["metadata"]["namespace"], hard)
    rendered = {
        name: quantity.render(total.get(name, Decimal(0)), binary=quantity.is_binary(value) or "memory" in name)
        for name, value in hard.items()
    }
    return {"hard": hard, "used": rendered} if hard else {}


def check(store: Store, quota: Obj, resource: Resource, obj: Obj) -> None:
    """Raises ApiError 403 when `obj`, which is about to be created, does not fit into `quota`."""
    hard: dict[str, Any] = quota["spec"].get("hard") or {}
    requested = {name: value for name, value in usage(resource, obj).items() if name in hard}
    if not requested:
        return
    name = obj["metadata"]["name"]
    quota_name = quota["metadata"]["name"]
    if resource is PODS and (missing := _unset(obj["spec"], hard)):
        raise forbidden(resource, name, f"failed quota: {quota_name}: must specify {missing}")
    current = used(store, quota["metadata"]["namespace"], requested)
    exceeded = sorted(
        each
        for each, value in requested.items()
        if value > 0 and current.get(each, Decimal(0)) + value > quantity.parse(hard[each])
    )
    if exceeded:
        amounts_of = (("requested", requested), ("used", current))
        described = ", ".join(f"{title}: {_listed(exceeded, values, hard)}" for title, values in amounts_of)
        limited = ",".join(f"{each}={quantity.canonical(hard[each])}" for each in exceeded)
        raise forbidden(resource, name, f"exceeded quota: {quota_name}, {described}, limited: {limited}")


def _listed(names: Sequence[str], values: Amounts, hard: Mapping[str, Any]) -> str:
    return ",".join(f"{name}={_like(values.get(name, Decimal(0)), hard[name], name)}" for name in names)


def _like(value: Decimal, hard: Any, name: str) -> str:
    return quantity.render(value, binary=quantity.is_binary(hard) or "memory" in name)


def _unset(spec: Obj, hard: Iterable[str]) -> str:
    """`limits.cpu for: app; limits.memory for: app`, or nothing when every container says what it needs."""
    missing: dict[str, list[str]] = {}
    for name in sorted(_MUST_BE_SET.intersection(hard)):
        kind, _, compute = name.rpartition(".")
        for container in spec.get("containers") or ():
            resources = container.get("resources") or {}
            if compute not in (resources.get(kind or "requests") or {}):
                missing.setdefault(name, []).append(container["name"])
    return "; ".join(f"{name} for: {','.join(containers)}" for name, containers in missing.items())
