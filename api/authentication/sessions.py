"""Browser sessions: 256 bits, of which only the hash is stored; 30 minutes idle, 12 hours in all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.authentication.known import Found
from api.authentication.secret_tokens import digest
from api.authorization.models import Principal, Role, Scope
from api.database.tables import SessionRow, UserRow

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
TOUCH_AFTER = timedelta(minutes=1)
"""How stale `last_seen_at` may be: a write a minute, not one a request."""
_EVERYTHING = frozenset(Scope)


class SessionRepository:
    """Sessions, within one transaction of the caller's."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def open(self, user_id: UUID, secret: str) -> datetime:
        """Record a session; gives the time at which it ends whatever happens. Ended ones are forgotten."""
        now = datetime.now(UTC)
        ended = or_(SessionRow.expires_at < now, SessionRow.last_seen_at < now - IDLE)
        await self._session.execute(delete(SessionRow).where(ended))
        row = SessionRow(user_id=user_id, secret_hash=digest(secret), last_seen_at=now, expires_at=now + ABSOLUTE)
        self._session.add(row)
        await self._session.flush()
        return row.expires_at

    async def close(self, secret: str) -> None:
        """End the session of a secret; nothing where there is none."""
        await self._session.execute(delete(SessionRow).where(SessionRow.secret_hash == digest(secret)))

    async def by_secret(self, secret_hash: bytes) -> Found | None:
        """Who a session is of, None where it has ended; using it keeps it from idling out."""
        statement = _alive().where(SessionRow.secret_hash == secret_hash)
        found = (await self._session.execute(statement)).one_or_none()
        if found is None:
            return None
        row, user = found
        if datetime.now(UTC) - row.last_seen_at > TOUCH_AFTER:
            await self._session.execute(
                update(SessionRow).where(SessionRow.id == row.id).values(last_seen_at=datetime.now(UTC))
            )
        return _found(row, user)

    async def alive(self, principal: Principal) -> Found | None:
        """The principal's session where it goes on, with the same rights; else None. It is no use of the session."""
        statement = _alive().where(SessionRow.id == principal.session_id)
        row = (await self._session.execute(statement)).one_or_none()
        found = _found(row[0], row[1]) if row is not None else None
        return found if found is not None and found.principal == principal else None


def _alive() -> Select[SessionRow, UserRow]:
    now = datetime.now(UTC)
    return (
        select(SessionRow, UserRow)
        .join(UserRow, UserRow.id == SessionRow.user_id)
        .where(SessionRow.expires_at > now, SessionRow.last_seen_at > now - IDLE)
    )


def _found(row: SessionRow, user: UserRow) -> Found:
    principal = Principal(
        user_id=user.id, email=user.email, role=Role(user.role), scopes=_EVERYTHING, session_id=row.id
    )
    return Found(principal, ends_at=min(row.expires_at, row.last_seen_at + IDLE))
