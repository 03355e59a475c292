"""The one way in which objects are written, for clients and for the controllers alike.

Each write goes through the same steps as in kube-apiserver: decoding, defaults, admission, validation, field
management, storage. Nothing here waits, so a write is never seen half done. All raise ApiError.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from . import deletion, identity, openapi, strategies
from .admission import Admission, Warn
from .apply import APPLY, UPDATE, Applied, Manager, apply, disown, finish, track_update
from .clock import Clock, timestamp
from .defaults import apply_defaults
from .deletion import DeleteOptions
from .fieldset import printed, repeated_item
from .immutability import validate_update
from .objects import Key, Obj, copy, is_deleting, key_of, name_of, uid_of
from .resources import Resource
from .selectors import Matcher
from .status import already_exists, bad_request, not_found, success, untyped_patch
from .store import Store
from .validation import validate

Change: TypeAlias = Callable[[Obj], Any]
"""Makes a changed object out of the live one, which it leaves as it is."""


def _ignore(_: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """How a write is to be done.

    `strict` and `warn` are what becomes of fields that the kind does not have. A component's objects are `decoded`:
    already in the form that decoding gives.
    """

    manager: str = "unknown"
    dry_run: bool = False
    subresource: str = ""
    strict: bool = False
    decoded: bool = False
    warn: Warn = _ignore


def for_controller(name: str) -> WriteOptions:
    """The options under which a component of the cluster writes."""
    return WriteOptions(manager=name, decoded=True)


def for_status(options: WriteOptions) -> WriteOptions:
    return replace(options, subresource="status")


class Registry:
    """Reads and writes with the semantics of the Kubernetes API."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self._clock = clock
        self._admission = Admission(store)

    def get(self, resource: Resource, key: Key) -> Obj:
        obj = self.store.get(resource, key)
        if obj is None:
            raise not_found(resource, key.name)
        return obj

    def create(self, resource: Resource, namespace: str, obj: Obj, options: WriteOptions) -> Obj:
        obj = self._decode(resource, copy(obj), options)
        identity.begin(resource, namespace, obj, self._now())
        apply_defaults(resource, obj)
        if resource.has_status:
            obj.pop("status", None)
        track_update({"metadata": {}}, obj, self._manager(resource, options), self._now())
        self._admit_new(resource, obj, options)
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
        after = self._admit_changed(resource, before, after, options)
        now = "" if options.subresource == "scale" else self._now()
        track_update(before, after, self._manager(resource, options), now)
        return self._replace(resource, before, after, options)

    def apply(
        self, resource: Resource, key: Key, config: Obj, options: WriteOptions, *, force: bool = False
    ) -> tuple[Obj, bool]:
        """Server-side apply; answers the object and whether it was created."""
        identity.check_type(resource, config)
        if problem := _untyped(resource, config):
            raise untyped_patch(resource, config, problem)
        identity.check_config(key, config)
        before = self.store.get(resource, key)
        manager = Manager(options.manager, APPLY, resource.api_version, options.subresource)
        live = before or {"metadata": {}}
        applied = apply(live, _without_nulls(config), manager, force=force, now=self._now())
        if before is None:
            return self._create_applied(resource, key, applied, options), True
        return self._update_applied(resource, before, applied, options), False

    def delete(self, resource: Resource, key: Key, options: DeleteOptions) -> Obj:
        """Deletes at once, or marks for deletion; answers what the API server answers."""
        before = self.get(resource, key)
        deletion.check_preconditions(resource, before, options)
        self._admission.deletion(resource, key.name)
        after = deletion.mark(resource, before, options, self._clock.now())
        if after is None:
            last = before if options.dry_run else self.store.remove(resource, key)
            answers_object = strategies.answers_deleted_object(resource)
            return last if answers_object else success(resource, key.name, uid_of(before))
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

    def amend(self, resource: Resource, key: Key, change: Change) -> Obj:
        """For components: writes what clients have no endpoint for, such as finalizers and bindings.

        `change` may work on what it is given. What it sets belongs to no manager.
        """
        before = self.get(resource, key)
        after: Obj = change(copy(before))
        disown(before, after)
        return self._replace(resource, before, after, WriteOptions())

    # Steps

    def _now(self) -> str:
        return timestamp(self._clock.now())

    def _manager(self, resource: Resource, options: WriteOptions) -> Manager:
        return Manager(options.manager, UPDATE, resource.api_version, options.subresource)

    def _decode(self, resource: Resource, obj: Obj, options: WriteOptions) -> Obj:
        identity.check_type(resource, obj)
        paths = () if options.decoded else openapi.normalize(resource, obj)
        unknown = [f'unknown field "{path}"' for path in paths]
        if unknown and options.strict:
            raise bad_request(
                f'{resource.kind} in version "{resource.version}" cannot be handled as a {resource.kind}: '
                f"strict decoding error: {', '.join(unknown)}"
            )
        for warning in unknown:
            options.warn(warning)
        return {"kind": resource.kind, "apiVersion": resource.api_version, "metadata": obj["metadata"], **obj}

    def _admit_new(self, resource: Resource, obj: Obj, options: WriteOptions) -> None:
        self._admission.mutate(resource, obj)
        strategies.prepare_create(resource, obj, self.store)
        validate(resource, obj)
        self._admission.validate(resource, obj, options.warn)

    def _admit_changed(self, resource: Resource, before: Obj, after: Obj, options: WriteOptions) -> Obj:
        identity.check_same(resource, before, after)
        if options.subresource == "status":
            after = strategies.prepare_status_update(before, after)
        else:
            apply_defaults(resource, after)
            strategies.prepare_update(resource, before, after)
            validate(resource, after)
            validate_update(resource, before, after)
            self._admission.validate_update(resource, before, after, options.warn)
        identity.restore_system_fields(resource, before, after)
        return after

    def _create_applied(self, resource: Resource, key: Key, applied: Applied, options: WriteOptions) -> Obj:
        obj = self._decode(resource, applied.obj, options)
        obj["metadata"].setdefault("name", key.name)
        obj["metadata"].pop("resourceVersion", None)
        identity.begin(resource, key.namespace, obj, self._now())
        apply_defaults(resource, obj)
        if resource.has_status:
            obj.pop("status", None)
        self._admit_new(resource, obj, options)
        finish(applied, obj)
        return self._insert(resource, obj, options)

    def _update_applied(self, resource: Resource, before: Obj, applied: Applied, options: WriteOptions) -> Obj:
        after = self._decode(resource, applied.obj, options)
        identity.check_uid(resource, before, after)
        after = self._admit_changed(resource, before, after, options)
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
        if is_deleting(after) and deletion.may_go(resource, after):
            last = self.store.remove(resource, key_of(before))
            return {**after, "metadata": {**after["metadata"], "resourceVersion": last["metadata"]["resourceVersion"]}}
        return self.store.put(resource, after)


def _untyped(resource: Resource, config: Obj) -> str:
    """Why `config` does not fit the schema; empty when it does."""
    if unknown := openapi.normalize(resource, copy(config)):
        return f".{unknown[0]}: field not declared in schema"
    repeated = repeated_item(config)
    return f"{printed(repeated[:-1])}: duplicate entries for key {printed(repeated[-1:])}" if repeated else ""


def _without_nulls(value: Any) -> Any:
    """An apply of null is none; everything else is owned as it was sent."""
    if isinstance(value, dict):
        return {name: _without_nulls(member) for name, member in value.items() if member is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value
