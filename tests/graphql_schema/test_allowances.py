"""Allowances: what one credential may spend, and when it comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from api.authorization.models import Principal, Role
from graphql_schema.allowances import Account, Allowance, Allowances, Charge, NotAfforded, Period

ADA = Principal(user_id=uuid4(), email="ada@example.com", role=Role.MEMBER, scopes=frozenset())


def told(charge: Charge) -> tuple[Period, int, int, int]:
    tightest = charge.tightest
    return tightest.period, tightest.limit, tightest.used, tightest.remaining


class Clock:
    """Stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_minute_s_points_are_spent_to_the_last_and_not_one_more(clock: Clock) -> None:
    account = Account(Allowance(), clock)

    assert [0.0] * 600 == [account.take(1) for _ in range(600)]
    assert 0.1 == pytest.approx(account.take(1))


def test_an_hour_s_points_are_spent_to_the_last_and_not_one_more(clock: Clock) -> None:
    account = Account(Allowance(per_minute=1_000_000, per_hour=5_000), clock)

    assert 0 == account.take(5_000)
    assert 0.72 == pytest.approx(account.take(1))


def test_points_come_back_all_the_time(clock: Clock) -> None:
    account = Account(Allowance(per_minute=600, per_hour=5_000), clock)
    account.take(600)

    clock.now += 10

    assert 0 == account.take(100)
    assert account.take(1) > 0


def test_what_is_refused_takes_of_neither_window(clock: Clock) -> None:
    account = Account(Allowance(per_minute=10, per_hour=100), clock)

    wait = account.take(11)

    assert wait > 0
    assert 0 == account.take(10)


def test_a_charge_tells_the_window_that_has_least_left(clock: Clock) -> None:
    account = Account(Allowance(per_minute=600, per_hour=1_080), clock)

    first = account.charge(500)
    clock.now += 60
    second = account.charge(500)

    assert (Period.MINUTE, 600, 500, 100) == told(first)
    assert (Period.HOUR, 1_080, 982, 98) == told(second)


def test_a_charge_says_when_it_can_be_had_and_when_all_is_there_again(clock: Clock) -> None:
    account = Account(Allowance(per_minute=60, per_hour=3_600), clock)
    account.take(60)

    with pytest.raises(NotAfforded) as refused:
        account.charge(30)

    charge = refused.value.charge
    minute, hour = charge.minute, charge.hour
    now = datetime.now(UTC)
    assert 30 == charge.retry_after
    assert (60, 0) == (minute.used, minute.remaining)
    assert 60 == pytest.approx((minute.reset_at - now).total_seconds(), abs=1)
    assert 60 == pytest.approx((hour.reset_at - now).total_seconds(), abs=1)


def test_each_credential_has_an_account_of_its_own_and_strangers_have_none(clock: Clock) -> None:
    allowances = Allowances(clock=clock)
    token, session = replace(ADA, token_id=uuid4()), replace(ADA, session_id=uuid4())

    accounts = [allowances.account(each) for each in (token, session, ADA)]

    assert 3 == len({id(account) for account in accounts})
    assert accounts == [allowances.account(each) for each in (token, session, ADA)]
    assert allowances.account(None) is None


def test_a_session_may_spend_more_than_a_token(clock: Clock) -> None:
    allowances = Allowances(token=Allowance(per_minute=1), session=Allowance(per_minute=2), clock=clock)
    token, session = replace(ADA, token_id=uuid4()), replace(ADA, session_id=uuid4())

    spent = [account.take(2) == 0 for each in (token, session) if (account := allowances.account(each))]

    assert [False, True] == spent


def test_no_more_accounts_are_kept_than_said_and_those_in_use_stay(clock: Clock) -> None:
    allowances = Allowances(clock=clock, most=2)
    first, second, third = (replace(ADA, token_id=uuid4()) for _ in range(3))
    accounts = [allowances.account(each) for each in (first, second, first, third)]

    assert accounts[0] is allowances.account(first)
    assert accounts[1] is not allowances.account(second)
