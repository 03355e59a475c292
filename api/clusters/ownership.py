"""Who owns the fields of what Moorage created.

What a POST sets is owned by the field manager `moorage` with the operation Update. A later apply by the same manager is
a second owner beside the first, and a field that it no longer names stays for ever. So it is turned to Apply:
https://kubernetes.io/docs/reference/using-api/server-side-apply/#upgrading-from-client-side-apply-to-server-side-apply.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.clusters.objects import MANAGER

Object = dict[str, Any]


def patch_to_applied(live: Object) -> list[Object] | None:
    """The JSON patch that turns our Update entry into an Apply entry; None where there is no such entry.

    An Apply entry that is there already gives way: the next apply claims its fields again, and lets go of the others.
    It is refused (the tests fail) where the entries have moved since.
    """
    entries: Sequence[Object] = live["metadata"].get("managedFields") or ()
    updated, applied = _index(entries, "Update"), _index(entries, "Apply")
    if updated is None:
        return None
    patch = [*_tests(updated, "Update"), {"op": "replace", "path": f"{_place(updated)}/operation", "value": "Apply"}]
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


def _index(entries: Sequence[Object], operation: str) -> int | None:
    wanted = (MANAGER, operation, None)
    owners = [(entry["manager"], entry["operation"], entry.get("subresource")) for entry in entries]
    return owners.index(wanted) if wanted in owners else None


def _tests(index: int, operation: str) -> list[Object]:
    expected = {"manager": MANAGER, "operation": operation}
    return [{"op": "test", "path": f"{_place(index)}/{field}", "value": value} for field, value in expected.items()]


def _place(index: int) -> str:
    return f"/metadata/managedFields/{index}"
