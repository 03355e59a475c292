"""The front door of authentication: who is this?"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.authentication.administrator import FirstAdministrator
from api.authentication.api_tokens import ApiTokenRepository, TokenRequest
from api.authentication.known import KnownCredentials
from api.authentication.models import ApiToken, SignedIn
from api.authentication.passwords import Passwords
from api.authentication.registration import Registration, add_user, is_email, new_account, normalised
from api.authentication.secret_tokens import csrf_token, digest, is_api_token, new_api_token, new_secret
from api.authentication.sessions import SessionRepository
from api.authentication.throttle import Attempt, Throttle
from api.authorization.authorizer import lacks
from api.authorization.models import Principal, Role, Scope
from api.database.database import Database
from api.database.notifications import Subject
from api.database.pages import Page, PageRequest
from api.database.tables import CredentialRow, UserRow
from api.errors import Forbidden, NotFound, Unauthenticated
from api.users.models import User
from api.users.service import user_model


class AuthenticationService:
    """Registration, sessions and API tokens."""

    def __init__(self, database: Database, passwords: Passwords, *, registration_open: bool = True) -> None:
        self._database = database
        self._passwords = passwords
        self._throttle = Throttle(database)
        self._registration_open = registration_open
        self._known = KnownCredentials(database.notifications)

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
        account = new_account(registration)
        async with self._throttle.turn(Attempt.of("registration", address)):
            password_hash = await self._passwords.hash(registration.password)
            async with self._database.session() as session:
                role = await self._role(session, registration.admin_token)
                user = await add_user(session, account, role=role, password_hash=password_hash)
                return await _signed_in(session, user)

    async def log_in(self, *, email: str, password: str, address: str) -> SignedIn:
        """A fresh session. An unknown address and a wrong password look and last the same.

        Raises Unauthenticated, or RateLimited after too many failures.
        """
        attempt = Attempt.of(normalised(email), address)
        async with self._throttle.turn(attempt):
            found = await self._credential(normalised(email))
            stored = found[1] if found is not None else None
            if not await self._passwords.verify(stored, password) or found is None:
                raise Unauthenticated("The address or the password is wrong.")
        await self._throttle.forgive(attempt)
        await self._rehash_if_needed(found[0].id, found[1], password)
        async with self._database.session() as session:
            return await _signed_in(session, user_model(found[0]))

    async def log_out(self, session_secret: str) -> None:
        """End a session; its open sockets are closed within 2 s (`still_valid`)."""
        async with self._database.session() as session:
            await SessionRepository(session).close(session_secret)
        self._known.forget(digest(session_secret))

    async def authenticate(self, *, session_secret: str | None = None, bearer: str | None = None) -> Principal | None:
        """Who shows these credentials; None for none, or for a session that has ended.

        Raises Unauthenticated for an API token that does not work: a program is to be told so.
        """
        if bearer is not None:
            return await self._token_principal(bearer)
        if session_secret is None:
            return None
        return await self._by_secret(session_secret, SessionRepository)

    def known(self, secret_hash: bytes) -> Principal | None:
        """Who the secret of this digest is of, where memory tells; None where `authenticate` has to be asked."""
        return self._known.by_secret(secret_hash)

    async def still_valid(self, principal: Principal) -> bool:
        """Whether the credential that `principal` came by goes on, with the same rights."""
        if self._known.is_alive(principal):
            return True
        moment = self._known.moment
        repository = SessionRepository if principal.token_id is None else ApiTokenRepository
        async with self._database.autocommit() as session:
            found = await repository(session).alive(principal)
        if found is not None:
            self._known.hold_alive(found, moment=moment)
        return found is not None

    @property
    def tells_of_changes(self) -> bool:
        """Whether `following` may be relied on just now; else `still_valid` has to be asked again and again."""
        return self._known.tells_of_changes

    def following(self, principal: Principal, told: Callable[[], None]) -> AbstractContextManager[None]:
        """Call `told` whenever the principal's credential or user may have changed, while the context lasts."""
        return self._known.following(principal, told)

    async def reader_for(self, user_id: UUID, *, token_id: UUID | None) -> Principal | None:
        """A user as they are now, to read for them while they are away; never as an administrator.

        None where the account is gone; or, where they asked for it by an API token, where that works no more: revoking
        it is the end of all that it began.
        """
        async with self._database.autocommit() as session:
            if token_id is not None and await ApiTokenRepository(session).get(user_id, token_id) is None:
                return None
            row = await session.get(UserRow, user_id)
        if row is None:
            return None
        return Principal(user_id=row.id, email=row.email, role=Role(row.role), scopes=frozenset({Scope.READ}))

    async def create_api_token(
        self, principal: Principal, *, name: str, scopes: frozenset[Scope], expires_in_days: int
    ) -> tuple[ApiToken, str]:
        """A new token of the principal's, and its secret, which is not stored.

        Raises InvalidInput, and Forbidden for a token that would make another: revoking it has to be the end of it.
        """
        _require(principal, Scope.WRITE)
        request = TokenRequest(name=name.strip(), scopes=scopes, days=expires_in_days)
        request.check(principal)
        secret = new_api_token()
        async with self._database.session() as session:
            token = await ApiTokenRepository(session).add(principal.user_id, request, secret=secret)
        return token, secret

    async def list_api_tokens(self, principal: Principal, page: PageRequest) -> Page[ApiToken]:
        """The principal's own tokens that work, newest first."""
        _require(principal, Scope.READ)
        async with self._database.session() as session:
            return await ApiTokenRepository(session).page(principal.user_id, page)

    async def get_api_token(self, principal: Principal, token_id: UUID) -> ApiToken:
        """One of the principal's own tokens; NotFound for anything else."""
        _require(principal, Scope.READ)
        async with self._database.session() as session:
            token = await ApiTokenRepository(session).get(principal.user_id, token_id)
        if token is None:
            raise NotFound("There is no such API token.")
        return token

    async def revoke_api_token(self, principal: Principal, token_id: UUID) -> ApiToken:
        """End one of the principal's own tokens; NotFound for anything else."""
        _require(principal, Scope.WRITE)
        async with self._database.session() as session:
            token = await ApiTokenRepository(session).revoke(principal.user_id, token_id)
        if token is None:
            raise NotFound("There is no such API token.")
        self._known.changed(Subject.TOKEN, token_id)
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
            principal = await self._by_secret(bearer, ApiTokenRepository)
            if principal is not None:
                return principal
        raise Unauthenticated("This API token is unknown, revoked or out of date. Make a new one on the account page.")

    async def _by_secret(
        self, secret: str, repository: type[SessionRepository | ApiTokenRepository]
    ) -> Principal | None:
        secret_hash = digest(secret)
        if (known := self._known.by_secret(secret_hash)) is not None:
            return known
        moment = self._known.moment
        async with self._database.autocommit() as session:
            found = await repository(session).by_secret(secret_hash)
        if found is None:
            return None
        self._known.hold_secret(secret_hash, found, moment=moment)
        return found.principal

    async def _role(self, session: AsyncSession, admin_token: str | None) -> Role:
        if admin_token is None:
            return Role.MEMBER
        await FirstAdministrator(session).redeem(admin_token)
        return Role.ADMINISTRATOR

    async def _credential(self, email: str) -> tuple[UserRow, str] | None:
        if not is_email(email):
            return None
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


async def _signed_in(session: AsyncSession, user: User) -> SignedIn:
    secret = new_secret()
    expires_at = await SessionRepository(session).open(user.id, secret)
    return SignedIn(user=user, session_secret=secret, csrf_token=csrf_token(secret), expires_at=expires_at)


def _require(principal: Principal, scope: Scope) -> None:
    if scope not in principal.scopes:
        raise Forbidden(lacks(scope))
