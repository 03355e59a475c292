"""A session lasts 30 minutes idle and 12 hours in all, and ends at once when it is ended."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from api.authentication.service import AuthenticationService
from api.authentication.sessions import ABSOLUTE, IDLE
from api.authorization.models import Principal, Role
from api.database.database import Database
from api.database.tables import SessionRow, UserRow
from tests.api.authentication.conftest import HERE, PASSWORD, caught_up, registration

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def secret(service: AuthenticationService) -> str:
    """The secret of a session of Ada's."""
    return (await service.register(registration(), address=HERE)).session_secret


async def move_back(database: Database, *, seen: timedelta = timedelta(), ends: timedelta = timedelta()) -> None:
    async with database.session() as session:
        values = {"last_seen_at": SessionRow.last_seen_at - seen, "expires_at": SessionRow.expires_at - ends}
        await session.execute(update(SessionRow).values(values))
    await caught_up(database)


async def last_seen(database: Database) -> datetime:
    async with database.session() as session:
        return (await session.scalars(select(SessionRow.last_seen_at))).one()


def test_the_times_are_those_promised() -> None:
    assert (timedelta(minutes=30), timedelta(hours=12)) == (IDLE, ABSOLUTE)


async def test_of_the_secret_the_hash_is_stored(secret: str, database: Database) -> None:
    async with database.session() as session:
        assert hashlib.sha256(secret.encode()).digest() == await session.scalar(select(SessionRow.secret_hash))


async def test_a_session_is_over_when_idle_for_30_minutes(
    service: AuthenticationService, secret: str, database: Database
) -> None:
    await move_back(database, seen=IDLE - MINUTE)
    assert await service.authenticate(session_secret=secret) is not None

    await move_back(database, seen=IDLE)

    assert await service.authenticate(session_secret=secret) is None


async def test_using_a_session_keeps_it_from_idling_out(
    service: AuthenticationService, secret: str, database: Database
) -> None:
    await move_back(database, seen=IDLE - MINUTE)

    await service.authenticate(session_secret=secret)

    assert datetime.now(UTC) - MINUTE < await last_seen(database)


async def test_the_time_of_use_is_written_once_a_minute(
    service: AuthenticationService, secret: str, database: Database
) -> None:
    before = await last_seen(database)

    await service.authenticate(session_secret=secret)

    assert before == await last_seen(database)


async def test_a_session_is_over_after_12_hours_whatever_happens(
    service: AuthenticationService, secret: str, database: Database
) -> None:
    await move_back(database, ends=ABSOLUTE - MINUTE)
    assert await service.authenticate(session_secret=secret) is not None

    await move_back(database, ends=MINUTE)

    assert await service.authenticate(session_secret=secret) is None


async def test_logging_out_ends_that_session_alone(service: AuthenticationService, secret: str) -> None:
    other = (await service.log_in(email="ada@example.com", password=PASSWORD, address=HERE)).session_secret

    await service.log_out(secret)

    assert await service.authenticate(session_secret=secret) is None
    assert await service.authenticate(session_secret=other) is not None


async def test_every_log_in_has_a_secret_of_its_own(service: AuthenticationService, secret: str) -> None:
    assert secret != (await service.log_in(email="ada@example.com", password=PASSWORD, address=HERE)).session_secret


async def test_sessions_that_have_ended_are_forgotten(
    service: AuthenticationService, secret: str, database: Database
) -> None:
    await move_back(database, seen=IDLE)

    await service.log_in(email="ada@example.com", password=PASSWORD, address=HERE)

    async with database.session() as session:
        assert 1 == len(list(await session.scalars(select(SessionRow))))


@pytest.mark.parametrize("guess", ["", "guessed", "\x00", "é"])
async def test_a_guessed_secret_is_nobodys(service: AuthenticationService, ada: Principal, guess: str) -> None:
    assert await service.authenticate(session_secret=guess) is None


class TestStillValid:
    """What open sockets ask each second."""

    async def test_a_session_that_goes_on_is(self, service: AuthenticationService, ada: Principal) -> None:
        assert await service.still_valid(ada)

    async def test_asking_is_no_use_of_the_session(
        self, service: AuthenticationService, ada: Principal, database: Database
    ) -> None:
        await move_back(database, seen=IDLE - MINUTE)

        assert await service.still_valid(ada)

        assert datetime.now(UTC) - MINUTE > await last_seen(database)

    async def test_a_session_that_was_ended_is_not(self, service: AuthenticationService, secret: str) -> None:
        principal = await service.authenticate(session_secret=secret)
        assert principal is not None

        await service.log_out(secret)

        assert not await service.still_valid(principal)

    async def test_a_session_of_changed_rights_is_not(
        self, service: AuthenticationService, administrator: Principal, database: Database
    ) -> None:
        async with database.session() as session:
            await session.execute(update(UserRow).values(role=Role.MEMBER.value))
        await caught_up(database)

        assert not await service.still_valid(administrator)

    async def test_a_session_of_nobody_is_not(
        self, service: AuthenticationService, ada: Principal, database: Database
    ) -> None:
        async with database.session() as session:
            await session.execute(delete(UserRow))
        await caught_up(database)

        assert not await service.still_valid(ada)
