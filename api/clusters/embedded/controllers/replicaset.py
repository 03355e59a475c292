"""ReplicaSets → Pods.

Source: pkg/controller/replicaset of Kubernetes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from api.clusters.embedded.clock import parse_timestamp, timestamp
from api.clusters.embedded.conditions import remove_condition, set_condition
from api.clusters.embedded.deletion import DeleteOptions
from api.clusters.embedded.events import NORMAL, WARNING
from api.clusters.embedded.objects import (
    Key,
    Obj,
    condition_of,
    controller_of,
    copy,
    is_controlled_by,
    is_deleting,
    key_of,
    labels_of,
    name_of,
    owner_reference,
)
from api.clusters.embedded.pods import is_ready, is_terminal
from api.clusters.embedded.registry import for_controller, for_status
from api.clusters.embedded.resources import PODS, REPLICA_SETS, RESOURCE_QUOTAS
from api.clusters.embedded.status import ApiError
from api.clusters.embedded.store import Change, ChangeType

from .controller import CONTROLLER_MANAGER, KeyController

_ALWAYS_WRITTEN = frozenset({"replicas", "terminatingReplicas"})
_WRITE = for_controller(CONTROLLER_MANAGER)


class ReplicaSetController(KeyController):
    """Keeps as many pods as each ReplicaSet says."""

    name = "replicaset-controller"

    def on_change(self, change: Change) -> None:
        if change.resource is REPLICA_SETS and _asks_anew(change):
            self.queue.add(key_of(change.obj))
        elif change.resource is PODS:
            owner = controller_of(change.obj)
            if owner and owner["kind"] == "ReplicaSet":
                self.queue.add(Key(change.obj["metadata"]["namespace"], owner["name"]))
        if change.resource is RESOURCE_QUOTAS or (change.resource is PODS and change.type is ChangeType.DELETED):
            self._retry_failed(change.obj["metadata"]["namespace"])

    def _retry_failed(self, namespace: str) -> None:
        """There may be room now for pods that were refused."""
        for replica_set in self.store.list(REPLICA_SETS, namespace):
            if condition_of(replica_set, "ReplicaFailure"):
                self.queue.add(key_of(replica_set))

    def sync(self, key: Key) -> None:
        replica_set = self.store.get(REPLICA_SETS, key)
        if replica_set is None:
            return
        failure = None
        if not is_deleting(replica_set):
            failure = self._reconcile(replica_set)
        self._write_status(key, failure)
        if failure is not None:
            raise failure

    def _pods(self, replica_set: Obj) -> list[Obj]:
        found = self.store.list(PODS, replica_set["metadata"]["namespace"])
        return [pod for pod in found if is_controlled_by(pod, replica_set) and not is_terminal(pod)]

    def _reconcile(self, replica_set: Obj) -> ApiError | None:
        """Creates what is missing or deletes what is too much; answers what refused a pod."""
        active = [pod for pod in self._pods(replica_set) if not is_deleting(pod)]
        missing = replica_set["spec"]["replicas"] - len(active)
        try:
            for _ in range(missing):
                self._create(replica_set)
        except ApiError as error:
            self._tell(replica_set, WARNING, "FailedCreate", f"Error creating: {error}")
            return error
        for pod in sorted(active, key=_dispensability)[: max(0, -missing)]:
            self.registry.delete(PODS, key_of(pod), DeleteOptions())
            self._tell(replica_set, NORMAL, "SuccessfulDelete", f"Deleted pod: {name_of(pod)}")
        return None

    def _create(self, replica_set: Obj) -> None:
        pod = pod_from_template(replica_set)
        created = self.registry.create(PODS, replica_set["metadata"]["namespace"], pod, _WRITE)
        self._tell(replica_set, NORMAL, "SuccessfulCreate", f"Created pod: {name_of(created)}")

    def _tell(self, replica_set: Obj, event_type: str, reason: str, message: str) -> None:
        self.context.recorder.event(replica_set, event_type, reason, message, component=self.name)

    def _write_status(self, key: Key, failure: ApiError | None) -> None:
        replica_set = self.store.get(REPLICA_SETS, key)
        if replica_set is None:
            return
        now = self.context.clock.now()
        pods = self._pods(replica_set)
        min_ready = self.context.pace.seconds(replica_set["spec"].get("minReadySeconds", 0))
        status = _status(replica_set, pods, failure, now=now, min_ready=min_ready)
        self.registry.change(REPLICA_SETS, key, lambda live: {**live, "status": status}, for_status(_WRITE))
        waiting = [left for pod in pods if is_ready(pod) and (left := _until_available(pod, now, min_ready)) > 0]
        if waiting:
            self.queue.add_after(key, min(waiting))


def _asks_anew(change: Change) -> bool:
    """Whether it is more than a status: or each failure, whose message is in the status, would bring on the next."""
    before = change.previous
    return before is None or before["spec"] != change.obj["spec"] or is_deleting(before) != is_deleting(change.obj)


def pod_from_template(owner: Obj) -> Obj:
    """A pod of `owner`'s template, to be named after it."""
    template = copy(owner["spec"]["template"])
    metadata = {
        name: value
        for name, value in template.get("metadata", {}).items()
        if name in {"labels", "annotations", "finalizers"}
    }
    metadata["generateName"] = f"{name_of(owner)}-"
    metadata["namespace"] = owner["metadata"]["namespace"]
    metadata["ownerReferences"] = [owner_reference(owner)]
    return {"metadata": metadata, "spec": template["spec"]}


def _dispensability(pod: Obj) -> tuple[bool, bool, bool, str]:
    """The first in this order is deleted first: unassigned, not running, not ready, youngest."""
    created = pod["metadata"]["creationTimestamp"]
    inverted = "".join(chr(0x10FFFF - ord(letter)) for letter in created)
    return bool(pod["spec"].get("nodeName")), pod["status"]["phase"] == "Running", is_ready(pod), inverted


def _until_available(pod: Obj, now: datetime, min_ready: float) -> float:
    """Seconds until a ready pod counts as available."""
    ready = condition_of(pod, "Ready")
    if ready is None or min_ready == 0:
        return 0.0
    return min_ready - (now - parse_timestamp(ready["lastTransitionTime"])).total_seconds()


def _status(replica_set: Obj, pods: Sequence[Obj], failure: ApiError | None, *, now: datetime, min_ready: float) -> Obj:
    active = [pod for pod in pods if not is_deleting(pod)]
    wanted = (replica_set["spec"]["template"]["metadata"].get("labels") or {}).items()
    ready = [pod for pod in active if is_ready(pod)]
    status = {
        "replicas": len(active),
        "fullyLabeledReplicas": sum(wanted <= labels_of(pod).items() for pod in active),
        "readyReplicas": len(ready),
        "availableReplicas": sum(_until_available(pod, now, min_ready) <= 0 for pod in ready),
        "terminatingReplicas": len(pods) - len(active),
        "observedGeneration": replica_set["metadata"]["generation"],
        "conditions": list((replica_set.get("status") or {}).get("conditions") or ()),
    }
    if failure is not None:
        message, text = str(failure), timestamp(now)
        set_condition(status, "ReplicaFailure", "True", reason="FailedCreate", message=message, now=text)
    else:
        remove_condition(status, "ReplicaFailure")
    return {name: value for name, value in status.items() if value or name in _ALWAYS_WRITTEN}
