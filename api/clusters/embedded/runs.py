"""Runs of containers: which there were, and when each began and ended.

A pod's status tells that in whole seconds. Logs need it as exactly as a container runtime writes it, or two runs within
a second would say the same at the same moments: so it is noted as it happens, for as long as the process lives.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .clock import Clock, parse_timestamp
from .objects import Obj, uid_of
from .resources import PODS
from .store import Change, ChangeType


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a container: what identifies its log. `ended` is None while it runs."""

    identity: str
    name: str
    started: datetime
    ended: datetime | None
    exit_code: int = 0


class Runs:
    """What the status of a pod says of its containers' runs, with exact times where they are known."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._started: dict[str, datetime] = {}
        self._ended: dict[str, datetime] = {}

    def on_change(self, change: Change) -> None:
        """Note when a run begins or ends; forget those of a pod that goes."""
        if change.resource is not PODS:
            return
        if change.type is ChangeType.DELETED:
            self._forget(uid_of(change.obj))
            return
        for status in _statuses(change.obj):
            self._note(change.obj, status)

    def of(self, pod: Obj, container: str, *, previous: bool = False) -> Run | None:
        """The present run of a container or its last one; with `previous` the one before. None where there is none."""
        status = status_of(pod, container)
        if status is None:
            return None
        restarts = status.get("restartCount", 0)
        state, last = status["state"], (status.get("lastState") or {}).get("terminated")
        if previous:
            return self._over(pod, container, last, restarts - 1) if last else None
        if running := state.get("running"):
            identity = _identity(pod, container, restarts)
            started = self._started.get(identity) or parse_timestamp(running["startedAt"])
            return Run(identity, container, started, None)
        ended = state.get("terminated") or last
        return self._over(pod, container, ended, restarts) if ended else None

    def _over(self, pod: Obj, container: str, terminated: Obj, restarts: int) -> Run:
        identity = _identity(pod, container, restarts)
        started = self._started.get(identity) or parse_timestamp(terminated["startedAt"])
        ended = self._ended.get(identity) or parse_timestamp(terminated["finishedAt"])
        return Run(identity, container, started, max(started, ended), terminated["exitCode"])

    def _note(self, pod: Obj, status: Obj) -> None:
        identity = _identity(pod, status["name"], status.get("restartCount", 0))
        if "running" in status["state"]:
            self._started.setdefault(identity, self._clock.now())
        elif "terminated" in status["state"]:
            self._ended.setdefault(identity, self._clock.now())

    def _forget(self, uid: str) -> None:
        for noted in (self._started, self._ended):
            for identity in [each for each in noted if each.startswith(f"{uid}/")]:
                del noted[identity]


def status_of(pod: Obj, container: str) -> Obj | None:
    """What the kubelet says of a container; None where it said nothing yet."""
    return next((each for each in _statuses(pod) if each["name"] == container), None)


def _statuses(pod: Obj) -> list[Obj]:
    fields = ("containerStatuses", "initContainerStatuses")
    return [each for field in fields for each in (pod.get("status") or {}).get(field) or ()]


def _identity(pod: Obj, container: str, restarts: int) -> str:
    return f"{uid_of(pod)}/{container}/{restarts}"
