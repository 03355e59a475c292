"""An API server that does nothing by itself: a test takes each request as it comes, and says what is answered."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

Json = dict[str, Any]

PATIENCE = 10.0
_BACKLOG = 100


def status(code: int, message: str = "as the test wanted", *, reason: str = "") -> Json:
    """An error as the API server writes it."""
    return {"kind": "Status", "apiVersion": "v1", "code": code, "reason": reason, "message": message}


class Watch:
    """An open watch, written to by the test."""

    def __init__(self, request: web.Request, response: web.StreamResponse) -> None:
        self._request = request
        self._response = response
        self.over = asyncio.Event()
        """Set by the end of the stream, whoever ended it."""

    async def send(self, kind: str, item: Json) -> None:
        await self.send_raw(json.dumps({"type": kind, "object": item}).encode() + b"\n")

    async def send_raw(self, content: bytes) -> None:
        await self._response.write(content)

    async def bookmark(self, version: str) -> None:
        await self.send("BOOKMARK", {"metadata": {"resourceVersion": version, "creationTimestamp": None}})

    async def end(self) -> None:
        """End it as the API server does when its time is over."""
        await self._response.write_eof()
        self.over.set()

    def reset(self) -> None:
        """Break the connection."""
        assert self._request.transport is not None
        self._request.transport.abort()
        self.over.set()

    async def until_over(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self.over.wait()


class Exchange:
    """One request, and what becomes of it."""

    def __init__(self, request: web.Request, body: bytes) -> None:
        self._request = request
        self._answer: asyncio.Future[web.StreamResponse] = asyncio.get_running_loop().create_future()
        self.method = request.method
        self.path = request.path
        self.query: Mapping[str, str] = request.query
        self.accept = request.headers.get("Accept", "")
        self.token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.body = body
        self.watch: Watch | None = None

    @property
    def is_watch(self) -> bool:
        return "watch" in self.query

    def answer(self, content: bytes | Json, *, code: int = 200, **headers: str) -> None:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._answer.set_result(web.Response(status=code, body=body, headers=named, content_type="application/json"))

    def list(self, *items: Json, version: str = "10", next_page: str = "") -> None:
        self.answer({"metadata": {"resourceVersion": version, "continue": next_page}, "items": list(items)})

    def refuse(self, code: int, message: str = "as the test wanted", *, reason: str = "", **headers: str) -> None:
        self.answer(status(code, message, reason=reason), code=code, **headers)

    def reset(self) -> None:
        """Break the connection without an answer."""
        assert self._request.transport is not None
        self._request.transport.abort()

    async def open_watch(self) -> Watch:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        response.enable_chunked_encoding()
        await response.prepare(self._request)
        self.watch = Watch(self._request, response)
        self._answer.set_result(response)
        return self.watch

    async def answered(self) -> web.StreamResponse:
        """What the server's handler returns, once the test has said it; a watch when it is over."""
        try:
            response = await self._answer
            if self.watch is not None:
                await self.watch.over.wait()
        finally:
            if self.watch is not None:
                self.watch.over.set()
        return response


class ScriptedApi:
    """Hands every request to the test."""

    def __init__(self) -> None:
        """Takes a port, on which connections are refused until `serving`."""
        self._arrived: asyncio.Queue[Exchange] = asyncio.Queue(_BACKLOG)
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator[ScriptedApi]:
        """Serves on a free port of loopback."""
        api = cls()
        async with api.serving():
            yield api

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Serves for as long as the context lasts, and gives the port up at its end."""
        runner = web.AppRunner(self._application(), shutdown_timeout=0.1, handler_cancellation=True)
        await runner.setup()
        try:
            await web.SockSite(runner, self._socket, backlog=_BACKLOG).start()
            yield
        finally:
            await runner.cleanup()
            self._socket.close()

    async def request(self) -> Exchange:
        """The next request, whatever it asks for."""
        async with asyncio.timeout(PATIENCE):
            return await self._arrived.get()

    async def list(self, *items: Json, version: str = "10") -> None:
        """Answer the next request, which is to be a list."""
        exchange = await self.request()
        assert not exchange.is_watch
        exchange.list(*items, version=version)

    async def watch(self, *, since: str) -> Watch:
        """Open the watch that the next request is to be, from this version on."""
        exchange = await self.request()
        assert (True, since) == (exchange.is_watch, exchange.query.get("resourceVersion"))
        return await exchange.open_watch()

    @property
    def is_quiet(self) -> bool:
        """Whether nothing was asked that the test has not taken."""
        return self._arrived.empty()

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=8 * 1024 * 1024)
        application.router.add_route("*", "/{path:.*}", self._handle)
        return application

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        exchange = Exchange(request, await request.read())
        self._arrived.put_nowait(exchange)
        return await exchange.answered()
