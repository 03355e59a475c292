"""What differs between two specs, in the form's fields: what a revision tells about itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields

from api.manifests.models import ChangeAction, FieldChange, Probe, Schedule, WorkloadSpec
from api.manifests.redaction import REDACTED
from api.manifests.rules import PROBES

_FIELDS = (
    "kind",
    "image",
    "port",
    "size",
    "replicas",
    "run_as_user",
    "command",
    "arguments",
    "shutdown_seconds",
    "surge",
    "retries",
    "time_limit_seconds",
    "exposure",
)


def spec_changes(
    old: WorkloadSpec | None, new: WorkloadSpec, *, old_secrets: Mapping[str, str], new_secrets: Mapping[str, str]
) -> tuple[FieldChange, ...]:
    """The changes that turn `old` (None: nothing at all) into `new`.

    A secret is told as changed where its value is, and its value is told nowhere.
    """
    return (
        *_fields(old, new),
        *_parts("schedule", Schedule, old, new),
        *_volumes(old, new),
        *(change for probe in PROBES for change in _parts(probe, Probe, old, new)),
        *_environment(old, new),
        *_secrets(old_secrets, new_secrets),
    )


def _fields(old: WorkloadSpec | None, new: WorkloadSpec) -> Iterator[FieldChange]:
    for field in _FIELDS:
        yield from _change(field, _said(getattr(old, field, None)), _said(getattr(new, field)))


def _parts(
    field: str, type_: type[Probe | Schedule], old: WorkloadSpec | None, new: WorkloadSpec
) -> Iterator[FieldChange]:
    """The changes of a field that has fields of its own, or is not there."""
    before, after = getattr(old, field, None), getattr(new, field)
    for part in fields(type_):
        values = [_said(getattr(each, part.name, None)) for each in (before, after)]
        yield from _change(f"{field}.{part.name}", *values)


def _volumes(old: WorkloadSpec | None, new: WorkloadSpec) -> Iterator[FieldChange]:
    before = {each.name: each for each in old.volumes} if old is not None else {}
    after = {each.name: each for each in new.volumes}
    for name in dict.fromkeys([*before, *after]):
        for part in ("path", "size_gib", "storage_class"):
            values = [getattr(volumes.get(name), part, None) for volumes in (before, after)]
            yield from _change(f"volumes[{name}].{part}", *values)


def _said(value: object) -> object:
    """None for an empty list: nothing is said."""
    return value or None if isinstance(value, tuple) else value


def _environment(old: WorkloadSpec | None, new: WorkloadSpec) -> Iterator[FieldChange]:
    before = {each.name: each.value for each in old.environment} if old is not None else {}
    after = {each.name: each.value for each in new.environment}
    for name in dict.fromkeys([*before, *after]):
        yield from _change(f"environment[{name}]", before.get(name), after.get(name))


def _secrets(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[FieldChange]:
    for name in dict.fromkeys([*before, *after]):
        if before.get(name) != after.get(name):
            shown = [REDACTED if name in values else None for values in (before, after)]
            yield _told(f"secrets[{name}]", *shown)


def _change(path: str, before: object, after: object) -> Iterator[FieldChange]:
    if before != after:
        yield _told(path, before, after)


def _told(path: str, before: object, after: object) -> FieldChange:
    action = ChangeAction.UPDATE
    if before is None:
        action = ChangeAction.CREATE
    elif after is None:
        action = ChangeAction.DELETE
    return FieldChange(path=path, action=action, before=_json(before), after=_json(after))


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)
