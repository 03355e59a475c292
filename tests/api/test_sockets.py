"""What is sent at once arrives as whole messages, or is not sent at all."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedError

from api.sockets import SENDS_AT_ONCE, SendsAtOnce, WebSocketProtocol
from tests.graphql_schema.serving import served

PATIENCE = 10
LENGTHS = [0, 1, 125, 126, 127, 65_535, 65_536, 300_000]


class Sender:
    """An ASGI app of one socket."""

    def __init__(self) -> None:
        self.has_closed = asyncio.Event()
        self._sends: asyncio.Future[SendsAtOnce] = asyncio.get_running_loop().create_future()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        self._sends.set_result(scope["extensions"][SENDS_AT_ONCE])
        while (await receive())["type"] != "websocket.disconnect":
            pass
        self.has_closed.set()

    async def sends_at_once(self) -> SendsAtOnce:
        """The socket's, once it is open. Who asks keeps it, and with it the connection."""
        sends, self._sends = await self._sends, asyncio.get_running_loop().create_future()
        return sends


@asynccontextmanager
async def opened(*, compressing: bool = False, **options: Any) -> AsyncIterator[tuple[Sender, ClientConnection]]:
    sender = Sender()
    async with (
        asyncio.timeout(PATIENCE),
        served(sender, compressing=compressing) as address,
        connect(f"ws://{address}", max_size=None, **options) as socket,
    ):
        yield sender, socket


@pytest.mark.parametrize("length", LENGTHS)
async def test_a_message_arrives_whole_whatever_its_length(length: int) -> None:
    async with opened() as (sender, socket):
        send = await sender.sends_at_once()
        half = b"x" * (length // 2)

        assert send(half, half, b"y" * (length % 2))
        assert send("ä € ".encode(), b"b", b"c")

        assert half.decode() * 2 + "y" * (length % 2) == await socket.recv()
        assert "ä € bc" == await socket.recv()


async def test_what_a_client_wants_compressed_is_left_to_the_usual_way() -> None:
    async with opened(compressing=True) as (sender, socket):
        send = await sender.sends_at_once()

        assert not send(b"a", b"b", b"c")

        await socket.close()
        with pytest.raises(Exception, match="1000"):
            await socket.recv()


async def test_a_client_that_is_behind_is_sent_nothing_more() -> None:
    """What it was sent by then it reads in full."""
    async with opened(max_queue=1) as (sender, socket):
        send = await sender.sends_at_once()

        sent = sent_until_refused(send)

        assert sent == [int((await socket.recv())[:6]) for _ in sent]


async def test_nothing_is_sent_to_who_has_gone() -> None:
    async with opened() as (sender, socket):
        send = await sender.sends_at_once()
        socket.transport.abort()
        await sender.has_closed.wait()

        assert not send(b"a", b"b", b"c")


async def test_the_server_closes_the_socket_of_a_client_that_has_gone_without_a_word() -> None:
    async with opened() as (sender, socket):
        await sender.sends_at_once()

        socket.transport.write_eof()
        await sender.has_closed.wait()

        with pytest.raises(ConnectionClosedError):
            await socket.recv()


async def test_a_connection_that_was_lost_goes_from_memory_at_once() -> None:
    gone = asyncio.Event()
    gc.collect()
    gc.disable()
    try:
        async with opened() as (sender, socket):
            assert (await sender.sends_at_once())(b"a", b"b", b"c")
            weakref.finalize(the_only(WebSocketProtocol), gone.set)
            await socket.close()
            await asyncio.wait_for(gone.wait(), PATIENCE)
    finally:
        gc.enable()


def sent_until_refused(send: Callable[[bytes, bytes, bytes], bool]) -> list[int]:
    """The numbers of the messages that were sent."""
    sent: list[int] = []
    while send(b"%06d" % len(sent), b"x" * 100_000, b""):
        sent.append(len(sent))
        assert len(sent) < 1_000
    return sent


def the_only(kind: type) -> Any:
    (found,) = [each for each in gc.get_objects() if isinstance(each, kind)]
    return found
