"""PersistentVolumeClaims: bound at once, and not removed while a pod uses them.

Source: pkg/controller/volume/{persistentvolume,pvcprotection} of Kubernetes, with a provisioner that always can.
"""

from __future__ import annotations

from api.clusters.embedded.events import NORMAL
from api.clusters.embedded.objects import Key, Obj, is_deleting, key_of, without_finalizer
from api.clusters.embedded.pods import is_terminal
from api.clusters.embedded.registry import for_controller, for_status
from api.clusters.embedded.resources import PERSISTENT_VOLUME_CLAIMS, PODS
from api.clusters.embedded.store import Change, ChangeType
from api.clusters.embedded.strategies import CLAIM_PROTECTION

from .controller import CONTROLLER_MANAGER, KeyController

_WRITE = for_controller(CONTROLLER_MANAGER)


class VolumeController(KeyController):
    """Binds and protects claims."""

    name = "persistentvolume-controller"

    def on_change(self, change: Change) -> None:
        if change.resource is PERSISTENT_VOLUME_CLAIMS:
            self.queue.add(key_of(change.obj))
        elif change.resource is PODS and (change.type is ChangeType.DELETED or is_terminal(change.obj)):
            for name in _claims(change.obj):
                self.queue.add(Key(change.obj["metadata"]["namespace"], name))

    def sync(self, key: Key) -> None:
        claim = self.store.get(PERSISTENT_VOLUME_CLAIMS, key)
        if claim is None:
            return
        if is_deleting(claim):
            self._release(claim)
        elif claim["status"].get("phase") != "Bound":
            self._bind(claim)

    def _bind(self, claim: Obj) -> None:
        spec, key = claim["spec"], key_of(claim)
        volume = f"pvc-{claim['metadata']['uid']}"
        status = {
            "phase": "Bound",
            "accessModes": spec.get("accessModes", []),
            "capacity": dict((spec.get("resources") or {}).get("requests") or {}),
        }

        def bind(live: Obj) -> Obj:
            live["spec"]["volumeName"] = volume
            return live

        self.registry.amend(PERSISTENT_VOLUME_CLAIMS, key, bind)
        bound = self.registry.change(
            PERSISTENT_VOLUME_CLAIMS, key, lambda live: {**live, "status": status}, for_status(_WRITE)
        )
        message = f"Successfully provisioned volume {volume}"
        self.context.recorder.event(bound, NORMAL, "ProvisioningSucceeded", message, component=self.name)

    def _release(self, claim: Obj) -> None:
        """Lets the claim go when the last pod that uses it has ended."""
        key = key_of(claim)
        pods = self.store.list(PODS, key.namespace)
        if not any(key.name in _claims(pod) for pod in pods if not is_terminal(pod)):
            self.registry.amend(PERSISTENT_VOLUME_CLAIMS, key, lambda live: without_finalizer(live, CLAIM_PROTECTION))


def _claims(pod: Obj) -> set[str]:
    volumes = pod["spec"].get("volumes") or ()
    return {source["claimName"] for volume in volumes if (source := volume.get("persistentVolumeClaim"))}
