"""Jobs → Pods that end.

Source: pkg/controller/job of Kubernetes; indexed completion and failure policies are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from api.clusters.embedded.clock import parse_timestamp, timestamp
from api.clusters.embedded.conditions import set_condition
from api.clusters.embedded.deletion import DeleteOptions
from api.clusters.embedded.events import NORMAL, WARNING
from api.clusters.embedded.objects import (
    Key,
    Obj,
    condition_of,
    controller_of,
    copy,
    has_condition,
    is_controlled_by,
    is_deleting,
    key_of,
    name_of,
)
from api.clusters.embedded.pods import is_ready, is_terminal
from api.clusters.embedded.registry import for_controller, for_status
from api.clusters.embedded.resources import JOBS, PODS
from api.clusters.embedded.status import ApiError
from api.clusters.embedded.store import Change

from .controller import CONTROLLER_MANAGER, KeyController
from .replicaset import pod_from_template

_WRITE = for_controller(CONTROLLER_MANAGER)
_ALWAYS_WRITTEN = frozenset({"ready", "terminating", "uncountedTerminatedPods"})
_BACK_OFF = 10.0
_MOST_BACK_OFF = 360.0


class _Outcome(NamedTuple):
    """How a job ended: its condition, and the one that announces it."""

    announced_by: str
    condition: str
    reason: str
    message: str

    @property
    def event(self) -> tuple[str, str, str]:
        if self.condition == "Complete":
            return NORMAL, "Completed", "Job completed"
        return WARNING, self.reason, self.message


_COMPLETE = _Outcome(
    "SuccessCriteriaMet", "Complete", "CompletionsReached", "Reached expected number of succeeded pods"
)
_BACK_OFF_EXCEEDED = _Outcome(
    "FailureTarget", "Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit"
)
_DEADLINE_EXCEEDED = _Outcome(
    "FailureTarget", "Failed", "DeadlineExceeded", "Job was active longer than specified deadline"
)


class JobController(KeyController):
    """Runs pods until enough have succeeded, or too many have failed."""

    name = "job-controller"

    def on_change(self, change: Change) -> None:
        if change.resource is JOBS:
            self.queue.add(key_of(change.obj))
        elif change.resource is PODS:
            owner = controller_of(change.obj)
            if owner and owner["kind"] == "Job":
                self.queue.add(Key(change.obj["metadata"]["namespace"], owner["name"]))

    def sync(self, key: Key) -> None:
        job = self.store.get(JOBS, key)
        if job is None or is_deleting(job):
            return
        if is_finished(job):
            self._clean_up(job)
            return
        pods = [pod for pod in self.store.list(PODS, key.namespace) if is_controlled_by(pod, job)]
        status = self._status(job, pods)
        if not is_finished({"status": status}):
            self._stop_at_deadline(job, status)
        self.registry.change(JOBS, key, lambda live: {**live, "status": status}, for_status(_WRITE))
        if not is_finished({"status": status}):
            self._run(job, pods, status)

    def _status(self, job: Obj, pods: Sequence[Obj]) -> Obj:
        """Counts, and whether the job is done."""
        now = timestamp(self.context.clock.now())
        before = job.get("status") or {}
        status: Obj = copy(before)
        active = [pod for pod in pods if not is_terminal(pod)]
        counts = {
            "active": len(active),
            "ready": sum(is_ready(pod) for pod in active),
            "succeeded": sum(pod["status"]["phase"] == "Succeeded" for pod in pods),
            "failed": sum(pod["status"]["phase"] == "Failed" for pod in pods),
            "terminating": sum(is_deleting(pod) for pod in active),
        }
        status |= counts
        status["uncountedTerminatedPods"] = {}
        if not job["spec"].get("suspend"):
            status.setdefault("startTime", now)
        self._conclude(job, status, pods, now)
        return {name: value for name, value in status.items() if value or name in _ALWAYS_WRITTEN}

    def _conclude(self, job: Obj, status: Obj, pods: Sequence[Obj], now: str) -> None:
        spec = job["spec"]
        if _has_succeeded(spec.get("completions"), status):
            self._finish(job, status, _COMPLETE, now)
            status["completionTime"] = now
        elif max(status["failed"], _restarts(pods)) > spec["backoffLimit"]:
            self._stop(pods)
            self._finish(job, status, _BACK_OFF_EXCEEDED, now)

    def _finish(self, job: Obj, status: Obj, outcome: _Outcome, now: str) -> None:
        for condition in (outcome.announced_by, outcome.condition):
            set_condition(status, condition, "True", reason=outcome.reason, message=outcome.message, now=now)
        for each in status["conditions"]:
            each.setdefault("lastProbeTime", now)
        status["active"] = status["ready"] = 0
        self._tell(job, *outcome.event)

    def _run(self, job: Obj, pods: Sequence[Obj], status: Obj) -> None:
        if job["spec"].get("suspend"):
            self._stop(pods)
            return
        left = job["spec"].get("completions", status.get("succeeded", 0) + 1) - status.get("succeeded", 0)
        missing = min(job["spec"]["parallelism"], left) - status.get("active", 0)
        wait = self._back_off(pods)
        if missing > 0 and wait > 0:
            self.queue.add_after(key_of(job), wait)
            return
        for _ in range(missing):
            self._create(job)

    def _back_off(self, pods: Sequence[Obj]) -> float:
        """Seconds to wait before the next try, longer after each failure."""
        failed = [pod for pod in pods if pod["status"]["phase"] == "Failed"]
        if not failed:
            return 0.0
        wait = self.context.pace.seconds(min(_BACK_OFF * 2 ** (len(failed) - 1), _MOST_BACK_OFF))
        latest = max(parse_timestamp(_ended(pod)) for pod in failed)
        return wait - (self.context.clock.now() - latest).total_seconds()

    def _create(self, job: Obj) -> None:
        try:
            created = self.registry.create(PODS, job["metadata"]["namespace"], pod_from_template(job), _WRITE)
        except ApiError as error:
            self._tell(job, WARNING, "FailedCreate", f"Error creating: {error}")
            raise
        self._tell(job, NORMAL, "SuccessfulCreate", f"Created pod: {name_of(created)}")

    def _stop(self, pods: Sequence[Obj]) -> None:
        for pod in pods:
            if not is_terminal(pod) and not is_deleting(pod):
                self.registry.delete(PODS, key_of(pod), DeleteOptions())

    def _stop_at_deadline(self, job: Obj, status: Obj) -> None:
        seconds = job["spec"].get("activeDeadlineSeconds")
        if seconds is None or "startTime" not in status:
            return
        passed = (self.context.clock.now() - parse_timestamp(status["startTime"])).total_seconds()
        left = self.context.pace.seconds(seconds) - passed
        if left > 0:
            self.queue.add_after(key_of(job), left)
            return
        self._stop([pod for pod in self.store.list(PODS, job["metadata"]["namespace"]) if is_controlled_by(pod, job)])
        now = timestamp(self.context.clock.now())
        self._finish(job, status, _DEADLINE_EXCEEDED, now)

    def _clean_up(self, job: Obj) -> None:
        seconds = job["spec"].get("ttlSecondsAfterFinished")
        if seconds is None:
            return
        ended = condition_of(job, "Complete") or condition_of(job, "Failed") or {}
        passed = (self.context.clock.now() - parse_timestamp(ended["lastTransitionTime"])).total_seconds()
        left = self.context.pace.seconds(seconds) - passed
        if left > 0:
            self.queue.add_after(key_of(job), left)
        else:
            self.registry.delete(JOBS, key_of(job), DeleteOptions())

    def _tell(self, job: Obj, event_type: str, reason: str, message: str) -> None:
        self.context.recorder.event(job, event_type, reason, message, component=self.name)


def is_finished(job: Obj) -> bool:
    """Whether it has run to its end, or given up."""
    return has_condition(job, "Complete") or has_condition(job, "Failed")


def _has_succeeded(wanted: int | None, status: Obj) -> bool:
    """Without a number of completions, one success is enough once no pod is active any more."""
    if wanted is None:
        return bool(status["succeeded"] and not status["active"])
    return bool(status["succeeded"] >= wanted)


def _restarts(pods: Sequence[Obj]) -> int:
    """With restartPolicy OnFailure, failures are restarts of containers."""
    return sum(
        status.get("restartCount", 0)
        for pod in pods
        if not is_terminal(pod)
        for status in pod["status"].get("containerStatuses") or ()
    )


def _ended(pod: Obj) -> str:
    for status in pod["status"].get("containerStatuses") or ():
        if terminated := status["state"].get("terminated"):
            return str(terminated["finishedAt"])
    return str(pod["metadata"]["creationTimestamp"])
