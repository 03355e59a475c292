"""A fingerprint of what runs: a plan made for one is refused for another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from api.manifests.diff import stable


def fingerprint(objects: Iterable[dict[str, Any]]) -> str:
    """SHA-256 over the UIDs of objects and everything in them but status and bookkeeping.

    Resource versions are no part of it: they move with every change of status.
    """
    content = sorted(
        json.dumps([each["kind"], each["metadata"].get("uid"), stable(each)], sort_keys=True) for each in objects
    )
    return hashlib.sha256("\n".join(content).encode()).hexdigest()
