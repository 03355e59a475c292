"""The life of one container: pulled, created, ready, crashed and started again.

Source: pkg/kubelet of Kubernetes, for the reasons, the messages and the back-off.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from . import containers
from .environment import missing_reference
from .events import NORMAL, WARNING
from .images import Image
from .objects import Obj, uid_of
from .pullsecrets import has_credentials
from .store import Store

_FIRST_BACK_OFF = 10.0
_LAST_BACK_OFF = 300.0
_CRASHES_AFTER = 2.0
_COMPLETES_AFTER = 4.0
_LONGEST_DELAY = 20.0


class Pod(Protocol):
    """What a container needs of the pod that it lives in; all may raise PodIsGoneError."""

    @property
    def now(self) -> str: ...

    @property
    def store(self) -> Store: ...

    def pod(self) -> Obj: ...

    def write(self, change: Callable[[Obj], None]) -> Obj: ...

    def tell(self, event_type: str, reason: str, message: str, container: Obj) -> None: ...

    def between(self, low: float, high: float, what: str) -> float: ...

    async def sleep(self, seconds: float) -> None: ...


class ContainerLife:
    """What the kubelet does for one container; `field` is where its status is."""

    def __init__(self, life: Pod, container: Obj, field: str) -> None:
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
            problem = self._pull_problem()
            if not problem:
                size = 20_000_000 + int(self._life.between(0, 80_000_000, image))
                took = f"{seconds:.3f}s ({seconds:.3f}s including waiting)"
                self._tell(
                    NORMAL, "Pulled", f'Successfully pulled image "{image}" in {took}. Image size: {size} bytes.'
                )
                return
            await self._fail_pull(problem, back_off)
            back_off = min(back_off * 2, _LAST_BACK_OFF)

    async def _refuse_name(self) -> None:
        image = self._image.reference
        why = f'couldn\'t parse image name "{image}": invalid reference format'
        message = f'Failed to apply default image tag "{image}": {why}'
        self._wait("InvalidImageName", message)
        self._tell(WARNING, "InspectFailed", message)
        self._tell(WARNING, "Failed", "Error: InvalidImageName")
        await asyncio.Event().wait()  # nothing but the pod's deletion, which cancels, ends this

    def _pull_problem(self) -> str:
        """The runtime's words for why the registry does not give the image; empty where it does."""
        image = self._image.canonical
        unresolved = f'failed to pull and unpack image "{image}": failed to resolve reference "{image}"'
        if self._image.never_pulls:
            return f"rpc error: code = NotFound desc = {unresolved}: {image}: not found"
        if self._image.is_private and not has_credentials(self._life.store, self._life.pod(), self._image):
            return f"rpc error: code = Unknown desc = {unresolved}: failed to authorize: 401 Unauthorized"
        return ""

    async def _fail_pull(self, error: str, back_off: float) -> None:
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
        if missing := missing_reference(self._life.store, self._life.pod()["metadata"]["namespace"], self._container):
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
