"""Secret values at rest: encrypted, and bound to the tenant, row and column that they were written for."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import msgspec

from api.database.encryption import Encryption


class SecretSeal:
    """Seals the secret values of one table's rows.

    A ciphertext that is moved to another row, or to another tenant's, does not open.
    """

    def __init__(self, encryption: Encryption, *, table: str) -> None:
        self._encryption = encryption
        self._table = table

    def seal(self, values: Mapping[str, str], *, namespace_id: UUID, row_id: UUID) -> bytes | None:
        """`values` for the column `secrets` of that row; None where there are none."""
        if not values:
            return None
        return self._encryption.encrypt(msgspec.json.encode(dict(values)), associated=self._place(namespace_id, row_id))

    def unseal(self, sealed: bytes | None, *, namespace_id: UUID, row_id: UUID) -> dict[str, str]:
        """The values that `seal` was given for that very row."""
        if sealed is None:
            return {}
        plaintext = self._encryption.decrypt(sealed, associated=self._place(namespace_id, row_id))
        return msgspec.json.decode(plaintext, type=dict[str, str])

    def digest(self, text: str, *, namespace_id: UUID, row_id: UUID) -> str:
        """What a row keeps of a value only to notice that it changed."""
        return self._encryption.digest(text, associated=self._place(namespace_id, row_id))

    def _place(self, namespace_id: UUID, row_id: UUID) -> bytes:
        return f"{namespace_id}/{self._table}/{row_id}/secrets".encode()
