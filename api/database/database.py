"""The connection to PostgreSQL: one engine, transactions, and errors in our own words."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

import asyncpg
from sqlalchemy import URL, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from api.database.counting import count_statements
from api.database.notifications import Connect, Notifications
from api.errors import ConfigurationError, InvalidInput, Unavailable, Unreachable
from api.monitoring.pool import Statements
from api.monitoring.telemetry import Telemetry

MINIMUM_VERSION = 150000
"""PostgreSQL 15, as `server_version_num` writes it."""
SETTING = "MOORAGE_DATABASE_URL"
_CONNECT_SECONDS = 5
_STATEMENT_SECONDS = 10
_POOL = 10
_POOL_WAIT_SECONDS = 5
_PATIENT = 6
"""Sessions at a time that wait for something else; and as many that read beside them leave some of the pool's free."""
_PATIENT_EACH = 2
_TURN_SECONDS = 4.0
_SOON = 1.0
"""Seconds after which a turn comes too late to find out for oneself, and tell within 5 s, that the cluster is away."""
_USED = "used"


class Database:
    """An open PostgreSQL. Whoever opens it closes it: use `Database.open`."""

    def __init__(self, engine: AsyncEngine, version: str, notifications: Notifications) -> None:
        self.engine = engine
        self.notifications = notifications
        self._autocommit = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._turns = asyncio.Semaphore(_PATIENT)
        self._cluster_away_at = -math.inf
        self._turns_of: WeakValueDictionary[UUID, asyncio.Semaphore] = WeakValueDictionary()
        self.version = version
        """The server's version, for people: `18.4`."""

    @classmethod
    @asynccontextmanager
    async def open(
        cls, url: str, *, idle_seconds: float = 1.0, statements: Statements | None = None
    ) -> AsyncIterator[Database]:
        """Connect to `postgresql://…`; raises ConfigurationError where there is no PostgreSQL 15 or newer.

        A connection that lay idle for longer than `idle_seconds` is tried before it is used.
        """
        async with opened_engine(
            url,
            statement_seconds=_STATEMENT_SECONDS,
            pool_size=_POOL,
            max_overflow=_POOL,
            pool_timeout=_POOL_WAIT_SECONDS,
        ) as engine:
            _ping_what_was_idle(engine, idle_seconds)
            count_statements(engine, statements or Telemetry().statements, most=2 * _POOL)
            version = await _checked_version(engine)
            async with Notifications.open(_connector(url, statement_seconds=_STATEMENT_SECONDS)) as notifications:
                yield cls(engine, version, notifications)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """One transaction: committed at the end, rolled back on an error.

        Raises Unavailable where the database does not answer.
        """
        with _translated():
            async with AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
                yield session

    @asynccontextmanager
    async def patient_session(self, whose: UUID) -> AsyncIterator[AsyncSession]:
        """A session for who waits for something else meanwhile, as the cluster, with rows locked.

        Few at a time, so that connections are left for those who wait for nothing, and one for each of them to read
        beside it; and of one tenant (`whose`) fewer. Raises Unavailable where no turn comes; and where one comes late,
        and others found the cluster away meanwhile.
        """
        async with self._turn(whose):
            try:
                async with self.session() as session:
                    yield session
            except Unreachable as error:
                if error.part == "cluster":
                    self._cluster_away_at = time.monotonic()
                raise

    @asynccontextmanager
    async def _turn(self, whose: UUID) -> AsyncIterator[None]:
        began = time.monotonic()
        own = self._turns_of.setdefault(whose, asyncio.Semaphore(_PATIENT_EACH))
        async with AsyncExitStack() as turns:
            try:
                async with asyncio.timeout(_TURN_SECONDS):
                    await turns.enter_async_context(own)
                    await turns.enter_async_context(self._turns)
            except TimeoutError as error:
                message = "Too many changes wait for the cluster at this moment. Try again."
                raise Unavailable(message, part="cluster") from error
            if self._cluster_away_at > began and time.monotonic() - began >= _SOON:
                raise Unavailable("The cluster does not answer just now. Try again.", part="cluster")
            yield

    @asynccontextmanager
    async def autocommit(self) -> AsyncIterator[AsyncSession]:
        """Statements that each stand alone, and take effect alone: a transaction would be two more round trips.

        Raises Unavailable where the database does not answer.
        """
        with _translated():
            async with AsyncSession(self._autocommit, expire_on_commit=False) as session:
                yield session

    async def ping(self) -> None:
        """Raises Unavailable where the database does not answer."""
        async with self.autocommit() as session:
            await session.execute(text("SELECT 1"))


