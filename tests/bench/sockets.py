"""Thousands of WebSockets that follow the same, by a client that does little more than note when something came."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import cast

import msgspec

_AT_ONCE = 100
_PING, _PONG = 0x89, b"\x8a"
"""Who does not answer is closed after 24 s."""
_SHORT, _MIDDLE = 126, 65_536


class Sighting:
    """When each of `count` followers sees a text with `mark` in it. It does as little as can be at each: the client
    shares two cores with the server, and what it takes is in the server's figures."""

    def __init__(self, mark: bytes, count: int) -> None:
        self.mark = mark
        self.text = b""
        """That was seen first."""
        self.times: list[float] = []
        self.all: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._count = count

    def saw(self, text: bytes) -> None:
        self.text = self.text or text
        self.times.append(time.perf_counter())
        if len(self.times) == self._count and not self.all.done():
            self.all.set_result(None)

    @property
    def spread(self) -> float:
        """Milliseconds from the first to 99 of a hundred."""
        return (self.times[len(self.times) * 99 // 100] - self.times[0]) * 1000

    def failed(self, error: Exception) -> None:
        if not self.all.done():
            self.all.set_exception(error)


class Follower(asyncio.Protocol):
    """One socket. What it looks for is in no text of the protocol itself."""

    def __init__(self, address: tuple[str, int], token: str, query: str, variables: dict[str, str]) -> None:
        self._host = f"{address[0]}:{address[1]}"
        self._hello = [
            {"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}},
            {"id": "1", "type": "subscribe", "payload": {"query": query, "variables": variables}},
        ]
        self._transport: asyncio.WriteTransport | None = None
        self._opened = self._closed = False
        self._unread = b""  # the beginning of a frame
        self.messages = self.bytes_read = 0
        """That came."""
        self.sighting: Sighting | None = None
        """Of what it looks out for."""
        self.told: asyncio.Future[None] = asyncio.get_running_loop().create_future()

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
        assert self._transport is not None
        self.bytes_read += len(data)
        if not self._opened:
            assert data.startswith(b"HTTP/1.1 101"), data[:200]
            self._opened = True
            self._transport.write(b"".join(map(_frame, self._hello)))
            return
        self._unread = self._unread + data if self._unread else data
        while (frame := _first_frame(self._unread)) is not None:
            kind, text, self._unread = frame
            if kind == _PING:
                self._transport.write(_PONG + bytes([0x80 | len(text)]) + b"\0\0\0\0" + text)
            else:
                self._read(text)

    def _read(self, text: bytes) -> None:
        assert b'"type":"error"' not in text, text[:1000]
        self.messages += 1
        if not self.told.done() and b'"type":"next"' in text:
            self.told.set_result(None)
        if self.sighting is not None and self.sighting.mark in text:
            self.sighting.saw(text)
            self.sighting = None

    def connection_lost(self, error: Exception | None) -> None:
        """What is waited for does not come."""
        if self._closed:
            return
        error = error or ConnectionError("the server has closed")
        if not self.told.done():
            self.told.set_exception(error)
        if self.sighting is not None:
            self.sighting.failed(error)

    def sleep(self) -> None:
        """Read nothing any more."""
        cast("asyncio.ReadTransport", self._transport).pause_reading()

    def close(self) -> None:
        self._closed = True
        if self._transport is not None:
            self._transport.abort()


def _first_frame(data: bytes) -> tuple[int, bytes, bytes] | None:
    """The first byte of a server's frame, its text, and what comes after it; None while it is not whole."""
    if len(data) < 2:
        return None
    begins = {_SHORT: 4, _SHORT + 1: 10}.get(data[1], 2)
    size = data[1] if begins == 2 else int.from_bytes(data[2:begins], "big")
    ends = begins + size
    return (data[0], data[begins:ends], data[ends:]) if begins <= len(data) and ends <= len(data) else None


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
