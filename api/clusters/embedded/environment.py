"""What the environment of a container refers to, and whether it is there."""

from __future__ import annotations

from .objects import Key, Obj
from .resources import CONFIG_MAPS, SECRETS, Resource
from .store import Store

_KINDS: dict[str, tuple[Resource, str]] = {
    "secretKeyRef": (SECRETS, "Secret"),
    "configMapKeyRef": (CONFIG_MAPS, "ConfigMap"),
    "secretRef": (SECRETS, "Secret"),
    "configMapRef": (CONFIG_MAPS, "ConfigMap"),
}


def missing_reference(store: Store, namespace: str, container: Obj) -> str:
    """The kubelet's words for the first Secret or ConfigMap that is missing; empty when none is."""
    sources = [*(container.get("envFrom") or ()), *(each.get("valueFrom") or {} for each in container.get("env") or ())]
    for source in sources:
        for field, (resource, kind) in _KINDS.items():
            if problem := _problem(store, namespace, source.get(field), resource, kind):
                return problem
    return ""


def _problem(store: Store, namespace: str, reference: Obj | None, resource: Resource, kind: str) -> str:
    if reference is None or reference.get("optional"):
        return ""
    found = store.get(resource, Key(namespace, reference["name"]))
    if found is None:
        return f'{kind.lower()} "{reference["name"]}" not found'
    key = reference.get("key")
    if key is not None and key not in (found.get("data") or {}):
        return f"couldn't find key {key} in {kind} {namespace}/{reference['name']}"
    return ""
