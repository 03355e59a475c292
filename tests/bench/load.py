"""One request again and again on connections that stay open, by a client that costs little beside any server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle
from typing import cast

import psutil

_END = b"\r\n\r\n"
_LENGTH = b"content-length: "


@dataclass(frozen=True, slots=True)
class Load:
    """What a server did in a while."""

    requests: int
    seconds: float
    server_seconds: float
    """Of the processor, in the server's process."""

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds

    @property
    def microseconds(self) -> float:
        """Of the server's processor time, a request."""
        return self.server_seconds / self.requests * 1_000_000


def request(path: str, body: bytes, **headers: str) -> bytes:
    """The bytes of a POST; names of headers with `_` for `-`."""
    lines = [f"POST {path} HTTP/1.1", f"Content-Length: {len(body)}", "Content-Type: application/json"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


class _Asker(asyncio.Protocol):
    """Sends the next request once the answer to the last one is whole."""

    def __init__(self, texts: Iterator[bytes], answered: Callable[[], None]) -> None:
        self._texts = texts
        self._answered = answered
        self._read = b""
        self._transport: asyncio.WriteTransport | None = None
        self.last = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)  # uvloop's is none by its class
        self._transport.write(next(self._texts))

    def data_received(self, data: bytes) -> None:
        self._read += data
        end = self._read.find(_END)
        if end < 0 or len(self._read) < end + len(_END) + self._length(end):
            return
        self.last, self._read = self._read, b""
        self._answered()
        assert self._transport is not None
        self._transport.write(next(self._texts))

    def _length(self, end: int) -> int:
        head = self._read[:end].lower()
        start = head.index(_LENGTH) + len(_LENGTH)
        return int(head[start:].split(b"\r\n", 1)[0])


@asynccontextmanager
async def asking(address: tuple[str, int], *texts: bytes, connections: int) -> AsyncIterator[Callable[[], int]]:
    """Ask for one after the other, as long as the context lasts; gives how many answers have come so far. The last one
    must be a 200."""
    count, endless = 0, cycle(texts)

    def answered() -> None:
        nonlocal count
        count += 1

    loop = asyncio.get_running_loop()
    opened = [await loop.create_connection(lambda: _Asker(endless, answered), *address) for _ in range(connections)]
    try:
        yield lambda: count
    finally:
        for transport, _ in opened:
            transport.close()
        assert all(asker.last.startswith(b"HTTP/1.1 200") for _, asker in opened), opened[0][1].last[:500]


async def load(
    address: tuple[str, int], text: bytes, server: psutil.Process, *, seconds: float, connections: int = 8
) -> Load:
    """Ask for a while, after a short run that warms everything up."""
    async with asking(address, text, connections=connections) as answers:
        await asyncio.sleep(seconds / 4)
        asked, used, began = answers(), _used(server), time.perf_counter()
        await asyncio.sleep(seconds)
        return Load(answers() - asked, time.perf_counter() - began, _used(server) - used)


def _used(server: psutil.Process) -> float:
    times = server.cpu_times()
    return times.user + times.system
