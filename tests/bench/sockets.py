"""Thousands of WebSockets that follow the same, by a client that does little more than note when something came."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import cast

import msgspec

_AT_ONCE = 100
_PING, _PONG = b"\x89", b"\x8a"
"""Who does not answer is closed after 24 s."""
_LONGEST_MARK = 64
_SHORT, _MIDDLE = 126, 65_536


class Follower(asyncio.Protocol):
    """One socket. `seen` is when a marked text came; a text of the protocol is short of anything that looks like it."""

    def __init__(self, address: tuple[str, int], token: str, query: str, variables: dict[str, str]) -> None:
        self._host = f"{address[0]}:{address[1]}"
        self._hello = [
            {"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}},
            {"id": "1", "type": "subscribe", "payload": {"query": query, "variables": variables}},
        ]
        self._transport: asyncio.WriteTransport | None = None
        self._opened = False
        self.mark = b""
        self._before = b""  # a mark may come in two parts
        self.seen: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self.told: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def expect(self, mark: bytes) -> asyncio.Future[float]:
        """When a text with `mark` in it comes."""
        self.mark, self.seen = mark, asyncio.get_running_loop().create_future()
        return self.seen

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)
        lines = [
            "GET /graphql HTTP/1.1",
            f"Host: {self._host}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Protocol: graphql-transport-ws",
        ]
        self._transport.write("\r\n".join([*lines, "", ""]).encode())

    def data_received(self, data: bytes) -> None:
        if not self._opened:
            assert data.startswith(b"HTTP/1.1 101"), data[:200]
            self._opened = True
            assert self._transport is not None
            self._transport.write(b"".join(map(_frame, self._hello)))
        if data[:1] == _PING:
            assert self._transport is not None
            size = data[1]
            self._transport.write(_PONG + bytes([0x80 | size]) + b"\0\0\0\0" + data[2 : 2 + size])
        assert b'"type":"error"' not in data, data[:1000]
        if not self.told.done() and b'"type":"next"' in data:
            self.told.set_result(None)
        if self.mark and not self.seen.done() and self.mark in self._before + data:
            self.seen.set_result(time.perf_counter())
        self._before = data[-_LONGEST_MARK:]

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()


def _frame(message: object) -> bytes:
    """A text frame as clients send it, masked with zeros: https://www.rfc-editor.org/rfc/rfc6455#section-5.2."""
    text = msgspec.json.encode(message)
    size = bytes([0x80 | len(text)]) if len(text) < _SHORT else bytes([0x80 | _SHORT]) + len(text).to_bytes(2, "big")
    assert len(text) < _MIDDLE
    return b"\x81" + size + b"\0\0\0\0" + text


@asynccontextmanager
async def following(
    count: int, address: tuple[str, int], make: Callable[[], Follower]
) -> AsyncIterator[Sequence[Follower]]:
    """So many sockets, each told its snapshot."""
    loop = asyncio.get_running_loop()
    followers: list[Follower] = []
    try:
        while len(followers) < count:
            wave = [make() for _ in range(min(_AT_ONCE, count - len(followers)))]
            followers += wave
            for each in wave:
                await loop.create_connection(lambda each=each: each, *address)  # type: ignore[misc]  # one each
            async with asyncio.timeout(60):
                await asyncio.gather(*(each.told for each in wave))
        yield followers
    finally:
        for each in followers:
            each.close()
