"""What an update may not change.

Source: the ValidateUpdate functions of pkg/apis/*/validation of Kubernetes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .names import Errors
from .objects import Obj
from .resources import Resource
from .status import forbidden_field, invalid, invalid_value

_IMMUTABLE = "field is immutable"
_POD_MAY_CHANGE = (
    "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
    "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
)
_POD_CHANGES = frozenset({"activeDeadlineSeconds", "tolerations", "nodeName", "schedulingGates"})
_CLAIM_MAY_CHANGE = (
    "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"
)
_CLAIM_CHANGES = frozenset({"resources", "volumeAttributesClassName", "volumeName"})


def validate_update(resource: Resource, before: Obj, after: Obj) -> None:
    """Raises ApiError 422 with a cause for each field that may not change and does."""
    check = _CHECKS.get(resource.kind)
    errors = [*check(before, after)] if check else []
    if errors:
        raise invalid(resource, after["metadata"]["name"], errors)


def _same(before: Obj, after: Obj, *path: str) -> Errors:
    old, new = _at(before, path), _at(after, path)
    if old != new:
        yield invalid_value(".".join(path), new, _IMMUTABLE)


def _at(obj: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        obj = (obj or {}).get(step)
    return obj


def _selector(before: Obj, after: Obj) -> Errors:
    return _same(before, after, "spec", "selector")


def _stateful_set(before: Obj, after: Obj) -> Errors:
    for name in ("selector", "volumeClaimTemplates", "serviceName", "podManagementPolicy"):
        yield from _same(before, after, "spec", name)


def _job(before: Obj, after: Obj) -> Errors:
    for name in ("completions", "selector", "template"):
        yield from _same(before, after, "spec", name)


def _service(before: Obj, after: Obj) -> Errors:
    old, new = before["spec"], after["spec"]
    if old.get("clusterIP") != new.get("clusterIP") and "ExternalName" not in {old["type"], new["type"]}:
        yield invalid_value("spec.clusterIPs[0]", new.get("clusterIPs"), "may not change once set")
    if old["type"] == new["type"] == "LoadBalancer" and old.get("loadBalancerClass") != new.get("loadBalancerClass"):
        yield invalid_value("spec.loadBalancerClass", new.get("loadBalancerClass"), "may not change once set")


def _secret(before: Obj, after: Obj) -> Errors:
    yield from _same(before, after, "type")
    yield from _data(before, after)


def _data(before: Obj, after: Obj) -> Errors:
    if before.get("immutable") and any(before.get(each) != after.get(each) for each in ("data", "immutable")):
        yield forbidden_field("data", "field is immutable when `immutable` is set")


def _claim(before: Obj, after: Obj) -> Errors:
    old, new = (_without(obj["spec"], _CLAIM_CHANGES) for obj in (before, after))
    if old != new:
        yield forbidden_field("spec", _CLAIM_MAY_CHANGE)


def _role_ref(before: Obj, after: Obj) -> Errors:
    if before["roleRef"] != after["roleRef"]:
        yield invalid_value("roleRef", after["roleRef"], "cannot change roleRef")


def _pod(before: Obj, after: Obj) -> Errors:
    if _fixed(before["spec"]) != _fixed(after["spec"]):
        yield forbidden_field("spec", _POD_MAY_CHANGE)


def _fixed(spec: Obj) -> Obj:
    fixed = _without(spec, _POD_CHANGES)
    for name in ("containers", "initContainers"):
        fixed[name] = [_without(container, frozenset({"image"})) for container in spec.get(name) or ()]
    return fixed


def _without(obj: Obj, names: frozenset[str]) -> Obj:
    return {name: value for name, value in obj.items() if name not in names}


_CHECKS: Mapping[str, Callable[[Obj, Obj], Errors]] = {
    "ClusterRoleBinding": _role_ref,
    "ConfigMap": _data,
    "DaemonSet": _selector,
    "Deployment": _selector,
    "Job": _job,
    "PersistentVolumeClaim": _claim,
    "Pod": _pod,
    "ReplicaSet": _selector,
    "RoleBinding": _role_ref,
    "Secret": _secret,
    "Service": _service,
    "StatefulSet": _stateful_set,
}
