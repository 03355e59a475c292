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
from .controllers.controller import Context
from .deletion import DeleteOptions
from .environment import missing_reference
from .events import NORMAL, WARNING
from .images import Image
from .nodes import node_address
from .objects import Key, Obj, copy, is_deleting, uid_of
from .registry import for_controller, for_status
from .resources import PODS
from .status import ApiError

_WRITE = for_status(for_controller("kubelet"))
_FIRST_BACK_OFF = 10.0
_LAST_BACK_OFF = 300.0
_CRASHES_AFTER = 2.0
_COMPLETES_AFTER = 4.0
_LONGEST_DELAY = 20.0


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
            pod = self._pod()
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
            pod = self._pod()
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
    def context(self) -> Context:
        return self._context

    def pod(self) -> Obj:
        return self._pod()

    def _pod(self) -> Obj:
        pod = self._registry.store.get(PODS, self._key)
        if pod is None or uid_of(pod) != self._uid:
            raise PodIsGoneError(str(self._key))
        return pod

    def write(self, change: Callable[[Obj], None]) -> Obj:
        """Changes the status, and what follows from it."""
        pod = self._pod()
        status = copy(pod)["status"]
        change(status)
        containers.summarize(pod, status, self.now)
        if is_deleting(pod):
            return pod
        return self._registry.change(PODS, self._key, lambda live: {**live, "status": status}, _WRITE)

    def tell(self, event_type: str, reason: str, message: str, container: Obj) -> None:
        pod = self._pod()
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


