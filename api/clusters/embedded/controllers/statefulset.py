"""StatefulSets → Pods with a name, and claims of their own.

Source: pkg/controller/statefulset of Kubernetes. Left out: ControllerRevisions (a revision is a hash of the template),
partitions, `OnDelete`, and claims that are deleted with their pod.
"""

from __future__ import annotations

from collections.abc import Sequence

from api.clusters.embedded.deletion import DeleteOptions
from api.clusters.embedded.events import NORMAL, WARNING
from api.clusters.embedded.objects import Key, Obj, controller_of, copy, is_controlled_by, is_deleting, key_of, name_of
from api.clusters.embedded.pods import is_ready, is_terminal
from api.clusters.embedded.registry import for_controller, for_status
from api.clusters.embedded.resources import PERSISTENT_VOLUME_CLAIMS, PODS, STATEFUL_SETS
from api.clusters.embedded.status import ApiError
from api.clusters.embedded.store import Change

from .controller import CONTROLLER_MANAGER, KeyController
from .replicaset import pod_from_template
from .rollout import template_hash

REVISION_LABEL = "controller-revision-hash"
POD_NAME_LABEL = "statefulset.kubernetes.io/pod-name"
INDEX_LABEL = "apps.kubernetes.io/pod-index"
_WRITE = for_controller(CONTROLLER_MANAGER)
_ALWAYS_WRITTEN = frozenset({"replicas", "availableReplicas", "collisionCount"})

Pods = dict[int, Obj]
"""The pods of a set by ordinal."""


class StatefulSetController(KeyController):
    """Keeps one pod for each ordinal, and its claims; replaces them from the last to the first."""

    name = "statefulset-controller"

    def on_change(self, change: Change) -> None:
        if change.resource is STATEFUL_SETS:
            self.queue.add(key_of(change.obj))
        elif change.resource is PODS:
            owner = controller_of(change.obj)
            if owner and owner["kind"] == "StatefulSet":
                self.queue.add(Key(change.obj["metadata"]["namespace"], owner["name"]))

    def sync(self, key: Key) -> None:
        stateful_set = self.store.get(STATEFUL_SETS, key)
        if stateful_set is None or is_deleting(stateful_set):
            return
        try:
            self._reconcile(stateful_set)
        finally:
            self._write_status(key)

    def _reconcile(self, stateful_set: Obj) -> None:
        """One step towards what is asked for; the change that it makes brings on the next."""
        replicas: int = stateful_set["spec"]["replicas"]
        pods = self._pods(stateful_set)
        is_parallel = stateful_set["spec"]["podManagementPolicy"] == "Parallel"
        for ordinal in range(replicas):
            pod = pods.get(ordinal)
            if pod is None:
                self._create(stateful_set, ordinal)
            elif is_terminal(pod) and not is_deleting(pod):
                self._delete(stateful_set, pod)
            if not is_parallel and not _is_healthy(pod):
                return
        if self._scale_down(stateful_set, pods, replicas, is_parallel=is_parallel):
            return
        self._update(stateful_set, pods, replicas)

    def _pods(self, stateful_set: Obj) -> Pods:
        found = self.store.list(PODS, stateful_set["metadata"]["namespace"])
        owned = [pod for pod in found if is_controlled_by(pod, stateful_set)]
        return {int(name_of(pod).rpartition("-")[2]): pod for pod in owned}

    def _scale_down(self, stateful_set: Obj, pods: Pods, replicas: int, *, is_parallel: bool) -> bool:
        """Deletes from the last on, one at a time unless `is_parallel`; whether there is still one to wait for."""
        condemned = sorted((ordinal for ordinal in pods if ordinal >= replicas), reverse=True)
        for ordinal in condemned:
            if not is_deleting(pods[ordinal]):
                self._delete(stateful_set, pods[ordinal])
            if not is_parallel:
                return True
        return False

    def _update(self, stateful_set: Obj, pods: Pods, replicas: int) -> None:
        """A pod of an older revision goes once all after it are well; it need not be well itself."""
        revision = revision_of(stateful_set)
        for ordinal in reversed(range(replicas)):
            pod = pods.get(ordinal)
            if pod is not None and not is_deleting(pod) and _revision(pod) != revision:
                self._delete(stateful_set, pod)
                return
            if not _is_healthy(pod):
                return

    def _create(self, stateful_set: Obj, ordinal: int) -> None:
        name, namespace = f"{name_of(stateful_set)}-{ordinal}", stateful_set["metadata"]["namespace"]
        try:
            for claim in _claims(stateful_set, ordinal):
                self._claim(stateful_set, claim, name)
            self.registry.create(PODS, namespace, _pod(stateful_set, ordinal), _WRITE)
        except ApiError as error:
            message = f"create Pod {name} in StatefulSet {name_of(stateful_set)} failed error: {error}"
            self._tell(stateful_set, WARNING, "FailedCreate", message)
            raise
        message = f"create Pod {name} in StatefulSet {name_of(stateful_set)} successful"
        self._tell(stateful_set, NORMAL, "SuccessfulCreate", message)

    def _claim(self, stateful_set: Obj, claim: Obj, pod: str) -> None:
        if self.store.get(PERSISTENT_VOLUME_CLAIMS, key_of(claim)) is not None:
            return
        self.registry.create(PERSISTENT_VOLUME_CLAIMS, claim["metadata"]["namespace"], claim, _WRITE)
        message = f"create Claim {name_of(claim)} Pod {pod} in StatefulSet {name_of(stateful_set)} success"
        self._tell(stateful_set, NORMAL, "SuccessfulCreate", message)

    def _delete(self, stateful_set: Obj, pod: Obj) -> None:
        self.registry.delete(PODS, key_of(pod), DeleteOptions())
        message = f"delete Pod {name_of(pod)} in StatefulSet {name_of(stateful_set)} successful"
        self._tell(stateful_set, NORMAL, "SuccessfulDelete", message)

    def _tell(self, stateful_set: Obj, event_type: str, reason: str, message: str) -> None:
        self.context.recorder.event(stateful_set, event_type, reason, message, component=self.name)

    def _write_status(self, key: Key) -> None:
        stateful_set = self.store.get(STATEFUL_SETS, key)
        if stateful_set is None:
            return
        status = _status(stateful_set, list(self._pods(stateful_set).values()))
        if status != stateful_set.get("status"):
            self.registry.change(STATEFUL_SETS, key, lambda live: {**live, "status": status}, for_status(_WRITE))


