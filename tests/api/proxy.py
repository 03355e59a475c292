"""A proxy in front of an API server that breaks a chosen request: faults on the wire, and none of our own classes."""

from __future__ import annotations

import asyncio
import json
import ssl
import time
import weakref
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

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
    CUT = "cut"
    """The connection breaks before it reaches the API server."""
    LATE = "late"
    """It is carried out, and the answer is held back until the proxy is healed."""
    BUSY = "busy"
    """It never reaches the API server, which seems to answer 429 and to ask for a rest of `rest` seconds."""
    GONE = "gone"
    """It never reaches the API server, which seems to answer 410."""


FAILING = (Fault.REFUSED, Fault.ANSWER_LOST, Fault.DENIED, Fault.CUT)
"""Those that a creation cannot get over, each told at once."""
_ANSWERS = {
    Fault.REFUSED: (500, "InternalError"),
    Fault.DENIED: (403, "Forbidden"),
    Fault.BUSY: (429, "TooManyRequests"),
    Fault.GONE: (410, "Expired"),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that went through: for counting, and for looking for what must not be in it."""

    method: str
    path: str
    dry_run: bool
    body: bytes
    watches: bool = False
    """Whether it asks for a stream of changes."""
    query: Mapping[str, str] = field(default_factory=dict)
    at: float = 0.0
    """When it came, in seconds of the monotonic clock."""
    accept: str = ""
    """The media types that it takes."""

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

    _runner: web.AppRunner

    def __init__(self, upstream: str, session: aiohttp.ClientSession) -> None:
        self._upstream = upstream
        self._session = session
        self._faults: list[tuple[Callable[[Seen], bool], Fault]] = []
        self._arrived = asyncio.Condition()
        self._transports: weakref.WeakSet[asyncio.Transport] = weakref.WeakSet()
        self._healed = asyncio.Event()
        self._held = 0
        self._streams = Streams()
        self._sites: list[web.TCPSite] = []
        self._pretended: dict[str, tuple[int, dict[str, Any]]] = {}
        self.seen: list[Seen] = []
        self._answered: list[Seen] = []
        self.url = ""
        self.rest = 1
        """Seconds that a busy API server asks for, in Retry-After."""

    @classmethod
    @asynccontextmanager
    async def open(cls, upstream: str, tls: ssl.SSLContext | None = None) -> AsyncIterator[FaultyProxy]:
        """A proxy on a free port of loopback in front of `upstream`."""
        connector = aiohttp.TCPConnector(limit=0, ssl=tls or False)
        async with aiohttp.ClientSession(connector=connector, auto_decompress=False) as session:
            proxy = cls(upstream, session)
            application = web.Application(client_max_size=8 * 1024 * 1024)
            application.router.add_route("*", "/{path:.*}", proxy._handle)
            proxy._runner = web.AppRunner(application, shutdown_timeout=0.1, handler_cancellation=True)
            await proxy._runner.setup()
            await proxy._listen(0)
            host, port = proxy._runner.addresses[0][:2]
            proxy.url = f"http://{host}:{port}"
            try:
                yield proxy
            finally:
                proxy.heal()
                await proxy._runner.cleanup()

    def fail_when(self, chosen: Callable[[Seen], bool], fault: Fault) -> None:
        """From now on let `fault` happen to every request that `chosen` says yes to."""
        self._faults.append((chosen, fault))

    def pretend(self, path: str, document: dict[str, Any], *, code: int = 200) -> None:
        """From now on answer this to every GET of `path`, whatever the API server knows of it."""
        self._pretended[path] = code, document

    def deny(self, path: str, missing: str) -> None:
        """From now on answer every GET of `path` as RBAC does, in its words: `cannot list resource "pods" …`."""
        message = f'it is forbidden: User "moorage" {missing}'
        self.pretend(path, json.loads(_document(403, "Forbidden", message)), code=403)

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

    async def until_answered(self, wanted: Callable[[Seen], bool]) -> None:
        """Wait until the API server has answered a request that `wanted` says yes to."""
        async with asyncio.timeout(10), self._arrived:
            await self._arrived.wait_for(lambda: any(wanted(request) for request in self._answered))

    async def until_held(self) -> None:
        """Wait until a request was carried out whose answer is held back."""
        async with asyncio.timeout(20), self._arrived:
            await self._arrived.wait_for(lambda: self._held > 0)

    def break_connections(self) -> None:
        """Break every connection that is open just now, watches too."""
        for transport in tuple(self._transports):
            transport.abort()

    async def refuse_connections(self) -> None:
        """Close the port, and with it every connection that is open."""
        for site in self._sites:
            await site.stop()
        self._sites.clear()
        self.break_connections()

    @property
    def listens(self) -> bool:
        """Whether the port is open."""
        return bool(self._sites)

    async def accept_connections(self) -> None:
        """Open the same port again."""
        await self._listen(int(self.url.rsplit(":", 1)[1]))

    def stall_watches(self) -> None:
        """Let no more of the watches that are open just now come through, and never break them either."""
        self._streams.stall()

    def expire_watches(self) -> None:
        """End every watch that is open just now, stalled ones too, as the API server does where a resourceVersion is
        too old: by an ERROR event of 410."""
        self._streams.end(_EXPIRED)

    async def say(self, line: bytes) -> None:
        """Put a line of our own into every watch that is open just now, between two of the API server's."""
        await self._streams.say(line)

    def heal(self) -> None:
        """Let everything through again, and the answers that were held back; what was lost of watches stays lost."""
        self._faults.clear()
        self._healed.set()
        self._healed, self._held = asyncio.Event(), 0

    async def _listen(self, port: int) -> None:
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self._sites.append(site)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        assert request.transport is not None
        self._transports.add(request.transport)
        query = dict(request.query)
        seen = Seen(
            request.method,
            request.path,
            "dryRun" in query,
            body,
            "watch" in query,
            query,
            time.monotonic(),
            request.headers.get("Accept", ""),
        )
        async with self._arrived:
            self.seen.append(seen)
            self._arrived.notify_all()
        if request.method == "GET" and request.path in self._pretended:
            code, document = self._pretended[request.path]
            return web.json_response(document, status=code)
        fault = next((fault for chosen, fault in self._faults if chosen(seen)), None)
        if fault is Fault.CUT:
            request.transport.abort()
            return web.Response()
        if fault in _ANSWERS:
            code, reason = _ANSWERS[fault]
            rest = {"Retry-After": str(self.rest)} if fault is Fault.BUSY else {}
            return _status(code, reason, f"{fault.value}, as the test wanted", rest)
        answer = await self._forward(request, body, fault)
        async with self._arrived:
            self._answered.append(seen)
            self._arrived.notify_all()
        return answer

    async def _forward(self, request: web.Request, body: bytes, fault: Fault | None) -> web.StreamResponse:
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _HOP_BY_HOP}
        url, healed = self._upstream + request.path_qs, self._healed  # that of now: it may be healed before it answers
        async with self._session.request(
            request.method, url, data=body, headers=headers, timeout=aiohttp.ClientTimeout(total=None)
        ) as answer:
            if fault is Fault.LATE:
                async with self._arrived:
                    self._held += 1
                    self._arrived.notify_all()
                await healed.wait()
            if fault is Fault.ANSWER_LOST:
                await answer.read()
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            return await self._forwarded(request, answer)

    async def _forwarded(self, request: web.Request, answer: aiohttp.ClientResponse) -> web.StreamResponse:
        headers = {name: value for name, value in answer.headers.items() if name.lower() not in _HOP_BY_HOP}
        response = web.StreamResponse(status=answer.status, headers=headers)
        await response.prepare(request)
        if "watch" in request.query:
            await self._streams.copy(answer.content, response)
        else:
            async for chunk in answer.content.iter_any():
                await response.write(chunk)
        await response.write_eof()
        return response


