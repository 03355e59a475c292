"""ResourceQuotas: keeps `status.used`."""

from __future__ import annotations

from api.clusters.embedded import quota
from api.clusters.embedded.objects import Key, key_of
from api.clusters.embedded.registry import for_controller, for_status
from api.clusters.embedded.resources import EVENTS, RESOURCE_QUOTAS
from api.clusters.embedded.store import Change

from .controller import CONTROLLER_MANAGER, KeyController

_GATHERED = 0.05
"""Seconds in which changes are counted together."""


class ResourceQuotaController(KeyController):
    """Counts again when something in the namespace came, went or changed."""

    name = "resourcequota-controller"

    def on_change(self, change: Change) -> None:
        if change.resource is RESOURCE_QUOTAS:
            self.queue.add(key_of(change.obj))
        elif change.resource.namespaced and change.resource is not EVENTS:
            for each in self.store.list(RESOURCE_QUOTAS, change.obj["metadata"]["namespace"]):
                self.queue.add_after(key_of(each), _GATHERED)

    def sync(self, key: Key) -> None:
        found = self.store.get(RESOURCE_QUOTAS, key)
        if found is None:
            return
        status = quota.status_of(self.store, found)
        options = for_status(for_controller(CONTROLLER_MANAGER))
        self.registry.change(RESOURCE_QUOTAS, key, lambda live: {**live, "status": status}, options)
