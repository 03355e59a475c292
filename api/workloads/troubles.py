"""Why a pod, or a whole rollout, does not get on: read from what Kubernetes says, in a sentence for a developer.

The reasons are those of the kubelet, the scheduler and the deployment controller:
https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/ and
https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from api.clusters import objects
from api.workloads.observation import annotated_revision
from api.workloads.remedies import OTHER_USER

UNPULLABLE = frozenset(
    {"ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "RegistryUnavailable"}
)
UNSTARTABLE = frozenset({"CreateContainerConfigError", "CreateContainerError", "RunContainerError"})
NEVER_RAN = frozenset({"StartError", "ContainerCannotRun"})
"""How a run ended of which the container runtime could not even start the command."""
CRASHING = "CrashLoopBackOff"
OUT_OF_MEMORY = "OOMKilled"
WAITS_FOR_DISK = "unbound immediate PersistentVolumeClaims"
"""In the scheduler's words."""
_NO_ROOM = "No node of the cluster has room for the pod."


class Stage(StrEnum):
    """How far the pods came before they stopped: the step of the rollout that failed."""

    SCHEDULED = "scheduled"
    STARTED = "started"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What keeps pods from running. `reason` is Kubernetes' own word, `message` a sentence that says the way out."""

    stage: Stage
    reason: str
    message: str


def of_controller(controller: objects.Replicated) -> Trouble | None:
    """What keeps a Deployment from creating pods, or from getting on in time; a StatefulSet does not say it."""
    conditions = {condition.type: condition for condition in controller.status.conditions}
    failure = conditions.get("ReplicaFailure")
    if failure is not None and failure.status == "True":
        return Trouble(Stage.SCHEDULED, failure.reason, creation_refused(failure.message))
    progressing = conditions.get("Progressing")
    if progressing is not None and progressing.reason == "ProgressDeadlineExceeded":
        return Trouble(
            Stage.READY,
            progressing.reason,
            "The rollout made no progress within its deadline. Look at the pods and their events, "
            f"then {_change(annotated_revision(controller.spec.template.metadata))}.",
        )
    return None


def of_pod(pod: objects.Pod) -> Trouble | None:
    """What keeps the pod from running; None where it runs, or is simply on its way."""
    if pod.metadata.deletion_timestamp is not None:
        return None
    if pod.status.phase == "Failed":
        return _ended(pod)
    for status in pod.status.container_statuses:
        trouble = of_container(status, annotated_revision(pod.metadata))
        if trouble is not None:
            return trouble
    return _unscheduled(pod) or _unready(pod)


def of_container(status: objects.ContainerStatus, revision: int | None) -> Trouble | None:
    """What keeps one container from running; `revision` is that of its pod."""
    waiting = status.state.waiting
    if waiting is not None:
        return _waiting(status, waiting, revision)
    ended = status.state.terminated
    if ended is not None and ended.exit_code != 0:
        return Trouble(Stage.STARTED, ended.reason or "Error", f"{ending(ended)} It is being restarted.")
    return None


def _waiting(
    status: objects.ContainerStatus, waiting: objects.ContainerStateWaiting, revision: int | None
) -> Trouble | None:
    reason, detail = waiting.reason or "", waiting.message or ""
    if reason in UNPULLABLE:
        return Trouble(Stage.STARTED, reason, _unpullable(status.image))
    if reason == CRASHING:
        return Trouble(Stage.STARTED, reason, _crashing(status, revision))
    if reason in UNSTARTABLE:
        return Trouble(Stage.STARTED, reason, _unstartable(status.image, detail))
    return None


def _unpullable(image: str) -> str:
    """Without what the container runtime says, which is long and names the image thrice: that is evidence."""
    return f"The image {image} cannot be pulled. Check its name and tag, and that its registry lets the cluster in."


def _crashing(status: objects.ContainerStatus, revision: int | None) -> str:
    last = status.last_state.terminated
    restarts = f", {_times(status.restart_count)} so far" if status.restart_count else ""
    again = f"It is started again after a pause that grows{restarts}."
    remedy = f"Check that it has the variables and secrets that it needs, then {_change(revision)}."
    if last is None:
        return f"The app keeps ending. {again} {remedy}"
    if last.reason == OUT_OF_MEMORY or last.reason in NEVER_RAN:
        return f"{ending(last)} {again}"
    return f"{ending(last)} {again} {remedy}"


