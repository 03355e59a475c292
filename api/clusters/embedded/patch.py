"""The three patches that are computed on the document alone: JSON patch, merge patch and strategic merge patch.

Sources: RFC 6902, RFC 7386, and "strategic merge patch" in the Kubernetes API conventions.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from .lists import Steps, is_set, patch_key
from .objects import Obj, copy


class PatchError(Exception):
    """The patch cannot be carried out on this document."""


def merge_patch(document: Any, patch: Any) -> Any:
    """RFC 7386."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(document) if isinstance(document, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged


def json_patch(document: Obj, operations: Any) -> Any:
    """RFC 6902; raises PatchError."""
    if not isinstance(operations, list):
        raise PatchError("a JSON patch is a list of operations")
    box: Obj = {"": copy(document)}
    for operation in operations:
        if not isinstance(operation, dict) or not isinstance(operation.get("path"), str):
            raise PatchError("each operation of a JSON patch is an object with a path")
        _operate(box, operation)
    return box[""]


def _operate(box: Obj, operation: Obj) -> None:
    path = _pointer(operation["path"])
    match operation.get("op"):
        case "add":
            _add(box, path, _value(operation))
        case "remove":
            _remove(box, path)
        case "replace":
            _remove(box, path)
            _add(box, path, _value(operation))
        case "move":
            _add(box, path, _remove(box, _pointer(operation.get("from", ""))))
        case "copy":
            _add(box, path, deepcopy(_lookup(box, _pointer(operation.get("from", "")))))
        case "test":
            if _lookup(box, path) != operation.get("value"):
                raise PatchError(f"testing value {operation['path']} failed: test failed")
        case other:
            raise PatchError(f"Unexpected kind: {other}")


def _value(operation: Obj) -> Any:
    if "value" not in operation:
        raise PatchError(f"missing value in operation on {operation['path']}")
    return operation["value"]


def _pointer(text: str) -> list[str]:
    """RFC 6901; the document itself is the one member of a box, so that it too can be replaced."""
    return [step.replace("~1", "/").replace("~0", "~") for step in text.split("/")]


def _lookup(box: Any, path: list[str]) -> Any:
    value = box
    for step in path:
        value = value[_index(value, step)] if isinstance(value, list) else _member(value, step)
    return value


def _member(value: Any, step: str) -> Any:
    if not isinstance(value, dict) or step not in value:
        raise PatchError(f"missing path: no member {step!r}")
    return value[step]


def _index(items: list[Any], step: str, *, end: bool = False) -> int:
    if end and step == "-":
        return len(items)
    if not step.isdecimal() or int(step) > len(items) - (0 if end else 1):
        raise PatchError(f"Unable to access invalid index: {step}")
    return int(step)


def _add(box: Obj, path: list[str], value: Any) -> None:
    parent = _lookup(box, path[:-1])
    if isinstance(parent, list):
        parent.insert(_index(parent, path[-1], end=True), value)
    elif isinstance(parent, dict):
        parent[path[-1]] = value
    else:
        raise PatchError("add operation does not apply: the parent holds no members")


def _remove(box: Obj, path: list[str]) -> Any:
    parent = _lookup(box, path[:-1])
    if isinstance(parent, list):
        return parent.pop(_index(parent, path[-1]))
    _member(parent, path[-1])
    return parent.pop(path[-1])


def strategic_merge_patch(document: Any, patch: Any, path: Steps = ()) -> Any:
    """Merges maps by member and the well-known lists by key; `$patch`, `$retainKeys` and
    `$deleteFromPrimitiveList/…` are honoured, `$setElementOrder/…` is not needed and dropped.
    """
    if not isinstance(patch, dict):
        return patch
    match patch.get("$patch"):
        case "replace":
            return {name: value for name, value in patch.items() if name != "$patch"}
        case "delete":
            return {}
    merged = _retained(document, patch)
    for name, value in patch.items():
        if name.startswith("$"):
            _direct(merged, name, value)
        elif value is None:
            merged.pop(name, None)
        else:
            merged[name] = _merge_member(merged.get(name), value, (*path, name))
    return merged


def _retained(document: Any, patch: Obj) -> Obj:
    members = dict(document) if isinstance(document, dict) else {}
    retain = patch.get("$retainKeys")
    return members if retain is None else {name: value for name, value in members.items() if name in retain}


def _direct(merged: Obj, directive: str, value: Any) -> None:
    kind, _, name = directive.partition("/")
    if kind == "$deleteFromPrimitiveList" and isinstance(merged.get(name), list):
        merged[name] = [item for item in merged[name] if item not in value]


def _merge_member(current: Any, value: Any, path: Steps) -> Any:
    if not isinstance(value, list):
        return strategic_merge_patch(current, value, path)
    current = current if isinstance(current, list) else []
    if key := patch_key(path):
        return _merge_list(current, value, key, path)
    return list(dict.fromkeys([*current, *value])) if is_set(path) else value


def _merge_list(current: list[Any], patches: list[Any], key: str, path: Steps) -> list[Any]:
    if any(isinstance(patch, dict) and patch.get("$patch") == "replace" for patch in patches):
        return [patch for patch in patches if "$patch" not in patch]
    there = {item.get(key): item for item in current}
    patched = {}
    for patch in patches:
        if not isinstance(patch, dict) or not isinstance(patch.get(key), str | int):
            raise PatchError(f"map: {patch} does not contain declared merge key: {key}")
        before = there.get(patch[key])
        if patch.get("$patch") == "delete":
            there.pop(patch[key], None)
        else:
            patched[patch[key]] = strategic_merge_patch(before, patch, path)
    return [patched.get(name, there.get(name)) for name in _merged_order(list(there), list(patched))]


def _merged_order(there: list[Any], patched: list[Any]) -> list[Any]:
    """In the order of the patch, what only the object has keeping its place before what followed it there."""
    places = {name: place for place, name in enumerate(there)}
    untouched = [name for name in there if name not in patched]
    order = []
    for name in patched:
        while untouched and name in places and places[untouched[0]] < places[name]:
            order.append(untouched.pop(0))
        order.append(name)
    return order + untouched
