"""What every request passes on its way in: an id, a host that is ours, and a body of bounded size."""

from __future__ import annotations

import json
import os
from collections.abc import Awaitable, Collection, Iterator

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.error_codes import ErrorCode
from api.monitoring import logs
from api.waiting import within

MAX_BODY_BYTES = 256 * 1024
BODY_SECONDS = 20.0
_CONNECTIONS = frozenset({"http", "websocket"})
_ID_BYTES = 16
_IDS_AT_ONCE = 256


class RequestIds:
    """Gives each request an id: `request.state.request_id`, the header X-Request-Id, and the logs have it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._ids = _random_ids()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in _CONNECTIONS:
            await self._app(scope, receive, send)
            return
        request_id = next(self._ids)
        scope.setdefault("state", {})["request_id"] = request_id
        header = (b"x-request-id", request_id.encode())

        def send_with_id(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), header]
            return send(message)

        logged = logs.request_id.set(request_id)
        try:
            await self._app(scope, receive, send_with_id)
        finally:
            logs.request_id.reset(logged)


def _random_ids() -> Iterator[str]:
    """The system is asked for many at once, as it takes its time for each answer."""
    while True:
        drawn = os.urandom(_ID_BYTES * _IDS_AT_ONCE).hex()
        yield from (drawn[at : at + 2 * _ID_BYTES] for at in range(0, len(drawn), 2 * _ID_BYTES))


class TrustedHosts:
    """Answers only under names that are ours. A page elsewhere could else point its own name at this address and
    read the answers (DNS rebinding). The paths in `open_paths` are asked by address: probes do."""

    def __init__(self, app: ASGIApp, *, hosts: Collection[str], open_paths: Collection[str]) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._open_paths = frozenset(open_paths)

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        app = self._app
        if scope["type"] in _CONNECTIONS and not self._is_trusted(scope):
            app = _refuse(421, ErrorCode.MISDIRECTED, "This server does not answer under that name.")
        return app(scope, receive, send)

    def _is_trusted(self, scope: Scope) -> bool:
        host = first_header(scope, b"host")
        return hostname(host.decode("latin-1")) in self._hosts or scope["path"] in self._open_paths


class BodyLimit:
    """Reads a request's body whole, up to `most` bytes, before anything else sees it; 413 beyond.

    A client that sends it in drips would hold its connection for good: 408 after `seconds`.
    """

    def __init__(self, app: ASGIApp, *, most: int = MAX_BODY_BYTES, seconds: float = BODY_SECONDS) -> None:
        self._app = app
        self._most = most
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if first_header(scope, b"content-encoding") not in {b"", b"identity"}:
            refusal = _refuse(415, ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Compressed bodies are not read.")
            await refusal(scope, receive, send)
            return
        try:
            body = await within(self._seconds, self._read(first_header(scope, b"content-length"), receive))
        except TimeoutError:
            refusal = _refuse(408, ErrorCode.REQUEST_TIMEOUT, f"The body did not arrive within {self._seconds:g} s.")
            refusal.headers["Connection"] = "close"
            await refusal(scope, receive, send)
            return
        if body is None:
            refusal = _refuse(413, ErrorCode.PAYLOAD_TOO_LARGE, f"A body may have at most {self._most // 1024} KiB.")
            await refusal(scope, receive, send)
            return
        await self._app(scope, _Replay(body, receive), send)

    async def _read(self, declared: bytes, receive: Receive) -> bytes | None:
        if declared and (not declared.isdigit() or int(declared) > self._most):
            return None
        body = bytearray()
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._most:
                return None
        return bytes(body)


class _Replay:
    """Gives a body that was read already, then whatever comes after it."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._first: Message | None = {"type": "http.request", "body": body, "more_body": False}
        self._receive = receive

    async def __call__(self) -> Message:
        if (first := self._first) is not None:
            self._first = None
            return first
        return await self._receive()


def first_header(scope: Scope, name: bytes) -> bytes:
    """The value of a request's header; empty where there is none. ASGI gives names in lower case."""
    for each, value in scope["headers"]:
        if each == name:
            return bytes(value)
    return b""


def hostname(host: str) -> str:
    """The name in a Host header, without its port; `[::1]:8080` is `[::1]`."""
    if host.startswith("["):
        return host.partition("]")[0].lower() + "]"
    return host.partition(":")[0].lower()


def _refuse(status: int, code: ErrorCode, message: str) -> Response:
    """Problem details, https://www.rfc-editor.org/rfc/rfc9457."""
    problem = {"type": "about:blank", "title": message, "status": status, "code": code, "message": message}
    return Response(json.dumps(problem), status_code=status, media_type="application/problem+json")