def _change(revision: int | None) -> str:
    """What makes other pods than those of that revision: there is none before the first."""
    return "deploy a change or roll back" if revision is not None and revision > 1 else "deploy a change"


def ending(ended: objects.ContainerStateTerminated) -> str:
    """How a container ended, in a sentence."""
    if ended.reason == OUT_OF_MEMORY:
        return f"The app ran out of memory (exit code {ended.exit_code}). Give it a larger size, or more memory."
    if ended.reason in NEVER_RAN:
        return cannot_start(ended.message or "")
    return f"The app ended with exit code {ended.exit_code}."


def _unstartable(image: str, detail: str) -> str:
    if "root" in detail.lower():
        return (
            f"The image {image} wants to run as root, which the namespace's policy forbids. "
            f"{OTHER_USER}, for instance 1000.{_quoted(detail)}"
        )
    return cannot_start(detail)


def cannot_start(detail: str) -> str:
    """Why the container's command does not run, from what the container runtime says of it."""
    lowered = detail.lower()
    meaning = next((meaning for signs, meaning in _START_FAILURES if any(sign in lowered for sign in signs)), None)
    return f"{meaning or 'The container cannot be started.'}{_quoted(detail)}"


NO_COMMAND = ("executable file not found", "no such file or directory")
_START_FAILURES = (
    (("exec format error",), "The image is built for another kind of processor than the cluster's nodes have."),
    (NO_COMMAND, "The image has no such command. Correct it, or leave it out to start what the image starts itself."),
    (("permission denied",), "The app's user may not run the command. Make it executable in the image."),
)
"""Words of runc, which containerd and CRI-O pass on."""


def _unscheduled(pod: objects.Pod) -> Trouble | None:
    for condition in pod.status.conditions:
        if condition.type == "PodScheduled" and condition.status == "False" and condition.reason == "Unschedulable":
            waits = "A disk of the pod is not there yet." if WAITS_FOR_DISK in condition.message else _NO_ROOM
            message = f"{waits}{_quoted(condition.message)}"
            return Trouble(Stage.SCHEDULED, condition.reason, message)
    return None


def last_ending(pod: objects.Pod) -> objects.ContainerStateTerminated | None:
    """How the last run of the pod's container ended; None where none has."""
    endings = (status.state.terminated or status.last_state.terminated for status in pod.status.container_statuses)
    return next((ended for ended in endings if ended is not None), None)


def _ended(pod: objects.Pod) -> Trouble:
    """A pod that is not started anew: evicted, or one attempt of a job."""
    ended = last_ending(pod)
    if pod.status.reason is None and ended is not None:
        return Trouble(Stage.STARTED, ended.reason or "Error", ending(ended))
    reason = pod.status.reason or "Failed"
    return Trouble(Stage.STARTED, reason, f"The pod failed ({reason}).{_quoted(pod.status.message or '')}")


def _unready(pod: objects.Pod) -> Trouble | None:
    """Was ready and is no longer, though it runs: its Ready condition turned after its container started.

    A pod that has not been ready yet is on its way, and in no trouble: its condition is as old as the pod.
    """
    ready = next((condition for condition in pod.status.conditions if condition.type == "Ready"), None)
    started = [status.state.running.started_at for status in pod.status.container_statuses if status.state.running]
    if ready is None or ready.status != "False" or ready.last_transition_time is None or None in started:
        return None
    if not any(at is not None and ready.last_transition_time > at for at in started):
        return None
    message = f"The pod runs, and no longer answers its readiness probe.{_quoted(ready.message)}"
    return Trouble(Stage.READY, "NotReady", message)


def creation_refused(detail: str) -> str:
    """Why the API server takes no pod, from what it answers."""
    lowered = detail.lower()
    for sign, meaning in _REFUSALS.items():
        if sign in lowered:
            return f"{meaning}{_quoted(detail)}"
    return f"Kubernetes refuses to create the pods.{_quoted(detail)}"


_REFUSALS: Mapping[str, str] = {
    "exceeded quota": "The namespace's quota has no room for the pods. Choose a smaller size or fewer replicas, "
    "or make room in the namespace.",
    "violates podsecurity": "The namespace's Pod Security policy refuses the pods.",
}


def _quoted(detail: str | None) -> str:
    detail = (detail or "").strip().rstrip(".")
    return f" Kubernetes says: {detail}." if detail else ""


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
