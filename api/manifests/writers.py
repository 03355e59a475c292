"""Who set the fields of an object, as Kubernetes keeps it in `metadata.managedFields`.

https://kubernetes.io/docs/reference/using-api/server-side-apply/#managers
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from api.manifests.diff import keyed, leaves_of, step

Object = dict[str, Any]

_FIELD, _ITEM = "f:", "k:"


def writers(live: Object) -> dict[str, str]:
    """The field manager that set each field last, by the paths of `leaves`; a field that nobody set is left out."""
    entries = sorted(live["metadata"].get("managedFields") or (), key=lambda entry: str(entry.get("time", "")))
    return {path: entry["manager"] for entry in entries for path in _owned(entry.get("fieldsV1") or {}, live, "")}


def _owned(owned: Object, value: Any, path: str) -> Iterator[str]:
    """The leaves below `value` that an entry owns: what it names no part of, it owns whole."""
    parts = {key: below for key, below in owned.items() if key != "."}
    if not parts:
        yield from (each for each, _ in leaves_of(value, path))
    for key, below in parts.items():
        yield from _part(key, below, value, path)


def _part(key: str, below: Object, value: Any, path: str) -> Iterator[str]:
    if key.startswith(_FIELD) and isinstance(value, dict) and key.removeprefix(_FIELD) in value:
        name = key.removeprefix(_FIELD)
        yield from _owned(below, value[name], step(path, name))
    elif key.startswith(_ITEM) and isinstance(value, list):
        wanted = json.loads(key.removeprefix(_ITEM))
        for name, item in (keyed(value) or {}).items():
            if wanted.items() <= item.items():
                yield from _owned(below, item, f"{path}[{name}]")
