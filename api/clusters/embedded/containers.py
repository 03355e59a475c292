"""The states of a container, and what a pod's status says when its containers are in them.

Source: pkg/kubelet/{container,status} of Kubernetes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from .conditions import set_condition
from .images import Image
from .objects import Obj


def initial(container: Obj, reason: str) -> Obj:
    """A container that has not started."""
    return {
        "name": container["name"],
        "state": {"waiting": {"reason": reason}},
        "lastState": {},
        "ready": False,
        "restartCount": 0,
        "image": container["image"],
        "imageID": "",
        "started": False,
    }


def wait(status: Obj, reason: str, message: str = "") -> None:
    """Waiting; what ran before becomes the last state."""
    _keep_last(status)
    status["state"] = {"waiting": {"reason": reason, **({"message": message} if message else {})}}
    status |= {"ready": False, "started": False}


def run(status: Obj, *, pod_uid: str, started_at: str) -> None:
    """Running, not ready yet. A container that ran before has been restarted."""
    if _keep_last(status):
        status["restartCount"] += 1
    image = Image.parse(status["image"])
    status["image"] = image.canonical
    status["imageID"] = f"{image.repository}@sha256:{_digest(image.canonical)}"
    status["containerID"] = f"containerd://{_digest(pod_uid, status['name'], status['restartCount'])}"
    status["state"] = {"running": {"startedAt": started_at}}
    status |= {"ready": False, "started": True}


def terminate(status: Obj, *, exit_code: int, finished_at: str) -> None:
    running = status["state"].get("running") or {}
    status["state"] = {
        "terminated": {
            "exitCode": exit_code,
            "reason": "Error" if exit_code else "Completed",
            "startedAt": running.get("startedAt", finished_at),
            "finishedAt": finished_at,
            "containerID": status.get("containerID", ""),
        }
    }
    status |= {"ready": False, "started": False}


def _keep_last(status: Obj) -> bool:
    """Moves a terminated state into `lastState`; answers whether there has been one."""
    if terminated := status["state"].get("terminated"):
        status["lastState"] = {"terminated": terminated}
    return "containerID" in status


def _digest(*parts: Any) -> str:
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()


def summarize(pod: Obj, status: Obj, now: str) -> None:
    """Phase and conditions that follow from the states of the containers."""
    statuses: Sequence[Obj] = status.get("containerStatuses") or ()
    phase = _phase(pod, statuses)
    status["phase"] = phase
    unready = [each["name"] for each in statuses if not each["ready"]]
    initialized = all(
        (each["state"].get("terminated") or {}).get("exitCode") == 0
        for each in status.get("initContainerStatuses") or ()
    )
    set_condition(
        status,
        "Initialized",
        "True" if initialized else "False",
        reason="" if initialized else "ContainersNotInitialized",
        message="" if initialized else "containers with incomplete status",
        now=now,
    )
    for condition in ("Ready", "ContainersReady"):
        reason, message = _unreadiness(phase, unready)
        value = "False" if reason else "True"
        set_condition(status, condition, value, reason=reason, message=message, now=now)


def _unreadiness(phase: str, unready: Sequence[str]) -> tuple[str, str]:
    if phase == "Succeeded":
        return "PodCompleted", ""
    if phase == "Failed":
        return "PodFailed", ""
    return ("ContainersNotReady", f"containers with unready status: [{' '.join(unready)}]") if unready else ("", "")


def _phase(pod: Obj, statuses: Sequence[Obj]) -> str:
    policy = pod["spec"]["restartPolicy"]
    codes = [(each["state"].get("terminated") or {}).get("exitCode") for each in statuses]
    if policy != "Always" and codes and None not in codes:
        if not any(codes):
            return "Succeeded"
        if policy == "Never":
            return "Failed"
    started = any(
        "running" in each["state"] or "terminated" in each["state"] or "containerID" in each for each in statuses
    )
    return "Running" if started else "Pending"
