"""What differs between two specs, in the form's fields: what a revision tells about itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields

from api.manifests.models import ChangeAction, FieldChange, Probe, WorkloadSpec
from api.manifests.redaction import REDACTED
from api.manifests.rules import PROBES

_FIELDS = (
    "image",
    "port",
    "size",
    "replicas",
    "run_as_user",
    "command",
    "arguments",
    "shutdown_seconds",
    "surge",
)


def spec_changes(
    old: WorkloadSpec | None, new: WorkloadSpec, *, old_secrets: Mapping[str, str], new_secrets: Mapping[str, str]
) -> tuple[FieldChange, ...]:
    """The changes that turn `old` (None: nothing at all) into `new`.

    A secret is told as changed where its value is, and its value is told nowhere.
    """
    return (*_fields(old, new), *_probes(old, new), *_environment(old, new), *_secrets(old_secrets, new_secrets))


def _fields(old: WorkloadSpec | None, new: WorkloadSpec) -> Iterator[FieldChange]:
    for field in _FIELDS:
        yield from _change(field, _said(getattr(old, field, None)), _said(getattr(new, field)))


def _probes(old: WorkloadSpec | None, new: WorkloadSpec) -> Iterator[FieldChange]:
    for probe in PROBES:
        before, after = getattr(old, probe, None), getattr(new, probe)
        for field in fields(Probe):
            values = [_said(getattr(each, field.name, None)) for each in (before, after)]
            yield from _change(f"{probe}.{field.name}", *values)


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
