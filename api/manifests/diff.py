"""What would change of an object, field by field: between what runs and what a server-side dry run answers.

Both sides come from the API server, so defaults are on both and cancel out; what it keeps for itself is left aside.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from api.clusters.objects import REVISION
from api.manifests.models import ChangeAction, FieldChange, ObjectDiff
from api.manifests.redaction import REDACTED

Object = dict[str, Any]

_TEXT = json.JSONEncoder(ensure_ascii=False, sort_keys=True)
"""Made once: `json.dumps` makes one for each value."""
_METADATA = ("labels", "annotations")
_NOISE = frozenset({"deployment.kubernetes.io/revision", "kubectl.kubernetes.io/last-applied-configuration", REVISION})
"""Annotations that controllers keep, or that we count by. The pod template's is no noise: it makes new pods."""
_KEYS = ("mountPath", "name", "containerPort", "port", "key", "ip")
"""By which the items of a list are told apart, where they have it."""


def diff(live: Object | None, wanted: Object) -> ObjectDiff:
    """What turns `live` into `wanted`; None stands for an object that is not there yet."""
    kind, name = wanted["kind"], wanted["metadata"]["name"]
    if live is None:
        return ObjectDiff(kind=kind, name=name, action=ChangeAction.CREATE, changes=())
    changes = tuple(_compare(stable(live), stable(wanted), ""))
    if kind == "Secret":
        changes = tuple(_redacted(change) for change in changes)
    action = ChangeAction.UPDATE if changes else ChangeAction.UNCHANGED
    return ObjectDiff(kind=kind, name=name, action=action, changes=changes)


def deletion(live: Object) -> ObjectDiff:
    """What takes `live` away."""
    return ObjectDiff(kind=live["kind"], name=live["metadata"]["name"], action=ChangeAction.DELETE, changes=())


def stable(manifest: Object) -> Object:
    """The object without status, bookkeeping and what controllers write: what is compared, and fingerprinted."""
    metadata = manifest.get("metadata", {})
    kept: Object = {field: dict(metadata[field]) for field in _METADATA if metadata.get(field)}
    annotations = {key: value for key, value in kept.pop("annotations", {}).items() if key not in _NOISE}
    if annotations:
        kept["annotations"] = annotations
    rest = {field: value for field, value in manifest.items() if field not in ("metadata", "status")}
    return {**rest, "metadata": kept}


def leaves(manifest: Object) -> dict[str, str]:
    """Every field of `stable(manifest)` that holds a value, by its path, as JSON text."""
    return dict(leaves_of(stable(manifest), ""))


def leaves_of(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """The same of a part of an object, which is at `path`."""
    if isinstance(value, dict) and value:
        for key, held in value.items():
            yield from leaves_of(held, step(path, key))
    elif isinstance(value, list) and (items := keyed(value)):
        told_by = _key_of(value)
        for key, item in items.items():
            rest = {field: held for field, held in item.items() if field != told_by}
            yield from leaves_of(rest or item, f"{path}[{key}]")
    elif value is not None:
        yield path, _TEXT.encode(value)


def _compare(before: Any, after: Any, path: str) -> Iterator[FieldChange]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _compare_maps(before, after, lambda key: step(path, key))
        return
    if isinstance(before, list) and isinstance(after, list):
        keyed_before, keyed_after = keyed(before), keyed(after)
        if keyed_before is not None and keyed_after is not None:
            yield from _compare_maps(keyed_before, keyed_after, lambda key: f"{path}[{key}]")
            return
    yield _change(path, before, after)


def _compare_maps(before: Mapping[str, Any], after: Mapping[str, Any], place: Any) -> Iterator[FieldChange]:
    for key in [*before, *(key for key in after if key not in before)]:
        yield from _compare(before.get(key), after.get(key), place(key))


def keyed(items: list[Any]) -> dict[str, Any] | None:
    """A list as Kubernetes keys it; None where its items have no key of their own."""
    if not items:
        return {}
    key = _key_of(items)
    by_key = {str(item[key]): item for item in items} if key is not None else {}
    return by_key if len(by_key) == len(items) else None


def _key_of(items: list[Any]) -> str | None:
    """The field by which all items of a list are told apart."""
    keys = (key for key in _KEYS if all(isinstance(item, dict) and key in item for item in items))
    return next(keys, None)


def step(path: str, key: str) -> str:
    """The path of a field below `path`."""
    if not key.isidentifier():
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else key


def _change(path: str, before: Any, after: Any) -> FieldChange:
    action = ChangeAction.UPDATE
    if before is None:
        action = ChangeAction.CREATE
    elif after is None:
        action = ChangeAction.DELETE
    return FieldChange(path=path, action=action, before=_json(before), after=_json(after))


def _redacted(change: FieldChange) -> FieldChange:
    if not change.path.startswith(("data", "stringData")):
        return change
    hidden = json.dumps(REDACTED)
    return FieldChange(
        path=change.path,
        action=change.action,
        before=hidden if change.before is not None else None,
        after=hidden if change.after is not None else None,
    )


def _json(value: Any) -> str | None:
    return None if value is None else _TEXT.encode(value)
