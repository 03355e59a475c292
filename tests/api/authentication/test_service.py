"""Signing in tells nobody who has an account here, and moves passwords to today's parameters."""

from __future__ import annotations

import statistics
import time

import pytest
from sqlalchemy import delete, select, update

from api.authentication.passwords import Passwords
from api.authentication.service import AuthenticationService
from api.authorization.models import Principal
from api.database.database import Database
from api.database.tables import CredentialRow, LoginFailureRow, UserRow
from api.errors import Unauthenticated
from tests.api.authentication.conftest import ELSEWHERE, HERE, PASSWORD, registration


async def stored_hash(database: Database) -> str:
    async with database.session() as session:
        return (await session.scalars(select(CredentialRow.password_hash))).one()


@pytest.mark.parametrize("email", ["ada@example.com", " ADA@Example.com "])
async def test_the_right_password_signs_in(service: AuthenticationService, ada: Principal, email: str) -> None:
    signed_in = await service.log_in(email=email, password=PASSWORD, address=HERE)

    principal = await service.authenticate(session_secret=signed_in.session_secret)

    assert principal is not None
    assert ada.user_id == principal.user_id
    assert ada.session_id != principal.session_id


@pytest.mark.parametrize("email", ["nobody@example.com", "", "no address", "a\x00b@example.com", "x" * 1000])
async def test_unknown_and_wrong_are_told_alike(service: AuthenticationService, ada: Principal, email: str) -> None:
    with pytest.raises(Unauthenticated) as unknown:
        await service.log_in(email=email, password=PASSWORD, address=HERE)
    with pytest.raises(Unauthenticated) as wrong:
        await service.log_in(email=ada.email, password="harbour-cedar-viola", address=HERE)

    assert wrong.value.message == unknown.value.message


async def test_unknown_and_wrong_last_alike(database: Database) -> None:
    """By processor time: argon2id at a tenth of its cost, and everything around it."""
    spent: dict[str, list[float]] = {"ada@example.com": [], "nobody@example.com": []}
    with Passwords.open(memory_kib=19 * 1024, passes=2) as passwords:
        service = AuthenticationService(database, passwords)
        await service.register(registration(), address=ELSEWHERE)

        for email in list(spent) * 9:
            started = time.process_time()
            with pytest.raises(Unauthenticated):
                await service.log_in(email=email, password="harbour-cedar-viola", address=HERE)
            spent[email].append(time.process_time() - started)
            async with database.session() as session:
                await session.execute(delete(LoginFailureRow))

    known, unknown = map(statistics.median, spent.values())
    assert 0.75 < unknown / known < 1.33


async def test_signing_in_moves_the_password_to_todays_parameters(
    service: AuthenticationService, ada: Principal, database: Database
) -> None:
    with Passwords.open(memory_kib=128, passes=2) as dearer:
        await AuthenticationService(database, dearer).log_in(email=ada.email, password=PASSWORD, address=HERE)

    assert "$m=128,t=2,p=1$" in await stored_hash(database)
    await service.log_in(email=ada.email, password=PASSWORD, address=HERE)


async def test_a_wrong_password_moves_nothing(
    service: AuthenticationService, ada: Principal, database: Database
) -> None:
    before = await stored_hash(database)

    with Passwords.open(memory_kib=128, passes=2) as dearer, pytest.raises(Unauthenticated):
        await AuthenticationService(database, dearer).log_in(email=ada.email, password=PASSWORD + "!", address=HERE)

    assert before == await stored_hash(database)


async def test_a_session_does_not_show_its_secret(service: AuthenticationService, ada: Principal) -> None:
    signed_in = await service.log_in(email=ada.email, password=PASSWORD, address=HERE)

    assert signed_in.session_secret not in repr(signed_in)
    assert signed_in.csrf_token not in repr(signed_in)


async def test_nothing_shown_is_nobody(service: AuthenticationService) -> None:
    assert await service.authenticate() is None


async def test_the_principal_is_known_as_a_user(service: AuthenticationService, ada: Principal) -> None:
    assert ada.user_id == (await service.user(ada)).id


async def test_an_account_that_is_gone_is_nobody(
    service: AuthenticationService, ada: Principal, database: Database
) -> None:
    async with database.session() as session:
        await session.execute(delete(UserRow))

    with pytest.raises(Unauthenticated):
        await service.user(ada)


async def test_a_hash_that_was_damaged_signs_nobody_in(
    service: AuthenticationService, ada: Principal, database: Database
) -> None:
    async with database.session() as session:
        await session.execute(update(CredentialRow).values(password_hash="damaged"))

    with pytest.raises(Unauthenticated):
        await service.log_in(email=ada.email, password=PASSWORD, address=HERE)
