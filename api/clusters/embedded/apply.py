"""Server-side apply, and who manages which field.

Sources: "Server-Side Apply" in the Kubernetes documentation; sigs.k8s.io/structured-merge-diff (merge.Updater).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .fieldset import (
    EMPTY,
    FieldSet,
    Path,
    changes,
    children,
    closure,
    fields_of,
    from_fields_v1,
    merges,
    printed,
    to_fields_v1,
)
from .lists import Steps, is_set
from .objects import Obj, copy
from .status import apply_conflict

APPLY = "Apply"
UPDATE = "Update"


class Manager(NamedTuple):
    """What tells one entry of `metadata.managedFields` from another."""

    name: str
    operation: str
    api_version: str
    subresource: str = ""

    def __str__(self) -> str:
        text = f'"{self.name}"'
        if self.subresource:
            text += f' with subresource "{self.subresource}"'
        return f"{text} using {self.api_version}" if self.operation == UPDATE else text


@dataclass(slots=True)
class Managers:
    """The managers of one object: their fields, and when each last wrote."""

    fields: dict[Manager, FieldSet] = field(default_factory=dict)
    times: dict[Manager, str] = field(default_factory=dict)

    @classmethod
    def of(cls, obj: Obj) -> Managers:
        """Raises KeyError, TypeError or AttributeError when the entries are malformed."""
        managers = cls()
        for entry in obj["metadata"].get("managedFields") or ():
            manager = Manager(entry["manager"], entry["operation"], entry["apiVersion"], entry.get("subresource", ""))
            managers.fields[manager] = from_fields_v1(entry["fieldsV1"])
            managers.times[manager] = entry.get("time", "")
        return managers

    def set(self, manager: Manager, fields: FieldSet, now: str) -> None:
        if fields and fields != self.fields.get(manager):
            self.fields[manager] = fields
            self.times[manager] = now
        elif not fields:
            self.fields.pop(manager, None)

    def take(self, fields: FieldSet, *, but: Manager) -> None:
        """Takes `fields` from everybody but one."""
        for manager, theirs in list(self.fields.items()):
            if manager != but and theirs & fields:
                self._keep(manager, theirs - fields)

    def forget(self, fields: FieldSet) -> None:
        """Takes away what is no longer there, and what was under it."""
        for manager, theirs in list(self.fields.items()):
            if theirs & fields:
                self._keep(manager, theirs - fields)

    def _keep(self, manager: Manager, fields: FieldSet) -> None:
        if fields:
            self.fields[manager] = fields
        else:
            del self.fields[manager]

    def entries(self) -> list[Obj]:
        """`metadata.managedFields`: appliers first, then by time."""
        ordered = sorted(self.fields, key=lambda manager: (manager.operation, self.times.get(manager, ""), manager))
        return [self._entry(manager) for manager in ordered]

    def _entry(self, manager: Manager) -> Obj:
        entry: Obj = {
            "manager": manager.name,
            "operation": manager.operation,
            "apiVersion": manager.api_version,
            "time": self.times.get(manager) or None,
            "fieldsType": "FieldsV1",
            "fieldsV1": to_fields_v1(self.fields[manager]),
            "subresource": manager.subresource or None,
        }
        return {name: value for name, value in entry.items() if value is not None}


def track_update(before: Obj, after: Obj, manager: Manager, now: str) -> None:
    """Writes into `after` who manages what, now that `manager` has made it out of `before`."""
    managers = _submitted(before, after)
    written, removed = changes(before, after)
    if managers is None:
        after["metadata"].pop("managedFields", None)
        return
    managers.take(written, but=manager)
    managers.forget(removed)
    mine = (managers.fields.get(manager, EMPTY) | written) - removed
    managers.set(manager, mine, now)
    _write(after, managers)


def disown(before: Obj, after: Obj) -> None:
    """Takes from everybody what is in `before` and no longer in `after`."""
    managers = Managers.of(after)
    managers.forget(changes(before, after)[1])
    _write(after, managers)


def _submitted(before: Obj, after: Obj) -> Managers | None:
    """The managers to go on from: those that the client sent, if it can be made out; None asks to forget all."""
    sent = after["metadata"].get("managedFields")
    if sent is not None and (sent in ([], [{}])):
        return None if before.get("metadata", {}).get("managedFields") else Managers()
    try:
        return Managers.of(after) if sent else Managers.of(before)
    except (KeyError, TypeError, AttributeError):
        return Managers.of(before)


def _write(obj: Obj, managers: Managers) -> None:
    entries = managers.entries()
    if entries:
        obj["metadata"]["managedFields"] = entries
    else:
        obj["metadata"].pop("managedFields", None)


@dataclass(frozen=True, slots=True)
class Applied:
    """What an apply makes of an object, before defaults and validation."""

    obj: Obj
    managers: Managers


def apply(live: Obj, config: Obj, manager: Manager, *, force: bool, now: str) -> Applied:
    """Merges `config` into `live` (`{"metadata": {}}` when there is none) in the name of `manager`.

    Raises ApiError 409 when that would change fields of others and `force` is not given.
    """
    managers = Managers.of(live)
    if not managers.fields and live.get("kind"):
        managers.set(Manager("before-first-apply", UPDATE, live["apiVersion"]), _unclaimed(live), now)
    mine = fields_of(config)
    merged = copy(_merge(live, config, ()))
    written, _ = changes(live, merged)
    conflicts = _conflicts(managers, manager, written)
    if conflicts and not force:
        raise apply_conflict([(str(other), printed(path)) for other, path in conflicts])
    managers.take(written, but=manager)
    dropped = _dropped(managers, manager, mine)
    _remove(merged, dropped, (), ())
    managers.set(manager, mine, now)
    managers.forget(frozenset(dropped))
    return Applied(merged, managers)


def _unclaimed(live: Obj) -> FieldSet:
    """Everything but the status: what an object without managers is taken to have been written with."""
    written, _ = changes({}, {name: value for name, value in live.items() if name != "status"})
    return written


def finish(applied: Applied, obj: Obj) -> None:
    """Writes the managers into what has become of the applied object."""
    _write(obj, applied.managers)


def _conflicts(managers: Managers, manager: Manager, written: FieldSet) -> list[tuple[Manager, Path]]:
    return [
        (other, path)
        for other, fields in sorted(managers.fields.items())
        if other != manager
        for path in sorted(fields & written)
    ]


def _dropped(managers: Managers, manager: Manager, mine: FieldSet) -> set[Path]:
    """What `manager` applied before, applies no longer, and nobody else holds."""
    before = managers.fields.get(manager, EMPTY)
    others = (fields for other, fields in managers.fields.items() if other != manager)
    return closure(before) - closure(mine.union(*others))


def _merge(live: Any, config: Any, steps: Steps) -> Any:
    """`config` over `live`; what has no parts replaces."""
    if type(live) is not type(config) or not (merges(config, steps) and merges(live, steps)):
        return config
    if isinstance(config, dict):
        merged = dict(live)
        for name, value in config.items():
            merged[name] = _merge(live.get(name), value, (*steps, name))
        return merged
    return _merge_set(live, config) if is_set(steps) else _merge_list(live, config, steps)


def _merge_set(live: list[Any], config: list[Any]) -> list[Any]:
    return [*live, *(item for item in config if item not in live)]


def _merge_list(live: list[Any], config: list[Any], steps: Steps) -> list[Any]:
    """Items of both by key, in the order of `config`, then what only `live` has."""
    keyed: Mapping[str, Any] = {element: item for element, item, _ in children(live, steps) or ()}
    merged: dict[str, Any] = {}
    for element, item, _ in children(config, steps) or ():
        merged[element] = _merge(keyed[element], item, steps) if element in keyed else item
    return list({**merged, **{element: item for element, item in keyed.items() if element not in merged}}.values())


def _remove(value: Any, dropped: set[Path], path: Path, steps: Steps) -> None:
    """Removes the parts of `value` that are in `dropped`, and the maps and lists that this empties."""
    parts = children(value, steps)
    for element, part, part_steps in list(parts) if parts is not None else ():
        here = (*path, element)
        if here in dropped:
            _remove_part(value, element, part)
        else:
            _remove(part, dropped, here, part_steps)


def _remove_part(value: Any, element: str, part: Any) -> None:
    if isinstance(value, dict):
        del value[element.removeprefix("f:")]
    else:
        value[:] = [item for item in value if item is not part]
