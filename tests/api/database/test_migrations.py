"""The migrations make exactly the tables that the models speak of, and undo it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from api.database import migrate
from api.database.database import opened_engine
from api.database.tables import Base
from api.errors import ConfigurationError

T = TypeVar("T")


async def run_sync(url: str, function: Callable[[Connection], T]) -> T:
    async with opened_engine(url) as engine, engine.begin() as connection:
        return await connection.run_sync(function)


def differences(connection: Connection) -> list[Any]:
    options = {"version_table": migrate.VERSION_TABLE, "compare_type": True, "compare_server_default": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata))


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_upgrade_makes_what_the_models_speak_of(empty_database_url: str) -> None:
    await migrate.upgrade(empty_database_url)

    assert [] == await run_sync(empty_database_url, differences)


async def test_downgrade_leaves_nothing_of_ours(empty_database_url: str) -> None:
    await migrate.upgrade(empty_database_url)

    await migrate.to_revision(empty_database_url, "base")

    assert set() == await run_sync(empty_database_url, tables)


def test_head_names_the_newest_migration() -> None:
    scripts = ScriptDirectory.from_config(migrate.alembic_config())

    assert [migrate.HEAD] == scripts.get_heads()


@pytest.mark.parametrize("revision", ["head", "base", "0001"])
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE invoices (id int)",
        "CREATE VIEW invoices AS SELECT 1",
        "CREATE SCHEMA books CREATE TABLE invoices (id int)",
    ],
)
async def test_a_database_of_somebody_else_is_refused_and_left_alone(
    empty_database_url: str, statement: str, revision: str
) -> None:
    await run_sync(empty_database_url, lambda connection: connection.execute(text(statement)))

    with pytest.raises(ConfigurationError, match="invoices") as refused:
        await migrate.to_revision(empty_database_url, revision)

    assert "MOORAGE_DATABASE_URL" == refused.value.setting
    assert migrate.VERSION_TABLE not in await run_sync(empty_database_url, tables)


async def test_what_belongs_to_an_extension_is_nobodys(empty_database_url: str) -> None:
    def install(connection: Connection) -> None:
        connection.execute(text("CREATE VIEW statistics AS SELECT 1"))
        connection.execute(text("ALTER EXTENSION plpgsql ADD VIEW statistics"))

    await run_sync(empty_database_url, install)

    await migrate.upgrade(empty_database_url)

    assert "users" in await run_sync(empty_database_url, tables)


async def test_a_database_of_a_newer_moorage_is_refused(database_url: str) -> None:
    newer = text(f"UPDATE {migrate.VERSION_TABLE} SET version_num = '9999'")
    await run_sync(database_url, lambda connection: connection.execute(newer))

    with pytest.raises(ConfigurationError, match="from 9999 to head"):
        await migrate.upgrade(database_url)


async def test_a_revision_that_there_is_none_of_is_refused(database_url: str) -> None:
    with pytest.raises(ConfigurationError, match="to 4711"):
        await migrate.to_revision(database_url, "4711")


async def test_replicas_that_start_together_migrate_once(empty_database_url: str) -> None:
    await asyncio.gather(*(migrate.upgrade(empty_database_url) for _ in range(5)))

    assert [] == await run_sync(empty_database_url, differences)


async def test_a_database_that_is_up_to_date_does_not_wait_for_alembic(database_url: str) -> None:
    program = (
        "import asyncio, sys; from api.database import migrate\n"
        "asyncio.run(migrate.upgrade(sys.argv[1])); sys.exit('alembic' in sys.modules)"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, database_url)

    assert 0 == await asyncio.wait_for(process.wait(), 30)
