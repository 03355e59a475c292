"""Streams of a replica's, by a client that may be cut off at any moment.

Clients take cursors to be opaque. Here they are read, as what is tested is what they promise.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol, TypeAlias
from urllib.parse import urlsplit

import aiohttp
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from api.workloads.cursors import Cursor
from tests.faults.replicas import Process

OPEN_SECONDS = 20.0
_AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER: what is open is broken by RST, and what was not sent or read is thrown away."""
_NARROW = 4096
"""Bytes that the system takes for a reader that does not read."""

WORKLOAD = """
  id name updatedAt spec { image environment { name value } }
  status { phase message desiredReplicas readyReplicas updatedReplicas } rollout { revision complete }
"""
_MESSAGE = "kind cursor workloadId resetReason dropped workload { %s }"
_CHANGE = "change { fields fromRevision toRevision fromPhase toPhase reason }"
APP = f"""subscription ($slug: String!, $name: String!, $after: String) {{
  deploymentUpdated(namespace: $slug, name: $name, after: $after) {{ {_MESSAGE % WORKLOAD} {_CHANGE} }}
}}"""
NAMESPACE = f"""subscription ($slug: String!, $after: String) {{
  namespaceUpdated(slug: $slug, after: $after) {{ {_MESSAGE % WORKLOAD} {_CHANGE} }}
}}"""
LARGE = f"""subscription ($slug: String!, $after: String) {{
  namespaceUpdated(slug: $slug, after: $after) {{
    {_MESSAGE % f"{WORKLOAD} spec {{ files {{ content }} }}"}
  }}
}}"""


class Gone(Exception):
    """The other end is not there, or not any more."""


@dataclass(frozen=True)
class Message:
    """One message of a stream."""

    payload: dict[str, Any]

    @classmethod
    def of_reply(cls, reply: dict[str, Any]) -> Message:
        """From a reply without errors."""
        assert "errors" not in reply, reply
        (payload,) = reply["data"].values()
        return cls(payload)

    @property
    def kind(self) -> str:
        kind: str = self.payload["kind"]
        return kind

    @property
    def workload(self) -> dict[str, Any] | None:
        workload: dict[str, Any] | None = self.payload["workload"]
        return workload

    @property
    def is_event(self) -> bool:
        """Whether it tells that something happened; the others tell what is, or of the stream."""
        return self.kind in ("CHANGE", "DELETED")

    @cached_property
    def place(self) -> Cursor | None:
        """What its cursor says; None where there is none."""
        cursor: str | None = self.payload["cursor"]
        return Cursor.decode(cursor) if cursor else None


def spot(place: Cursor) -> tuple[str, int]:
    """The message that a cursor comes after: of two that tell the same message how much was known may differ."""
    return place.epoch, place.sequence


class Wire(Protocol):
    """An operation that a replica answers."""

    async def receive(self) -> Message:
        """The next message; raises Gone where none can come."""

    def cut(self) -> None:
        """Break the connection, as a machine does that falls over: nobody says goodbye, and what is unread is lost."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of whom."""

    origin: str
    secret: str
    query: str
    variables: Mapping[str, Any]

    @property
    def body(self) -> dict[str, Any]:
        return {"query": self.query, "variables": dict(self.variables)}


Transport: TypeAlias = Callable[[Request], AbstractAsyncContextManager[Wire]]


@dataclass(frozen=True, slots=True)
class Stream:
    """What somebody follows, and how."""

    query: str
    transport: Transport
    secret: str
    variables: Mapping[str, Any] = field(default_factory=dict)

    def opened(self, replica: Process, after: str | None) -> AbstractAsyncContextManager[Wire]:
        """A replica's stream from `after` on; raises Gone where it cannot be asked."""
        variables = {**self.variables, "after": after}
        return self.transport(Request(replica.origin, self.secret, self.query, variables))


class _Socket:
    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    async def receive(self) -> Message:
        try:
            message = json.loads(await self._connection.recv())
        except ConnectionClosed as error:
            raise Gone from error
        assert "next" == message["type"], message
        return Message.of_reply(message["payload"])

    def cut(self) -> None:
        _abort(self._connection.transport)


@asynccontextmanager
async def by_websocket(request: Request, sock: socket.socket | None = None) -> AsyncGenerator[Wire, None]:
    """As an operation of graphql-transport-ws on a socket of its own."""
    address = f"{request.origin.replace('http', 'ws', 1)}/graphql"
    opening = connect(
        address,
        subprotocols=[Subprotocol("graphql-transport-ws")],
        sock=sock,
        compression=None,
        max_queue=4,
        open_timeout=OPEN_SECONDS,
        close_timeout=1,
    )
    try:
        connection = await opening
    except (WebSocketException, OSError, EOFError) as error:
        raise Gone from error
    try:
        await _subscribe(connection, request)
        yield _Socket(connection)
    finally:
        await connection.close()


async def _subscribe(connection: ClientConnection, request: Request) -> None:
    authorization = {"authorization": f"Bearer {request.secret}"}
    try:
        await connection.send(json.dumps({"type": "connection_init", "payload": authorization}))
        assert {"type": "connection_ack"} == json.loads(await connection.recv())
        await connection.send(json.dumps({"id": "1", "type": "subscribe", "payload": request.body}))
    except ConnectionClosed as error:
        raise Gone from error


@asynccontextmanager
async def by_narrow_websocket(request: Request) -> AsyncGenerator[Wire, None]:
    """The same, where the system takes next to nothing for a reader that does not read."""
    with socket.socket() as narrow:
        narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _NARROW)
        address = urlsplit(request.origin)
        narrow.connect((address.hostname, address.port))
        async with by_websocket(request, narrow) as wire:
            yield wire


class _EventStream:
    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def receive(self) -> Message:
        while True:
            try:
                event = await self._response.content.readuntil(b"\n\n")
            except (aiohttp.ClientError, OSError) as error:
                raise Gone from error
            if not event.endswith(b"\n\n"):
                raise Gone
            if event != b":\n\n":
                assert event.startswith(b"event: next\ndata: "), event
                return Message.of_reply(json.loads(event.split(b"data: ", 1)[1]))

    def cut(self) -> None:
        connection = self._response.connection
        if connection is not None and connection.transport is not None:
            _abort(connection.transport)


@asynccontextmanager
async def by_event_stream(request: Request) -> AsyncGenerator[Wire, None]:
    """As Server-Sent Events."""
    headers = {"Authorization": f"Bearer {request.secret}", "Accept": "text/event-stream"}
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=OPEN_SECONDS)
    async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
        try:
            response = await session.post(f"{request.origin}/graphql", json=request.body)
        except (aiohttp.ClientError, OSError) as error:
            raise Gone from error
        assert 200 == response.status, await response.text()
        try:
            yield _EventStream(response)
        finally:
            response.close()


def _abort(transport: Any) -> None:
    opened = transport.get_extra_info("socket")
    if opened is not None and not transport.is_closing():
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    transport.abort()


TRANSPORTS: Mapping[str, Transport] = {"WebSocket": by_websocket, "event stream": by_event_stream}
