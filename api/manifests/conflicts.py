"""What moved since a plan was made, field by field: what is planned, what is live, and what was the base."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from api.errors import FieldConflict
from api.manifests.diff import leaves
from api.manifests.fingerprints import Snapshot, is_value
from api.manifests.redaction import REDACTED

Object = dict[str, Any]

_UID = "metadata.uid"


def conflicts(base: Iterable[Snapshot], live: Iterable[Snapshot], wanted: Iterable[Object]) -> list[FieldConflict]:
    """The fields in which `live` differs from `base`, by object and path; `wanted` are the manifests of the plan.

    An object that went, came or was made anew is one conflict, about its UID.
    """
    before = {each.identity: each for each in base}
    now = {each.identity: each for each in live}
    planned = {(each["kind"], each["metadata"]["name"]): leaves(each) for each in wanted}
    found: list[FieldConflict] = []
    for identity in sorted(before.keys() | now.keys()):
        found += _between(before.get(identity), now.get(identity), planned.get(identity))
    return found


def _between(base: Snapshot | None, live: Snapshot | None, planned: dict[str, str] | None) -> Iterator[FieldConflict]:
    some = live or base
    if some is None:
        return
    uids = [json.dumps(each.uid) if each is not None else None for each in (base, live)]
    if uids[0] != uids[1]:
        kept = uids[0] if planned is not None else None
        yield FieldConflict(some.kind, some.name, _UID, planned=kept, live=uids[1], base=uids[0])
    if base is not None and live is not None:
        yield from _fields(base, live, planned or {})


def _fields(base: Snapshot, live: Snapshot, planned: dict[str, str]) -> Iterator[FieldConflict]:
    for path in sorted(base.fields.keys() | live.fields.keys()):
        was, is_now = base.fields.get(path), live.fields.get(path)
        if was != is_now:
            values = planned.get(path), is_now, was
            hidden = base.kind == "Secret" and is_value(path)
            shown = [_REDACTED if hidden and value is not None else value for value in values]
            yield FieldConflict(base.kind, base.name, path, planned=shown[0], live=shown[1], base=shown[2])


_REDACTED = json.dumps(REDACTED)
