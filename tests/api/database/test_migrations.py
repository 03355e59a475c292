"""The migrations make exactly the tables that the models speak of, and undo it."""

from __future__ import annotations

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine

from api.database import migrate
from api.database.database import asyncpg_url
from api.database.tables import Base
from api.errors import ConfigurationError


async def run_sync(url: str, function: Any) -> Any:
    engine = create_async_engine(asyncpg_url(url))
    async with engine.begin() as connection:
        result = await connection.run_sync(function)
    await engine.dispose()
    return result


def differences(connection: Connection) -> list[Any]:
    options = {"version_table": migrate.VERSION_TABLE, "compare_type": True, "compare_server_default": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata))


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_upgrade_makes_what_the_models_speak_of(empty_database_url: str) -> None:
    await migrate.upgrade(empty_database_url)

    assert [] == await run_sync(empty_database_url, differences)


async def test_downgrade_leaves_no_table_of_ours(empty_database_url: str) -> None:
    await migrate.upgrade(empty_database_url)

    await migrate.to_revision(empty_database_url, "base")

    assert {migrate.VERSION_TABLE} == await run_sync(empty_database_url, tables)


def test_head_names_the_newest_migration() -> None:
    scripts = ScriptDirectory.from_config(migrate.alembic_config())

    assert [migrate.HEAD] == scripts.get_heads()


async def test_a_database_of_somebody_else_is_refused_and_left_alone(empty_database_url: str) -> None:
    await run_sync(empty_database_url, lambda connection: connection.execute(text("CREATE TABLE invoices (id int)")))

    with pytest.raises(ConfigurationError, match="invoices") as refused:
        await migrate.upgrade(empty_database_url)

    assert "MOORAGE_DATABASE_URL" == refused.value.setting
    assert {"invoices"} == await run_sync(empty_database_url, tables)
