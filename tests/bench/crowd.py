"""A cluster full of apps, as the API server writes them, and an API server that serves nothing else."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import NAMESPACE_DNS, UUID, uuid5

import msgspec
from aiohttp import web

from api.clusters.connection import path
from api.clusters.objects import MANAGED_BY, MANAGER, NAMESPACE_ID, Kind
from api.manifests.builder import build, pod_from
from api.manifests.models import WorkloadSpec

Object = dict[str, Any]
Objects = Mapping[Kind, Sequence[Object]]

VERSION = 1_000_000
_AT = "2026-11-23T12:00:00Z"
_NODES = 40


def slug_of(number: int) -> str:
    return f"team-{number:03}-x7k2pq"


def workload_of(slug: str, app: str) -> UUID:
    return uuid5(NAMESPACE_DNS, f"{app}.{slug}")


def namespace(slug: str) -> Object:
    labels = {MANAGED_BY: MANAGER, NAMESPACE_ID: str(uuid5(NAMESPACE_DNS, slug))}
    return {"metadata": {**_metadata(slug, slug), "labels": labels}, "status": {"phase": "Active"}}


def objects_of(slug: str, spec: WorkloadSpec, *, pods: int = 1) -> Objects:
    """The Deployment of an app, and its pods, up and ready."""
    workload_id = workload_of(slug, spec.name)
    controller = build(
        spec,
        namespace=slug,
        workload_id=workload_id,
        revision=1,
        template_revision=1,
        secret_values={each.name: "" for each in spec.secrets},
    )[-1]
    status = {"observedGeneration": 1, "replicas": pods, "updatedReplicas": pods, "readyReplicas": pods}
    deployment = {
        **controller,
        "metadata": {**controller["metadata"], **_metadata(spec.name, slug), "namespace": slug, "generation": 1},
        "status": {
            **status,
            "availableReplicas": pods,
            "conditions": [_condition("Available"), _condition("Progressing")],
        },
    }
    template = pod_from(controller)
    return {
        Kind.DEPLOYMENT: [deployment],
        Kind.POD: [_pod(template, slug, f"{spec.name}-6b7f9c5d8-{number:05}") for number in range(pods)],
    }


def _pod(template: Object, slug: str, name: str) -> Object:
    """As a kubelet reports one that serves, with what the API server and the controllers write beside."""
    container = template["spec"]["containers"][0]
    status = {
        "name": container["name"],
        "image": container["image"],
        "imageID": f"{container['image']}@sha256:{'a' * 64}",
    }
    running = {
        "containerID": f"containerd://{uuid5(NAMESPACE_DNS, slug + name).hex * 2}",
        "state": {"running": {"startedAt": _AT}},
    }
    owner = {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "name": name.rpartition("-")[0],
        "uid": f"{_uid(slug, name)}",
    }
    number = int(_uid(slug, name)[:4], 16)
    return {
        "metadata": {
            **template["metadata"],
            **_metadata(name, slug),
            "namespace": slug,
            "generateName": f"{name.rpartition('-')[0]}-",
            "ownerReferences": [{**owner, "controller": True, "blockOwnerDeletion": True}],
            "managedFields": [
                {"manager": "kubelet", "operation": "Update", "fieldsType": "FieldsV1", "fieldsV1": _FIELDS}
            ],
        },
        "spec": {**template["spec"], "nodeName": f"node-{number % _NODES}"},
        "status": {
            "phase": "Running",
            "podIP": f"10.{number % 200}.{number % 251}.{number % 241}",
            "startTime": _AT,
            "conditions": [_condition(each) for each in ("PodScheduled", "Initialized", "ContainersReady", "Ready")],
            "containerStatuses": [{**status, **running, "ready": True, "restartCount": 0, "started": True}],
        },
    }


def _metadata(name: str, slug: str) -> Object:
    return {"name": name, "uid": _uid(slug, name), "resourceVersion": str(VERSION), "creationTimestamp": _AT}


def _uid(slug: str, name: str) -> str:
    return str(uuid5(NAMESPACE_DNS, f"{name}/{slug}"))


def _condition(kind: str) -> Object:
    return {"type": kind, "status": "True", "lastProbeTime": None, "lastTransitionTime": _AT}


_FIELDS: Object = {
    f"f:{field}": {"f:value": {}, ".": {}}
    for field in ("conditions", "containerStatuses", "podIP", "phase", "startTime")
}


class Lists:
    """Lists, in pages that are written beforehand; its watches stay open and say nothing until `drop`."""

    def __init__(self, objects: Objects, *, page: int) -> None:
        self._page = page
        self._versions: defaultdict[str, int] = defaultdict(lambda: VERSION)
        self._bodies = {path(kind): _pages(each, page, VERSION) for kind, each in objects.items()}
        self._dropped = asyncio.Event()
        self.url = ""

    @classmethod
    @asynccontextmanager
    async def open(cls, objects: Objects, *, page: int = 500) -> AsyncIterator[Lists]:
        """Serves on a free port of loopback."""
        lists = cls(objects, page=page)
        application = web.Application()
        application.router.add_get("/{path:.*}", lists._handle)
        runner = web.AppRunner(application, shutdown_timeout=0.1, handler_cancellation=True)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            host, port = runner.addresses[0][:2]
            lists.url = f"http://{host}:{port}"
            yield lists
        finally:
            await runner.cleanup()

    def prepare(self, kind: Kind, objects: Sequence[Object]) -> str:
        """What is listed once the watches that there are have been dropped; the version at which it is."""
        self._versions[path(kind)] += 1
        self._bodies[path(kind)] = _pages(objects, self._page, self._versions[path(kind)])
        return str(self._versions[path(kind)])

    def drop(self) -> None:
        """End the watches of what has changed: it is listed again."""
        dropped, self._dropped = self._dropped, asyncio.Event()
        dropped.set()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if "watch" in request.query:
            return await self._silence(request)
        pages = self._bodies.get(request.path) or _pages([], self._page, VERSION)
        body = pages[int(request.query.get("continue", "0"))]
        return web.Response(body=body, content_type="application/json")

    async def _silence(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while int(request.query["resourceVersion"]) == self._versions[request.path]:
            await self._dropped.wait()
        status = {"kind": "Status", "code": 410, "reason": "Expired", "message": "too old resource version"}
        await response.write(msgspec.json.encode({"type": "ERROR", "object": status}) + b"\n")
        await response.write_eof()
        return response


def _pages(objects: Sequence[Object], page: int, version: int) -> list[bytes]:
    starts = range(0, max(len(objects), 1), page)
    return [
        msgspec.json.encode(
            {
                "metadata": {
                    "resourceVersion": str(version),
                    "continue": str(number + 1) if start + page < len(objects) else "",
                },
                "items": objects[start : start + page],
            }
        )
        for number, start in enumerate(starts)
    ]
