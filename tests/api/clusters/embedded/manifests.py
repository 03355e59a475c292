"""The objects that the tests create."""

from __future__ import annotations

from typing import Any

Obj = dict[str, Any]

RESTRICTED: Obj = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}


def container(image: str = "ghcr.io/example/web:1", **more: Any) -> Obj:
    return {"name": "app", "image": image, **more}


def pod(name: str = "app", image: str = "ghcr.io/example/web:1", *, more: Obj | None = None, **spec: Any) -> Obj:
    return {"metadata": {"name": name}, "spec": {"containers": [container(image, **(more or {}))], **spec}}


def deployment(
    name: str = "web", image: str = "ghcr.io/example/web:1", *, replicas: int = 3, more: Obj | None = None, **spec: Any
) -> Obj:
    labels = {"app": name}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [container(image, **(more or {}))]}},
            **spec,
        },
    }


def job(image: str = "ghcr.io/example/task:1", *, policy: str = "Never", **spec: Any) -> Obj:
    template = {"spec": {"restartPolicy": policy, "containers": [container(image)]}}
    return {"metadata": {"name": "task"}, "spec": {"template": template, **spec}}


def quota(**hard: str) -> Obj:
    names = {name.replace("_", "."): value for name, value in hard.items()}
    return {"metadata": {"name": "compute"}, "spec": {"hard": names}}


def condition(obj: Obj, kind: str) -> Obj:
    """The condition of that type, or an empty one."""
    conditions = obj.get("status", {}).get("conditions", [])
    return next((dict(each) for each in conditions if each["type"] == kind), {})
