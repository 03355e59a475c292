"""What Docker mounts into a container: named volumes, which become disks, and what is left out.

https://docs.docker.com/reference/cli/docker/container/run/#volume and
https://github.com/compose-spec/compose-spec/blob/main/05-services.md#volumes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from api.manifests.pasting.disks import Claim, Disks
from api.manifests.pasting.gathering import NO_FIELD, TEMPORARY, Gathering

_NAMED = re.compile(r"([A-Za-z0-9][A-Za-z0-9_.\-]*):(/[^:]*)(?::([A-Za-z,]+))?")
_UNNAMED = re.compile(r"/[^:]*")
_SOURCE = ("source", "src")
_TARGET = ("target", "destination", "dst")
_READ_ONLY = ("ro", "readonly", "read_only")
KEYS = frozenset({"type", *_SOURCE, *_TARGET, *_READ_ONLY})
"""What is read of a mount that is written by its keys; others may have passwords."""
_BIND = (
    "It is a file or folder of one machine, which the cluster does not have. Add files by hand, or give the app a "
    "volume."
)
_NO_NAME = "A volume without a name is not kept from one container to the next. Give it a name if it is to stay."
_WHY: Mapping[str, str] = {
    "bind": _BIND,
    "tmpfs": TEMPORARY,
    "volume": _NO_NAME,
}


@dataclass(frozen=True, slots=True)
class Mount:
    """One of them: `kind` is its type as Docker names it, `source` empty for a volume without a name."""

    kind: str
    source: str
    target: str
    read_only: bool = False


def of_text(text: str) -> Mount:
    """`name:/path`, `/path`, or whatever has another machine's path before its colon."""
    if named := _NAMED.fullmatch(text):
        name, target, options = named.groups()
        return Mount("volume", name, target, read_only="ro" in (options or "").split(","))
    if _UNNAMED.fullmatch(text):
        return Mount("volume", "", text)
    return Mount("bind", text, "")


def of_fields(given: Mapping[str, object]) -> Mount:
    """`--mount`, or the long form of compose, by its keys."""
    return Mount(
        kind=str(given.get("type") or "volume"),
        source=_first(given, *_SOURCE),
        target=_first(given, *_TARGET),
        read_only=any(given.get(key) in (True, "", "true", "1") for key in _READ_ONLY),
    )


def take(gathered: Gathering, disks: Disks, what: str, mount: Mount) -> None:
    """Make it a disk, or leave it out and say why."""
    if mount.kind == "volume" and mount.source and mount.target:
        disks.add(what, Claim(mount.source), mount.target, read_only=mount.read_only)
    else:
        gathered.leave_out(what, _WHY.get(mount.kind, NO_FIELD))


def _first(given: Mapping[str, object], *keys: str) -> str:
    return next((str(given[key]) for key in keys if given.get(key)), "")
