"""What PostgreSQL tells of rows that changed, whichever replica changed them (LISTEN/NOTIFY).

Triggers send it in the transaction that changes the row (migration 0006), so that no writer can forget to. Whoever
holds rows in memory subscribes, and holds them only while `is_current`: twice a second a notification of our own goes
to the server and back, which proves that those of others come through too, also behind a pooler that would drop them.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID, uuid4

import asyncpg

from api.errors import Unavailable
from api.waiting import comes

CHANNEL = "moorage_rows"
PROOF_SECONDS = 0.5
"""Between two proofs that notifications come through."""
CURRENT_SECONDS = 1.5
"""After the last proof nothing is taken for granted any more. What a replica may not do later than 2 s after a row
changed, such as serve a session that has ended, is kept within that also where the connection silently died."""
_ANSWER_SECONDS = 2.0
_LONGEST_PAUSE = 2.0

Connect: TypeAlias = Callable[[], Awaitable[asyncpg.Connection]]

_logger = logging.getLogger(__name__)


class Subject(StrEnum):
    """What a row belongs to, as the triggers name it."""

    NAMESPACE = "namespace"
    """A namespace, an app of it, a revision, or an entry of the timeline."""
    SESSION = "session"
    TOKEN = "token"  # noqa: S105 - names a kind of credential
    USER = "user"


class Subscriber:
    """Whoever holds rows in memory. The methods do nothing but mark what is held: they must return at once."""

    def changed(self, subject: Subject, id: UUID) -> None:
        """A row of this subject was changed or deleted."""

    def lost(self) -> None:
        """Nobody knows what changed: everything may have."""


class Notifications:
    """Listens for as long as it is open, and connects again whenever the connection is lost."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._subscribers: set[Subscriber] = set()
        self._proven_at = -math.inf
        self._proof = f"moorage_proof_{uuid4().hex}"
        self._proven, self._told, self._wanted = asyncio.Event(), asyncio.Event(), asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def open(cls, connect: Connect) -> AsyncIterator[Notifications]:
        """Listen until the context ends; a server that does not answer is waited for meanwhile."""
        notifications = cls(connect)
        listening = asyncio.create_task(notifications._listen(), name="rows that changed")
        try:
            yield notifications
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    @property
    def is_current(self) -> bool:
        """Whether everything that changed until a moment ago has been told."""
        return time.monotonic() - self._proven_at < CURRENT_SECONDS

    async def caught_up(self) -> None:
        """Wait until everything that was committed by now has been told; whoever waits sets the limit."""
        now = time.monotonic()
        while self._proven_at < now:
            self._wanted.set()
            await self._told.wait()

    @contextmanager
    def subscribed(self, subscriber: Subscriber) -> Iterator[None]:
        """Tell `subscriber` for as long as the context lasts."""
        self.subscribe(subscriber)
        try:
            yield
        finally:
            self._subscribers.discard(subscriber)

    def subscribe(self, subscriber: Subscriber) -> None:
        """Tell `subscriber` from now on, for as long as this is open."""
        self._subscribers.add(subscriber)

    async def _listen(self) -> None:
        pause = 0.1
        while True:
            try:
                await self._follow()
            except (asyncpg.PostgresError, asyncpg.InterfaceError, Unavailable, OSError) as error:
                _logger.info("notifications of PostgreSQL are lost: %s", str(error) or type(error).__name__)
            except Exception:
                _logger.exception("listening to PostgreSQL failed; it is tried again")
            pause = 0.1 if self._proven_at > -math.inf else min(2 * pause, _LONGEST_PAUSE)
            self._proven_at = -math.inf
            self._tell_lost()
            await asyncio.sleep(pause)

    async def _follow(self) -> None:
        """Listen until the connection breaks; TimeoutError where it falls silent."""
        connection = await self._connect()
        try:
            await connection.add_listener(CHANNEL, self._received)
            await connection.add_listener(self._proof, self._returned)
            self._tell_lost()  # what changed before this began
            while True:
                await self._prove(connection)
                await self._rest()
        finally:
            connection.terminate()

    async def _prove(self, connection: asyncpg.Connection) -> None:
        """What was committed before the proof was sent has come in by the time that it is back."""
        sent_at = time.monotonic()
        self._proven.clear()
        with self._told_when_overdue(sent_at):
            async with asyncio.timeout(_ANSWER_SECONDS):
                await connection.execute(f"NOTIFY {self._proof}")
                await self._proven.wait()
        self._proven_at = sent_at
        self._told.set()
        self._told = asyncio.Event()

    @contextmanager
    def _told_when_overdue(self, now: float) -> Iterator[None]:
        """Have subscribers told that anything may have changed once nothing is taken for granted any more: whoever
        relies on being told does not look at the time, and a connection that died silently is found out later."""
        if self._proven_at == -math.inf:  # as they were told before the first proof
            yield
            return
        left = max(0.0, self._proven_at + CURRENT_SECONDS - now)
        overdue = asyncio.get_running_loop().call_later(left, self._tell_lost)
        try:
            yield
        finally:
            overdue.cancel()

    async def _rest(self) -> None:
        """Until the next proof is due, or wanted at once."""
        await comes(self._wanted, seconds=PROOF_SECONDS)
        self._wanted.clear()

    def _returned(self, *_: object) -> None:
        self._proven.set()

    def _received(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        try:
            subject, _, id = str(payload).partition(" ")
            told, about = Subject(subject), UUID(id)
        except ValueError:  # another release's, or somebody else's
            self._tell_lost()
            return
        for subscriber in tuple(self._subscribers):
            subscriber.changed(told, about)

    def _tell_lost(self) -> None:
        for subscriber in tuple(self._subscribers):
            subscriber.lost()