class Streams:
    """The watches that are open, and how they may be spoiled."""

    def __init__(self) -> None:
        self._open: dict[asyncio.Future[bytes], asyncio.Event] = {}
        self._responses: dict[asyncio.Future[bytes], web.StreamResponse] = {}

    def stall(self) -> None:
        """Copy nothing more of those that are open now."""
        for stalled in self._open.values():
            stalled.set()

    def end(self, last: bytes) -> None:
        """End those that are open now, with a line of our own."""
        for ended in self._open:
            if not ended.done():
                ended.set_result(last)

    async def say(self, line: bytes) -> None:
        """One line into each of those that are open now: lines are written whole."""
        for response in tuple(self._responses.values()):
            await response.write(line)

    async def copy(self, content: aiohttp.StreamReader, response: web.StreamResponse) -> None:
        """Copy line by line, until the API server ends the watch or `end` does."""
        ended: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        stalled = self._open[ended] = asyncio.Event()
        self._responses[ended] = response
        copying = asyncio.create_task(_copy(content, response, stalled), name="copy watch")
        try:
            either: set[asyncio.Future[Any]] = {copying, ended}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if ended.done():
                await response.write(ended.result())
        finally:
            del self._open[ended], self._responses[ended]
            copying.cancel()
            await asyncio.gather(copying, return_exceptions=True)


async def _copy(content: aiohttp.StreamReader, response: web.StreamResponse, stalled: asyncio.Event) -> None:
    rest = b""
    async for chunk in content.iter_any():
        *lines, rest = (rest + chunk).split(b"\n")
        if stalled.is_set():
            await asyncio.Event().wait()  # until whoever watches, or the test, gives up
        for line in lines:
            await response.write(line + b"\n")


def _document(code: int, reason: str, message: str) -> str:
    status = {"kind": "Status", "apiVersion": "v1", "status": "Failure"}
    return json.dumps({**status, "code": code, "reason": reason, "message": message})


def _status(code: int, reason: str, message: str, headers: Mapping[str, str]) -> web.Response:
    text = _document(code, reason, message)
    return web.Response(status=code, text=text, content_type="application/json", headers=headers)


_EXPIRED = b'{"type":"ERROR","object":' + _document(410, "Expired", "too old resource version: 1 (2)").encode() + b"}\n"
