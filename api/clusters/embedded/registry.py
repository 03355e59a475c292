"""The one way in which objects are written, for clients and for the controllers alike.

Each write goes through the same steps as in kube-apiserver: decoding, defaults, admission, validation, field
management, storage. Nothing here waits, so a write is never seen half done. All raise ApiError.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeAlias

from . import openapi, strategies
from .admission import Admission, Warn
from .apply import APPLY, UPDATE, Applied, Manager, apply, finish, track_update
from .clock import Clock, timestamp
from .defaults import apply_defaults
from .objects import Key, Obj, copy, is_deleting, key_of, name_of, uid_of
from .resources import NAMESPACES, PODS, Resource
from .selectors import Matcher
from .status import ApiError, already_exists, bad_request, conflict, modified, not_found, success
from .store import Store
from .validation import validate, validate_update

Change: TypeAlias = Callable[[Obj], Any]
"""Makes a changed object out of the live one, which it leaves as it is."""

_SYSTEM_FIELDS = (
    "uid",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "generation",
    "selfLink",
)
_SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789"
_SUFFIX_LENGTH = 5
_MAX_GENERATED_BASE = 58


def _ignore(_: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """How a write is to be done. `strict` and `warn` are what becomes of fields that the kind does not have."""

    manager: str = "unknown"
    dry_run: bool = False
    subresource: str = ""
    strict: bool = False
    warn: Warn = _ignore


@dataclass(frozen=True, slots=True)
class DeleteOptions:
    """How a deletion is to be done; `grace_period` is in seconds, None for what the object itself says."""

    grace_period: int | None = None
    propagation: str = "Background"
    uid: str | None = None
    resource_version: str | None = None
    dry_run: bool = False


class Registry:
    """Reads and writes with the semantics of the Kubernetes API."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self._clock = clock
        self._admission = Admission(store)

    # Reads

    def get(self, resource: Resource, key: Key) -> Obj:
        obj = self.store.get(resource, key)
        if obj is None:
            raise not_found(resource, key.name)
        return obj

    # Writes

    def create(self, resource: Resource, namespace: str, obj: Obj, options: WriteOptions) -> Obj:
        obj = self._decode(resource, copy(obj), options)
        self._begin(resource, namespace, obj)
        self._admit_new(resource, obj, options)
        track_update({"metadata": {}}, obj, self._manager(resource, options), self._now())
        return self._insert(resource, obj, options)

    def update(self, resource: Resource, key: Key, obj: Obj, options: WriteOptions) -> Obj:
        return self.change(resource, key, lambda _: obj, options)

    def change(self, resource: Resource, key: Key, change: Change, options: WriteOptions) -> Obj:
        """Writes what `change` makes of the live object, as PUT and the patches do."""
        before = self.get(resource, key)
        changed = change(before)
        if not isinstance(changed, dict):
            raise bad_request("the object to be written is not a JSON object")
        after = self._decode(resource, copy(changed), options)
        self._check_identity(resource, before, after)
        if options.subresource == "status":
            after = strategies.prepare_status_update(before, after)
        else:
            self._admit_changed(resource, before, after, options)
        self._restore_system_fields(resource, before, after)
        track_update(before, after, self._manager(resource, options), self._now())
        return self._replace(resource, before, after, options)

    def apply(
        self, resource: Resource, key: Key, config: Obj, options: WriteOptions, *, force: bool = False
    ) -> tuple[Obj, bool]:
        """Server-side apply; answers the object and whether it was created."""
        config = self._decode(resource, copy(config), options)
        if config["metadata"].get("managedFields"):
            raise bad_request("metadata.managedFields must be nil")
        before = self.store.get(resource, key)
        live = before or {"metadata": {}}
        manager = Manager(options.manager, APPLY, resource.api_version, options.subresource)
        applied = apply(live, config, manager, force=force, now=self._now())
        if before is None:
            return self._create_applied(resource, key, applied, options), True
        return self._update_applied(resource, before, applied, options), False

    def delete(self, resource: Resource, key: Key, options: DeleteOptions) -> Obj:
        """Deletes at once, or marks for deletion; answers what the API server answers."""
        before = self.get(resource, key)
        _check_preconditions(resource, before, options)
        self._admission.deletion(resource, key.name)
        after = self._mark(resource, before, options)
        if after is None:
            last = before if options.dry_run else self.store.remove(resource, key)
            return last if strategies.answers_deleted_object(resource) else success(resource, key.name, uid_of(before))
        if not options.dry_run and after != before:
            self.store.put(resource, after)
        return after

    def delete_collection(
        self, resource: Resource, namespace: str, matches: Matcher, options: DeleteOptions
    ) -> list[Obj]:
        """Deletes what matches; answers the objects."""
        chosen = [obj for obj in self.store.list(resource, namespace) if matches(obj)]
        for obj in chosen:
            self.delete(resource, key_of(obj), options)
        return chosen

    def finalize(self, resource: Resource, key: Key, change: Change) -> None:
        """For controllers: changes an object's finalizers, and removes it when it was waiting for that."""
        before = self.store.get(resource, key)
        if before is not None:
            after = change(copy(before))
            self._replace(resource, before, after, WriteOptions())

    # Steps

    def _now(self) -> str:
        return timestamp(self._clock.now())

    def _manager(self, resource: Resource, options: WriteOptions) -> Manager:
        return Manager(options.manager, UPDATE, resource.api_version, options.subresource)

    def _decode(self, resource: Resource, obj: Obj, options: WriteOptions) -> Obj:
        if not isinstance(obj.get("metadata"), dict):
            obj["metadata"] = {}
        for name, expected in (("apiVersion", resource.api_version), ("kind", resource.kind)):
            if obj.setdefault(name, expected) != expected:
                raise _wrong_type(resource, obj)
        unknown = [f'unknown field "{path}"' for path in openapi.normalize(resource, obj)]
        if unknown and options.strict:
            raise bad_request(
                f'{resource.kind} in version "{resource.version}" cannot be handled as a {resource.kind}: '
                f"strict decoding error: {', '.join(unknown)}"
            )
        for warning in unknown:
            options.warn(warning)
        return {"kind": resource.kind, "apiVersion": resource.api_version, "metadata": obj["metadata"], **obj}

    def _begin(self, resource: Resource, namespace: str, obj: Obj) -> None:
        """Names the object and writes the metadata that the server owns."""
        metadata = obj["metadata"]
        if resource.namespaced:
            if metadata.setdefault("namespace", namespace) != namespace:
                raise bad_request(
                    "the namespace of the provided object does not match the namespace sent on the request"
                )
        else:
            metadata.pop("namespace", None)
        if metadata.get("resourceVersion"):
            raise bad_request("resourceVersion should not be set on objects to be created")
        if not metadata.get("name") and metadata.get("generateName"):
            metadata["name"] = _generated(metadata["generateName"])
        metadata.setdefault("name", "")
        for name in (*_SYSTEM_FIELDS, "resourceVersion"):
            metadata.pop(name, None)
        metadata.update(uid=str(uuid.uuid4()), creationTimestamp=self._now())
        if resource.generation:
            metadata["generation"] = 1

    def _admit_new(self, resource: Resource, obj: Obj, options: WriteOptions) -> None:
        apply_defaults(resource, obj)
        self._admission.mutate(resource, obj)
        strategies.prepare_create(resource, obj, self.store)
        validate(resource, obj)
        self._admission.validate(resource, obj, options.warn)

    def _admit_changed(self, resource: Resource, before: Obj, after: Obj, options: WriteOptions) -> None:
        apply_defaults(resource, after)
        strategies.prepare_update(resource, before, after)
        validate(resource, after)
        validate_update(resource, before, after)
        if before.get("spec") != after.get("spec"):
            self._admission.validate_update(resource, after, options.warn)

    def _check_identity(self, resource: Resource, before: Obj, after: Obj) -> None:
        """The optimistic lock, and that the object is the one at this address."""
        old, new = before["metadata"], after["metadata"]
        if new.setdefault("name", old["name"]) != old["name"]:
            raise bad_request(
                f"the name of the object ({new['name']}) does not match the name on the URL ({old['name']})"
            )
        if "namespace" in old and new.setdefault("namespace", old["namespace"]) != old["namespace"]:
            raise bad_request("the namespace of the provided object does not match the namespace sent on the request")
        if new.get("uid") and new["uid"] != old["uid"]:
            why = f"Precondition failed: UID in precondition: {new['uid']}, UID in object meta: {old['uid']}"
            raise conflict(resource, old["name"], why)
        if new.get("resourceVersion") and new["resourceVersion"] != old["resourceVersion"]:
            raise modified(resource, old["name"])

    def _restore_system_fields(self, resource: Resource, before: Obj, after: Obj) -> None:
        old, new = before["metadata"], after["metadata"]
        for name in (*_SYSTEM_FIELDS, "resourceVersion"):
            if name in old:
                new[name] = old[name]
            else:
                new.pop(name, None)
        if resource.generation and before.get("spec") != after.get("spec"):
            new["generation"] = old.get("generation", 0) + 1

    def _create_applied(self, resource: Resource, key: Key, applied: Applied, options: WriteOptions) -> Obj:
        obj = applied.obj
        obj["metadata"].setdefault("name", key.name)
        if obj["metadata"].get("uid"):
            raise conflict(
                resource,
                key.name,
                "uid mismatch: the provided object specified uid "
                f"{obj['metadata']['uid']}, and no existing object was found",
            )
        self._begin(resource, key.namespace, obj)
        self._admit_new(resource, obj, options)
        finish(applied, obj)
        return self._insert(resource, obj, options)

    def _update_applied(self, resource: Resource, before: Obj, applied: Applied, options: WriteOptions) -> Obj:
        after = applied.obj
        self._check_identity(resource, before, after)
        if options.subresource == "status":
            after = strategies.prepare_status_update(before, after)
        else:
            self._admit_changed(resource, before, after, options)
        self._restore_system_fields(resource, before, after)
        finish(applied, after)
        return self._replace(resource, before, after, options)

    def _insert(self, resource: Resource, obj: Obj, options: WriteOptions) -> Obj:
        if self.store.get(resource, key_of(obj)) is not None:
            raise already_exists(resource, name_of(obj))
        return obj if options.dry_run else self.store.put(resource, obj)

    def _replace(self, resource: Resource, before: Obj, after: Obj, options: WriteOptions) -> Obj:
        if after == before:
            return before
        if options.dry_run:
            return after
        if is_deleting(after) and _may_go(resource, after):
            return self.store.remove(resource, key_of(before))
        return self.store.put(resource, after)

    def _mark(self, resource: Resource, before: Obj, options: DeleteOptions) -> Obj | None:
        """The object marked for deletion, or None when nothing holds it."""
        after = copy(before)
        metadata = after["metadata"]
        finalizers = _finalizers(metadata.get("finalizers") or [], options.propagation)
        if finalizers:
            metadata["finalizers"] = finalizers
        grace = _grace_period(resource, before, options)
        if not finalizers and grace == 0 and resource is not NAMESPACES:
            return None
        shortened = grace < metadata.get("deletionGracePeriodSeconds", grace + 1)
        if not is_deleting(before) or (resource is PODS and shortened):
            metadata["deletionTimestamp"] = timestamp(self._clock.now() + timedelta(seconds=grace))
            metadata["deletionGracePeriodSeconds"] = grace
            if resource.generation:
                metadata["generation"] = metadata.get("generation", 0) + 1
        if resource is NAMESPACES:
            metadata.pop("deletionGracePeriodSeconds", None)
            after["status"] = {**after.get("status", {}), "phase": "Terminating"}
        return after


