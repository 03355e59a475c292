"""The log endpoint of an API server, whose containers write what a test has them write.

As the kubelet's: `sinceTime` counts in whole seconds, `limitBytes` cuts within a line, and a follow ends with its run.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

SECOND = 1_000_000_000
START = 1_795_000_000 * SECOND
"""When the first line is written, in nanoseconds since 1970."""


def stamp(at: int) -> str:
    """A moment as the kubelet writes it."""
    return f"{datetime.fromtimestamp(at // SECOND, UTC):%Y-%m-%dT%H:%M:%S}.{at % SECOND:09d}Z"


@dataclass
class Run:
    lines: list[tuple[int, str]] = field(default_factory=list)
    is_over: bool = False


class ContainerLog:
    """One container, written to by a test. Lines come a millisecond after each other, unless `at` says when."""

    def __init__(self) -> None:
        self.runs = [Run()]
        self.changed = asyncio.Condition()
        self.now = START

    async def write(self, *texts: str, at: int | None = None) -> None:
        for text in texts:
            self.now = self.now + SECOND // 1000 if at is None else at
            self.runs[-1].lines.append((self.now, text))
        await self._tell()

    async def end(self) -> None:
        """Its process ends."""
        self.runs[-1].is_over = True
        await self._tell()

    async def restart(self) -> None:
        """Its process ends, and another is begun: of the runs before the last one the logs are gone."""
        self.runs[-1].is_over = True
        self.runs = [self.runs[-1], Run()]
        await self._tell()

    async def rotate(self, kept: int) -> None:
        """Only the last lines are left of its log."""
        self.runs[-1].lines = self.runs[-1].lines[-kept:]
        await self._tell()

    async def _tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()


class LogServer:
    """Answers GETs of `pods/{name}/log`; a pod that was not named has none."""

    def __init__(self) -> None:
        self.url = ""
        self.containers: dict[tuple[str, str], ContainerLog] = {}
        self.asked: list[Mapping[str, str]] = []
        self._follows: list[web.Request] = []
        self._arrived = asyncio.Condition()
        self.is_away = False
        self.before_follow: Callable[[], Awaitable[None]] | None = None
        """What happens once, between the arrival of the next follow and its first line."""

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator[LogServer]:
        server = cls()
        application = web.Application()
        application.router.add_get("/api/v1/namespaces/{namespace}/pods/{pod}/log", server._handle)
        runner = web.AppRunner(application, shutdown_timeout=0.1, handler_cancellation=True)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        server.url = f"http://{host}:{port}"
        try:
            yield server
        finally:
            await runner.cleanup()

    def container(self, pod: str, name: str = "app") -> ContainerLog:
        return self.containers.setdefault((pod, name), ContainerLog())

    @property
    def follows(self) -> int:
        """How often a log was followed."""
        return sum("follow" in query for query in self.asked)

    async def until_followed(self, times: int = 1) -> None:
        """Wait until so many follows are open at once."""
        async with asyncio.timeout(10), self._arrived:
            await self._arrived.wait_for(lambda: len(self._follows) >= times)

    async def until_left(self) -> None:
        """Wait until nobody follows any more."""
        async with asyncio.timeout(10), self._arrived:
            await self._arrived.wait_for(lambda: not self._follows)

    async def break_follows(self) -> None:
        """Break the connections of those who follow now."""
        broken = tuple(self._follows)
        for request in broken:
            assert request.transport is not None
            request.transport.abort()
        async with asyncio.timeout(10), self._arrived:
            await self._arrived.wait_for(lambda: not any(request in self._follows for request in broken))

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        query = dict(request.query)
        self.asked.append(query)
        if self.is_away:
            return _status(500, "InternalError", "the kubelet does not answer")
        container = self.containers.get((request.match_info["pod"], query["container"]))
        if container is None:
            return _status(404, "NotFound", "there is no such pod")
        if "follow" in query and (happens := self.before_follow) is not None:
            self.before_follow = None
            await happens()
        previous = query.get("previous") == "true"
        if previous and len(container.runs) == 1:
            return _status(400, "BadRequest", "previous terminated container not found")
        run = container.runs[-2] if previous else container.runs[-1]
        lines = _selected(run.lines, query)
        if query.get("follow") != "true":
            body = b"".join(map(_line, lines))
            return web.Response(body=body[: int(query.get("limitBytes", len(body)))])
        return await self._follow(request, container, run, lines)

    async def _follow(
        self, request: web.Request, container: ContainerLog, run: Run, lines: list[tuple[int, str]]
    ) -> web.StreamResponse:
        response, number = web.StreamResponse(), len(run.lines)
        await response.prepare(request)
        await response.write(b"".join(map(_line, lines)))
        async with self._arrived:
            self._follows.append(request)
            self._arrived.notify_all()
        try:
            while True:
                new, number = run.lines[number:], len(run.lines)
                if new:
                    await response.write(b"".join(map(_line, new)))
                if run.is_over and number == len(run.lines):
                    break
                async with container.changed:
                    if number == len(run.lines) and not run.is_over:
                        await container.changed.wait()
        except ConnectionError:
            return response
        finally:
            self._follows.remove(request)
            async with self._arrived:
                self._arrived.notify_all()
        await response.write_eof()
        return response


def _selected(lines: list[tuple[int, str]], query: Mapping[str, str]) -> list[tuple[int, str]]:
    if "sinceTime" in query:
        since = int(datetime.fromisoformat(query["sinceTime"]).timestamp()) * SECOND
        lines = [line for line in lines if line[0] >= since]
    tail = int(query.get("tailLines", len(lines)))
    return lines[len(lines) - min(tail, len(lines)) :]


def _line(line: tuple[int, str]) -> bytes:
    return f"{stamp(line[0])} {line[1]}\n".encode()


def _status(code: int, reason: str, message: str) -> web.Response:
    document: dict[str, Any] = {"kind": "Status", "apiVersion": "v1", "code": code, "reason": reason}
    return web.json_response({**document, "message": message}, status=code)
