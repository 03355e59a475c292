"""Objects as people may see them: no secret's value, and none of the API server's own bookkeeping."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

try:
    from yaml import CSafeDumper as SafeDumper  # libyaml's, which takes a quarter of the time
except ImportError:  # built without libyaml
    from yaml import SafeDumper  # type: ignore[assignment] # emits the same

REDACTED = "(redacted)"
_BOOKKEEPING = ("managedFields", "selfLink")
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
"""What kubectl writes beside an object is a copy of it, secret values included."""
_AMBIGUOUS = re.compile(r"[yYnN]|[-+]?\.?[0-9][0-9a-fA-FoOxX_.:+\-]*")
"""`y` is true to YAML 1.1, `1e3` and `0o14` are numbers to YAML 1.2; PyYAML leaves them bare."""
_BREAKS = re.compile("[\x85\u2028\u2029\ufeff]")
"""What YAML 1.1 breaks lines at; PyYAML writes it bare, and reads a space back."""

Object = dict[str, Any]


def redact(manifest: Object) -> Object:
    """A copy without the values of a Secret, and without bookkeeping; it shares what is left as it is."""
    shown = dict(manifest)
    if "metadata" in manifest:
        shown["metadata"] = _without_bookkeeping(manifest["metadata"])
    if manifest.get("kind") == "Secret":
        for field in ("data", "stringData"):
            if field in manifest:
                shown[field] = {str(key): REDACTED for key in manifest[field]}
    return shown


def _without_bookkeeping(metadata: Object) -> Object:
    kept = {field: value for field, value in metadata.items() if field not in _BOOKKEEPING}
    if _LAST_APPLIED in (kept.get("annotations") or {}):
        kept["annotations"] = {key: text for key, text in kept["annotations"].items() if key != _LAST_APPLIED}
    return kept


def to_yaml(manifest: Mapping[str, Any]) -> str:
    """YAML in the order in which people write manifests: apiVersion, kind, metadata, then the rest.

    Readers of YAML 1.1 and 1.2 read it alike: it can be applied as it is, if it is no redacted Secret.
    """
    head: Object = {field: manifest[field] for field in ("apiVersion", "kind", "metadata") if field in manifest}
    return yaml.dump({**head, **manifest}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


class _Dumper(SafeDumper):
    """Writes no anchors, text of several lines by its lines, and in quotes what another reader than PyYAML would take
    for a number or a truth value."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the same for all data
        return True

    def represent_text(self, text: str) -> yaml.ScalarNode:
        style = "'" if _AMBIGUOUS.fullmatch(text) else "|" if "\n" in text else None
        if _BREAKS.search(text):
            style = '"'
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _Dumper.represent_text)
