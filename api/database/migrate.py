"""Bring a database to a revision of the tables, by Alembic.

A database that is somebody else's (not empty, and without our migration table) is refused and left untouched. One that
is up to date costs one query: Alembic is not even imported.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from api.database.database import SETTING, asyncpg_url
from api.errors import ConfigurationError

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0001"
"""The newest revision; a test holds it to the migrations."""
VERSION_TABLE = "moorage_migrations"
_LOCK = 0x6D6F6F72
"""Advisory lock: replicas that start together migrate one after the other."""
_MIGRATIONS = Path(__file__).parent / "migrations"


async def upgrade(url: str) -> None:
    """To the newest revision; raises ConfigurationError for a database that is somebody else's."""
    await to_revision(url, "head")


async def to_revision(url: str, revision: str) -> None:
    """To `head`, `base` or a revision's id, up or down."""
    engine = create_async_engine(asyncpg_url(url))
    try:
        if revision == "head" and await _is_head(engine):
            return
        await _migrate(engine, revision)
    finally:
        await engine.dispose()


async def _is_head(engine: AsyncEngine) -> bool:
    async with engine.connect() as connection:
        known = await connection.scalar(text("SELECT to_regclass(:table)::text"), {"table": VERSION_TABLE})
        if known is None:
            await connection.run_sync(_refuse_foreign)
            return False
        version = await connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608 - a constant
        return str(version) == HEAD


def _refuse_foreign(connection: Connection) -> None:
    tables = inspect(connection).get_table_names()
    if tables:
        message = (
            f"the database {connection.engine.url.database!r} is not empty ({', '.join(sorted(tables)[:3])}, …) and is "
            "none of Moorage's: give Moorage an empty database of its own"
        )
        raise ConfigurationError(message, setting=SETTING)


async def _migrate(engine: AsyncEngine, revision: str) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        await connection.run_sync(_run_alembic, revision)


def _run_alembic(connection: Connection, revision: str) -> None:
    from alembic import command  # noqa: PLC0415 - a third of a second, and hardly ever needed

    config = alembic_config()
    config.attributes["connection"] = connection
    known = inspect(connection).has_table(VERSION_TABLE)
    current = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}")) if known else None  # noqa: S608
    if revision == "base" or (current is not None and revision != "head" and revision < str(current)):
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


def alembic_config() -> Config:
    """Alembic's configuration without a file of its own."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config
