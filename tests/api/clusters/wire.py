"""Objects as the API server writes them."""

from __future__ import annotations

from typing import Any

NAMESPACE = "shop-abc234"
Json = dict[str, Any]


def metadata(name: str, version: int, *, uid: str | None = None, namespace: str | None = NAMESPACE) -> Json:
    placed = {} if namespace is None else {"namespace": namespace}
    return {
        "name": name,
        "uid": uid or f"uid-{name}",
        "resourceVersion": str(version),
        "creationTimestamp": "2026-11-23T12:00:00Z",
        **placed,
    }


def pod(name: str, version: int, *, uid: str | None = None, phase: str = "Running") -> Json:
    return {"metadata": metadata(name, version, uid=uid), "spec": {"containers": []}, "status": {"phase": phase}}


def namespace(name: str = NAMESPACE, version: int = 1) -> Json:
    return {"metadata": metadata(name, version, namespace=None), "status": {"phase": "Active"}}


def event(name: str, version: int, *, namespace: str = NAMESPACE, last: str = "2026-11-23T12:00:00Z") -> Json:
    meta = metadata(name, version, namespace=namespace)
    return {"metadata": meta, "involvedObject": {"kind": "Pod", "name": "web"}, "reason": "Told", "lastTimestamp": last}
