"""What many tests stand on: one PostgreSQL for the whole run, a database of its own for each test."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url, text

from api.database import migrate
from api.database.database import Database, opened_engine
from api.database.embedded import embedded_postgres

pytest_plugins = ["tests.devcluster_fixture", "tests.node"]

_TEMPLATE = "moorage_template"


@pytest.fixture(scope="session")
async def postgres(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The URL of a server of the run's own: the embedded one, or that of MOORAGE_TEST_POSTGRES_BIN."""
    programs = os.environ.get("MOORAGE_TEST_POSTGRES_BIN")
    folder = tmp_path_factory.mktemp("postgres")
    async with embedded_postgres(folder, programs=Path(programs) if programs else None) as url:
        await _statement(url, f"CREATE DATABASE {_TEMPLATE}")
        await migrate.upgrade(_with_database(url, _TEMPLATE))
        yield url


@pytest.fixture
async def empty_database_url(postgres: str) -> AsyncIterator[str]:
    """A database without a table."""
    async for url in _fresh_database(postgres, "template0"):
        yield url


@pytest.fixture
async def database_url(postgres: str) -> AsyncIterator[str]:
    """A database with our tables: a copy of a migrated one, which takes a fraction of migrating."""
    async for url in _fresh_database(postgres, _TEMPLATE):
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database with our tables, empty."""
    async with Database.open(database_url) as opened:
        yield opened


async def _fresh_database(server: str, template: str) -> AsyncIterator[str]:
    name = f"test_{uuid4().hex}"
    await _statement(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _with_database(server, name)
    await _statement(server, f"DROP DATABASE {name} WITH (FORCE)")


def _with_database(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


async def _statement(url: str, sql: str) -> None:
    """One statement outside of any transaction: databases are not made inside one."""
    async with opened_engine(url, isolation_level="AUTOCOMMIT") as engine, engine.connect() as connection:
        await connection.execute(text(sql))
