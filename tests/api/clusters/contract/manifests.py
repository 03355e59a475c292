"""The objects that Moorage writes in these tests, labelled as it labels them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.clusters.objects import MANAGED_BY, MANAGER, WORKLOAD_ID

Object = dict[str, Any]

WORKLOAD = UUID("0c0f7f0e-5d0b-4a57-9d0e-6f8f4d1f2b11")
IMAGE = "registry.example/web:1"


def metadata(name: str, namespace: str | None = None, *, workload: UUID | None = WORKLOAD) -> Object:
    labels = {MANAGED_BY: MANAGER} | ({WORKLOAD_ID: str(workload)} if workload else {})
    placed = {} if namespace is None else {"namespace": namespace}
    return {"name": name, "labels": labels, **placed}


def namespace_object(name: str, **labels: str) -> Object:
    made = metadata(name, workload=None)
    made["labels"] |= labels
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": made}


def service(namespace: str, name: str = "web", *, port: int = 80, workload: UUID = WORKLOAD) -> Object:
    spec = {"selector": {"app": name}, "ports": [{"port": port, "protocol": "TCP"}]}
    meta = metadata(name, namespace, workload=workload)
    return {"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": spec}


def secret(namespace: str, value: str) -> Object:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata("web", namespace), "stringData": {"KEY": value}}


def quota(namespace: str, **hard: str) -> Object:
    meta = metadata("share", namespace, workload=None)
    return {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": meta, "spec": {"hard": hard}}


def pod(namespace: str, **container: Any) -> Object:
    spec = {"containers": [_container() | container]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata("web", namespace), "spec": spec}


def deployment(
    namespace: str, name: str = "web", *, replicas: int = 0, workload: UUID = WORKLOAD, **environment: str
) -> Object:
    meta = metadata(name, namespace, workload=workload)
    container = {**_container(), "env": [{"name": key, "value": each} for key, each in environment.items()]}
    template = {"metadata": {"labels": {"app": name, **meta["labels"]}}, "spec": {"containers": [container]}}
    spec = {"replicas": replicas, "selector": {"matchLabels": {"app": name}}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta, "spec": spec}


def _container() -> Object:
    return {"name": "app", "image": IMAGE}


def environment_of(live: Object) -> dict[str, str]:
    (container,) = live["spec"]["template"]["spec"]["containers"]
    return {each["name"]: each["value"] for each in container.get("env", [])}
