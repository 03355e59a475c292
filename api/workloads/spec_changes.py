"""What differs between two specs, in the form's fields: what a revision tells about itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields

from api.manifests.models import (
    Autoscaling,
    ChangeAction,
    FieldChange,
    Probe,
    RegistryCredentials,
    Resources,
    Schedule,
    WorkloadSpec,
)
from api.manifests.redaction import REDACTED
from api.manifests.rules import PROBES
from api.manifests.secrets import is_file, is_password

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
_HIDDEN = ("secrets[", "secret_files[", "registry_credentials.password")


def spec_changes(
    old: WorkloadSpec | None, new: WorkloadSpec, *, old_secrets: Mapping[str, str], new_secrets: Mapping[str, str]
) -> tuple[FieldChange, ...]:
    """The changes that turn `old` (None: nothing at all) into `new`.

    A secret is told as changed where its value is, and its value is told nowhere.
    """
    return (
        *_fields(old, new),
        *_parts("autoscaling", Autoscaling, old, new),
        *_parts("resources", Resources, old, new),
        *_parts("schedule", Schedule, old, new),
        *_volumes(old, new),
        *(change for probe in PROBES for change in _parts(probe, Probe, old, new)),
        *_environment(old, new),
        *_files(old, new),
        *_parts("registry_credentials", RegistryCredentials, old, new, hidden="password"),
        *_secrets(old_secrets, new_secrets),
    )


def _fields(old: WorkloadSpec | None, new: WorkloadSpec) -> Iterator[FieldChange]:
    for field in _FIELDS:
        yield from _change(field, _told_of(old, field), _told_of(new, field))


def _parts(
    field: str,
    type_: type[Autoscaling | Probe | Schedule | Resources | RegistryCredentials],
    old: WorkloadSpec | None,
    new: WorkloadSpec,
    *,
    hidden: str = "",
) -> Iterator[FieldChange]:
    """The changes of a field that has fields of its own, or is not there; `hidden` is one that is told of elsewhere."""
    before, after = getattr(old, field, None), getattr(new, field)
    for part in (each for each in fields(type_) if each.name != hidden):
        values = [_said(getattr(each, part.name, None)) for each in (before, after)]
        yield from _change(f"{field}.{part.name}", *values)


def _volumes(old: WorkloadSpec | None, new: WorkloadSpec) -> Iterator[FieldChange]:
    before = {each.name: each for each in old.volumes} if old is not None else {}
    after = {each.name: each for each in new.volumes}
    for name in dict.fromkeys([*before, *after]):
        for part in ("path", "size_gib", "storage_class"):
            values = [getattr(volumes.get(name), part, None) for volumes in (before, after)]
            yield from _change(f"volumes[{name}].{part}", *values)


def _told_of(spec: WorkloadSpec | None, field: str) -> object:
    """None for the number of replicas where autoscaling chooses it: it says nothing then."""
    is_chosen = spec is not None and spec.autoscaling is not None
    return None if field == "replicas" and is_chosen else _said(getattr(spec, field, None))


def _said(value: object) -> object:
    """None for an empty list: nothing is said."""
    return value or None if isinstance(value, tuple) else value


def _environment(old: WorkloadSpec | None, new: WorkloadSpec) -> Iterator[FieldChange]:
    before = {each.name: each.value for each in old.environment} if old is not None else {}
    after = {each.name: each.value for each in new.environment}
    for name in dict.fromkeys([*before, *after]):
        yield from _change(f"environment[{name}]", before.get(name), after.get(name))


def _files(old: WorkloadSpec | None, new: WorkloadSpec) -> Iterator[FieldChange]:
    before = {each.path: each.content for each in old.files} if old is not None else {}
    after = {each.path: each.content for each in new.files}
    for path in dict.fromkeys([*before, *after]):
        yield from _change(f"files[{path}]", before.get(path), after.get(path))


def _secrets(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[FieldChange]:
    """Secret values by their names: what each is for is told, and that it changed."""
    old, new = [{_secret_path(name): value for name, value in values.items()} for values in (before, after)]
    for path in dict.fromkeys([*old, *new]):
        if old.get(path) != new.get(path):
            yield _told(path, *(REDACTED if path in values else None for values in (old, new)))


def _secret_path(name: str) -> str:
    """The field of the form that a secret value is of."""
    if is_password(name):
        return "registry_credentials.password"
    return f"secret_files[{name}]" if is_file(name) else f"secrets[{name}]"


def is_secret(path: str) -> bool:
    """Whether a change of that path tells of a secret value: nobody sees that it differs."""
    return path.startswith(_HIDDEN)


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