def _wrong_type(resource: Resource, obj: Obj) -> ApiError:
    return bad_request(
        f'{obj["kind"]} in version "{obj["apiVersion"].rpartition("/")[2]}" cannot be handled as a {resource.kind}: no '
        f'kind "{obj["kind"]}" is registered for version "{obj["apiVersion"]}"'
        if obj["kind"] == resource.kind
        else f"the object provided is unrecognized (must be of type {resource.kind}): "
        f"couldn't get version/kind; {obj['apiVersion']}, Kind={obj['kind']}"
    )


def _generated(base: str) -> str:
    suffix = "".join(secrets.choice(_SUFFIX_ALPHABET) for _ in range(_SUFFIX_LENGTH))
    return base[:_MAX_GENERATED_BASE] + suffix


def _may_go(resource: Resource, obj: Obj) -> bool:
    """Whether an object that is being deleted waits for nothing any more."""
    if obj["metadata"].get("finalizers"):
        return False
    if resource is NAMESPACES:
        return not obj["spec"].get("finalizers")
    return resource is not PODS or obj["metadata"].get("deletionGracePeriodSeconds", 0) == 0


def _finalizers(present: Sequence[str], propagation: str) -> list[str]:
    asked = {"Foreground": "foregroundDeletion", "Orphan": "orphan"}.get(propagation)
    kept = [each for each in present if each not in {"foregroundDeletion", "orphan"}]
    return [*kept, asked] if asked else kept


