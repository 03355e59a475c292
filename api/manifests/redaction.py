"""Objects as people may see them: no secret's value, and none of the API server's own bookkeeping."""

from __future__ import annotations

import copy
from typing import Any

import yaml

REDACTED = "(redacted)"
_BOOKKEEPING = ("managedFields", "selfLink")
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
"""What kubectl writes beside an object is a copy of it, secret values included."""

Object = dict[str, Any]


def redact(manifest: Object) -> Object:
    """A copy without the values of a Secret, and without bookkeeping."""
    shown = copy.deepcopy(manifest)
    metadata = shown.get("metadata", {})
    for field in _BOOKKEEPING:
        metadata.pop(field, None)
    metadata.get("annotations", {}).pop(_LAST_APPLIED, None)
    if shown.get("kind") == "Secret":
        for field in ("data", "stringData"):
            if field in shown:
                shown[field] = {str(key): REDACTED for key in shown[field]}
    return shown


def to_yaml(manifest: Object) -> str:
    """YAML in the order in which people write manifests: apiVersion, kind, metadata, then the rest."""
    head: Object = {field: manifest[field] for field in ("apiVersion", "kind", "metadata") if field in manifest}
    return yaml.safe_dump({**head, **manifest}, sort_keys=False, allow_unicode=True, width=120)
