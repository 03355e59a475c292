"""The front door of authentication: who is this?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.authentication.administrator import FirstAdministrator
from api.authentication.api_tokens import ApiTokenRepository
from api.authentication.models import ApiToken, SignedIn
from api.authentication.passwords import Passwords, check_password
from api.authentication.secret_tokens import csrf_token, is_api_token, new_api_token, new_secret
from api.authentication.sessions import SessionRepository
from api.authentication.throttle import Attempt, Throttle
from api.authorization.models import Principal, Role, Scope
from api.database.database import Database
from api.database.pages import Page, PageRequest
from api.database.tables import CredentialRow, UserRow
from api.errors import Forbidden, InvalidInput, NameTaken, NotFound, Unauthenticated
from api.users.models import User
from api.users.service import user_model

MAX_TOKEN_DAYS = 365
_MAX_EMAIL = 254
_MAX_NAME = 80
_EMAIL = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f.]+(\.[^@\s\x00-\x1f.]+)*")


@dataclass(frozen=True, slots=True)
class Registration:
    """Who wants to be a user. `admin_token` is the one-time token of the first administrator, if any."""

    email: str
    password: str
    display_name: str
    admin_token: str | None = None


class AuthenticationService:
    """Registration, sessions and API tokens."""

    def __init__(self, database: Database, passwords: Passwords, *, registration_open: bool = True) -> None:
        self._database = database
        self._passwords = passwords
        self._throttle = Throttle(database)
        self._registration_open = registration_open

    async def ensure_administrator_token(self) -> str | None:
        """A fresh one-time token that makes the first administrator; None where there is one."""
        async with self._database.session() as session:
            return await FirstAdministrator(session).new_token()

    async def register(self, registration: Registration, *, address: str) -> SignedIn:
        """Make a user and sign them in.

        Raises InvalidInput, NameTaken for an address in use, RateLimited where that was asked too often from one
        address, Forbidden where registration is closed (the administrator's token opens it).
        """
        if not self._registration_open and registration.admin_token is None:
            raise Forbidden("Registration is closed on this server. Ask its administrator for an account.")
        email, name = _checked(registration)
        attempt = Attempt.of("registration", address)
        await self._throttle.check(attempt)
        password_hash = await self._passwords.hash(registration.password)
        try:
            async with self._database.session() as session:
                role = await self._role(session, registration.admin_token)
                user = await _add_user(session, email=email, name=name, role=role, password_hash=password_hash)
                return await _signed_in(session, user)
        except NameTaken:
            await self._throttle.failed(attempt)
            raise

    async def log_in(self, *, email: str, password: str, address: str) -> SignedIn:
        """A fresh session. An unknown address and a wrong password look and last the same.

        Raises Unauthenticated, or RateLimited after too many failures.
        """
        email = _normalised(email)
        attempt = Attempt.of(email, address)
        await self._throttle.check(attempt)
        found = await self._credential(email)
        stored = found[1] if found is not None else None
        if not await self._passwords.verify(stored, password) or found is None:
            await self._throttle.failed(attempt)
            raise Unauthenticated("The address or the password is wrong.")
        await self._throttle.succeeded(attempt)
        await self._rehash_if_needed(found[0].id, found[1], password)
        async with self._database.session() as session:
            return await _signed_in(session, user_model(found[0]))

    async def log_out(self, session_secret: str) -> None:
        """End a session; its open sockets are closed within 2 s (`still_valid`)."""
        async with self._database.session() as session:
            await SessionRepository(session).close(session_secret)

    async def authenticate(self, *, session_secret: str | None = None, bearer: str | None = None) -> Principal | None:
        """Who shows these credentials; None for none, or for a session that has ended.

        Raises Unauthenticated for an API token that does not work: a program is to be told so.
        """
        if bearer is not None:
            return await self._token_principal(bearer)
        if session_secret is None:
            return None
        async with self._database.session() as session:
            return await SessionRepository(session).principal(session_secret)

    async def still_valid(self, principal: Principal) -> bool:
        """Whether the credential that `principal` came by goes on, with the same rights."""
        async with self._database.session() as session:
            if principal.token_id is not None:
                return await ApiTokenRepository(session).is_alive(principal)
            return await SessionRepository(session).is_alive(principal)

    async def create_api_token(
        self, principal: Principal, *, name: str, scopes: frozenset[Scope], expires_in_days: int
    ) -> tuple[ApiToken, str]:
        """A new token of the principal's, and its secret, which is not stored. Raises InvalidInput."""
        _check_token(principal, name.strip(), scopes, expires_in_days)
        secret = new_api_token()
        async with self._database.session() as session:
            token = await ApiTokenRepository(session).add(
                principal.user_id, name=name.strip(), secret=secret, scopes=scopes, days=expires_in_days
            )
        return token, secret

    async def list_api_tokens(self, principal: Principal, page: PageRequest) -> Page[ApiToken]:
        """The principal's own tokens that work, newest first."""
        async with self._database.session() as session:
            return await ApiTokenRepository(session).page(principal.user_id, page)

    async def get_api_token(self, principal: Principal, token_id: UUID) -> ApiToken:
        """One of the principal's own tokens; NotFound for anything else."""
        async with self._database.session() as session:
            token = await ApiTokenRepository(session).get(principal.user_id, token_id)
        if token is None:
            raise NotFound("There is no such API token.")
        return token

    async def revoke_api_token(self, principal: Principal, token_id: UUID) -> ApiToken:
        """End one of the principal's own tokens; NotFound for anything else."""
        _require_write(principal)
        async with self._database.session() as session:
            token = await ApiTokenRepository(session).revoke(principal.user_id, token_id)
        if token is None:
            raise NotFound("There is no such API token.")
        return token

    async def user(self, principal: Principal) -> User:
        """The principal as a user; Unauthenticated where the account is gone."""
        async with self._database.session() as session:
            row = await session.get(UserRow, principal.user_id)
        if row is None:
            raise Unauthenticated("This account is gone.")
        return user_model(row)

    async def _token_principal(self, bearer: str) -> Principal:
        if is_api_token(bearer):
            async with self._database.session() as session:
                principal = await ApiTokenRepository(session).principal(bearer)
            if principal is not None:
                return principal
        raise Unauthenticated("This API token is unknown, revoked or out of date. Make a new one on the account page.")

    async def _role(self, session: AsyncSession, admin_token: str | None) -> Role:
        if admin_token is None:
            return Role.MEMBER
        await FirstAdministrator(session).redeem(admin_token)
        return Role.ADMINISTRATOR

    async def _credential(self, email: str) -> tuple[UserRow, str] | None:
        statement = (
            select(UserRow, CredentialRow.password_hash)
            .join(CredentialRow, CredentialRow.user_id == UserRow.id)
            .where(UserRow.email == email)
        )
        async with self._database.session() as session:
            row = (await session.execute(statement)).one_or_none()
        return (row[0], row[1]) if row is not None else None

    async def _rehash_if_needed(self, user_id: UUID, stored: str, password: str) -> None:
        """Passwords move to today's parameters when their owner signs in."""
        if not self._passwords.needs_rehash(stored):
            return
        fresh = await self._passwords.hash(password)
        async with self._database.session() as session:
            await session.execute(
                update(CredentialRow).where(CredentialRow.user_id == user_id).values(password_hash=fresh)
            )


async def _add_user(session: AsyncSession, *, email: str, name: str, role: Role, password_hash: str) -> User:
    """A new user with a password; raises NameTaken where the address is in use."""
    statement = (
        insert(UserRow)
        .values(email=email, display_name=name, role=role.value)
        .on_conflict_do_nothing(index_elements=[UserRow.email])
        .returning(UserRow)
    )
    row = await session.scalar(statement)
    if row is None:
        raise NameTaken("There is an account with this address already. Log in instead.", path=("email",))
    session.add(CredentialRow(user_id=row.id, password_hash=password_hash))
    return user_model(row)


async def _signed_in(session: AsyncSession, user: User) -> SignedIn:
    secret = new_secret()
    expires_at = await SessionRepository(session).open(user.id, secret)
    return SignedIn(user=user, session_secret=secret, csrf_token=csrf_token(secret), expires_at=expires_at)


def _normalised(email: str) -> str:
    return email.strip().lower()


def _checked(registration: Registration) -> tuple[str, str]:
    """Address and name as they are kept; raises InvalidInput."""
    email, name = _normalised(registration.email), " ".join(registration.display_name.split())
    if len(email) > _MAX_EMAIL or not _EMAIL.fullmatch(email):
        raise InvalidInput("This is no e-mail address.", path=("email",), example="ada@example.com")
    if not name or len(name) > _MAX_NAME or not name.isprintable():
        message = f"A name has 1 to {_MAX_NAME} characters."
        raise InvalidInput(message, path=("displayName",), example="Ada Lovelace")
    check_password(registration.password, email=email)
    return email, name


def _check_token(principal: Principal, name: str, scopes: frozenset[Scope], days: int) -> None:
    _require_write(principal)
    if not name or len(name) > _MAX_NAME or not name.isprintable():
        raise InvalidInput(f"A name has 1 to {_MAX_NAME} characters.", path=("name",), example="ci pipeline")
    if not 1 <= days <= MAX_TOKEN_DAYS:
        message = f"A token works for 1 to {MAX_TOKEN_DAYS} days."
        raise InvalidInput(message, path=("expiresInDays",), example="90")
    if not scopes:
        raise InvalidInput("A token needs a scope.", path=("scopes",), example="READ")
    allowed = principal.scopes if principal.role is Role.ADMINISTRATOR else principal.scopes - {Scope.ADMIN}
    if beyond := scopes - allowed:
        message = f"A token cannot have more rights than who makes it: {', '.join(sorted(beyond)).upper()} is too much."
        raise InvalidInput(message, path=("scopes",), example="READ")


def _require_write(principal: Principal) -> None:
    if Scope.WRITE not in principal.scopes:
        raise Forbidden("This credential may not write: it lacks the scope write. Use another token.")
