"""Passwords are kept by argon2id at a cost that guessing feels, on a thread that nobody else waits for."""

from __future__ import annotations

import asyncio
import statistics
import threading
import time

import pytest

from api.authentication.passwords import Passwords, check_password
from api.errors import InvalidInput


def test_a_good_password_is_accepted() -> None:
    check_password("harbour-cedar-violin", email="ada@example.com")


@pytest.mark.parametrize("length", [12, 128])
def test_the_shortest_and_the_longest_are_accepted(length: int) -> None:
    check_password(("ab3!" * 32)[:length], email="ada@example.com")


@pytest.mark.parametrize(
    "password",
    [
        "ab3!" * 2 + "ab3",
        "ab3!" * 32 + "a",
        "PassWord1234",
        "aaaaaaaaaaaaaaaa",
        "Countess.Lovelace@example.com",
        "countess.lovelace",
    ],
    ids=["11 characters", "129 characters", "common", "one letter", "the address", "the address's name"],
)
def test_a_password_that_would_be_guessed_is_refused_by_its_field(password: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_password(password, email="countess.lovelace@example.com")

    assert ("password",) == refused.value.path
    assert password not in refused.value.message


async def test_it_is_argon2id_with_64_mib_three_passes_and_one_lane() -> None:
    with Passwords.open() as passwords:
        stored = await passwords.hash("harbour-cedar-violin")

    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=1$")


async def test_equal_passwords_are_kept_differently(passwords: Passwords) -> None:
    assert await passwords.hash("harbour-cedar-violin") != await passwords.hash("harbour-cedar-violin")


async def test_only_the_password_itself_verifies(passwords: Passwords) -> None:
    stored = await passwords.hash("harbour-cedar-violin")

    assert await passwords.verify(stored, "harbour-cedar-violin")
    assert not await passwords.verify(stored, "harbour-cedar-viola")
    assert not await passwords.verify("no hash at all", "harbour-cedar-violin")


async def test_nothing_verifies_where_nothing_is_stored(passwords: Passwords) -> None:
    assert not await passwords.verify(None, "no password of anybody")


async def test_verifying_nothing_costs_as_much_as_verifying_something() -> None:
    """By processor time, which other programs on the machine do not change."""
    with Passwords.open(memory_kib=19 * 1024, passes=2) as passwords:
        stored = await passwords.hash("harbour-cedar-violin")
        spent: dict[str | None, list[float]] = {stored: [], None: []}

        for of in [stored, None] * 9:
            started = time.process_time()
            await passwords.verify(of, "wrong")
            spent[of].append(time.process_time() - started)

    ratio = statistics.median(spent[None]) / statistics.median(spent[stored])
    assert 0.75 < ratio < 1.33


async def test_a_hash_of_other_parameters_is_told(passwords: Passwords) -> None:
    with Passwords.open(memory_kib=128, passes=1) as dearer:
        assert dearer.needs_rehash(await passwords.hash("harbour-cedar-violin"))
        assert not dearer.needs_rehash(await dearer.hash("harbour-cedar-violin"))


async def test_the_loop_goes_on_while_passwords_are_worked_on() -> None:
    before = set(threading.enumerate())
    with Passwords.open(memory_kib=8 * 1024, passes=2) as passwords:
        work = asyncio.gather(*(passwords.hash("harbour-cedar-violin") for _ in range(10)))
        turns = 0
        while not work.done():
            turns += 1
            await asyncio.sleep(0)

        threads = set(threading.enumerate()) - before

    assert 10 == len(await work)
    assert 100 < turns
    assert 1 == len(threads)
