"""Whoever holds rows in memory is told when they change, whoever changed them, and knows when nobody would tell."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import cast
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import Insert, delete, insert, text, update

from api.database.database import Database
from api.database.notifications import CURRENT_SECONDS, Notifications, Subject, Subscriber
from api.database.tables import ApiTokenRow, NamespaceRow, RevisionRow, SessionRow, TimelineRow, UserRow, WorkloadRow

PATIENCE = 10.0


CUT = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'NOTIFY%' AND datname = current_database()"
)
"""Ends the connection that listens."""


class Heard(Subscriber):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[Subject, UUID]] = []
        self.losses = 0
        self._some = asyncio.Event()

    def changed(self, subject: Subject, id: UUID) -> None:
        self.told.append((subject, id))
        self._some.set()

    def lost(self) -> None:
        self.losses += 1
        self._some.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not holds():
                self._some.clear()
                await self._some.wait()


async def current(database: Database) -> None:
    async with asyncio.timeout(PATIENCE):
        await database.notifications.caught_up()


class Rows:
    """A user with a session, a token and a namespace that has an app."""

    def __init__(self) -> None:
        self.user, self.session, self.token, self.namespace, self.workload = (uuid4() for _ in range(5))

    async def add(self, database: Database) -> None:
        now = text("now() + interval '1 hour'")
        async with database.session() as session:
            session.add(UserRow(id=self.user, email="ada@example.com", display_name="Ada", role="member"))
            await session.flush()
            session.add_all(
                [
                    SessionRow(id=self.session, user_id=self.user, secret_hash=b"s", expires_at=now),
                    ApiTokenRow(
                        id=self.token,
                        user_id=self.user,
                        name="ci",
                        prefix="moor",
                        secret_hash=b"t",
                        scopes=["read"],
                        expires_at=now,
                    ),
                    NamespaceRow(
                        id=self.namespace, owner_id=self.user, name="shop", slug="shop-x7k2pq", phase="active"
                    ),
                ]
            )
            await session.flush()
            session.add(WorkloadRow(id=self.workload, namespace_id=self.namespace, name="web", kind="web_service"))


Statement = Callable[[Rows], object]


async def run(database: Database, statement: object) -> None:
    async with database.session() as session:
        await session.execute(statement)  # type: ignore[call-overload]  # any of SQLAlchemy's


def revision(rows: Rows) -> Insert:
    made = {"number": 1, "template_revision": 1, "cause": "deploy", "state": "applied", "changes": []}
    return insert(RevisionRow).values(workload_id=rows.workload, spec={}, **made)


CHANGES: dict[str, tuple[Statement, Subject, str]] = {
    "a namespace": (
        lambda _: update(NamespaceRow).values(reconciliation_paused=True),
        Subject.NAMESPACE,
        "namespace",
    ),
    "an app": (lambda _: update(WorkloadRow).values(current_revision=None), Subject.NAMESPACE, "namespace"),
    "a revision": (revision, Subject.NAMESPACE, "namespace"),
    "an entry of the timeline": (
        lambda rows: insert(TimelineRow).values(namespace_id=rows.namespace, kind="deployed", details={}),
        Subject.NAMESPACE,
        "namespace",
    ),
    "a session's end": (lambda _: delete(SessionRow), Subject.SESSION, "session"),
    "a token's revocation": (
        lambda _: update(ApiTokenRow).values(revoked_at=text("now()")),
        Subject.TOKEN,
        "token",
    ),
    "a role": (lambda _: update(UserRow).values(role="administrator"), Subject.USER, "user"),
    "an account's end": (lambda _: delete(UserRow), Subject.USER, "user"),
}


@pytest.mark.parametrize("name", CHANGES)
async def test_a_change_is_told_to_another_replica(name: str, database: Database, database_url: str) -> None:
    statement, subject, whose = CHANGES[name]
    rows, heard = Rows(), Heard()
    await rows.add(database)
    async with Database.open(database_url) as other:
        await current(other)
        other.notifications.subscribe(heard)

        await run(database, statement(rows))
        await heard.until(lambda: bool(heard.told))

    assert (subject, getattr(rows, whose)) in heard.told


async def test_that_a_session_was_used_is_told_to_nobody(database: Database) -> None:
    rows, heard = Rows(), Heard()
    await rows.add(database)
    await current(database)
    database.notifications.subscribe(heard)

    await run(database, update(SessionRow).values(last_seen_at=text("now()")))
    await run(database, delete(ApiTokenRow))
    await heard.until(lambda: bool(heard.told))

    assert [(Subject.TOKEN, rows.token)] == heard.told


async def test_what_is_rolled_back_is_told_to_nobody(database: Database) -> None:
    rows, heard = Rows(), Heard()
    await rows.add(database)
    await current(database)
    database.notifications.subscribe(heard)

    async with database.session() as session:
        await session.execute(delete(SessionRow))
        await session.rollback()
    await run(database, delete(ApiTokenRow))
    await heard.until(lambda: bool(heard.told))

    assert [(Subject.TOKEN, rows.token)] == heard.told


async def test_a_lost_connection_is_told_and_made_again(database: Database) -> None:
    heard = Heard()
    await current(database)
    database.notifications.subscribe(heard)

    await run(database, CUT)
    await heard.until(lambda: heard.losses >= 2)  # that it broke, and that what came in between was missed
    await current(database)


async def test_a_notification_of_another_release_tells_that_anything_may_have_changed(database: Database) -> None:
    heard = Heard()
    await current(database)
    database.notifications.subscribe(heard)

    await run(database, text("SELECT pg_notify('moorage_rows', 'fleet 7')"))
    await heard.until(lambda: heard.losses > 0)

    assert [] == heard.told


class Deaf(asyncpg.Connection):  # type: ignore[misc]  # asyncpg is untyped
    """As behind a pooler that hands each statement to another connection: no notification comes in."""

    async def add_listener(self, channel: str, callback: object) -> None:
        pass


async def test_nothing_is_taken_for_granted_where_notifications_do_not_come_through(database_url: str) -> None:
    heard = Heard()

    async with Notifications.open(lambda: asyncpg.connect(database_url, connection_class=Deaf)) as notifications:
        notifications.subscribe(heard)
        await heard.until(lambda: heard.losses >= 2)

        assert not notifications.is_current


class Silenced:
    """A connection to PostgreSQL that answers two proofs, and then falls silent, as behind a cable that was pulled."""

    def __init__(self) -> None:
        self.listeners: dict[str, Callable[..., None]] = {}
        self.answered: list[float] = []

    async def add_listener(self, channel: str, listener: Callable[..., None]) -> None:
        self.listeners[channel] = listener

    async def execute(self, statement: str) -> None:
        if len(self.answered) == 2:
            await asyncio.Event().wait()
        self.answered.append(monotonic())
        self.listeners[statement.removeprefix("NOTIFY ")]()

    def terminate(self) -> None:
        """There is nothing to be closed."""


async def test_a_connection_that_falls_silent_is_told_of_before_two_seconds_are_over() -> None:
    """Who holds something is asked about it no more often while it is told of changes."""
    connection, heard = Silenced(), Heard()

    async def connect() -> asyncpg.Connection:
        return cast("asyncpg.Connection", connection)

    async with Notifications.open(connect) as notifications:
        with notifications.subscribed(heard):
            await heard.until(lambda: heard.losses == 2)
            told_at, is_current = monotonic(), notifications.is_current

    assert (2, False) == (len(connection.answered), is_current)
    assert told_at - connection.answered[-1] < CURRENT_SECONDS + 0.4
