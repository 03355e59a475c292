"""The ways in which an operation is sent, each as a client does it, for promises that are the same over all of them.

One more transport is one more function, and one more line of WIRES.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol


@dataclass(frozen=True, slots=True)
class Answer:
    """The first that came back, after how many seconds; over HTTP with its status and headers."""

    payload: dict[str, Any]
    seconds: float
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def errors(self) -> list[dict[str, Any]]:
        errors: list[dict[str, Any]] = self.payload.get("errors", [])
        return errors

    @property
    def codes(self) -> set[str]:
        return {error["extensions"]["code"] for error in self.errors}


Request: TypeAlias = Mapping[str, Any]
"""The parameters of an operation: `query`, `variables`, `operationName`."""
Wire: TypeAlias = Callable[[str, str, Request], Coroutine[Any, Any, Answer]]
"""Sends a request to an address with a bearer token, and gives the first answer."""


async def by_post(address: str, token: str, request: Request) -> Answer:
    headers = {"authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=f"http://{address}", headers=headers) as client:
        start = time.perf_counter()
        response = await client.post("/graphql", json=dict(request))
        seconds = time.perf_counter() - start
    return Answer(response.json(), seconds, response.status_code, response.headers)


async def by_websocket(address: str, token: str, request: Request) -> Answer:
    async with opened_socket(address, token) as socket:
        start = time.perf_counter()
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": dict(request)}))
        message = json.loads(await socket.recv())
        seconds = time.perf_counter() - start
    payload = message["payload"]
    return Answer(payload if message["type"] == "next" else {"errors": payload}, seconds)


async def by_event_stream(address: str, token: str, request: Request) -> Answer:
    headers = {"authorization": f"Bearer {token}", "accept": "text/event-stream"}
    async with httpx.AsyncClient(base_url=f"http://{address}", headers=headers) as client:
        start = time.perf_counter()
        async with client.stream("POST", "/graphql", json=dict(request)) as response:
            async for line in response.aiter_lines():
                if line.startswith("data: "):
                    seconds = time.perf_counter() - start
                    return Answer(json.loads(line.removeprefix("data: ")), seconds, response.status_code)
    raise AssertionError("the stream ended without an answer")


WIRES: Mapping[str, Wire] = {"POST": by_post, "WebSocket": by_websocket, "event stream": by_event_stream}


@asynccontextmanager
async def opened_socket(address: str, token: str) -> AsyncIterator[ClientConnection]:
    """A socket that is acknowledged."""
    async with unacknowledged(address) as socket:
        await socket.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}))
        assert {"type": "connection_ack"} == json.loads(await socket.recv())
        yield socket


def unacknowledged(address: str) -> connect:
    """A socket that has said nothing yet."""
    return connect(f"ws://{address}/graphql", subprotocols=[Subprotocol("graphql-transport-ws")])
