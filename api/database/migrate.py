"""Bring a database to a revision of the tables, by Alembic.

A database that is somebody else's (not empty, and without our migration table) is refused and left untouched. One that
is up to date costs one query: Alembic is not even imported.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from api.database.database import SETTING, cannot_use, opened_engine
from api.errors import ConfigurationError, Unavailable

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0007"
"""The newest revision; a test holds it to the migrations."""
VERSION_TABLE = "moorage_migrations"
_LOCK = 0x6D6F6F72
"""Advisory lock: replicas that start together migrate one after the other."""
_MIGRATIONS = Path(__file__).parent / "migrations"
_RELATIONS = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    ORDER BY c.relname
"""
"""Tables, views and sequences of any schema, but for those that belong to an extension."""


async def upgrade(url: str) -> None:
    """To the newest revision; raises ConfigurationError for a database that is somebody else's, or not reached."""
    await to_revision(url, "head")


async def to_revision(url: str, revision: str) -> None:
    """To `head`, `base` (which leaves nothing of ours) or a revision's id, up or down.

    Raises ConfigurationError for a database that is somebody else's, that a newer Moorage has migrated, or that is not
    reached, and for a revision that there is none of.
    """
    async with opened_engine(url) as engine:
        try:
            if revision != "head" or not await _is_head(engine):
                await _migrate(engine, revision)
        except Unavailable as error:
            raise cannot_use(engine.url, error.__cause__ or error) from error
        except DBAPIError as error:
            raise cannot_use(engine.url, error.orig or error) from error


async def _is_head(engine: AsyncEngine) -> bool:
    async with engine.connect() as connection:
        return await connection.run_sync(_current) == HEAD


def _current(connection: Connection) -> str | None:
    """The revision that the database is at, None for an empty one; ConfigurationError for somebody else's."""
    relations = list(connection.scalars(text(_RELATIONS)))
    if VERSION_TABLE in relations:
        version: str | None = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608 - ours
        return version
    if relations:
        message = (
            f"the database {connection.engine.url.database!r} is not empty ({', '.join(relations[:3])}, …) and is none "
            "of Moorage's: give Moorage an empty database of its own"
        )
        raise ConfigurationError(message, setting=SETTING)
    return None


async def _migrate(engine: AsyncEngine, revision: str) -> None:
    """In one transaction: it is done whole or not at all."""
    async with engine.begin() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        await connection.run_sync(_run_alembic, revision)


def _run_alembic(connection: Connection, revision: str) -> None:
    """Up or down, whichever it takes."""
    from alembic import command  # noqa: PLC0415 - a third of a second, and hardly ever needed
    from alembic.util import CommandError  # noqa: PLC0415

    config, current = alembic_config(), _current(connection)
    config.attributes["connection"] = connection
    try:
        if _is_below(revision, current):
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)
    except CommandError as error:
        message = f"this version of Moorage cannot bring the database from {current or 'empty'} to {revision}: {error}"
        raise ConfigurationError(message, setting=SETTING) from error
    if revision == "base":
        connection.execute(text(f"DROP TABLE IF EXISTS {VERSION_TABLE}"))


def _is_below(revision: str, current: str | None) -> bool:
    """Revisions are numbered, so that their order is that of their text."""
    return revision == "base" or (current is not None and revision != "head" and revision < current)


def alembic_config() -> Config:
    """Alembic's configuration without a file of its own."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config
