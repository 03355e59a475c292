"""The rows of API tokens, within one transaction of the caller's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.authentication.models import ApiToken
from api.authentication.secret_tokens import SHOWN_CHARACTERS, digest
from api.authorization.models import Principal, Role, Scope
from api.database.pages import Page, PageRequest
from api.database.paging import keyset_page
from api.database.tables import ApiTokenRow, UserRow

S = TypeVar("S", Select[ApiTokenRow], Select[ApiTokenRow, UserRow])

_TOUCH_AFTER = timedelta(minutes=1)


class ApiTokenRepository:
    """API tokens; those that are revoked or out of date do not work, and are not listed."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, user_id: UUID, *, name: str, secret: str, scopes: frozenset[Scope], days: int) -> ApiToken:
        """Record a token that works for `days`."""
        row = ApiTokenRow(
            user_id=user_id,
            name=name,
            prefix=secret[:SHOWN_CHARACTERS],
            secret_hash=digest(secret),
            scopes=sorted(scopes),
            expires_at=datetime.now(UTC) + timedelta(days=days),
        )
        self._session.add(row)
        await self._session.flush()
        await self._session.refresh(row)
        return _model(row)

    async def page(self, user_id: UUID, request: PageRequest) -> Page[ApiToken]:
        """The user's tokens, newest first."""
        statement = _alive(select(ApiTokenRow)).where(ApiTokenRow.user_id == user_id)
        key = [ApiTokenRow.created_at, ApiTokenRow.id]
        return await keyset_page(
            self._session, statement, read=lambda row: _model(row[0]), key=key, request=request, descending=True
        )

    async def get(self, user_id: UUID, token_id: UUID) -> ApiToken | None:
        """One of the user's tokens."""
        statement = _alive(select(ApiTokenRow)).where(ApiTokenRow.user_id == user_id, ApiTokenRow.id == token_id)
        row = await self._session.scalar(statement)
        return _model(row) if row is not None else None

    async def revoke(self, user_id: UUID, token_id: UUID) -> ApiToken | None:
        """End one of the user's tokens; gives it as it was, None where there is none."""
        token = await self.get(user_id, token_id)
        if token is not None:
            await self._session.execute(
                update(ApiTokenRow).where(ApiTokenRow.id == token_id).values(revoked_at=datetime.now(UTC))
            )
        return token

    async def principal(self, secret: str) -> Principal | None:
        """Who a token is of, None where it does not work; the time of use is kept to the minute."""
        statement = _alive(_with_users()).where(ApiTokenRow.secret_hash == digest(secret))
        found = (await self._session.execute(statement)).one_or_none()
        if found is None:
            return None
        row, user = found
        now = datetime.now(UTC)
        if row.last_used_at is None or now - row.last_used_at > _TOUCH_AFTER:
            await self._session.execute(update(ApiTokenRow).where(ApiTokenRow.id == row.id).values(last_used_at=now))
        return _principal(row, user)

    async def is_alive(self, principal: Principal) -> bool:
        """Whether the principal's token still works, with the same rights."""
        statement = _alive(_with_users()).where(ApiTokenRow.id == principal.token_id)
        found = (await self._session.execute(statement)).one_or_none()
        return found is not None and _principal(found[0], found[1]) == principal


def _with_users() -> Select[ApiTokenRow, UserRow]:
    return select(ApiTokenRow, UserRow).join(UserRow, UserRow.id == ApiTokenRow.user_id)


def _alive(statement: S) -> S:
    return statement.where(ApiTokenRow.revoked_at.is_(None), ApiTokenRow.expires_at > datetime.now(UTC))


def _principal(row: ApiTokenRow, user: UserRow) -> Principal:
    """A token never has more than its owner: an administrator's scope goes with the role."""
    role = Role(user.role)
    scopes = frozenset(Scope(scope) for scope in row.scopes)
    if role is not Role.ADMINISTRATOR:
        scopes -= {Scope.ADMIN}
    return Principal(user_id=user.id, email=user.email, role=role, scopes=scopes, token_id=row.id)


def _model(row: ApiTokenRow) -> ApiToken:
    return ApiToken(
        id=row.id,
        name=row.name,
        prefix=row.prefix,
        scopes=frozenset(Scope(scope) for scope in row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
    )
