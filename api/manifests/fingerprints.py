"""What a plan was made for: the fields that decide what a deploy does, as they were; and a fingerprint of those.
And what it would apply, as a text: what a deploy does is held to both."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from api.manifests.diff import leaves

Object = dict[str, Any]
Identity = tuple[str, str]
"""Kind and name."""
Digest = Callable[[str], str]
"""A keyed hash: whoever reads what is kept must not be able to try a secret's values out."""

_TEMPLATES = ("spec.template.", "spec.jobTemplate.")
_VALUES = ("data.", "data[")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One object: its fields as JSON text by path, None where absent; of a Secret's values only a digest each."""

    kind: str
    name: str
    uid: str
    fields: Mapping[str, str | None]

    @property
    def identity(self) -> Identity:
        return self.kind, self.name


def managed(manifests: Iterable[Object]) -> dict[Identity, frozenset[str]]:
    """The paths of the fields that `manifests` set, by object; of one that is among them twice, those of both."""
    paths: dict[Identity, frozenset[str]] = {}
    for each in manifests:
        identity = each["kind"], each["metadata"]["name"]
        paths[identity] = paths.get(identity, frozenset()) | leaves(each).keys()
    return paths


def snapshot(live: Object, paths: Mapping[Identity, Iterable[str]], digest: Digest) -> Snapshot:
    """`live` in the fields of `paths`, and in all of its pod template: what others add there runs as well.

    What controllers write elsewhere (replicas of an autoscaled app, annotations, status) moves by itself. An object
    of which `paths` names no field counts for its being there.
    """
    kind, metadata = live["kind"], live["metadata"]
    ours = paths.get((kind, metadata["name"]))
    held = leaves(live) if ours else {}
    kept = {*(ours or ()), *(path for path in held if path.startswith(_TEMPLATES))}
    fields = {path: held.get(path) for path in sorted(kept)}
    if kind == "Secret":
        fields = {path: digest(text) if text and is_value(path) else text for path, text in fields.items()}
    return Snapshot(kind, metadata["name"], metadata["uid"], fields)


def is_value(path: str) -> bool:
    """Whether a field of a Secret is one of its values."""
    return path.startswith(_VALUES)


def fingerprint(snapshots: Iterable[Snapshot]) -> str:
    """SHA-256 over the UIDs and fields of all of them, in whatever order."""
    content = sorted(
        json.dumps([each.kind, each.name, each.uid, dict(each.fields)], sort_keys=True) for each in snapshots
    )
    return hashlib.sha256("\n".join(content).encode()).hexdigest()


def content(manifests: Iterable[Object]) -> str:
    """One text for the same objects, and another for others. Secret values are in it: it is for a digest."""
    return "\n".join(sorted(json.dumps(each, sort_keys=True) for each in manifests))
