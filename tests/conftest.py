"""What many tests stand on: one PostgreSQL for the whole run, a database of its own for each test."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.database import migrate
from api.database.database import Database, opened_engine
from api.database.embedded import embedded_postgres
from tests.garbage import freeze

pytest_plugins = ["tests.devcluster_fixture", "tests.node"]


def pytest_collection_finish() -> None:
    """What is loaded by now stays."""
    freeze()


_TEMPLATE = "moorage_template"
_QUICK = ("fsync", "full_page_writes")
"""What keeps data when the machine fails. Databases of tests need not outlive it, and are dropped in a third of the
time without."""


@dataclass(frozen=True)
class Postgres:
    """A running server, by the URL of its own database and a connection to that."""

    url: str
    engine: AsyncEngine

    async def do(self, *statements: str) -> None:
        """Each outside of any transaction: databases are not made inside one."""
        async with self.engine.connect() as connection:
            for statement in statements:
                await connection.execute(text(statement))

    def url_of(self, database: str) -> str:
        return make_url(self.url).set(database=database).render_as_string(hide_password=False)

    async def fresh(self, template: str) -> AsyncIterator[str]:
        """The URL of a new database."""
        name = f"test_{uuid4().hex}"
        await self.do(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield self.url_of(name)
        await self.do(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
async def postgres(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Postgres]:
    """A server of the run's own: the embedded one, or that of MOORAGE_TEST_POSTGRES_BIN."""
    programs = os.environ.get("MOORAGE_TEST_POSTGRES_BIN")
    folder = tmp_path_factory.mktemp("postgres")
    async with (
        embedded_postgres(folder, programs=Path(programs) if programs else None) as url,
        opened_engine(url, isolation_level="AUTOCOMMIT") as engine,
    ):
        server = Postgres(url, engine)
        quick = [f"ALTER SYSTEM SET {setting} = off" for setting in _QUICK]
        await server.do(*quick, "SELECT pg_reload_conf()", f"CREATE DATABASE {_TEMPLATE}")
        await migrate.upgrade(server.url_of(_TEMPLATE))
        yield server


@pytest.fixture
async def empty_database_url(postgres: Postgres) -> AsyncIterator[str]:
    """A database without a table."""
    async for url in postgres.fresh("template0"):
        yield url


@pytest.fixture
async def database_url(postgres: Postgres) -> AsyncIterator[str]:
    """A database with our tables: a copy of a migrated one, which takes a fraction of migrating."""
    async for url in postgres.fresh(_TEMPLATE):
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database with our tables, empty."""
    async with Database.open(database_url) as opened:
        yield opened
