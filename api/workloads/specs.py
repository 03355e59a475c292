"""A workload's spec as the database keeps it: JSON, and never with a secret's value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import msgspec

from api.errors import InvalidInput, InvalidInputs
from api.manifests.files import MAX_SECRET_BYTES
from api.manifests.kinds import profile
from api.manifests.models import WorkloadKind, WorkloadSpec
from api.manifests.secrets import secrets_of, without_values

_AROUND_PODS = ("kind", "replicas", "autoscaling", "surge", "schedule", "retries", "time_limit_seconds", "exposure")
"""What is said of an app beside its pods: of the kind, as a web service and a worker have the same."""
_MOST_KEPT = 4_096
"""Characters of a spec's text: one with files in it may have a million."""
_DECODER = msgspec.json.Decoder(WorkloadSpec)


def to_json(spec: WorkloadSpec) -> dict[str, Any]:
    """`spec` for a JSONB column; secret values are left out."""
    document: dict[str, Any] = msgspec.to_builtins(without_values(spec))
    return document


def from_json(document: Mapping[str, Any]) -> WorkloadSpec:
    """The spec that `to_json` wrote."""
    return msgspec.convert(document, WorkloadSpec)


def from_text(document: str) -> WorkloadSpec:
    """The same from the JSON's text, which spares a page of apps most of its decoding. What is immutable is decoded
    once, as pages are read again and again."""
    return _known(document) if len(document) <= _MOST_KEPT else _DECODER.decode(document)


@lru_cache(maxsize=2_000)
def _known(document: str) -> WorkloadSpec:
    return _DECODER.decode(document)


def missing_values(spec: WorkloadSpec, kept: Mapping[str, str]) -> list[InvalidInput]:
    """A failure for each secret that has neither a value of its own nor one in `kept`."""
    return [
        InvalidInput(
            f"{secret.lacking} yet, so there is none to keep. Give it one.",
            path=secret.path,
            example="a value of your own",
        )
        for secret in secrets_of(spec)
        if secret.value is None and secret.name not in kept
    ]


def secret_values(spec: WorkloadSpec, kept: Mapping[str, str]) -> dict[str, str]:
    """The value of every secret of `spec`, by its name: its own, or where it has none the one in `kept`.

    To be asked where `missing_values` found nothing missing. Raises InvalidInputs where they are too large together:
    what was kept was counted with those that it was given with, and not with these.
    """
    values = {each.name: kept[each.name] if each.value is None else each.value for each in secrets_of(spec)}
    size = sum(len(value.encode()) for value in values.values())
    if size > MAX_SECRET_BYTES:
        message = f"All secrets have {size} bytes together; {MAX_SECRET_BYTES} are allowed. Take files away."
        raise InvalidInputs([InvalidInput(message, path=("secret_files",), example="/etc/app/key.pem")])
    return values


def same_template(old: WorkloadSpec, new: WorkloadSpec) -> bool:
    """Whether `new` differs from `old` in how many pods there are, and when, so that no pod has to be replaced.

    Never for a job: to deploy it is to run it. Speaks of names only: a secret's new value is the caller's to notice.
    """
    if new.kind is WorkloadKind.JOB:
        return False
    return without_values(replace(old, **{field: getattr(new, field) for field in _AROUND_PODS})) == without_values(new)


def unchangeable(old: WorkloadSpec, new: WorkloadSpec) -> list[InvalidInput]:
    """What Kubernetes cannot change of an app that there is: what runs it, and the disks of a stateful one."""
    before, after = profile(old.kind), profile(new.kind)
    if before.controller != after.controller:
        message = f"{new.name} is a {before.noun}, and cannot become a {after.noun}. Give the new app another name."
        return [InvalidInput(message, path=("kind",))]
    disks = [[(each.name, each.size_gib, each.storage_class) for each in spec.volumes] for spec in (old, new)]
    if disks[0] != disks[1]:
        message = (
            f"The volumes of {new.name} hold its data, and stay as they are: only where they are mounted can change. "
            "For others, make a new app and take the data over."
        )
        return [InvalidInput(message, path=("volumes",))]
    return []
