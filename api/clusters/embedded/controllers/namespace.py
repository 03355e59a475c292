"""Namespaces: what each is born with, and how it goes away.

Source: pkg/controller/{namespace,serviceaccount} of Kubernetes, and the publisher of the root certificate.
"""

from __future__ import annotations

import contextlib

from api.clusters.embedded.deletion import DeleteOptions
from api.clusters.embedded.objects import Key, Obj, is_deleting, key_of, name_of
from api.clusters.embedded.registry import for_controller
from api.clusters.embedded.resources import CONFIG_MAPS, EVENTS, NAMESPACES, PODS, SERVICE_ACCOUNTS, in_namespaces
from api.clusters.embedded.status import ApiError
from api.clusters.embedded.store import Change, ChangeType

from .controller import CONTROLLER_MANAGER, KeyController

ROOT_CERTIFICATE = "kube-root-ca.crt"
_NO_CERTIFICATE = "the embedded cluster speaks plain HTTP on loopback\n"
_WRITE = for_controller(CONTROLLER_MANAGER)


class NamespaceController(KeyController):
    """Furnishes namespaces and empties those that are being deleted."""

    name = "namespace-controller"

    def on_change(self, change: Change) -> None:
        if change.resource is NAMESPACES:
            self.queue.add(key_of(change.obj))
        elif change.type is ChangeType.DELETED and change.resource.namespaced:
            self._enqueue_if_it_matters(change)

    def _enqueue_if_it_matters(self, change: Change) -> None:
        """A namespace waits for what is deleted in it; or what it is furnished with was deleted."""
        key = Key("", change.obj["metadata"]["namespace"])
        namespace = self.store.get(NAMESPACES, key)
        if namespace is not None and (is_deleting(namespace) or change.resource in {SERVICE_ACCOUNTS, CONFIG_MAPS}):
            self.queue.add(key)

    def sync(self, key: Key) -> None:
        namespace = self.store.get(NAMESPACES, key)
        if namespace is None:
            return
        if is_deleting(namespace):
            self._empty(namespace)
        else:
            self._furnish(name_of(namespace))

    def _furnish(self, namespace: str) -> None:
        if self.store.get(SERVICE_ACCOUNTS, Key(namespace, "default")) is None:
            account = {"metadata": {"name": "default", "namespace": namespace}}
            self.registry.create(SERVICE_ACCOUNTS, namespace, account, _WRITE)
        if self.store.get(CONFIG_MAPS, Key(namespace, ROOT_CERTIFICATE)) is None:
            metadata = {"name": ROOT_CERTIFICATE, "namespace": namespace}
            data = {"ca.crt": _NO_CERTIFICATE}
            self.registry.create(CONFIG_MAPS, namespace, {"metadata": metadata, "data": data}, _WRITE)

    def _empty(self, namespace: Obj) -> None:
        name = name_of(namespace)
        for resource in in_namespaces():
            for obj in list(self.store.list(resource, name)):
                if resource is PODS or resource is EVENTS or not is_deleting(obj):
                    with contextlib.suppress(ApiError):
                        self.registry.delete(resource, key_of(obj), DeleteOptions())
        if not any(True for resource in in_namespaces() for _ in self.store.list(resource, name)):
            self.registry.amend(NAMESPACES, key_of(namespace), lambda live: {**live, "spec": {}})
