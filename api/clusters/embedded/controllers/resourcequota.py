"""ResourceQuotas: keeps `status.used`."""

from __future__ import annotations

from api.clusters.embedded import quota
from api.clusters.embedded.objects import Key, key_of
from api.clusters.embedded.pods import is_terminal
from api.clusters.embedded.registry import for_controller, for_status
from api.clusters.embedded.resources import EVENTS, PODS, RESOURCE_QUOTAS
from api.clusters.embedded.store import Change, ChangeType

from .controller import CONTROLLER_MANAGER, KeyController


class ResourceQuotaController(KeyController):
    """Counts again when something in the namespace came, went or changed."""

    name = "resourcequota-controller"

    def on_change(self, change: Change) -> None:
        if change.resource is RESOURCE_QUOTAS:
            self.queue.add(key_of(change.obj))
        elif change.resource.namespaced and change.resource is not EVENTS and _counts_anew(change):
            for each in self.store.list(RESOURCE_QUOTAS, change.obj["metadata"]["namespace"]):
                self.queue.add(key_of(each))

    def sync(self, key: Key) -> None:
        found = self.store.get(RESOURCE_QUOTAS, key)
        if found is None:
            return
        status = quota.status_of(self.store, found)
        options = for_status(for_controller(CONTROLLER_MANAGER))
        self.registry.change(RESOURCE_QUOTAS, key, lambda live: {**live, "status": status}, options)


def _counts_anew(change: Change) -> bool:
    """Whether usage can have changed: not by a status, unless that of a pod which has ended."""
    if change.type is not ChangeType.MODIFIED or change.previous is None:
        return True
    ended = change.resource is PODS and is_terminal(change.obj) != is_terminal(change.previous)
    return ended or change.obj.get("spec") != change.previous.get("spec")
