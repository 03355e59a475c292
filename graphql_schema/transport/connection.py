"""One connection of graphql-transport-ws: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Coroutine
from contextlib import aclosing, suppress
from functools import partial
from typing import Any, cast
from uuid import UUID, uuid4

import msgspec
from graphql import GraphQLError
from starlette.types import Message, Receive, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from api.authorization.models import Principal
from api.authorization.vigils import HAS_ENDED
from api.error_codes import ErrorCode
from api.errors import Forbidden, Unauthenticated
from api.monitoring import logs
from api.sockets import SENDS_AT_ONCE, SendsAtOnce
from api.waiting import Begun, begun, within
from graphql_schema.context import Context
from graphql_schema.errors import formatted
from graphql_schema.execution import Operation
from graphql_schema.transport.backend import Backend
from graphql_schema.transport.rate import Rate
from graphql_schema.transport.requests import BadRequest, read_json, read_operation

_TYPES = frozenset({"connection_init", "ping", "pong", "subscribe", "complete"})
"""What a client may send."""


class Close(Exception):
    """Ends a connection; the codes from 4400 on are the protocol's."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        # A control frame carries 125 bytes, two of them the code.
        self.reason = reason.encode()[:123].decode(errors="ignore")


class Connection:
    """One open socket. Operations run as tasks of its group: none outlives it."""

    def __init__(self, socket: WebSocket, receive: Receive, send: Send, backend: Backend) -> None:
        """`receive` and `send` are those of `socket`, which is accepted: Starlette's own way to them takes longer than
        all else of a message."""
        self._socket = socket
        self._is_open = True
        self._asgi_receive = receive
        self._asgi_send = cast("Callable[[Message], Coroutine[Any, Any, None]]", send)
        self._sends_at_once: SendsAtOnce | None = socket.scope.get("extensions", {}).get(SENDS_AT_ONCE)
        self._backend = backend
        self._limits = backend.limits
        self._rate = Rate(backend.limits.messages_per_second, at_once=backend.limits.messages_at_once)
        self._bearer: str | None = None
        self._viewer: Principal | None = None
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._tasks: asyncio.TaskGroup
        self._unsent: asyncio.Task[None] | None = None
        """What was sent without waiting for the client, who is behind."""

    async def serve(self) -> None:
        """Serve until one side ends it."""
        try:
            await self._initialise()
            await self._serve_viewer()
        except* Close as closes:
            await self._close(closes.exceptions[0])
        except* WebSocketDisconnect:
            pass

    async def _serve_viewer(self) -> None:
        with self._backend.connections.one(self._user_id) as allowed:
            if not allowed:
                raise Close(4429, "Too many connections")
            await self._send({"type": "connection_ack"})
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                with self._backend.until_signed_out(self._viewer, partial(_forbid, tasks)):
                    await self._receive_operations()

    async def _initialise(self) -> None:
        try:
            async with asyncio.timeout(self._limits.init_wait):
                payload = await self._receive_init()
        except TimeoutError as error:
            raise Close(4408, "Connection initialisation timeout") from error
        self._bearer = _bearer(payload)
        self._viewer = await self._authenticated()

    async def _receive_init(self) -> dict[str, Any]:
        while (message := await self._receive()) is not None:
            if message["type"] == "connection_init":
                return _payload(message)
            if message["type"] not in {"ping", "pong"}:
                raise Close(4401, "Unauthorized")
            await self._answer_ping(message)
        raise WebSocketDisconnect

    async def _receive_operations(self) -> None:
        while (message := await self._receive()) is not None:
            match message["type"]:
                case "subscribe":
                    await self._start(message)
                case "complete":
                    self._stop(message)
                case "ping" | "pong":
                    await self._answer_ping(message)
                case "connection_init":
                    raise Close(4429, "Too many initialisation requests")
        async with self._backend.closing:
            # Not by an error: those of a TaskGroup refer to themselves, and would keep all that the socket had.
            tasks = [*self._operations.values()]
            self._operations.clear()
            for task in tasks:
                task.cancel()
            if tasks:
                await asyncio.wait(tasks)

    async def _receive(self) -> dict[str, Any] | None:
        """The next message, None once the client has gone; raises Close for what is no message."""
        frame = await self._asgi_receive()
        if frame["type"] == "websocket.disconnect":
            self._is_open = False
            return None
        text = frame.get("text")
        if text is None:
            raise Close(4400, "Messages must be text")
        return self._read(text.encode())

    def _read(self, text: bytes) -> dict[str, Any]:
        if len(text) > self._limits.message_bytes:
            raise Close(1009, "Message too big")
        if not self._rate.allows():
            raise Close(4429, "Too many messages")
        try:
            message = read_json(text)
        except BadRequest as error:
            raise Close(4400, error.message) from error
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            raise Close(4400, "Messages must be objects with a `type`")
        if message["type"] not in _TYPES:
            raise Close(4400, f"Unknown message type: {message['type']}")
        return message

    async def _start(self, message: dict[str, Any]) -> None:
        id = _operation_id(message)
        if id in self._operations:
            raise Close(4409, f"Subscriber for {id} already exists")
        try:
            operation = read_operation(_payload(message))
        except BadRequest as error:
            raise Close(4400, error.message) from error
        if len(self._operations) >= self._limits.operations:
            await self._send(_too_many(id, self._limits.operations, "on one connection"))
            return
        name = f"graphql-ws operation {id[:50]}"
        self._operations[id] = self._tasks.create_task(self._run(id, operation), name=name)

    def _stop(self, message: dict[str, Any]) -> None:
        if task := self._operations.pop(_operation_id(message), None):
            task.cancel()

    async def _run(self, id: str, operation: Operation) -> None:
        # Each operation is a request of its own, to the logs and to the viewer; the task has its own context.
        request_id = uuid4().hex
        logs.request_id.set(request_id)
        try:
            with self._backend.operations.one(self._user_id) as allowed:
                if allowed:
                    last = await self._stream(id, operation, request_id)
                else:
                    last = _too_many(id, self._limits.operations_per_user, "for one user")
        except (Close, WebSocketDisconnect):
            raise
        except Exception as error:  # a stream that breaks ends itself, not its neighbours
            broken = GraphQLError(str(error), original_error=error)
            last = _error(id, [formatted(broken, request_id=request_id)])
        # Free before the last message: the client may use the id again as soon as it has read that.
        self._operations.pop(id, None)
        await self._send(last)

    async def _stream(self, id: str, operation: Operation, request_id: str) -> dict[str, Any]:
        """Send the operation's replies; the message that ends it."""
        self._viewer = await self._authenticated()
        head = msgspec.json.encode({"id": id, "type": "next"}).removesuffix(b"}") + b',"payload":'
        context = Context(
            services=self._backend.services,
            viewer=self._viewer,
            request_id=request_id,
            transport="websocket",
            outlet=partial(self._puts_at_once, head),
        )
        async with aclosing(self._backend.executor.stream(operation, context)) as replies:
            async for reply in replies:
                if not reply.executed:
                    return _error(id, [*reply.errors])
                await self._put(_text(head, reply.encoded))
        return {"id": id, "type": "complete"}

    @property
    def _user_id(self) -> UUID | None:
        return self._viewer.user_id if self._viewer else None

    async def _authenticated(self) -> Principal | None:
        """Who is at the other end, asked anew; raises Close where that is no longer who it was."""
        try:
            viewer = await self._backend.credentials.of_socket(self._socket, self._bearer)
        except (Unauthenticated, Forbidden) as error:
            raise Close(4403, error.message) from error
        if viewer is None and self._viewer is not None:
            raise Close(4403, HAS_ENDED)
        return viewer

    async def _answer_ping(self, message: dict[str, Any]) -> None:
        """With the payload of the ping, if it has one, by which a client knows which one is answered."""
        payload = _payload(message)
        if message["type"] == "ping":
            await self._send({"type": "pong", "payload": payload} if payload else {"type": "pong"})

    async def _send(self, message: dict[str, Any]) -> None:
        await self._put(msgspec.json.encode(message).decode())

    async def _put(self, text: str) -> None:
        """Waits while the client is behind; raises WebSocketDisconnect where it takes nothing for too long."""
        if self._unsent is not None:
            await asyncio.wait([self._unsent])
        await self._sent(self._asgi_send({"type": "websocket.send", "text": text}))

    async def _sent(self, sending: Coroutine[Any, Any, None]) -> None:
        try:
            await within(self._limits.send_wait, sending)
        except (OSError, RuntimeError) as error:  # too late; it has gone; or the server has closed it
            raise WebSocketDisconnect(1006) from error

    def _puts_at_once(self, head: bytes, reply: bytes) -> bool:
        """The same without waiting: a task does that once the client is behind. False where one does already, or where
        it cannot be sent."""
        if self._unsent is not None:
            return False
        if self._sends_at_once is not None and self._sends_at_once(head, reply, b"}"):
            return True
        try:
            sending = begun(self._asgi_send({"type": "websocket.send", "text": _text(head, reply)}))
        except (OSError, RuntimeError):
            return False
        return sending is None or self._is_left_to_task(sending)

    def _is_left_to_task(self, sending: Begun[None]) -> bool:
        rest = self._rest_sent(sending)
        try:
            # Whoever has it sent is somebody else, with their own request id.
            self._unsent = self._tasks.create_task(rest, name="graphql-ws rest", context=contextvars.Context())
        except RuntimeError:  # everything is ending
            rest.close()
            sending.close()
            return False
        return True

    async def _rest_sent(self, sending: Begun[None]) -> None:
        try:
            await self._sent(sending)
        finally:
            self._unsent = None

    async def _close(self, close: Exception) -> None:
        if isinstance(close, Close) and self._is_open:
            message = {"type": "websocket.close", "code": close.code, "reason": close.reason}
            with suppress(OSError, RuntimeError):
                await within(self._limits.send_wait, self._asgi_send(message))