def revision_of(stateful_set: Obj) -> str:
    """The name of what the set's template asks for."""
    return f"{name_of(stateful_set)}-{template_hash(stateful_set['spec']['template'])}"


def _revision(pod: Obj) -> str:
    return str(pod["metadata"]["labels"].get(REVISION_LABEL, ""))


def _is_healthy(pod: Obj | None) -> bool:
    return pod is not None and is_ready(pod) and not is_deleting(pod)


def _claims(stateful_set: Obj, ordinal: int) -> list[Obj]:
    """The claims of one replica; they carry the labels by which the set selects its pods."""
    labels = stateful_set["spec"]["selector"].get("matchLabels") or {}
    claims = [copy(each) for each in stateful_set["spec"].get("volumeClaimTemplates") or ()]
    for claim in claims:
        metadata = claim["metadata"]
        claim.pop("status", None)
        claim["metadata"] = {
            "name": f"{metadata['name']}-{name_of(stateful_set)}-{ordinal}",
            "namespace": stateful_set["metadata"]["namespace"],
            "labels": {**(metadata.get("labels") or {}), **labels},
            **({"annotations": metadata["annotations"]} if metadata.get("annotations") else {}),
        }
    return claims


def _pod(stateful_set: Obj, ordinal: int) -> Obj:
    pod = pod_from_template(stateful_set)
    metadata, spec = pod["metadata"], pod["spec"]
    name = f"{name_of(stateful_set)}-{ordinal}"
    del metadata["generateName"]
    metadata["name"] = name
    metadata["labels"] = {
        **(metadata.get("labels") or {}),
        REVISION_LABEL: revision_of(stateful_set),
        POD_NAME_LABEL: name,
        INDEX_LABEL: str(ordinal),
    }
    spec["hostname"] = name
    if stateful_set["spec"].get("serviceName"):
        spec["subdomain"] = stateful_set["spec"]["serviceName"]
    claimed = [each["metadata"]["name"] for each in stateful_set["spec"].get("volumeClaimTemplates") or ()]
    kept = [volume for volume in spec.get("volumes") or () if volume["name"] not in claimed]
    volumes = [*({"name": each, "persistentVolumeClaim": {"claimName": f"{each}-{name}"}} for each in claimed), *kept]
    if volumes:
        spec["volumes"] = volumes
    return pod


def _status(stateful_set: Obj, pods: Sequence[Obj]) -> Obj:
    wanted = revision_of(stateful_set)
    before = stateful_set.get("status") or {}
    ready = sum(_is_healthy(pod) for pod in pods)
    updated = sum(_revision(pod) == wanted for pod in pods)
    is_through = updated == len(pods) == ready == stateful_set["spec"]["replicas"]
    current = wanted if is_through else before.get("currentRevision") or wanted
    status = {
        "observedGeneration": stateful_set["metadata"]["generation"],
        "replicas": len(pods),
        "readyReplicas": ready,
        "availableReplicas": ready,
        "currentReplicas": sum(_revision(pod) == current for pod in pods),
        "updatedReplicas": updated,
        "currentRevision": current,
        "updateRevision": wanted,
        "collisionCount": 0,
    }
    return {name: value for name, value in status.items() if value or name in _ALWAYS_WRITTEN}
