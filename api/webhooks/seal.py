"""The secrets that sign a webhook's deliveries, at rest: bound to their tenant, row and column."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from api.database.encryption import Encryption
from api.webhooks.signing import new_secret
from api.workloads.sealing import SecretSeal

_CURRENT = "current"
_FORMER = "former"


@dataclass(frozen=True, slots=True)
class SigningSecrets:
    """What a webhook signs with; `former` is the one before, None where there was none."""

    current: str = field(default_factory=new_secret, repr=False)
    former: str | None = field(default=None, repr=False)

    def rotated(self) -> SigningSecrets:
        """A new secret, with the present one as the former."""
        return SigningSecrets(former=self.current)


class SigningSeal:
    """Seals the signing secrets of webhooks."""

    def __init__(self, encryption: Encryption) -> None:
        self._seal = SecretSeal(encryption, table="webhooks")

    def seal(self, secrets: SigningSecrets, *, namespace_id: UUID, webhook_id: UUID) -> bytes:
        """`secrets` for the row of that webhook."""
        values = {_CURRENT: secrets.current} | ({_FORMER: secrets.former} if secrets.former is not None else {})
        sealed = self._seal.seal(values, namespace_id=namespace_id, row_id=webhook_id)
        return sealed or b""

    def unseal(self, sealed: bytes, *, namespace_id: UUID, webhook_id: UUID) -> SigningSecrets:
        """What `seal` was given for that very row; raises DecryptionFailed for anything else."""
        values = self._seal.unseal(sealed, namespace_id=namespace_id, row_id=webhook_id)
        return SigningSecrets(current=values[_CURRENT], former=values.get(_FORMER))
