"""Guessing becomes slow, and whoever's password is guessed can still sign in."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from api.authentication.passwords import Passwords
from api.authentication.service import AuthenticationService
from api.authentication.throttle import FREE_FAILURES, MAX_FAILURES, MAX_WAITING, WINDOW, Attempt, Throttle
from api.authorization.models import Principal
from api.database.database import Database
from api.database.tables import LoginFailureRow
from api.errors import RateLimited, Unauthenticated
from tests.api.authentication.conftest import ELSEWHERE, HERE, PASSWORD

WRONG = "harbour-cedar-viola"


async def guess(service: AuthenticationService, email: str, address: str = HERE) -> None:
    with pytest.raises(Unauthenticated):
        await service.log_in(email=email, password=WRONG, address=address)


async def fail(throttle: Throttle, attempt: Attempt) -> None:
    with pytest.raises(Unauthenticated):
        async with throttle.turn(attempt):
            raise Unauthenticated("wrong")


async def refusal(attempt: Coroutine[Any, Any, object]) -> RateLimited:
    with pytest.raises(RateLimited) as refused:
        await attempt
    return refused.value


async def enter(throttle: Throttle, attempt: Attempt) -> None:
    async with throttle.turn(attempt):
        pass


async def age_failures(database: Database, by: timedelta) -> None:
    async with database.session() as session:
        await session.execute(update(LoginFailureRow).values(failed_at=LoginFailureRow.failed_at - by))


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"], ids=["known", "unknown"])
async def test_five_failures_from_one_address_close_it_for_the_account(
    service: AuthenticationService, ada: Principal, email: str
) -> None:
    for _ in range(MAX_FAILURES):
        await guess(service, email)

    refused = await refusal(service.log_in(email=email, password=PASSWORD, address=HERE))

    assert 290 < refused.retry_after <= 300


async def test_the_victim_can_sign_in_from_elsewhere(service: AuthenticationService, ada: Principal) -> None:
    for _ in range(MAX_FAILURES):
        await guess(service, ada.email)

    assert ada.user_id == (await service.log_in(email=ada.email, password=PASSWORD, address=ELSEWHERE)).user.id


async def test_other_accounts_can_sign_in_from_the_same_address(
    service: AuthenticationService, ada: Principal, grace: Principal
) -> None:
    for _ in range(MAX_FAILURES):
        await guess(service, ada.email)

    assert grace.user_id == (await service.log_in(email=grace.email, password=PASSWORD, address=HERE)).user.id


async def test_the_window_passes(service: AuthenticationService, ada: Principal, database: Database) -> None:
    for _ in range(MAX_FAILURES):
        await guess(service, ada.email)

    await age_failures(database, WINDOW)

    assert ada.user_id == (await service.log_in(email=ada.email, password=PASSWORD, address=HERE)).user.id


async def test_signing_in_forgives_what_went_before(
    service: AuthenticationService, ada: Principal, database: Database
) -> None:
    for _ in range(MAX_FAILURES - 1):
        await guess(service, ada.email)
    await service.log_in(email=ada.email, password=PASSWORD, address=HERE)

    async with database.session() as session:
        assert 0 == await session.scalar(select(func.count()).select_from(LoginFailureRow))


async def test_a_burst_sent_at_once_is_counted_one_by_one(service: AuthenticationService, ada: Principal) -> None:
    outcomes = await asyncio.gather(
        *(service.log_in(email=ada.email, password=WRONG, address=HERE) for _ in range(50)), return_exceptions=True
    )

    assert MAX_FAILURES == sum(isinstance(outcome, Unauthenticated) for outcome in outcomes)
    assert 50 - MAX_FAILURES == sum(isinstance(outcome, RateLimited) for outcome in outcomes)


async def test_right_passwords_sent_at_once_are_all_accepted(service: AuthenticationService, ada: Principal) -> None:
    attempts = (service.log_in(email=ada.email, password=PASSWORD, address=HERE) for _ in range(50))

    assert 50 == len(await asyncio.gather(*attempts))


async def test_an_ipv6_customer_is_one_address(service: AuthenticationService, ada: Principal) -> None:
    for host in range(MAX_FAILURES):
        await guess(service, ada.email, f"2001:db8:1:2::{host:x}")

    await refusal(service.log_in(email=ada.email, password=PASSWORD, address="2001:db8:1:2:ffff::1"))
    await service.log_in(email=ada.email, password=PASSWORD, address="2001:db8:1:3::1")


async def test_guessing_from_many_addresses_waits_longer_and_longer(database: Database) -> None:
    throttle = Throttle(database)
    for number in range(FREE_FAILURES):
        await fail(throttle, Attempt.of("ada", f"192.0.2.{number}"))
    waits = []
    for number in range(8):
        address = f"198.51.100.{number}"
        await fail(throttle, Attempt.of("ada", address))

        waits.append((await refusal(enter(throttle, Attempt.of("ada", address)))).retry_after)

    assert [2, 4, 8, 16, 32, 60, 60, 60] == [round(wait) for wait in waits]
    await enter(throttle, Attempt.of("ada", ELSEWHERE))


async def test_the_delay_passes(database: Database) -> None:
    throttle = Throttle(database)
    for number in range(FREE_FAILURES + 8):
        await fail(throttle, Attempt.of("ada", f"192.0.2.{number}"))
    await refusal(enter(throttle, Attempt.of("ada", "192.0.2.1")))

    await age_failures(database, timedelta(seconds=61))

    await enter(throttle, Attempt.of("ada", "192.0.2.1"))


async def test_what_one_replica_counts_holds_on_another(
    database: Database, passwords: Passwords, service: AuthenticationService, ada: Principal
) -> None:
    for _ in range(MAX_FAILURES):
        await guess(service, ada.email)

    other = AuthenticationService(database, passwords)

    await refusal(other.log_in(email=ada.email, password=PASSWORD, address=HERE))


async def test_more_than_may_wait_are_turned_away(database: Database) -> None:
    throttle = Throttle(database)
    occupied, done = asyncio.Event(), asyncio.Event()

    async def occupy() -> None:
        async with throttle.turn(Attempt.of("somebody", HERE)):
            occupied.set()
            await done.wait()

    tasks = [asyncio.create_task(occupy())]
    await occupied.wait()
    waiting = [asyncio.create_task(enter(throttle, Attempt.of(f"user{n}", HERE))) for n in range(MAX_WAITING)]
    finished, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED, timeout=30)

    assert [RateLimited] == [type(task.exception()) for task in finished]
    done.set()
    await asyncio.gather(*tasks, *waiting, return_exceptions=True)
    await enter(throttle, Attempt.of("ada", HERE))


async def test_the_address_that_was_tried_is_not_stored(
    service: AuthenticationService, ada: Principal, database: Database
) -> None:
    await guess(service, ada.email)

    async with database.session() as session:
        account = await session.scalar(select(LoginFailureRow.account))

    assert account is not None
    assert b"ada" not in account
