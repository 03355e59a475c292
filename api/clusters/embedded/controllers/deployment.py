"""Deployments → ReplicaSets.

Source: pkg/controller/deployment of Kubernetes.
"""

from __future__ import annotations

from api.clusters.embedded.deletion import DeleteOptions
from api.clusters.embedded.events import NORMAL
from api.clusters.embedded.objects import (
    Key,
    Obj,
    annotations_of,
    controller_of,
    copy,
    is_controlled_by,
    is_deleting,
    key_of,
    name_of,
    owner_reference,
)
from api.clusters.embedded.registry import for_controller, for_status
from api.clusters.embedded.resources import DEPLOYMENTS, PODS, REPLICA_SETS
from api.clusters.embedded.store import Change, ChangeType

from . import rollout
from .controller import CONTROLLER_MANAGER, KeyController
from .progress import deployment_status, progress_deadline

_WRITE = for_controller(CONTROLLER_MANAGER)


class DeploymentController(KeyController):
    """Rolls out, scales, pauses and cleans up Deployments."""

    name = "deployment-controller"

    def on_change(self, change: Change) -> None:
        if change.resource is DEPLOYMENTS:
            self.queue.add(key_of(change.obj))
        elif change.resource is REPLICA_SETS:
            self._enqueue_owner(change.obj)
        elif change.resource is PODS and change.type is ChangeType.DELETED:
            self._enqueue_deployment_of(change.obj)

    def _enqueue_owner(self, obj: Obj) -> None:
        owner = controller_of(obj)
        if owner and owner["kind"] == "Deployment":
            self.queue.add(Key(obj["metadata"]["namespace"], owner["name"]))

    def _enqueue_deployment_of(self, pod: Obj) -> None:
        """Recreate waits until the last old pod is gone."""
        owner = controller_of(pod)
        if owner and owner["kind"] == "ReplicaSet":
            replica_set = self.store.get(REPLICA_SETS, Key(pod["metadata"]["namespace"], owner["name"]))
            if replica_set is not None:
                self._enqueue_owner(replica_set)

    def sync(self, key: Key) -> None:
        deployment = self.store.get(DEPLOYMENTS, key)
        if deployment is None:
            return
        if not is_deleting(deployment):
            self._reconcile(deployment)
        self._write_status(key)

    def _reconcile(self, deployment: Obj) -> None:
        sets = self._sets(deployment)
        if deployment["spec"].get("paused") or self._is_scaling(deployment, sets):
            self._scale(deployment, sets, self._new(deployment, sets))
        elif rollout.is_rolling(deployment):
            self._roll(deployment, sets)
        else:
            self._recreate(deployment, sets)

    # What there is

    def _sets(self, deployment: Obj) -> list[Obj]:
        namespace = deployment["metadata"]["namespace"]
        found = [each for each in self.store.list(REPLICA_SETS, namespace) if is_controlled_by(each, deployment)]
        return sorted(found, key=lambda each: (each["metadata"]["creationTimestamp"], rollout.revision(each)))

    def _new(self, deployment: Obj, sets: list[Obj]) -> Obj | None:
        """The ReplicaSet of the Deployment's template as it is now."""
        wanted = rollout.template_hash(deployment["spec"]["template"])
        return next((each for each in sets if each["metadata"]["labels"].get(rollout.HASH_LABEL) == wanted), None)

    def _is_scaling(self, deployment: Obj, sets: list[Obj]) -> bool:
        """Whether the number of replicas was changed since an active ReplicaSet was last sized."""
        wanted = str(rollout.desired(deployment))
        return any(
            rollout.replicas(each) > 0 and annotations_of(each).get(rollout.DESIRED_REPLICAS, wanted) != wanted
            for each in sets
        )

    # What is to be done

    def _roll(self, deployment: Obj, sets: list[Obj]) -> None:
        new = self._ensure_new(deployment, sets)
        old = [each for each in sets if name_of(each) != name_of(new)]
        wanted = rollout.new_replicas(deployment, new, [*old, new])
        if wanted != rollout.replicas(new):
            self._resize(deployment, new, wanted)
            return
        smaller = rollout.old_replicas(deployment, new, [each for each in old if rollout.replicas(each)])
        for name, size in smaller.items():
            self._resize(deployment, next(each for each in old if name_of(each) == name), size)
        self._clean_up(deployment, new, old)

    def _recreate(self, deployment: Obj, sets: list[Obj]) -> None:
        new = self._new(deployment, sets)
        old = [each for each in sets if new is None or name_of(each) != name_of(new)]
        for each in old:
            self._resize(deployment, each, 0)
        if self._old_pods_remain(old):
            return
        new = self._ensure_new(deployment, sets)
        self._resize(deployment, new, rollout.desired(deployment))
        self._clean_up(deployment, new, old)

    def _old_pods_remain(self, old: list[Obj]) -> bool:
        uids = {each["metadata"]["uid"] for each in old}
        pods = (pod for each in old[:1] for pod in self.store.list(PODS, each["metadata"]["namespace"]))
        return any((owner := controller_of(pod)) and owner["uid"] in uids for pod in pods)

    def _scale(self, deployment: Obj, sets: list[Obj], new: Obj | None) -> None:
        active = [each for each in sets if rollout.replicas(each) > 0]
        if len(active) <= 1:
            target = active[0] if active else new
            if target is not None:
                self._resize(deployment, target, rollout.desired(deployment))
        elif new is not None and rollout.available(new) == rollout.replicas(new) == rollout.desired(deployment):
            for each in active:
                if name_of(each) != name_of(new):
                    self._resize(deployment, each, 0)
        elif rollout.is_rolling(deployment):
            for name, size in rollout.scaled(deployment, active).items():
                self._resize(deployment, next(each for each in active if name_of(each) == name), size)

    def _ensure_new(self, deployment: Obj, sets: list[Obj]) -> Obj:
        """The new ReplicaSet, created when it is missing, at the newest revision."""
        new = self._new(deployment, sets)
        latest = max((rollout.revision(each) for each in sets if each is not new), default=0) + 1
        if new is None:
            new = self._create(deployment, sets, latest)
        else:
            new = self._refresh(deployment, new, max(latest, rollout.revision(new)))
        return new

    def _create(self, deployment: Obj, sets: list[Obj], revision: int) -> Obj:
        wanted = rollout.new_replicas(deployment, None, sets)
        replica_set = _replica_set(deployment, revision, wanted)
        created = self.registry.create(REPLICA_SETS, deployment["metadata"]["namespace"], replica_set, _WRITE)
        if wanted:
            self._tell(deployment, f"Scaled up replica set {name_of(created)} from 0 to {wanted}")
        return created

    def _refresh(self, deployment: Obj, new: Obj, revision: int) -> Obj:
        """Carries annotations, revision and minReadySeconds over to a ReplicaSet that is there."""

        def change(replica_set: Obj) -> Obj:
            changed = copy(replica_set)
            annotations = changed["metadata"].setdefault("annotations", {})
            before = annotations.get(rollout.REVISION)
            annotations |= rollout.copied_annotations(deployment) | {rollout.REVISION: str(revision)}
            if before and before != str(revision):
                history = [*annotations.get(rollout.REVISION_HISTORY, "").split(","), before]
                annotations[rollout.REVISION_HISTORY] = ",".join(each for each in history if each)
            changed["spec"].pop("minReadySeconds", None)
            if seconds := deployment["spec"].get("minReadySeconds"):
                changed["spec"]["minReadySeconds"] = seconds
            return changed

        return self.registry.change(REPLICA_SETS, key_of(new), change, _WRITE)

    def _resize(self, deployment: Obj, replica_set: Obj, size: int) -> None:
        before = rollout.replicas(replica_set)

        def change(live: Obj) -> Obj:
            changed = copy(live)
            changed["spec"]["replicas"] = size
            changed["metadata"].setdefault("annotations", {}).update(rollout.replica_annotations(deployment))
            return changed

        self.registry.change(REPLICA_SETS, key_of(replica_set), change, _WRITE)
        if size != before:
            direction = "up" if size > before else "down"
            self._tell(deployment, f"Scaled {direction} replica set {name_of(replica_set)} from {before} to {size}")

    def _clean_up(self, deployment: Obj, new: Obj, old: list[Obj]) -> None:
        """Deletes the oldest of what is no longer needed to go back to, once the rollout is complete."""
        limit = deployment["spec"]["revisionHistoryLimit"]
        if rollout.available(new) < rollout.desired(deployment):
            return
        idle = [each for each in old if rollout.replicas(each) == 0 and not each["status"].get("replicas")]
        surplus = sorted(idle, key=rollout.revision)[: max(0, len(idle) - limit)]
        for each in surplus:
            if not is_deleting(each):
                self.registry.delete(REPLICA_SETS, key_of(each), DeleteOptions())

    # What is told

    def _tell(self, deployment: Obj, message: str) -> None:
        self.context.recorder.event(deployment, NORMAL, "ScalingReplicaSet", message, component=self.name)

    def _write_status(self, key: Key) -> None:
        deployment = self.store.get(DEPLOYMENTS, key)
        if deployment is None:
            return
        sets = self._sets(deployment)
        new = self._new(deployment, sets)
        deadline = progress_deadline(deployment, self.context.pace)
        status, wait = deployment_status(deployment, sets, new, now=self.context.clock.now(), deadline=deadline)

        def change(live: Obj) -> Obj:
            changed = {**live, "metadata": copy(live["metadata"]), "status": status}
            if new is not None:
                annotations = changed["metadata"].setdefault("annotations", {})
                annotations[rollout.REVISION] = str(rollout.revision(new))
            return changed

        self.registry.change(DEPLOYMENTS, key, change, for_status(_WRITE))
        if wait is not None:
            self.queue.add_after(key, wait)


def _replica_set(deployment: Obj, revision: int, size: int) -> Obj:
    template = copy(deployment["spec"]["template"])
    name = rollout.template_hash(template)
    labels = {**(template["metadata"].get("labels") or {}), rollout.HASH_LABEL: name}
    template["metadata"]["labels"] = labels
    selector = copy(deployment["spec"]["selector"])
    selector["matchLabels"] = {**(selector.get("matchLabels") or {}), rollout.HASH_LABEL: name}
    annotations = rollout.copied_annotations(deployment) | rollout.replica_annotations(deployment)
    spec = {"replicas": size, "selector": selector, "template": template}
    if seconds := deployment["spec"].get("minReadySeconds"):
        spec["minReadySeconds"] = seconds
    return {
        "metadata": {
            "name": f"{name_of(deployment)}-{name}",
            "namespace": deployment["metadata"]["namespace"],
            "labels": labels,
            "annotations": annotations | {rollout.REVISION: str(revision)},
            "ownerReferences": [owner_reference(deployment)],
        },
        "spec": spec,
    }
