"""A place in a stream, as clients keep it: opaque to them, and read by any replica.

It says which stream of which process it is of (the epoch), how many messages were told by then, and of each kind the
latest change in the namespace that the watch cache knew. Only that process can go on from it. Another replica cannot
tell what was told, but waits until it knows as much itself, so that the snapshot which it sends is never older than
what the client has seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec

from api.clusters.objects import Kind
from api.database.cursors import decoded, encoded
from api.errors import InvalidInput

MOST_CHARACTERS = 500
Version = Annotated[str, msgspec.Meta(pattern="^[0-9]{1,20}$")]

FOLLOWED = (Kind.NAMESPACE, Kind.DEPLOYMENT, Kind.STATEFUL_SET, Kind.CRON_JOB, Kind.JOB, Kind.POD)
"""What the state of workloads follows from."""


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """The place after a message."""

    epoch: str
    sequence: int
    versions: tuple[Version, ...]
    """The resourceVersions up to which the kinds of FOLLOWED have to be known, to know as much of the namespace."""

    def encode(self) -> str:
        """URL-safe text."""
        return encoded(self)

    @classmethod
    def decode(cls, text: str) -> Cursor:
        """Raises InvalidInput on path `after` for what is no cursor of a stream."""
        message = "This is no cursor of a stream. Send one that a message carried, or none to begin anew."
        return decoded(text, cls, most=MOST_CHARACTERS, refusal=InvalidInput(message, path=("after",)))

    def known(self) -> Mapping[Kind, str]:
        """How far each kind has to be known."""
        return dict(zip(FOLLOWED, self.versions, strict=False))