def _ping_what_was_idle(engine: AsyncEngine, idle_seconds: float) -> None:
    """Try connections that lay idle before they are used, and make dead ones again: PostgreSQL may have been restarted.

    `pool_pre_ping` tries every connection each time, which is three round trips for a statement of one.
    """

    def checked_out(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        if time.monotonic() - record.info.get(_USED, 0.0) > idle_seconds and not _is_alive(engine, connection):
            raise DisconnectionError("the connection died while it lay idle")

    def checked_in(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        record.info[_USED] = time.monotonic()

    event.listen(engine.sync_engine, "checkout", checked_out)
    event.listen(engine.sync_engine, "checkin", checked_in)


def _is_alive(engine: AsyncEngine, connection: DBAPIConnection) -> bool:
    try:
        return engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as error:
        if engine.dialect.is_disconnect(error, connection, None):
            return False
        raise


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, NoFreeConnection, TimeoutError, OSError) as error:
        raise _unavailable() from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise _unavailable() from error
        if _is_of_a_value(error):
            message = "A text has a character that cannot be kept, or a time is out of range. Leave out NUL characters."
            raise InvalidInput(message) from error
        raise


def _is_of_a_value(error: DBAPIError) -> bool:
    """Whether PostgreSQL's types have no place for what a caller sent: NUL, half a surrogate pair, the year 10000."""
    cause = error.orig.__cause__ if error.orig is not None else None
    in_text = (asyncpg.CharacterNotInRepertoireError, asyncpg.UntranslatableCharacterError)
    return isinstance(cause, in_text) or type(cause) is asyncpg.DataError  # which asyncpg itself raises, encoding it


@asynccontextmanager
async def opened_engine(
    url: str, *, statement_seconds: float | None = None, **options: Any
) -> AsyncIterator[AsyncEngine]:
    """An engine for `postgresql://…`, with SQLAlchemy's own `options`. Its connections raise Unavailable.

    The URL is read by asyncpg, as libpq reads it (`sslmode=verify-full`, a socket's folder as `host`). Raises
    ConfigurationError for what is no URL of a PostgreSQL.
    """
    engine = create_async_engine(
        _postgresql_url(url).set(drivername="postgresql+asyncpg"),
        async_creator=_connector(url, statement_seconds=statement_seconds),
        hide_parameters=True,  # values are people's: neither errors nor debug logs repeat them
        **options,
    )
    try:
        yield engine
    finally:
        await engine.dispose()


def _connector(url: str, *, statement_seconds: float | None) -> Connect:
    dsn = _postgresql_url(url).render_as_string(hide_password=False)

    async def connect() -> asyncpg.Connection:
        try:
            return await asyncpg.connect(dsn, timeout=_CONNECT_SECONDS, command_timeout=statement_seconds)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise _unavailable() from error

    return connect


def _postgresql_url(url: str) -> URL:
    try:
        parsed = make_url(url)
    except Exception as error:
        message = "this is no database URL; an example: postgresql://user:password@host:5432/moorage"
        raise ConfigurationError(message, setting=SETTING) from error
    if parsed.get_backend_name() not in ("postgresql", "postgres"):
        message = f"Moorage needs PostgreSQL 15 or newer, and the URL speaks of {parsed.get_backend_name()}"
        raise ConfigurationError(message, setting=SETTING)
    return parsed.set(drivername="postgresql")


async def _checked_version(engine: AsyncEngine) -> str:
    try:
        async with engine.connect() as connection:
            number = int(await connection.scalar(text("SHOW server_version_num")) or 0)
            version = str(await connection.scalar(text("SHOW server_version")))
    except Unavailable as error:
        raise cannot_use(engine.url, error.__cause__ or error) from error
    except DBAPIError as error:
        raise cannot_use(engine.url, error.orig or error) from error
    if number < MINIMUM_VERSION:
        raise ConfigurationError(f"Moorage needs PostgreSQL 15 or newer, and this is {version}", setting=SETTING)
    return version.split(maxsplit=1)[0]


def cannot_use(url: URL, cause: BaseException) -> ConfigurationError:
    """What whoever started the server is told; never the password."""
    where = url.set(drivername="postgresql").render_as_string(hide_password=True)
    return ConfigurationError(f"cannot use the database at {where}: {str(cause) or repr(cause)}", setting=SETTING)


def _unavailable() -> Unavailable:
    return Unavailable("The database does not answer. Try again in a moment.", part="database")
