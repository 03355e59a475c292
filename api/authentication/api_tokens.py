"""API tokens: what may be asked for, and their rows, within one transaction of the caller's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.authentication.known import Found
from api.authentication.models import ApiToken
from api.authentication.registration import is_name
from api.authentication.secret_tokens import SHOWN_CHARACTERS, digest
from api.authorization.models import Principal, Role, Scope
from api.database.pages import Page, PageRequest
from api.database.paging import keyset_page
from api.database.tables import ApiTokenRow, UserRow
from api.errors import Forbidden, InvalidInput

S = TypeVar("S", Select[ApiTokenRow], Select[ApiTokenRow, UserRow])

MAX_DAYS = 365
_TOUCH_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """The token that somebody wants; it works for `days`."""

    name: str
    scopes: frozenset[Scope]
    days: int

    def check(self, principal: Principal) -> None:
        """Raises InvalidInput, naming the field, and Forbidden for a token that would make another."""
        if principal.token_id is not None:
            raise Forbidden("An API token cannot make another. Sign in on the account page, and make it there.")
        if not is_name(self.name):
            raise InvalidInput("A token's name has 1 to 80 characters.", path=("name",), example="ci pipeline")
        if not 1 <= self.days <= MAX_DAYS:
            message = f"A token works for 1 to {MAX_DAYS} days."
            raise InvalidInput(message, path=("expiresInDays",), example="90")
        self._check_scopes(principal)

    def _check_scopes(self, principal: Principal) -> None:
        if not self.scopes:
            raise InvalidInput("A token needs a scope.", path=("scopes",), example="READ")
        allowed = principal.scopes if principal.role is Role.ADMINISTRATOR else principal.scopes - {Scope.ADMIN}
        if beyond := self.scopes - allowed:
            names = ", ".join(sorted(beyond)).upper()
            message = f"A token cannot have more rights than who makes it: {names} is too much."
            raise InvalidInput(message, path=("scopes",), example="READ")


class ApiTokenRepository:
    """API tokens; those that are revoked or out of date do not work, and are not listed."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, user_id: UUID, request: TokenRequest, *, secret: str) -> ApiToken:
        """Record a token of the user's."""
        row = ApiTokenRow(
            user_id=user_id,
            name=request.name,
            prefix=secret[:SHOWN_CHARACTERS],
            secret_hash=digest(secret),
            scopes=sorted(request.scopes),
            expires_at=datetime.now(UTC) + timedelta(days=request.days),
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

    async def by_secret(self, secret_hash: bytes) -> Found | None:
        """Who a token is of, None where it does not work; the time of use is kept to the minute."""
        statement = _alive(_with_users()).where(ApiTokenRow.secret_hash == secret_hash)
        found = (await self._session.execute(statement)).one_or_none()
        if found is None:
            return None
        row, user = found
        now = datetime.now(UTC)
        if row.last_used_at is None or now - row.last_used_at > _TOUCH_AFTER:
            await self._session.execute(update(ApiTokenRow).where(ApiTokenRow.id == row.id).values(last_used_at=now))
        return Found(_principal(row, user), row.expires_at)

    async def alive(self, principal: Principal) -> Found | None:
        """The principal's token where it still works, with the same rights; else None."""
        statement = _alive(_with_users()).where(ApiTokenRow.id == principal.token_id)
        row = (await self._session.execute(statement)).one_or_none()
        found = Found(_principal(row[0], row[1]), row[0].expires_at) if row is not None else None
        return found if found is not None and found.principal == principal else None


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