def _grace_period(resource: Resource, obj: Obj, options: DeleteOptions) -> int:
    """Seconds; only a pod that runs on a node is given any."""
    if resource is not PODS or not obj["spec"].get("nodeName") or obj["status"]["phase"] in {"Succeeded", "Failed"}:
        return 0
    default: int = obj["spec"].get("terminationGracePeriodSeconds", 30)
    return default if options.grace_period is None else max(options.grace_period, 0)


def _check_preconditions(resource: Resource, obj: Obj, options: DeleteOptions) -> None:
    metadata = obj["metadata"]
    if options.uid and options.uid != metadata["uid"]:
        why = (
            f"the UID in the precondition ({options.uid}) does not match the UID in record ({metadata['uid']}). "
            "The object might have been deleted and then recreated"
        )
        raise conflict(resource, metadata["name"], why)
    if options.resource_version and options.resource_version != metadata["resourceVersion"]:
        why = (
            f"the ResourceVersion in the precondition ({options.resource_version}) does not match the ResourceVersion "
            f"in record ({metadata['resourceVersion']}). The object might have been modified"
        )
        raise conflict(resource, metadata["name"], why)


def for_controller(name: str) -> WriteOptions:
    """The options under which a component of the cluster writes."""
    return WriteOptions(manager=name)


def for_status(options: WriteOptions) -> WriteOptions:
    return replace(options, subresource="status")
