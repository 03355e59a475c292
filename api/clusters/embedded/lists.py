"""Which lists and maps merge, and by which keys.

Source: the `x-kubernetes-list-type`, `-list-map-keys`, `-map-type` and `x-kubernetes-patch-merge-key` extensions
of the OpenAPI description; the generated models do not carry them. Paths are matched by their last steps, the
items of a list taking no step of their own; the longest match wins.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

from .objects import Obj

Steps: TypeAlias = tuple[str, ...]

_MAP_LISTS: Mapping[Steps, tuple[str, ...]] = {
    ("containers",): ("name",),
    ("initContainers",): ("name",),
    ("ephemeralContainers",): ("name",),
    ("volumes",): ("name",),
    ("imagePullSecrets",): ("name",),
    ("hostAliases",): ("ip",),
    ("topologySpreadConstraints",): ("topologyKey", "whenUnsatisfiable"),
    ("resourceClaims",): ("name",),
    ("schedulingGates",): ("name",),
    ("env",): ("name",),
    ("volumeMounts",): ("mountPath",),
    ("volumeDevices",): ("devicePath",),
    ("resources", "claims"): ("name",),
    ("containers", "ports"): ("containerPort", "protocol"),
    ("initContainers", "ports"): ("containerPort", "protocol"),
    ("spec", "ports"): ("port", "protocol"),
    ("metadata", "ownerReferences"): ("uid",),
    ("status", "conditions"): ("type",),
    ("podIPs",): ("ip",),
    ("hostIPs",): ("ip",),
    ("secrets",): ("name",),
}
_SETS: frozenset[Steps] = frozenset({("metadata", "finalizers"), ("spec", "finalizers")})
# Maps, and items of lists, that have one owner as a whole.
_ATOMIC_MAPS = frozenset(
    {
        "claimRef",
        "configMapKeyRef",
        "dataSource",
        "fieldRef",
        "imagePullSecrets",
        "involvedObject",
        "labelSelector",
        "namespaceSelector",
        "nodeSelector",
        "ownerReferences",
        "podSelector",
        "resourceFieldRef",
        "roleRef",
        "scopeSelector",
        "secretKeyRef",
        "selector",
        "targetRef",
    }
)
_DEFAULTS = {"protocol": "TCP"}

# Strategic merge predates server-side apply, and takes one key where that takes two.
_PATCH_KEYS: Mapping[Steps, str] = {
    ("containers", "ports"): "containerPort",
    ("initContainers", "ports"): "containerPort",
    ("spec", "ports"): "port",
    ("topologySpreadConstraints",): "topologyKey",
}
_LONGEST = 2


def map_keys(path: Steps) -> tuple[str, ...] | None:
    """The keys of the list at `path` where its items merge by key."""
    for length in range(_LONGEST, 0, -1):
        if keys := _MAP_LISTS.get(path[-length:]):
            return keys
    return None


def is_set(path: Steps) -> bool:
    return path in _SETS


def is_atomic_map(path: Steps) -> bool:
    return bool(path) and path[-1] in _ATOMIC_MAPS


def patch_key(path: Steps) -> str | None:
    """The one key by which strategic merge merges the list at `path`."""
    for length in range(_LONGEST, 0, -1):
        if key := _PATCH_KEYS.get(path[-length:]):
            return key
    keys = map_keys(path)
    return keys[0] if keys else None


def item_key(item: Obj, keys: tuple[str, ...]) -> str:
    """The path element of an item of a map list: `k:{"name":"app"}`."""
    values = {key: item.get(key, _DEFAULTS.get(key)) for key in sorted(keys)}
    present = {key: value for key, value in values.items() if value is not None}
    return "k:" + json.dumps(present, separators=(",", ":"), ensure_ascii=False)


def value_key(value: Any) -> str:
    """The path element of an item of a set: `v:"example.com/finalizer"`."""
    return "v:" + json.dumps(value, separators=(",", ":"), ensure_ascii=False)
