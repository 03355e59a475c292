"""PostgreSQL that is restarted under one URL, and a wire to it that loses answers."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import asyncpg
from sqlalchemy import make_url

from api.database.embedded import embedded_postgres

READY_SECONDS = 30
_SOCKET = ".s.PGSQL.5432"


class RestartablePostgres:
    """The embedded server has another socket each time; a link in a folder of its own leads to it."""

    def __init__(self, folder: Path, place: Path) -> None:
        self._folder = folder
        self._link = place / _SOCKET
        self._running = AsyncExitStack()
        self.url = ""

    @classmethod
    @asynccontextmanager
    async def open(cls, folder: Path) -> AsyncIterator[RestartablePostgres]:
        """A running server, its data in `folder`."""
        with tempfile.TemporaryDirectory(prefix="moorage-") as place:
            server = cls(folder, Path(place))
            await server._start()
            try:
                yield server
            finally:
                await server._running.aclose()

    async def restart(self) -> None:
        """As an administrator does it: what is under way is rolled back, and nobody listens for a moment."""
        await self._running.aclose()
        await self._start()

    async def crash(self) -> None:
        """As the loss of any of its processes: it breaks all connections at once, and recovers from its log."""
        connection = await asyncpg.connect(self.url)
        os.kill(connection.get_server_pid(), signal.SIGKILL)
        async with asyncio.timeout(READY_SECONDS):
            await _until_closed(connection)
            await self._until_ready()

    async def _start(self) -> None:
        url = make_url(await self._running.enter_async_context(embedded_postgres(self._folder)))
        self._link.unlink(missing_ok=True)
        self._link.symlink_to(Path(str(url.query["host"])) / _SOCKET)
        self.url = url.set(query={"host": str(self._link.parent)}).render_as_string(hide_password=False)

    async def _until_ready(self) -> None:
        """Ask until it answers: PostgreSQL tells nobody when it is ready."""
        while True:
            try:
                await (await asyncpg.connect(self.url)).close()
            except (OSError, asyncpg.PostgresError):
                await asyncio.sleep(0.01)
            else:
                return


async def _until_closed(connection: asyncpg.Connection) -> None:
    closed = asyncio.Event()
    connection.add_termination_listener(lambda _: closed.set())
    if not connection.is_closed():
        await closed.wait()


class Wire:
    """Between Moorage and PostgreSQL, by their socket: has a transaction committed, and loses the answer."""

    def __init__(self, upstream: Path) -> None:
        self._upstream = upstream
        self._left = 0
        self.url = ""
        self._has_lost = False

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> AsyncIterator[Wire]:
        """A wire to the PostgreSQL of `url`, whose host is a socket's folder."""
        upstream = make_url(url)
        wire = cls(Path(str(upstream.query["host"])) / _SOCKET)
        with tempfile.TemporaryDirectory(prefix="moorage-") as place:
            wire.url = upstream.set(query={"host": place}).render_as_string(hide_password=False)
            async with await asyncio.start_unix_server(wire._serve, Path(place) / _SOCKET):
                yield wire

    @asynccontextmanager
    async def losing_answer_to_commit(self, number: int) -> AsyncIterator[None]:
        """Within the block of its `number`-th, counted from 1, and of no other. Fails where it was not lost."""
        self._left, self._has_lost = number, False
        yield
        self._left = 0
        assert self._has_lost

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, requests = await asyncio.open_unix_connection(self._upstream)
        is_lost = asyncio.Event()
        both = [
            asyncio.create_task(self._ask(reader, requests, is_lost), name="requests to PostgreSQL"),
            asyncio.create_task(self._answer(answers, writer, is_lost), name="answers of PostgreSQL"),
        ]
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in both:
                each.cancel()
            writer.transport.abort()
            requests.transport.abort()
            await asyncio.gather(*both, return_exceptions=True)

    async def _ask(self, reader: asyncio.StreamReader, requests: asyncio.StreamWriter, is_lost: asyncio.Event) -> None:
        while chunk := await reader.read(2**16):
            if b"COMMIT;" in chunk:
                self._left -= 1
                if self._left == 0:
                    is_lost.set()
            requests.write(chunk)

    async def _answer(
        self, answers: asyncio.StreamReader, writer: asyncio.StreamWriter, is_lost: asyncio.Event
    ) -> None:
        while chunk := await answers.read(2**16):
            if is_lost.is_set():
                self._has_lost = True
                return
            writer.write(chunk)
