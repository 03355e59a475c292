"""Garbage collection: what was owned goes when the last owner is gone.

Source: pkg/controller/garbagecollector of Kubernetes.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterator
from typing import TypeAlias

from api.clusters.embedded import resources
from api.clusters.embedded.deletion import FOREGROUND, ORPHAN, DeleteOptions
from api.clusters.embedded.objects import Key, Obj, copy, is_deleting, key_of, without_finalizer
from api.clusters.embedded.resources import Resource
from api.clusters.embedded.status import ApiError
from api.clusters.embedded.store import Change, ChangeType

from .controller import Context, Controller

_Item: TypeAlias = tuple[Resource, Key]


class GarbageCollector(Controller[_Item]):
    """Keeps an index of who is owned by whom, and acts when an owner goes."""

    name = "garbage-collector-controller"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._dependents: dict[str, set[_Item]] = defaultdict(set)

    def on_change(self, change: Change) -> None:
        item = (change.resource, key_of(change.obj))
        for uid in _owner_uids(change.previous) | _owner_uids(change.obj):
            self._dependents[uid].discard(item)
        if change.type is ChangeType.DELETED:
            self._owner_is_gone(change.obj)
            return
        owners = _owner_uids(change.obj)
        for uid in owners:
            self._dependents[uid].add(item)
        if (owners and change.type is ChangeType.ADDED) or _waits_for_us(change.obj):
            self.queue.add(item)

    def _owner_is_gone(self, obj: Obj) -> None:
        for item in self._dependents.pop(obj["metadata"]["uid"], set()):
            self._dependents[obj["metadata"]["uid"]].add(item)
            self.queue.add(item)
        for uid in _owner_uids(obj):
            self._look_at_owner(uid, obj)
        if not self._dependents.get(obj["metadata"]["uid"]):
            self._dependents.pop(obj["metadata"]["uid"], None)

    def _look_at_owner(self, uid: str, obj: Obj) -> None:
        """An owner that is deleted in the foreground waits for its dependents."""
        for reference in obj["metadata"].get("ownerReferences") or ():
            resource = resources.by_kind(reference["apiVersion"], reference["kind"])
            if reference["uid"] == uid and resource is not None:
                self.queue.add(
                    (
                        resource,
                        Key(obj["metadata"].get("namespace", "") if resource.namespaced else "", reference["name"]),
                    )
                )

    def sync(self, key: _Item) -> None:
        resource, name = key
        obj = self.store.get(resource, name)
        if obj is None:
            return
        finalizers = obj["metadata"].get("finalizers") or ()
        if is_deleting(obj) and ORPHAN in finalizers:
            self._orphan_dependents(resource, obj)
        elif is_deleting(obj) and FOREGROUND in finalizers:
            self._delete_dependents(resource, obj)
        elif _owner_uids(obj) and not any(self._is_there(obj, each) for each in obj["metadata"]["ownerReferences"]):
            self.registry.delete(resource, name, DeleteOptions())

    def _is_there(self, obj: Obj, reference: Obj) -> bool:
        resource = resources.by_kind(reference["apiVersion"], reference["kind"])
        if resource is None:
            return True
        namespace = obj["metadata"].get("namespace", "") if resource.namespaced else ""
        owner = self.store.get(resource, Key(namespace, reference["name"]))
        return owner is not None and owner["metadata"]["uid"] == reference["uid"]

    def _dependents_of(self, obj: Obj) -> Iterator[tuple[Resource, Obj]]:
        for resource, key in tuple(self._dependents.get(obj["metadata"]["uid"], ())):
            dependent = self.store.get(resource, key)
            if dependent is not None:
                yield resource, dependent

    def _orphan_dependents(self, resource: Resource, obj: Obj) -> None:
        uid = obj["metadata"]["uid"]
        for dependent_resource, dependent in self._dependents_of(obj):
            self.registry.amend(dependent_resource, key_of(dependent), lambda each: _without_owner(each, uid))
        self.registry.amend(resource, key_of(obj), lambda each: without_finalizer(each, ORPHAN))

    def _delete_dependents(self, resource: Resource, obj: Obj) -> None:
        blocked = False
        for dependent_resource, dependent in self._dependents_of(obj):
            blocked |= _blocks(dependent, obj)
            if not is_deleting(dependent):
                with contextlib.suppress(ApiError):
                    self.registry.delete(dependent_resource, key_of(dependent), DeleteOptions(propagation="Foreground"))
        if not blocked or not any(True for _ in self._dependents_of(obj)):
            self.registry.amend(resource, key_of(obj), lambda each: without_finalizer(each, FOREGROUND))


def _owner_uids(obj: Obj | None) -> set[str]:
    return {each["uid"] for each in (obj or {}).get("metadata", {}).get("ownerReferences") or ()}


def _waits_for_us(obj: Obj) -> bool:
    return is_deleting(obj) and bool({FOREGROUND, ORPHAN} & set(obj["metadata"].get("finalizers") or ()))


def _blocks(dependent: Obj, owner: Obj) -> bool:
    references = dependent["metadata"].get("ownerReferences") or ()
    return any(each["uid"] == owner["metadata"]["uid"] and each.get("blockOwnerDeletion") for each in references)


def _without_owner(obj: Obj, uid: str) -> Obj:
    changed = copy(obj)
    kept = [each for each in changed["metadata"].get("ownerReferences") or () if each["uid"] != uid]
    changed["metadata"].pop("ownerReferences", None)
    if kept:
        changed["metadata"]["ownerReferences"] = kept
    return changed
