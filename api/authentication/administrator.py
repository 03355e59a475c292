"""The first administrator: made once, by a token that only whoever started the server has seen."""

from __future__ import annotations

import hmac

from sqlalchemy import delete, exists, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from api.authentication.secret_tokens import digest, new_secret
from api.authorization.models import Role
from api.database.tables import AdministratorTokenRow, UserRow
from api.errors import InvalidInput

_LOCK = 0x61646D69
"""Advisory lock: of registrations with the token at the same time, one wins."""


class FirstAdministrator:
    """The one-time token, within one transaction of the caller's."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def new_token(self) -> str | None:
        """A fresh token, the one before it no longer valid; None where there is an administrator."""
        await self._lock()
        if await self._exists():
            return None
        token = new_secret()
        await self._session.execute(delete(AdministratorTokenRow))
        self._session.add(AdministratorTokenRow(id=1, secret_hash=digest(token)))
        return token

    async def redeem(self, token: str) -> None:
        """Use the token up; raises InvalidInput where it is not the one, or was used."""
        await self._lock()
        stored = await self._session.scalar(select(AdministratorTokenRow.secret_hash))
        if stored is None or await self._exists() or not hmac.compare_digest(stored, digest(token)):
            message = "This link was used already, or the server has printed a newer one since. Take the newest."
            raise InvalidInput(message, path=("adminToken",))
        await self._session.execute(delete(AdministratorTokenRow))

    async def _exists(self) -> bool:
        administrators = select(UserRow.id).where(UserRow.role == Role.ADMINISTRATOR.value)
        return bool(await self._session.scalar(select(exists(administrators))))

    async def _lock(self) -> None:
        await self._session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
