"""The status of a Deployment: counts, and the conditions Available, Progressing and ReplicaFailure.

Source: pkg/controller/deployment/{sync.go,progress.go} of Kubernetes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from api.clusters.embedded.clock import Pace, parse_timestamp, timestamp
from api.clusters.embedded.conditions import remove_condition, set_condition
from api.clusters.embedded.objects import Obj, condition_of, copy, name_of

from . import rollout

_LEAST_DEADLINE = 2.0
"""Seconds; timestamps have whole seconds, so a shorter deadline could not be told from none."""


_ALWAYS_WRITTEN = frozenset({"terminatingReplicas"})


def progress_deadline(deployment: Obj, pace: Pace) -> float:
    """Seconds without progress after which a rollout has failed."""
    return max(pace.seconds(deployment["spec"]["progressDeadlineSeconds"]), _LEAST_DEADLINE)


def deployment_status(
    deployment: Obj, sets: Sequence[Obj], new: Obj | None, *, now: datetime, deadline: float
) -> tuple[Obj, float | None]:
    """The status that `deployment` should have, and in how many seconds it must be looked at again."""
    before = deployment.get("status") or {}
    status = _counts(deployment, sets, new)
    status["conditions"] = copy(before).get("conditions") or []
    text = timestamp(now)
    _set_available(deployment, status, text)
    _set_replica_failure(status, sets, new, text)
    wait = _set_progressing(deployment, before, status, new, now=now, deadline=deadline)
    return {name: value for name, value in status.items() if value or name in _ALWAYS_WRITTEN}, wait


def _counts(deployment: Obj, sets: Sequence[Obj], new: Obj | None) -> Obj:
    available = rollout.total(sets, "availableReplicas")
    total = rollout.total(sets, "replicas")
    return {
        "observedGeneration": deployment["metadata"]["generation"],
        "replicas": total,
        "updatedReplicas": rollout.total([new] if new else [], "replicas"),
        "readyReplicas": rollout.total(sets, "readyReplicas"),
        "availableReplicas": available,
        "unavailableReplicas": max(0, sum(rollout.replicas(each) for each in sets) - available),
        "terminatingReplicas": rollout.total(sets, "terminatingReplicas"),
    }


def _set_available(deployment: Obj, status: Obj, now: str) -> None:
    enough = status["availableReplicas"] >= rollout.desired(deployment) - rollout.bounds(deployment)[1]
    set_condition(
        status,
        "Available",
        "True" if enough else "False",
        reason="MinimumReplicasAvailable" if enough else "MinimumReplicasUnavailable",
        message="Deployment has minimum availability." if enough else "Deployment does not have minimum availability.",
        now=now,
        updated=True,
    )


def _set_replica_failure(status: Obj, sets: Sequence[Obj], new: Obj | None, now: str) -> None:
    """Hands on what keeps a ReplicaSet from creating pods."""
    failures = [condition_of(each, "ReplicaFailure") for each in ([new] if new else sets)]
    failure = next((each for each in failures if each), None)
    if failure is None:
        remove_condition(status, "ReplicaFailure")
        return
    message, reason = failure.get("message", ""), failure.get("reason", "")
    set_condition(status, "ReplicaFailure", failure["status"], reason=reason, message=message, now=now, updated=True)


def _set_progressing(
    deployment: Obj, before: Obj, status: Obj, new: Obj | None, *, now: datetime, deadline: float
) -> float | None:
    """Sets the condition; answers in how many seconds it could turn into a failure."""
    condition = condition_of({"status": status}, "Progressing")
    text = timestamp(now)
    if pause := _pause(deployment, condition):
        _set(status, "Unknown", *pause, now=text)
        return None
    what = f'ReplicaSet "{name_of(new)}"' if new else f'Deployment "{name_of(deployment)}"'
    if new is not None and _is_complete(deployment, status):
        _set(status, "True", "NewReplicaSetAvailable", f"{what} has successfully progressed.", now=text)
        return None
    if condition and condition["reason"] == "NewReplicaSetAvailable" and not _is_rolling(status, condition, new):
        return None
    if condition is None or _is_new_rollout(condition, new):
        if new is not None:
            _set(status, "True", "NewReplicaSetCreated", f'Created new replica set "{name_of(new)}"', now=text)
        return deadline
    if _has_progressed(before, status):
        _touch(status, "ReplicaSetUpdated", f"{what} is progressing.", text)
        return deadline
    left = deadline - (now - parse_timestamp(condition["lastUpdateTime"])).total_seconds()
    if left <= 0 and condition["reason"] != "ProgressDeadlineExceeded":
        _set(status, "False", "ProgressDeadlineExceeded", f"{what} has timed out progressing.", now=text)
    return left if left > 0 else None


def _pause(deployment: Obj, condition: Obj | None) -> tuple[str, str] | None:
    """Reason and message while a Deployment is paused, and for the moment in which it is resumed."""
    if deployment["spec"].get("paused"):
        return "DeploymentPaused", "Deployment is paused"
    if condition and condition.get("reason") == "DeploymentPaused":
        return "DeploymentResumed", "Deployment is resumed"
    return None


def _set(status: Obj, value: str, reason: str, message: str, *, now: str) -> None:
    set_condition(status, "Progressing", value, reason=reason, message=message, now=now, updated=True)


def _touch(status: Obj, reason: str, message: str, now: str) -> None:
    """Progress moves the update time also where the words stay the same."""
    conditions = status.get("conditions") or ()
    before = next((each for each in conditions if each["type"] == "Progressing"), None)
    _set(status, "True", reason, message, now=now)
    if before and before["reason"] == reason:
        for each in status["conditions"]:
            if each["type"] == "Progressing":
                each["lastUpdateTime"] = now


def _is_new_rollout(condition: Obj, new: Obj | None) -> bool:
    """Whether the condition speaks of another ReplicaSet than the one that is new now."""
    return new is not None and name_of(new) not in condition.get("message", "")


def _is_rolling(status: Obj, condition: Obj, new: Obj | None) -> bool:
    """A rollout that was complete is not undone by pods that fail later, nor by scaling."""
    return _is_new_rollout(condition, new) or status["updatedReplicas"] != status["replicas"]


def _is_complete(deployment: Obj, status: Obj) -> bool:
    wanted = rollout.desired(deployment)
    return bool(
        status["updatedReplicas"] == wanted and status["replicas"] == wanted and status["availableReplicas"] == wanted
    )


def _has_progressed(before: Obj, after: Obj) -> bool:
    def old_replicas(status: Obj) -> int:
        return int(status.get("replicas", 0)) - int(status.get("updatedReplicas", 0))

    return any(
        after[name] > before.get(name, 0) for name in ("updatedReplicas", "readyReplicas", "availableReplicas")
    ) or old_replicas(after) < old_replicas(before)
