"""Kubernetes objects as the API server writes them, for tests that derive something from them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from api.clusters import objects
from api.manifests.models import WorkloadSpec
from api.workloads.observation import Observation

WORKLOAD_ID = UUID("6f1f1f52-7a0a-4d3d-9f9b-1d1f6c9d0a01")
CREATED = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)

Json = dict[str, Any]


def at(seconds: float) -> str:
    """A timestamp so many seconds after the pods were created."""
    return (CREATED + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def metadata(name: str, *, revision: int | None = None, **more: Any) -> Json:
    annotations = {"moorage.dev/revision": str(revision)} if revision is not None else {}
    labels = {"moorage.dev/workload-id": str(WORKLOAD_ID)}
    return {
        "name": name,
        "namespace": "shop-abc234",
        "uid": f"uid-{name}",
        "resourceVersion": "1",
        "creationTimestamp": at(0),
        "annotations": annotations,
        "labels": labels,
        **more,
    }


def deployment(
    *,
    revision: int = 1,
    template_revision: int | None = None,
    replicas: int = 3,
    generation: int = 1,
    observed: int = 1,
    total: int = 0,
    updated: int = 0,
    ready: int = 0,
    conditions: Sequence[Json] = (),
    **more: Any,
) -> objects.Deployment:
    template = {"metadata": {"annotations": {"moorage.dev/revision": str(template_revision or revision)}}}
    document = {
        "metadata": metadata("web", revision=revision, generation=generation, **more),
        "spec": {"replicas": replicas, "template": template},
        "status": {
            "observedGeneration": observed,
            "replicas": total,
            "updatedReplicas": updated,
            "readyReplicas": ready,
            "availableReplicas": ready,
            "conditions": list(conditions),
        },
    }
    return msgspec.convert(document, objects.Deployment, strict=False)


def condition(type_: str, status: str, reason: str = "", message: str = "", *, seconds: float = 0) -> Json:
    return {"type": type_, "status": status, "reason": reason, "message": message, "lastTransitionTime": at(seconds)}


def container(*, ready: bool = False, restarts: int = 0, state: Json | None = None, last: Json | None = None) -> Json:
    return {
        "name": "web",
        "image": "registry.example/web:1",
        "ready": ready,
        "restartCount": restarts,
        "state": state or {"waiting": {"reason": "ContainerCreating"}},
        "lastState": last or {},
    }


def running(*, ready: bool = True, restarts: int = 0, started: float = 2) -> Json:
    return container(ready=ready, restarts=restarts, state={"running": {"startedAt": at(started)}})


def waiting(reason: str, message: str = "", *, restarts: int = 0, last: Json | None = None) -> Json:
    return container(restarts=restarts, state={"waiting": {"reason": reason, "message": message}}, last=last)


def terminated(exit_code: int, reason: str = "Error") -> Json:
    ended = {"exitCode": exit_code, "reason": reason, "startedAt": at(1), "finishedAt": at(2)}
    return {"terminated": ended}


def pod(
    name: str,
    *,
    revision: int = 1,
    phase: str = "Pending",
    node: str | None = "node-1",
    statuses: Sequence[Json] = (),
    conditions: Sequence[Json] = (),
    **more: Any,
) -> objects.Pod:
    document = {
        "metadata": metadata(name, revision=revision, **more),
        "spec": {"nodeName": node, "containers": [{"name": "web", "image": "registry.example/web:1"}]},
        "status": {"phase": phase, "containerStatuses": list(statuses), "conditions": list(conditions)},
    }
    return msgspec.convert(document, objects.Pod, strict=False)


def ready_pod(name: str, *, revision: int = 1, **more: Any) -> objects.Pod:
    ready = [condition("Ready", "True", seconds=3)]
    return pod(name, revision=revision, phase="Running", statuses=[running()], conditions=ready, **more)


def observe(
    deployment: objects.Deployment | None,
    *pods: objects.Pod,
    revision: int | None = 1,
    applying: int | None = None,
    replicas: int = 3,
    unreachable: str | None = None,
) -> Observation:
    return Observation(
        spec=WorkloadSpec(name="web", image="registry.example/web:1", replicas=replicas),
        revision=revision,
        applying=applying,
        replicated=deployment,
        pods=pods,
        unreachable=unreachable,
    )
