"""Volumes of a text as disks of a stateful service, with notes of what had to be assumed of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from api.manifests.models import Volume, WorkloadKind
from api.manifests.pasting.gathering import Gathering
from api.manifests.rules import MAX_VOLUME_NAME

USUAL_GIB = 1
"""What an empty form asks for."""
_USUAL_NAME = "data"
_NO_NAME = re.compile(r"^[0-9]+|[^a-z0-9]")
_KIND = "Volumes are a stateful service's, so that the app is taken as one: each of its replicas has disks of its own."


@dataclass(frozen=True, slots=True)
class Claim:
    """A disk that the text asks for, by the name that it has there; None where it does not say."""

    name: str
    size_gib: int | None = None
    storage_class: str | None = None


class Disks:
    """The disks of one app as they are found."""

    def __init__(self, gathered: Gathering) -> None:
        self._gathered = gathered
        self._taken: dict[str, Volume] = {}

    def has(self, name: str) -> bool:
        """Whether the volume of that name in the text is taken."""
        return name in self._taken

    def add(self, what: str, claim: Claim, path: str, *, read_only: bool = False, is_filled: bool = True) -> None:
        """One more, mounted at `path`. `what` is the part of the text, for notes; `is_filled` says that it names a disk
        which may hold data already: this one does not, and a note says so."""
        if claim.name in self._taken:
            self._gathered.leave_out(what, "A volume is mounted at one path; the first is taken.")
            return
        size = claim.size_gib or USUAL_GIB
        volume = Volume(self._name(claim.name), path.rstrip("/"), size, claim.storage_class)
        self._taken[claim.name] = volume
        self._gathered.put("volumes", tuple(self._taken.values()))
        self._become_stateful()
        if assumed := list(_assumed(claim, volume, read_only=read_only, is_filled=is_filled)):
            self._gathered.note(what, f"It is taken as the volume {volume.name}. {' '.join(assumed)}")

    def _become_stateful(self) -> None:
        if not self._gathered.has("kind") or self._gathered.get("kind") is not WorkloadKind.STATEFUL_SERVICE:
            self._gathered.put("kind", WorkloadKind.STATEFUL_SERVICE)
            self._gathered.note("kind", _KIND)

    def _name(self, written: str) -> str:
        """One that the form takes, and that no other disk of the app has."""
        base = _NO_NAME.sub("", written.lower())[:MAX_VOLUME_NAME] or _USUAL_NAME
        others = {each.name for each in self._taken.values()}
        numbered = (f"{base[: MAX_VOLUME_NAME - 2]}{number}" for number in range(2, len(others) + 2))
        return next(name for name in (base, *numbered) if name not in others)


def _assumed(claim: Claim, volume: Volume, *, read_only: bool, is_filled: bool) -> Iterator[str]:
    if claim.size_gib is None:
        yield f"The text says no size: it has {volume.size_gib} GiB, until you say another."
    if is_filled:
        yield "It begins empty."
    if volume.name != claim.name:
        yield f"A volume's name has up to {MAX_VOLUME_NAME} lower-case letters and digits, a letter first."
    if read_only:
        yield "The app may write to it too."