class ContainerLife:
    """What the kubelet does for one container; `field` is where its status is."""

    def __init__(self, life: PodLife, container: Obj, field: str) -> None:
        self._life = life
        self._container = container
        self._field = field
        self._image = Image.parse(container["image"])
        self._name: str = container["name"]

    async def run(self) -> None:
        """Ends when the container runs for good, or has ended for good."""
        if self._is_settled():
            return
        await self._pull()
        await self._configure()
        back_off = _FIRST_BACK_OFF
        while True:
            exit_code = await self._execute()
            if exit_code is None or not self._is_restarted(exit_code):
                return
            await self._crash_back_off(back_off)
            back_off = min(back_off * 2, _LAST_BACK_OFF)

    def _is_settled(self) -> bool:
        """After a restart of the cluster: it ran, or has ended, and goes on like that."""
        state = self._status()["state"]
        if "running" in state:
            return self._exit_code() is None and bool(self._status()["ready"])
        terminated = state.get("terminated")
        return terminated is not None and not self._is_restarted(terminated["exitCode"])

    def _status(self) -> Obj:
        return self._find(self._life.pod()["status"])

    def _find(self, status: Obj) -> Obj:
        found: Obj = next(each for each in status[self._field] if each["name"] == self._name)
        return found

    def _write(self, change: Callable[[Obj], None]) -> None:
        self._life.write(lambda status: change(self._find(status)))

    def _wait(self, reason: str, message: str = "") -> None:
        self._write(lambda status: containers.wait(status, reason, message))

    def _tell(self, event_type: str, reason: str, message: str) -> None:
        self._life.tell(event_type, reason, message, self._container)

    # Pulling

    async def _pull(self) -> None:
        """Returns when the image is there; for a broken one that is never."""
        image = self._image.reference
        if not self._image.is_valid:
            await self._refuse_name()
        back_off = _FIRST_BACK_OFF
        while True:
            self._tell(NORMAL, "Pulling", f'Pulling image "{image}"')
            seconds = self._life.between(0.3, 1.2, f"pull {self._name}")
            await self._life.sleep(seconds)
            if not self._image.never_pulls:
                size = 20_000_000 + int(self._life.between(0, 80_000_000, image))
                took = f"{seconds:.3f}s ({seconds:.3f}s including waiting)"
                self._tell(
                    NORMAL, "Pulled", f'Successfully pulled image "{image}" in {took}. Image size: {size} bytes.'
                )
                return
            await self._fail_pull(back_off)
            back_off = min(back_off * 2, _LAST_BACK_OFF)

    async def _refuse_name(self) -> None:
        image = self._image.reference
        message = f'Failed to apply default image tag "{image}": couldn\'t parse image name "{image}": invalid reference format'
        self._wait("InvalidImageName", message)
        self._tell(WARNING, "InspectFailed", message)
        self._tell(WARNING, "Failed", "Error: InvalidImageName")
        await asyncio.Event().wait()  # nothing but the pod's deletion, which cancels, ends this

    async def _fail_pull(self, back_off: float) -> None:
        image = self._image.canonical
        message = (
            f'failed to pull and unpack image "{image}": failed to resolve reference "{image}": {image}: not found'
        )
        error = f"rpc error: code = NotFound desc = {message}"
        self._tell(WARNING, "Failed", f'Failed to pull image "{self._image.reference}": {error}')
        self._tell(WARNING, "Failed", "Error: ErrImagePull")
        self._wait("ErrImagePull", error)
        await self._life.sleep(self._life.between(1.0, 2.0, "back-off"))
        waiting = f'Back-off pulling image "{self._image.reference}"'
        self._tell(NORMAL, "BackOff", waiting)
        self._tell(WARNING, "Failed", "Error: ImagePullBackOff")
        self._wait("ImagePullBackOff", f"{waiting}: ErrImagePull: {error}")
        await self._life.sleep(back_off)

    # Configuring

    async def _configure(self) -> None:
        """Returns when the container can be created: what it refers to is there, and its user may run."""
        back_off = _FIRST_BACK_OFF
        while problem := self._config_problem():
            self._wait("CreateContainerConfigError", problem)
            self._tell(WARNING, "Failed", f"Error: {problem}")
            await self._life.sleep(back_off)

    def _config_problem(self) -> str:
        pod = self._life.pod()
        if missing := missing_reference(
            self._life.context.store, self._life.pod()["metadata"]["namespace"], self._container
        ):
            return missing
        pod_security, security = pod["spec"].get("securityContext") or {}, self._container.get("securityContext") or {}
        merged = {**pod_security, **security}
        where = (
            f'(pod: "{pod["metadata"]["name"]}_{pod["metadata"]["namespace"]}({uid_of(pod)})", container: {self._name})'
        )
        if not merged.get("runAsNonRoot"):
            return ""
        if merged.get("runAsUser") == 0:
            return f"container's runAsUser breaks non-root policy {where}"
        if merged.get("runAsUser") is None and self._image.runs_as_root:
            return f"container has runAsNonRoot and image will run as root {where}"
        return ""

    # Running

    async def _execute(self) -> int | None:
        """Runs the container; answers its exit code, or None when it goes on for good."""
        if "running" not in self._status()["state"]:
            self._tell(NORMAL, "Created", f"Created container: {self._name}")
            await self._life.sleep(self._life.between(0.1, 0.3, f"create {self._name}"))
            uid = uid_of(self._life.pod())
            self._write(lambda status: containers.run(status, pod_uid=uid, started_at=self._life.now))
            self._tell(NORMAL, "Started", f"Started container {self._name}")
        exit_code = self._exit_code()
        if exit_code is None:
            await self._become_ready()
            return None
        await self._life.sleep(_CRASHES_AFTER if exit_code else _COMPLETES_AFTER)
        self._write(lambda status: containers.terminate(status, exit_code=exit_code, finished_at=self._life.now))
        return exit_code

    def _exit_code(self) -> int | None:
        """What the container will exit with; None when it keeps running."""
        if self._image.crashes:
            return 1
        ends = self._field == "initContainerStatuses" or self._policy() != "Always"
        return 0 if ends else None

    def _policy(self) -> str:
        policy: str = self._life.pod()["spec"]["restartPolicy"]
        return policy

    def _is_restarted(self, exit_code: int) -> bool:
        if self._field == "initContainerStatuses" and exit_code == 0:
            return False
        policy = self._policy()
        return policy == "Always" or (policy == "OnFailure" and exit_code != 0)

    async def _become_ready(self) -> None:
        """Ready once its readiness probe would first have succeeded."""
        probe = self._container.get("readinessProbe") or {}
        delay = min(probe.get("initialDelaySeconds", 0), _LONGEST_DELAY)
        start = (
            self._life.between(0.4, 1.4, f"ready {self._name}") if probe else self._life.between(0.1, 0.5, self._name)
        )
        await self._life.sleep(delay + start)
        self._write(lambda status: status.update(ready=True))

    async def _crash_back_off(self, back_off: float) -> None:
        """As on a real node, the container is seen terminated for a moment, then waiting."""
        await self._life.sleep(1.0)
        pod = self._life.pod()
        name = f"{pod['metadata']['name']}_{pod['metadata']['namespace']}({uid_of(pod)})"
        self._tell(WARNING, "BackOff", f"Back-off restarting failed container {self._name} in pod {name}")
        message = f"back-off {_go_duration(back_off)} restarting failed container={self._name} pod={name}"
        self._wait("CrashLoopBackOff", message)
        await self._life.sleep(back_off)


def _go_duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"
