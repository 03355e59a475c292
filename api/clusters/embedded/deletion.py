"""Whether a deletion happens at once, and what marks an object that has to wait.

Source: k8s.io/apiserver/pkg/registry/rest/delete.go and pkg/registry/core/pod of Kubernetes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .clock import timestamp
from .objects import Obj, copy, is_deleting
from .pods import is_terminal
from .resources import NAMESPACES, PODS, Resource
from .status import precondition_failed

FOREGROUND = "foregroundDeletion"
ORPHAN = "orphan"
_FINALIZERS = {"Foreground": FOREGROUND, "Orphan": ORPHAN}


@dataclass(frozen=True, slots=True)
class DeleteOptions:
    """How a deletion is to be done; `grace_period` is in seconds, None for what the object itself says."""

    grace_period: int | None = None
    propagation: str = "Background"
    uid: str | None = None
    resource_version: str | None = None
    dry_run: bool = False


def check_preconditions(resource: Resource, obj: Obj, options: DeleteOptions) -> None:
    """Raises ApiError 409 when another object is meant than the one that is there."""
    metadata = obj["metadata"]
    if options.uid and options.uid != metadata["uid"]:
        why = (
            f"the UID in the precondition ({options.uid}) does not match the UID in record ({metadata['uid']}). "
            "The object might have been deleted and then recreated"
        )
        raise precondition_failed(resource, metadata["name"], why)
    if options.resource_version and options.resource_version != metadata["resourceVersion"]:
        why = (
            f"the ResourceVersion in the precondition ({options.resource_version}) does not match the ResourceVersion "
            f"in record ({metadata['resourceVersion']}). The object might have been modified"
        )
        raise precondition_failed(resource, metadata["name"], why)


def mark(resource: Resource, before: Obj, options: DeleteOptions, now: datetime) -> Obj | None:
    """The object marked for deletion, or None when nothing holds it."""
    finalizers = _finalizers(before["metadata"].get("finalizers") or (), options.propagation)
    grace = _grace_period(resource, before, options)
    if not finalizers and grace == 0 and resource is not NAMESPACES:
        return None
    after = copy(before)
    metadata = after["metadata"]
    if finalizers:
        metadata["finalizers"] = finalizers
    if not is_deleting(before) or _is_sooner(resource, before, grace):
        metadata["deletionTimestamp"] = timestamp(now + timedelta(seconds=grace))
        metadata["deletionGracePeriodSeconds"] = grace
        if resource.generation:
            metadata["generation"] = metadata.get("generation", 0) + 1
    if resource is NAMESPACES:
        metadata.pop("deletionGracePeriodSeconds", None)
        after["status"] = {**after.get("status", {}), "phase": "Terminating"}
    return after


def may_go(resource: Resource, obj: Obj) -> bool:
    """Whether an object that is being deleted waits for nothing any more."""
    if obj["metadata"].get("finalizers"):
        return False
    if resource is NAMESPACES:
        return not obj["spec"].get("finalizers")
    return resource is not PODS or obj["metadata"].get("deletionGracePeriodSeconds", 0) == 0


def _finalizers(present: Sequence[str], propagation: str) -> list[str]:
    asked = _FINALIZERS.get(propagation)
    kept = [each for each in present if each not in {FOREGROUND, ORPHAN}]
    return [*kept, asked] if asked else kept


def _grace_period(resource: Resource, obj: Obj, options: DeleteOptions) -> int:
    """Seconds; only a pod that runs on a node is given any."""
    if resource is not PODS or not obj["spec"].get("nodeName") or is_terminal(obj):
        return 0
    default: int = obj["spec"].get("terminationGracePeriodSeconds", 30)
    return default if options.grace_period is None else max(options.grace_period, 0)


def _is_sooner(resource: Resource, obj: Obj, grace: int) -> bool:
    """A second deletion of a pod can only shorten what the first one granted."""
    return resource is PODS and grace < obj["metadata"].get("deletionGracePeriodSeconds", 0)