def _text(head: bytes, reply: bytes) -> str:
    """A message, as ASGI sends it."""
    return f"{head.decode()}{reply.decode()}}}"


def _forbid(tasks: asyncio.TaskGroup) -> None:
    """End everything that a connection does, as its viewer is signed out."""
    ending = _raise(Close(4403, HAS_ENDED))
    try:
        tasks.create_task(ending, name="graphql-ws signed out")
    except RuntimeError:  # it is ending already
        ending.close()


async def _raise(close: Close) -> None:
    raise close


def _operation_id(message: dict[str, Any]) -> str:
    id = message.get("id")
    if not isinstance(id, str) or not id:
        raise Close(4400, "Messages about an operation must have its `id`")
    return id


def _payload(message: dict[str, Any]) -> dict[str, Any]:
    payload = message.get("payload")
    if payload is None:
        return {}
    if not isinstance(payload, dict):
        raise Close(4400, "`payload` must be an object or null")
    return payload


def _bearer(payload: dict[str, Any]) -> str | None:
    """The token of `{"authorization": "Bearer …"}`; None where the client relies on its cookie, or is nobody."""
    authorization = payload.get("authorization")
    if authorization is None:
        return None
    scheme, _, token = str(authorization).partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Close(4403, "Send an API token as `Bearer …` in `authorization`.")
    return token


def _error(id: str, errors: list[dict[str, Any]]) -> dict[str, Any]:
    return {"id": id, "type": "error", "payload": errors}


def _too_many(id: str, most: int, where: str) -> dict[str, Any]:
    message = f"At most {most} operations may run {where} at once. Complete one first."
    return _error(id, [{"message": message, "extensions": {"code": ErrorCode.RATE_LIMITED}}])
