"""The first administrator is made by the newest one-time token, once, however many try."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select

from api.authentication.passwords import Passwords
from api.authentication.service import AuthenticationService
from api.authorization.models import Principal, Role
from api.database.database import Database
from api.database.tables import AdministratorTokenRow, UserRow
from api.errors import InvalidInput, NameTaken
from tests.api.authentication.conftest import HERE, registration, sign_up


async def test_the_token_makes_an_administrator(administrator: Principal) -> None:
    assert administrator.is_administrator


async def test_the_token_is_used_up(service: AuthenticationService) -> None:
    token = await service.ensure_administrator_token()
    await service.register(registration("first@example.com", admin_token=token), address=HERE)

    with pytest.raises(InvalidInput) as refused:
        await service.register(registration("second@example.com", admin_token=token), address=HERE)

    assert ("adminToken",) == refused.value.path


async def test_there_is_no_token_once_there_is_an_administrator(
    service: AuthenticationService, administrator: Principal
) -> None:
    assert await service.ensure_administrator_token() is None


async def test_a_newer_token_ends_the_one_before(service: AuthenticationService) -> None:
    older = await service.ensure_administrator_token()
    newer = await service.ensure_administrator_token()

    with pytest.raises(InvalidInput):
        await service.register(registration(admin_token=older), address=HERE)

    assert (await sign_up(service, "ada@example.com", admin_token=newer)).is_administrator


@pytest.mark.parametrize("token", ["", "guessed", "\x00", "é" * 500])
async def test_a_wrong_token_makes_nobody(service: AuthenticationService, database: Database, token: str) -> None:
    await service.ensure_administrator_token()

    with pytest.raises(InvalidInput) as refused:
        await service.register(registration(admin_token=token), address=HERE)

    assert ("adminToken",) == refused.value.path
    async with database.session() as session:
        assert 0 == await session.scalar(select(func.count()).select_from(UserRow))


async def test_a_registration_that_fails_leaves_the_token(service: AuthenticationService, ada: Principal) -> None:
    token = await service.ensure_administrator_token()

    with pytest.raises(NameTaken):
        await service.register(registration(ada.email, admin_token=token), address=HERE)

    assert (await sign_up(service, "grace@example.com", admin_token=token)).is_administrator


async def test_of_twenty_at_once_one_becomes_administrator(database: Database, passwords: Passwords) -> None:
    """On two replicas: each takes its own turns, and the lock in the database decides between them."""
    replicas = [AuthenticationService(database, passwords) for _ in range(2)]
    token = await replicas[0].ensure_administrator_token()

    outcomes = await asyncio.gather(
        *(
            replica.register(registration(f"user{number}@example.com", admin_token=token), address=f"192.0.2.{number}")
            for number, replica in enumerate(replicas * 10)
        ),
        return_exceptions=True,
    )

    assert 1 == sum(not isinstance(outcome, BaseException) for outcome in outcomes)
    assert 19 == sum(isinstance(outcome, InvalidInput) for outcome in outcomes)
    async with database.session() as session:
        roles = list(await session.scalars(select(UserRow.role)))
    assert [Role.ADMINISTRATOR.value] == roles


async def test_the_token_itself_is_not_stored(service: AuthenticationService, database: Database) -> None:
    token = await service.ensure_administrator_token()

    async with database.session() as session:
        stored = await session.scalar(select(AdministratorTokenRow.secret_hash))

    assert token is not None
    assert stored is not None
    assert token.encode() not in stored
