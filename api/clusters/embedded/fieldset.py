"""Sets of field paths, as `metadata.managedFields` holds them in the FieldsV1 format.

Source: sigs.k8s.io/structured-merge-diff (fieldpath). A path is a tuple of elements in the notation of FieldsV1:
`f:spec`, `k:{"name":"app"}`, `v:"x"`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from .lists import Steps, is_atomic_map, is_set, item_key, map_keys, value_key
from .objects import Obj

Path: TypeAlias = tuple[str, ...]
FieldSet: TypeAlias = frozenset[Path]

EMPTY: FieldSet = frozenset()

# Never owned by anybody: what names the object, and what the server writes.
_UNOWNED = frozenset({"apiVersion", "kind"})
_UNOWNED_METADATA = frozenset(
    {
        "creationTimestamp",
        "deletionGracePeriodSeconds",
        "deletionTimestamp",
        "generation",
        "managedFields",
        "name",
        "namespace",
        "resourceVersion",
        "selfLink",
        "uid",
    }
)


def strip(obj: Obj) -> Obj:
    """`obj` without the fields that nobody owns."""
    stripped = {name: value for name, value in obj.items() if name not in _UNOWNED}
    metadata = stripped.pop("metadata", None) or {}
    if owned := {name: value for name, value in metadata.items() if name not in _UNOWNED_METADATA}:
        stripped["metadata"] = owned
    return stripped


def merges(value: Any, steps: Steps) -> bool:
    """Whether `value` has parts that can have several owners; an empty one has none now, but could."""
    if isinstance(value, dict):
        return not is_atomic_map(steps)
    return isinstance(value, list) and (map_keys(steps) is not None or is_set(steps))


def children(value: Any, steps: Steps) -> Iterator[tuple[str, Any, Steps]] | None:
    """The (element, value, steps) of each part of `value` that merges, or None when it is one whole.

    `steps` is the path without the elements of list items, by which `lists` knows it.
    """
    if not value or not merges(value, steps):
        return None
    if isinstance(value, dict):
        return ((f"f:{name}", member, (*steps, name)) for name, member in value.items())
    if keys := map_keys(steps):
        return ((item_key(item, keys), item, steps) for item in value)
    return ((value_key(item), item, steps) for item in value)


def fields_of(obj: Obj) -> FieldSet:
    """What an apply of `obj` owns: its leaves, and the items of its lists."""
    return frozenset(_leaves(strip(obj), (), ()))


def _leaves(value: Any, path: Path, steps: Steps) -> Iterator[Path]:
    parts = children(value, steps)
    if parts is None or _is_item(path):
        if path:
            yield path
        if parts is None:
            return
    for element, part, part_steps in parts:
        yield from _leaves(part, (*path, element), part_steps)


def _is_item(path: Path) -> bool:
    return bool(path) and not path[-1].startswith("f:")


def repeated_item(obj: Obj) -> Path | None:
    """The path of an item whose key another item of the same list has."""
    return _repeated(strip(obj), (), ())


def _repeated(value: Any, path: Path, steps: Steps) -> Path | None:
    seen: set[str] = set()
    for element, part, part_steps in children(value, steps) or ():
        here = (*path, element)
        if element in seen:
            return here
        seen.add(element)
        if (found := _repeated(part, here, part_steps)) is not None:
            return found
    return None


def changes(before: Obj, after: Obj) -> tuple[FieldSet, FieldSet]:
    """The paths that `after` added or changed, and those that it removed."""
    comparison = _Comparison()
    comparison.walk(strip(before), strip(after), (), ())
    return frozenset(comparison.written), frozenset(comparison.removed)


@dataclass(slots=True)
class _Comparison:
    """What was found while two values were walked side by side."""

    written: set[Path] = field(default_factory=set)
    removed: set[Path] = field(default_factory=set)

    def walk(self, before: Any, after: Any, path: Path, steps: Steps) -> None:
        if before == after:
            return
        old, new = children(before, steps), children(after, steps)
        if old is None or new is None:
            self._replaced(before, after, path, steps)
            return
        was = {element: (part, part_steps) for element, part, part_steps in old}
        for element, part, part_steps in new:
            here = (*path, element)
            if element in was:
                self.walk(was.pop(element)[0], part, here, part_steps)
            else:
                self.written.update(_all_paths(part, here, part_steps))
        for element, (part, part_steps) in was.items():
            self.removed.update(_all_paths(part, (*path, element), part_steps))

    def _replaced(self, before: Any, after: Any, path: Path, steps: Steps) -> None:
        added = set(_all_paths(after, path, steps))
        self.removed.update(set(_all_paths(before, path, steps)) - added)
        self.written.update(added)


# Structs that Go writes even when they are empty: they are always there, so nobody adds them.
_ALWAYS_THERE = frozenset(
    {
        "f:containers",
        "f:jobTemplate",
        "f:loadBalancer",
        "f:metadata",
        "f:podSelector",
        "f:resources",
        "f:scaleTargetRef",
        "f:spec",
        "f:status",
        "f:strategy",
        "f:template",
        "f:updateStrategy",
    }
)


def _is_always_there(path: Path) -> bool:
    return all(map(_is_named, path)) and (not path or path[-1] in _ALWAYS_THERE)


def _is_named(element: str) -> bool:
    return element.startswith("f:")


def _all_paths(value: Any, path: Path, steps: Steps) -> Iterator[Path]:
    """Every path at and under `path`, what holds others included."""
    if value is None:
        return
    parts = children(value, steps)
    if not _is_always_there(path):
        yield path
    for element, part, part_steps in parts or ():
        yield from _all_paths(part, (*path, element), part_steps)


def closure(fields: Iterable[Path]) -> set[Path]:
    """`fields` and everything that holds them."""
    return {path[:length] for path in fields for length in range(1, len(path) + 1)}


def to_fields_v1(fields: FieldSet) -> Obj:
    tree: Obj = {}
    for path in sorted(fields):
        node = tree
        for element in path:
            node = node.setdefault(element, {})
        node["."] = {}
    _trim(tree)
    return tree


def _trim(node: Obj) -> None:
    """A member without children is written `{}`, not `{".": {}}`."""
    for child in node.values():
        if child.keys() == {"."}:
            child.clear()
        else:
            _trim(child)


def from_fields_v1(tree: Obj) -> FieldSet:
    return frozenset(_members(tree, ()))


def _members(node: Obj, path: Path) -> Iterator[Path]:
    for element, child in node.items():
        if element == ".":
            yield path
        elif child:
            yield from _members(child, (*path, element))
        else:
            yield (*path, element)


def printed(path: Path) -> str:
    """`.spec.template.spec.containers[name="app"].image`, as conflicts name a field."""
    return "".join(_print_element(element) for element in path)


def _print_element(element: str) -> str:
    kind, _, rest = element.partition(":")
    if kind == "f":
        return f".{rest}"
    if kind == "v":
        return f"[={rest}]"
    keys = json.loads(rest)
    return "[" + ",".join(f"{key}={json.dumps(value)}" for key, value in keys.items()) + "]"
