"""A transaction is whole or absent, and a database that does not answer is told in our own words."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections import Counter
from pathlib import Path
from select import select as wait_readable
from uuid import uuid4

import pytest
from sqlalchemy import func, make_url, select, text
from sqlalchemy.exc import IntegrityError

from api.database import migrate
from api.database.database import Database
from api.database.embedded import embedded_postgres
from api.database.tables import UserRow
from api.errors import ConfigurationError, InvalidInput, Unavailable, Unreachable


def user(email: str) -> UserRow:
    return UserRow(email=email, display_name="Ada", role="member")


async def users(database: Database) -> int:
    async with database.session() as session:
        return await session.scalar(select(func.count()).select_from(UserRow)) or 0


async def test_a_session_commits_at_its_end(database: Database) -> None:
    async with database.session() as session:
        session.add(user("ada@example.com"))

    assert 1 == await users(database)


async def test_a_session_that_fails_leaves_nothing(database: Database) -> None:
    async def fail_after_a_write() -> None:
        async with database.session() as session:
            session.add(user("ada@example.com"))
            await session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        await fail_after_a_write()

    assert 0 == await users(database)


async def test_outside_of_a_transaction_each_statement_takes_effect_alone(database: Database) -> None:
    async def fail_after_a_write() -> None:
        async with database.autocommit() as session:
            session.add(user("ada@example.com"))
            await session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        await fail_after_a_write()

    assert 1 == await users(database)


async def test_sessions_go_on_in_transactions_after_one_without(database: Database) -> None:
    async with database.autocommit() as session:
        await session.execute(text("SELECT 1"))

    await test_a_session_that_fails_leaves_nothing(database)


async def test_a_broken_constraint_is_not_taken_for_an_outage(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.session() as session:
            session.add_all([user("ada@example.com"), user("ada@example.com")])


async def test_neither_errors_nor_logs_repeat_what_is_stored(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="sqlalchemy.engine")

    async def store_too_much() -> None:
        async with Database.open(database_url) as database, database.session() as session:
            session.add(UserRow(id=uuid4(), email="a@example.com", display_name="canary\x00", role="member"))

    with pytest.raises(InvalidInput) as refused:
        await store_too_much()

    assert "INSERT INTO users" in caplog.text
    assert "canary" not in caplog.text
    assert "canary" not in f"{refused.value} {refused.value.__cause__}"


async def test_a_connection_that_was_cut_is_told_and_replaced(database: Database) -> None:
    async def cut_off() -> None:
        async with database.session() as session:
            await session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(Unavailable) as refused:
        await cut_off()

    assert "database" == refused.value.part
    await database.ping()


async def test_a_server_that_is_gone_is_unavailable(tmp_path: Path) -> None:
    async with embedded_postgres(tmp_path) as url, Database.open(url) as database:
        postmaster = int((tmp_path / "data" / "postmaster.pid").read_text().splitlines()[0])
        ended = os.pidfd_open(postmaster)  # becomes readable at the end of the process
        os.kill(postmaster, signal.SIGQUIT)
        assert [ended] == (await asyncio.to_thread(wait_readable, [ended], [], [], 10))[0]
        os.close(ended)

        with pytest.raises(Unavailable) as refused:
            await asyncio.wait_for(database.ping(), 10)

    assert "database" == refused.value.part


async def test_more_work_than_connections_is_refused_and_not_queued_for_ever(database: Database) -> None:
    held = [await database.engine.connect() for _ in range(20)]

    with pytest.raises(Unavailable):
        await asyncio.wait_for(database.ping(), 10)

    for connection in held:
        await connection.close()


async def test_who_waits_while_others_find_the_cluster_away_does_not_try_it_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would be told after twice the time that a call may take."""
    monkeypatch.setattr("api.database.database._SOON", 0.0)
    silent, all_wait, tried = asyncio.Event(), asyncio.Event(), []

    async def change() -> None:
        async with database.patient_session(uuid4()):
            tried.append(1)
            if len(tried) == 6:
                all_wait.set()
            await silent.wait()
            raise Unreachable("The cluster did not answer.", part="cluster")

    changes = [asyncio.create_task(change()) for _ in range(20)]
    await asyncio.wait_for(all_wait.wait(), 10)
    silent.set()
    told = await asyncio.wait_for(asyncio.gather(*changes, return_exceptions=True), 10)

    assert {"The cluster did not answer.": 6, "The cluster does not answer just now. Try again.": 14} == Counter(
        map(str, told)
    )
    assert 6 == len(tried)
    with pytest.raises(Unreachable):  # who comes later tries for itself
        await change()
    assert 7 == len(tried)


async def test_one_tenants_trouble_with_the_cluster_is_not_told_to_others(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does one take all the turns."""
    monkeypatch.setattr("api.database.database._SOON", 0.0)
    ada, denied, waiting = uuid4(), asyncio.Event(), []

    async def change() -> None:
        async with database.patient_session(ada):
            waiting.append(1)
            await denied.wait()
            raise Unavailable("The cluster does not let Moorage do this in shop-x1.", part="cluster")

    hers = [asyncio.create_task(change()) for _ in range(20)]
    async with asyncio.timeout(10), database.patient_session(uuid4()):
        assert 2 >= len(waiting)
    denied.set()
    await asyncio.gather(*hers, return_exceptions=True)

    assert 20 == len(waiting)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "no database URL"),
        ("sqlite:///moorage.db", "sqlite"),
        ("postgresql://ada:secret@127.0.0.1:1/moorage", "127.0.0.1:1/moorage"),
    ],
)
async def test_a_url_that_does_not_work_names_the_setting_and_no_password(url: str, said: str) -> None:
    for using in (_open, migrate.upgrade):
        with pytest.raises(ConfigurationError, match=said) as refused:
            await using(url)

        assert "MOORAGE_DATABASE_URL" == refused.value.setting
        assert "secret" not in refused.value.message


async def test_a_wrong_password_names_the_setting(database_url: str) -> None:
    wrong = make_url(database_url).set(password="guessed").render_as_string(hide_password=False)

    with pytest.raises(ConfigurationError, match="password authentication failed"):
        await _open(wrong)


async def test_a_server_without_tls_is_refused_where_tls_is_asked_for() -> None:
    async def without_tls(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(8)  # SSLRequest, https://www.postgresql.org/docs/current/protocol-flow.html
        writer.write(b"N")
        await reader.read()
        writer.close()

    async with await asyncio.start_server(without_tls, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]

        with pytest.raises(ConfigurationError, match="SSL"):
            await _open(f"postgresql://ada:secret@127.0.0.1:{port}/moorage?sslmode=require")


async def _open(url: str) -> None:
    async with Database.open(url):
        pass


async def test_a_connection_that_died_while_it_lay_idle_is_made_again(database_url: str) -> None:
    async with Database.open(database_url, idle_seconds=0) as idle, Database.open(database_url) as other:
        async with idle.autocommit() as session:
            process = await session.scalar(text("SELECT pg_backend_pid()"))
        async with other.autocommit() as session:
            await session.execute(text("SELECT pg_terminate_backend(:process, 5000)"), {"process": process})

        async with idle.autocommit() as session:
            assert process != await session.scalar(text("SELECT pg_backend_pid()"))
