"""The life of one pod, from its node's point of view: pulled, started, ready, crashed, stopped.

Source: pkg/kubelet of Kubernetes, for the reasons, the messages and the back-off.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable

from . import containers
from .clock import timestamp
from .conditions import set_condition
from .containerlife import ContainerLife
from .controllers.controller import Context
from .deletion import DeleteOptions
from .events import NORMAL
from .nodes import node_address
from .objects import Key, Obj, copy, is_deleting, uid_of
from .registry import for_controller, for_status
from .resources import PODS
from .status import ApiError
from .store import Store

_WRITE = for_status(for_controller("kubelet"))


class PodIsGoneError(Exception):
    """The pod was removed, or is another one of the same name."""


class PodLife:
    """What the kubelet does for one pod."""

    def __init__(self, context: Context, key: Key, uid: str) -> None:
        self._context = context
        self._pace = context.pace
        self._registry = context.registry
        self._key = key
        self._uid = uid

    async def run(self) -> None:
        """Ends when nothing more will happen of itself."""
        try:
            pod = self.pod()
            await self._assign_addresses(pod)
            for container in pod["spec"].get("initContainers") or ():
                await self._contain(ContainerLife(self, container, "initContainerStatuses"))
            async with asyncio.TaskGroup() as group:
                for container in pod["spec"]["containers"]:
                    group.create_task(
                        self._contain(ContainerLife(self, container, "containerStatuses")),
                        name=f"container {self._key} {container['name']}",
                    )
        except PodIsGoneError:
            return

    async def _contain(self, life: ContainerLife) -> None:
        try:
            await life.run()
        except (PodIsGoneError, ApiError):
            return

    async def stop(self) -> None:
        """Graceful termination: within the grace period, and mostly sooner."""
        try:
            pod = self.pod()
            for container in pod["spec"]["containers"]:
                self.tell(NORMAL, "Killing", f"Stopping container {container['name']}", container)
            grace = pod["metadata"].get("deletionGracePeriodSeconds", 0)
            await self._pace.sleep(min(grace, self.between(0.6, 1.6, "stop")))
            self._registry.delete(PODS, self._key, DeleteOptions(grace_period=0, uid=self._uid))
        except (PodIsGoneError, ApiError):
            return

    # Shared with the lives of the containers

    def between(self, low: float, high: float, what: str) -> float:
        """Seconds that differ between pods, and are the same for one."""
        digest = hashlib.sha256(f"{self._uid}/{what}".encode()).digest()
        return low + (high - low) * digest[0] / 255

    async def sleep(self, seconds: float) -> None:
        await self._pace.sleep(seconds)

    @property
    def now(self) -> str:
        return timestamp(self._context.clock.now())

    @property
    def store(self) -> Store:
        return self._context.store

    def pod(self) -> Obj:
        """The pod as it is now; raises PodIsGoneError."""
        pod = self._registry.store.get(PODS, self._key)
        if pod is None or uid_of(pod) != self._uid:
            raise PodIsGoneError(str(self._key))
        return pod

    def write(self, change: Callable[[Obj], None]) -> Obj:
        """Changes the status, and what follows from it; raises PodIsGoneError also when it is about to go."""
        pod = self.pod()
        if is_deleting(pod):
            raise PodIsGoneError(str(self._key))
        status = copy(pod)["status"]
        change(status)
        containers.summarize(pod, status, self.now)
        return self._registry.change(PODS, self._key, lambda live: {**live, "status": status}, _WRITE)

    def tell(self, event_type: str, reason: str, message: str, container: Obj) -> None:
        pod = self.pod()
        self._context.recorder.event(
            pod,
            event_type,
            reason,
            message,
            component="kubelet",
            host=pod["spec"]["nodeName"],
            field_path=f"spec.containers{{{container['name']}}}",
        )

    async def _assign_addresses(self, pod: Obj) -> None:
        if pod["status"].get("podIP"):
            return
        await self.sleep(self.between(0.1, 0.6, "sandbox"))
        address = node_address(pod["spec"]["nodeName"])
        digest = hashlib.sha256(self._uid.encode()).digest()
        pod_ip = f"10.244.{digest[0]}.{digest[1] % 254 + 1}"

        def change(status: Obj) -> None:
            status |= {"hostIP": address, "hostIPs": [{"ip": address}], "podIP": pod_ip, "podIPs": [{"ip": pod_ip}]}
            status["startTime"] = self.now
            set_condition(status, "PodReadyToStartContainers", "True", reason="", message="", now=self.now)
            for kind in ("initContainers", "containers"):
                if listed := pod["spec"].get(kind):
                    reason = (
                        "PodInitializing"
                        if pod["spec"].get("initContainers") and kind == "containers"
                        else "ContainerCreating"
                    )
                    status[f"{kind.removesuffix('s')}Statuses"] = [containers.initial(each, reason) for each in listed]

        self.write(change)
