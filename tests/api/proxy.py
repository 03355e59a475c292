"""A proxy in front of an API server that breaks a chosen request: faults on the wire, and none of our own classes."""

from __future__ import annotations

import asyncio
import json
import ssl
import weakref
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum

import aiohttp
from aiohttp import web

_HOP_BY_HOP = {"transfer-encoding", "content-length", "connection", "host"}


class Fault(Enum):
    """What becomes of the chosen request."""

    REFUSED = "refused"
    """It never reaches the API server, which seems to answer 500."""
    ANSWER_LOST = "answer lost"
    """It is carried out, and the connection breaks before the answer comes."""
    DENIED = "denied"
    """It never reaches the API server, which seems to answer 403."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that went through: for counting, and for looking for what must not be in it."""

    method: str
    path: str
    dry_run: bool
    body: bytes
    watches: bool = False
    """Whether it asks for a stream of changes."""

    @property
    def is_write(self) -> bool:
        """Whether it changes something."""
        return self.method != "GET" and not self.dry_run

    @property
    def is_creation(self) -> bool:
        """Whether it creates an object."""
        return self.method == "POST" and not self.dry_run


class FaultyProxy:
    """Forwards everything, watches too, but for the requests that `fail_when` names."""

    def __init__(self, upstream: str, session: aiohttp.ClientSession) -> None:
        self._upstream = upstream
        self._session = session
        self._faults: list[tuple[Callable[[Seen], bool], Fault]] = []
        self._arrived = asyncio.Condition()
        self._transports: weakref.WeakSet[asyncio.Transport] = weakref.WeakSet()
        self.seen: list[Seen] = []
        self.url = ""

    @classmethod
    @asynccontextmanager
    async def open(cls, upstream: str, tls: ssl.SSLContext | None = None) -> AsyncIterator[FaultyProxy]:
        """A proxy on a free port of loopback in front of `upstream`."""
        connector = aiohttp.TCPConnector(limit=0, ssl=tls or False)
        async with aiohttp.ClientSession(connector=connector, auto_decompress=False) as session:
            proxy = cls(upstream, session)
            application = web.Application(client_max_size=8 * 1024 * 1024)
            application.router.add_route("*", "/{path:.*}", proxy._handle)
            runner = web.AppRunner(application, shutdown_timeout=0.1, handler_cancellation=True)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            host, port = runner.addresses[0][:2]
            proxy.url = f"http://{host}:{port}"
            try:
                yield proxy
            finally:
                await runner.cleanup()

    def fail_when(self, chosen: Callable[[Seen], bool], fault: Fault) -> None:
        """From now on let `fault` happen to every request that `chosen` says yes to."""
        self._faults.append((chosen, fault))

    def fail_creation(self, number: int, fault: Fault) -> None:
        """Let `fault` happen to the `number`-th object that is created from now on, counted from 1, and to no other."""
        left = number

        def chosen(request: Seen) -> bool:
            nonlocal left
            left -= request.is_creation
            return request.is_creation and left == 0

        self.fail_when(chosen, fault)

    async def until_seen(self, wanted: Callable[[Seen], bool]) -> None:
        """Wait until a request that `wanted` says yes to has arrived."""
        async with asyncio.timeout(10), self._arrived:
            await self._arrived.wait_for(lambda: any(wanted(request) for request in self.seen))

    def break_connections(self) -> None:
        """Break every connection that is open just now, watches too."""
        for transport in tuple(self._transports):
            transport.abort()

    def heal(self) -> None:
        """Let everything through again."""
        self._faults.clear()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        assert request.transport is not None
        self._transports.add(request.transport)
        seen = Seen(request.method, request.path, "dryRun" in request.query, body, "watch" in request.query)
        async with self._arrived:
            self.seen.append(seen)
            self._arrived.notify_all()
        fault = next((fault for chosen, fault in self._faults if chosen(seen)), None)
        if fault is Fault.REFUSED:
            return _status(500, "InternalError", "the wire broke, as the test wanted")
        if fault is Fault.DENIED:
            return _status(403, "Forbidden", "denied, as the test wanted")
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _HOP_BY_HOP}
        url = self._upstream + request.path_qs
        async with self._session.request(
            request.method, url, data=body, headers=headers, timeout=aiohttp.ClientTimeout(total=None)
        ) as answer:
            if fault is Fault.ANSWER_LOST:
                await answer.read()
                request.transport.abort()
                return web.Response()
            return await _forwarded(request, answer)


async def _forwarded(request: web.Request, answer: aiohttp.ClientResponse) -> web.StreamResponse:
    headers = {name: value for name, value in answer.headers.items() if name.lower() not in _HOP_BY_HOP}
    response = web.StreamResponse(status=answer.status, headers=headers)
    await response.prepare(request)
    async for chunk in answer.content.iter_any():
        await response.write(chunk)
    await response.write_eof()
    return response


def _status(code: int, reason: str, message: str) -> web.Response:
    document = {
        "kind": "Status",
        "apiVersion": "v1",
        "status": "Failure",
        "code": code,
        "reason": reason,
        "message": message,
    }
    return web.Response(status=code, text=json.dumps(document), content_type="application/json")
