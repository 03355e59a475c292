"""Who owns the fields of what Moorage created.

What a POST sets is owned by the field manager `moorage` with the operation Update. A later apply by the same manager is
a second owner beside the first, and a field that it no longer names stays for ever. So it is turned to Apply:
https://kubernetes.io/docs/reference/using-api/server-side-apply/#upgrading-from-client-side-apply-to-server-side-apply.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from api.clusters.objects import MANAGER

Object = dict[str, Any]


def patch_to_applied(live: Object, created: Object | None = None) -> list[Object] | None:
    """The JSON patch that turns our Update entry into an Apply entry; None where there is no such entry.

    Who creates an object owns its defaults too, and who applies it owns only what it names: with `created`, what was
    sent, the entry is cut down to that, which is what the next apply of the same would make it. An Apply entry that is
    there already gives way: the next apply claims its fields again, and lets go of the others. The patch is refused
    (its tests fail) where the entries have moved since.
    """
    entries: Sequence[Object] = live["metadata"].get("managedFields") or ()
    updated, applied = _index(entries, "Update"), _index(entries, "Apply")
    if updated is None:
        return None
    patch = [*_tests(updated, "Update"), {"op": "replace", "path": f"{_place(updated)}/operation", "value": "Apply"}]
    if created is not None:
        fields = _named(entries[updated].get("fieldsV1") or {}, _stated(created))
        patch += [{"op": "replace", "path": f"{_place(updated)}/fieldsV1", "value": fields}]
    if applied is not None:
        patch += [*_tests(applied, "Apply"), {"op": "remove", "path": _place(applied)}]
    return patch


def is_ours(live: Object) -> bool:
    """Whether we have written the object, whatever has become of its labels since."""
    return any(entry["manager"] == MANAGER for entry in live["metadata"].get("managedFields") or ())


def owns(live: Object, manager: str, field: Sequence[str]) -> bool:
    """Whether the field manager is an owner of a field of the object, by whatever operation."""
    entries: Sequence[Object] = live["metadata"].get("managedFields") or ()
    return any(_names(entry.get("fieldsV1") or {}, field) for entry in entries if entry["manager"] == manager)


def _names(fields: Object, path: Sequence[str]) -> bool:
    for step in path:
        if f"f:{step}" not in fields:
            return False
        fields = fields[f"f:{step}"]
    return True


def is_applied(live: Object, manifest: Object) -> bool:
    """Whether to apply `manifest` would change nothing at all of `live`, as we own the same fields with these values.

    False also where it cannot be told apart from here: a value that the API server writes in another way than we do.
    """
    entries: Sequence[Object] = live["metadata"].get("managedFields") or ()
    applied = _index(entries, "Apply")
    if applied is None or _index(entries, "Update") is not None:
        return False
    return _is_settled(entries[applied]["fieldsV1"], live, _stated(manifest))


def _stated(manifest: Object) -> Object:
    """What of it is owned by whoever writes it."""
    metadata = {field: value for field, value in manifest["metadata"].items() if field not in ("name", "namespace")}
    return {
        **{field: value for field, value in manifest.items() if field not in ("apiVersion", "kind")},
        "metadata": metadata,
    }


def _named(owned: Object, stated: Any) -> Object:
    """The part of FieldsV1 that names something of `stated`."""
    if isinstance(stated, dict):
        parts = {f"f:{field}": value for field, value in stated.items()}
        return {
            key: _named(below, parts[key]) if key in parts else below
            for key, below in owned.items()
            if key == "." or key in parts
        }
    if isinstance(stated, list):
        return {key: _named(below, _item(stated, key)) for key, below in owned.items()}
    return owned


def _is_settled(owned: Object, live: Any, wanted: Any) -> bool:
    """By FieldsV1, https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.37/#fieldsv1-v1-meta."""
    if not owned:  # a leaf, or a part that is owned as a whole
        return bool(live == wanted) or (wanted == [] and live is None)  # the API server leaves an empty list out
    keys = owned.keys() - {"."}
    if isinstance(wanted, dict) and isinstance(live, dict):
        named = {f"f:{field}": field for field in wanted}
        return keys == named.keys() and all(
            _is_settled(owned[key], live.get(named[key]), wanted[named[key]]) for key in keys
        )
    if isinstance(wanted, list) and isinstance(live, list):
        return len(keys) == len(wanted) and all(
            _is_settled(owned[key], _item(live, key), _item(wanted, key)) for key in keys
        )
    return False


def _item(items: Sequence[Any], key: str) -> Any:
    """The item of a list that a key such as `k:{"name":"web"}` names; what it leaves out has its default."""
    form, _, text = key.partition(":")
    if form != "k":
        return None
    expected: Object = json.loads(text)
    return next((item for item in items if all(item.get(k, value) == value for k, value in expected.items())), None)


def _index(entries: Sequence[Object], operation: str) -> int | None:
    wanted = (MANAGER, operation, None)
    owners = [(entry["manager"], entry["operation"], entry.get("subresource")) for entry in entries]
    return owners.index(wanted) if wanted in owners else None


def _tests(index: int, operation: str) -> list[Object]:
    expected = {"manager": MANAGER, "operation": operation}
    return [{"op": "test", "path": f"{_place(index)}/{field}", "value": value} for field, value in expected.items()]


def _place(index: int) -> str:
    return f"/metadata/managedFields/{index}"
