"""Statements are counted by what they do and how they ended; their values are told to nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from api.database.database import Database
from api.database.tables import UserRow
from api.monitoring.telemetry import Telemetry


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry()


@pytest.fixture
async def counted(database_url: str, telemetry: Telemetry) -> AsyncIterator[Database]:
    async with Database.open(database_url, statements=telemetry.statements) as database:
        yield database


def ended(telemetry: Telemetry, operation: str, code: str) -> float | None:
    labels = {"operation": operation, "code": code}
    return telemetry.instruments.registry.get_sample_value("moorage_database_statements_total", labels)


async def test_statements_are_counted_by_what_they_do(counted: Database, telemetry: Telemetry) -> None:
    async with counted.session() as session:
        session.add(UserRow(email="ada@example.com", display_name="Ada", role="member"))
        await session.flush()
        await session.execute(select(UserRow.email))

    assert (1, 1) == tuple(ended(telemetry, each, "ok") for each in ("INSERT", "SELECT"))


async def test_a_statement_that_is_refused_is_counted_by_its_code(counted: Database, telemetry: Telemetry) -> None:
    async def add_twice() -> None:
        async with counted.session() as session:
            for _ in range(2):
                session.add(UserRow(email="ada@example.com", display_name="Ada", role="member"))
                await session.flush()

    with pytest.raises(IntegrityError):
        await add_twice()

    unique_violation = "23505"
    assert 1 == ended(telemetry, "INSERT", unique_violation)


async def test_the_pool_says_how_much_of_it_is_in_use(counted: Database, telemetry: Telemetry) -> None:
    def connections(state: str) -> float | None:
        return telemetry.instruments.registry.get_sample_value("moorage_database_connections", {"state": state})

    async with counted.autocommit() as session:
        await session.execute(text("SELECT 1"))
        during = connections("used")

    assert (1, 0, 1) == (during, connections("used"), connections("idle"))
    assert 20 == telemetry.instruments.registry.get_sample_value("moorage_database_connections_max")
