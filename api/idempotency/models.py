"""What a client may send more than once, and is done once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import msgspec

from api.authorization.models import Principal
from api.errors import InvalidInput

_KEY = re.compile(r"[\x21-\x7e]{1,128}")

Result = Mapping[str, str]
"""The ids of what was made, by what they are of: `workload`, `revision`, `run`, `namespace`; or of what was deleted:
`workload`, `volume_claim`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request under a key of its client's: the same key is good for the same operation and input only."""

    user_id: UUID
    key: str
    operation: str
    fingerprint: bytes
    """SHA-256 of the operation's input."""

    @classmethod
    def of(cls, principal: Principal, key: str | None, operation: str, values: object) -> Asked | None:
        """None without a key. Raises InvalidInput on path `idempotency_key` for a key that is none."""
        if key is None:
            return None
        if not _KEY.fullmatch(key):
            raise InvalidInput(
                "An idempotency key has 1 to 128 visible ASCII characters, and no space.",
                path=("idempotency_key",),
                example="9f1c0a52-4a0e-4a52-8c5f-2f6a6b7d1e11",
            )
        fingerprint = hashlib.sha256(msgspec.json.encode(values, order="sorted")).digest()
        return cls(principal.user_id, key, operation, fingerprint)


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on a key, until it is finished or its time is over. `result` is what is on record so far."""

    asked: Asked
    token: UUID
    result: Result | None = None
    finished: bool = False

    @property
    def suffix(self) -> str:
        """Ten hexadecimal digits that are the same whenever this key is worked on: for names in the cluster."""
        return hashlib.sha256(f"{self.asked.user_id}/{self.asked.key}".encode()).hexdigest()[:10]
