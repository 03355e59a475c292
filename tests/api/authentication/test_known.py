"""A credential that was shown lately is known without the database; no longer once it has ended, wherever it did."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete, event, update

from api.authentication.known import MOST_HELD, Found, KnownCredentials
from api.authentication.passwords import Passwords
from api.authentication.service import AuthenticationService
from api.authorization.models import Principal, Role, Scope
from api.database.database import Database
from api.database.notifications import Subject
from api.database.tables import SessionRow, UserRow
from api.errors import Unauthenticated
from tests.api.authentication.conftest import HERE, PATIENCE, caught_up, registration


@pytest.fixture
async def replica(database_url: str, passwords: Passwords) -> AsyncIterator[AuthenticationService]:
    """Another process's service on the same database."""
    async with Database.open(database_url) as database:
        yield AuthenticationService(database, passwords)


@pytest.fixture
async def secret(service: AuthenticationService, database: Database) -> str:
    """That of a session, in a process that hears of what changes."""
    signed_in = await service.register(registration(), address=HERE)
    await caught_up(database)
    return signed_in.session_secret


class Statements:
    """Counts what a database is asked."""

    def __init__(self, database: Database) -> None:
        self.count = 0
        event.listen(database.engine.sync_engine, "before_cursor_execute", self._counted)

    def _counted(self, *_: object) -> None:
        self.count += 1


async def test_a_session_that_was_shown_is_known_without_the_database(
    service: AuthenticationService, database: Database, secret: str
) -> None:
    first = await service.authenticate(session_secret=secret)
    statements = Statements(database)

    again = await service.authenticate(session_secret=secret)
    assert again is not None
    valid = await service.still_valid(again)

    assert (0, first, True) == (statements.count, again, valid)


async def test_a_session_that_ends_here_is_not_known_at_once(service: AuthenticationService, secret: str) -> None:
    await service.authenticate(session_secret=secret)

    await service.log_out(secret)

    assert await service.authenticate(session_secret=secret) is None


async def test_a_session_that_ends_on_another_replica_is_known_no_longer(
    service: AuthenticationService, replica: AuthenticationService, database: Database, secret: str
) -> None:
    principal = await service.authenticate(session_secret=secret)
    assert principal is not None

    await replica.log_out(secret)
    await caught_up(database)

    assert await service.authenticate(session_secret=secret) is None
    assert not await service.still_valid(principal)


async def test_a_token_that_is_revoked_on_another_replica_works_no_longer(
    service: AuthenticationService, replica: AuthenticationService, database: Database, ada: Principal
) -> None:
    token, secret = await service.create_api_token(ada, name="ci", scopes=frozenset({Scope.READ}), expires_in_days=1)
    await caught_up(database)
    await service.authenticate(bearer=secret)

    await replica.revoke_api_token(ada, token.id)
    await caught_up(database)

    with pytest.raises(Unauthenticated):
        await service.authenticate(bearer=secret)


async def test_a_changed_role_is_another_principal(
    service: AuthenticationService, database: Database, secret: str
) -> None:
    before = await service.authenticate(session_secret=secret)
    assert before is not None

    async with database.session() as session:
        await session.execute(update(UserRow).values(role="administrator"))
    await caught_up(database)
    after = await service.authenticate(session_secret=secret)

    assert after is not None
    assert after.is_administrator
    assert not await service.still_valid(before)


def another() -> Found:
    """Somebody else's session, for an hour."""
    principal = Principal(uuid4(), "eve@example.com", Role.MEMBER, frozenset({Scope.READ}), session_id=uuid4())
    return Found(principal, datetime.now(UTC) + timedelta(hours=1))


async def test_a_changed_role_is_seen_also_where_many_others_were_asked_about_since(database: Database) -> None:
    """Who shows a secret is held apart from whose credential goes on, which more come to be asked about."""
    await caught_up(database)
    known, found = KnownCredentials(database.notifications), another()
    known.hold_secret(b"secret", found, moment=known.moment)
    for _ in range(MOST_HELD):
        known.hold_alive(another(), moment=known.moment)
    await caught_up(database)  # which it may not be any more, after so many without a pause
    before = known.by_secret(b"secret")

    known.changed(Subject.USER, found.principal.user_id)

    assert (found.principal, None) == (before, known.by_secret(b"secret"))


async def test_of_credentials_that_are_held_no_longer_nothing_is_kept(database: Database) -> None:
    known = KnownCredentials(database.notifications)
    for number in range(MOST_HELD + 10):
        known.hold_secret(number.to_bytes(32, "big"), another(), moment=known.moment)

    assert [MOST_HELD] * 3 == [len(each) for each in (known._shown, known._alive, known._digests)]


async def test_what_is_revoked_while_it_is_looked_up_is_not_held(
    service: AuthenticationService, database: Database, secret: str
) -> None:
    def end_meanwhile(*_: object) -> None:
        # The answer is on its way; that the session ended is told before it arrives.
        service._known.lost()

    event.listen(database.engine.sync_engine, "after_cursor_execute", end_meanwhile)
    await service.authenticate(session_secret=secret)
    event.remove(database.engine.sync_engine, "after_cursor_execute", end_meanwhile)
    statements = Statements(database)

    await service.authenticate(session_secret=secret)

    assert statements.count > 0


async def test_who_follows_a_principal_is_told_of_its_end(
    service: AuthenticationService, replica: AuthenticationService, secret: str
) -> None:
    principal = await service.authenticate(session_secret=secret)
    assert principal is not None
    told = asyncio.Event()

    with service.following(principal, told.set):
        await replica.log_out(secret)
        async with asyncio.timeout(PATIENCE):
            await told.wait()


async def test_nothing_is_known_without_notifications(
    service: AuthenticationService, database: Database, secret: str
) -> None:
    await service.authenticate(session_secret=secret)
    database.notifications._proven_at = float("-inf")  # as once the connection is lost
    statements = Statements(database)

    await service.authenticate(session_secret=secret)

    assert statements.count > 0


async def test_an_absent_session_is_asked_for_each_time(
    service: AuthenticationService, database: Database, secret: str
) -> None:
    async with database.session() as session:
        await session.execute(delete(SessionRow))
    await caught_up(database)
    await service.authenticate(session_secret=secret)
    statements = Statements(database)

    await service.authenticate(session_secret=secret)

    assert statements.count > 0
