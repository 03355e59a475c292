"""A fingerprint of what runs: a plan made for one is refused for another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from api.manifests.diff import stable

Object = dict[str, Any]


def fingerprint(objects: Iterable[Object]) -> str:
    """SHA-256 over the UIDs of objects and everything in them but status and bookkeeping.

    Resource versions are no part of it: they move with every change of status. A Secret has no status, so there it is
    the version, lest a hash that is kept lets somebody try out values.
    """
    content = sorted(json.dumps(_identity(each), sort_keys=True) for each in objects)
    return hashlib.sha256("\n".join(content).encode()).hexdigest()


def _identity(manifest: Object) -> list[Any]:
    metadata = manifest["metadata"]
    is_secret = manifest["kind"] == "Secret"
    content = metadata.get("resourceVersion") if is_secret else stable(manifest)
    return [manifest["kind"], metadata.get("uid"), content]
