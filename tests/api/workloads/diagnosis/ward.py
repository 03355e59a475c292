"""An app in trouble, as a kubelet reports of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from api.clusters.cluster import Cluster
from api.workloads.diagnosis.models import Diagnosis, Found
from tests.api.clusters.embedded.client import Client
from tests.api.workloads.apps import WEB, Apps

PATIENCE = 40.0
ONE = replace(WEB, replicas=1)


class Ward:
    """An app whose trouble is awaited, and the cluster as somebody else can write to it."""

    def __init__(self, apps: Apps, cluster: Cluster, somebody: Client) -> None:
        self._apps = apps
        self._cluster = cluster
        self._somebody = somebody
        self.path = f"/api/v1/namespaces/{apps.namespace.slug}"

    async def diagnosis(self, holds: Callable[[Diagnosis], bool] = lambda _: True) -> Diagnosis:
        """The first diagnosis of `web` of which `holds` is true."""
        with self._cluster.store.subscribe(self._apps.namespace.slug) as changes:
            async with asyncio.timeout(PATIENCE):
                while True:
                    found = await self._apps.workloads.diagnose(await self._apps.get())
                    if found is not None and holds(found):
                        return found
                    await anext(changes)

    async def replace_pod(self) -> None:
        """Delete the app's pod, so that its controller asks for another."""
        for pod in await self._apps.pods():
            await self._somebody.delete(f"{self.path}/pods/{pod.name}", {"gracePeriodSeconds": 0})

    async def patch(self, path: str, change: dict[str, Any]) -> None:
        answer = await self._somebody.patch(path, change)
        assert 200 == answer.status, answer.body

    async def report(self, container: dict[str, Any], *, reason: str = "", message: str = "", count: int = 1) -> None:
        """Write the pod's container status, and an event about the pod, as a kubelet does."""
        pod = (await self._apps.pods())[0]
        status = {"name": "app", "image": ONE.image, "imageID": "", "ready": False, "restartCount": 1, **container}
        unready = {"type": "Ready", "status": "False", "reason": "ContainersNotReady", "lastTransitionTime": now()}
        change = {"status": {"containerStatuses": [status], "conditions": [unready]}}
        await self.patch(f"{self.path}/pods/{pod.name}/status", change)
        if reason:
            await self.tell(reason, message, count=count)

    async def tell(self, reason: str, message: str, *, count: int = 1) -> None:
        """Report an event about the pod."""
        pod = (await self._apps.pods())[0]
        answer = await self._somebody.post(f"{self.path}/events", self._event(pod.name, reason, message, count))
        assert 201 == answer.status, answer.body

    def _event(self, pod: str, reason: str, message: str, count: int) -> dict[str, Any]:
        return {
            "metadata": {"generateName": f"{pod}."},
            "involvedObject": {"kind": "Pod", "name": pod, "namespace": self._apps.namespace.slug},
            "type": "Normal" if reason == "Killing" else "Warning",
            "reason": reason,
            "message": message,
            "count": count,
            "firstTimestamp": now(),
            "lastTimestamp": now(),
        }


def is_a(expected: type[Found]) -> Callable[[Diagnosis], bool]:
    return lambda found: isinstance(found, expected)


def now() -> str:
    return _written(datetime.now(UTC))


def a_while_ago() -> str:
    return _written(datetime.now(UTC) - timedelta(minutes=1))


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
