"""What is sent at once arrives as whole messages, or is not sent at all."""

from __future__ import annotations

import asyncio
import gc
import struct
import weakref
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from socket import SO_LINGER, SOL_SOCKET
from typing import Any, TypeAlias

import pytest
import uvloop
from starlette.types import Receive, Scope, Send
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedError, InvalidMessage

from api.sockets import SENDS_AT_ONCE, SendsAtOnce, WebSocketProtocol
from tests.graphql_schema.serving import served

PATIENCE = 10
OTHERS = 5_000
LENGTHS = [0, 1, 125, 126, 127, 65_535, 65_536, 300_000]


LOOPS = pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
"""Both loops that there may be: they differ in what may be done with a socket that is closed."""
Loop: TypeAlias = Callable[[], asyncio.AbstractEventLoop]


class Sender:
    """An ASGI app of one socket."""

    def __init__(self) -> None:
        self.send: Send
        """The usual way."""
        self.has_closed = asyncio.Event()
        self._sends: asyncio.Future[SendsAtOnce] = asyncio.get_running_loop().create_future()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        self.send = send
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
        assert half.decode() * 2 + "y" * (length % 2) == await socket.recv()
        assert send("ä € ".encode(), b"b", b"c")
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
        sent = await sent_until_refused(await sender.sends_at_once())

        assert sent == [int((await socket.recv())[:6]) for _ in sent]


async def test_what_is_sent_in_one_turn_is_not_more_than_a_transport_takes() -> None:
    async with opened() as (sender, socket):
        send = await sender.sends_at_once()

        taken = [send(b"%06d" % number, b"x" * 10_000, b"") for number in range(20)]

        assert [True] * 7 + [False] * 13 == taken
        assert [*range(7)] == [int((await socket.recv())[:6]) for _ in range(7)]
        assert send(b"a", b"b", b"c")
        assert "abc" == await socket.recv()


async def test_what_is_sent_the_usual_way_comes_after_what_was_sent_at_once() -> None:
    async with opened() as (sender, socket):
        send = await sender.sends_at_once()

        assert send(b"first", b"", b"")
        await sender.send({"type": "websocket.send", "text": "second"})
        assert send(b"third", b"", b"")

        assert ["first", "second", "third"] == [await socket.recv() for _ in range(3)]


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


def hold_up(connection: WebSocketProtocol) -> None:
    """Have others be seen off before it."""
    for _ in range(OTHERS):
        connection.crowd.departures.add(lambda: None)


def abort(socket: ClientConnection) -> None:
    linger = struct.pack("ii", 1, 0)
    socket.transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, linger)
    socket.transport.abort()


def end(socket: ClientConnection) -> None:
    socket.transport.write_eof()


def close(socket: ClientConnection) -> None:
    socket.protocol.send_close(1001)
    socket.transport.write(b"".join(socket.protocol.data_to_send()))


@LOOPS
@pytest.mark.parametrize("leave", [abort, end, close])
def test_a_server_that_stops_is_not_held_up_by_a_client_that_waits_for_its_turn_to_leave(
    leave: Callable[[ClientConnection], None], loop: Loop
) -> None:
    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(stopped_while(leave))


async def stopped_while(leave: Callable[[ClientConnection], None]) -> None:
    async with opened() as (sender, socket):
        await sender.sends_at_once()
        connection = the_only_open()
        hold_up(connection)
        leave(socket)
        await turns_until(lambda: not connection.is_open or connection.transport.is_closing())

        assert not sender.has_closed.is_set()
        connection.shutdown()

        await sender.has_closed.wait()


@LOOPS
def test_an_application_that_fails_once_its_client_has_gone_is_done_with(
    loop: Loop, caplog: pytest.LogCaptureFixture
) -> None:
    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(failed_once_gone())

    assert ["Exception in ASGI application\n"] == [record.getMessage() for record in caplog.records]


async def failed_once_gone() -> None:
    begun, gone = asyncio.Event(), asyncio.Event()

    async def fail(scope: Scope, receive: Receive, send: Send) -> None:
        begun.set()
        await gone.wait()
        raise ValueError("no")

    async with asyncio.timeout(PATIENCE), served(fail) as address:
        shaking = asyncio.create_task(connect(f"ws://{address}").__aenter__())
        await begun.wait()
        connection = the_only_open()
        connection.transport.abort()
        hold_up(connection)
        await turns_until(lambda: connection.disconnected)
        gone.set()
        await asyncio.gather(*connection.tasks)
        with pytest.raises(InvalidMessage):
            await shaking


async def test_a_connection_that_was_lost_goes_from_memory_at_once() -> None:
    gone = asyncio.Event()
    gc.collect()
    gc.disable()
    try:
        async with opened() as (sender, socket):
            assert (await sender.sends_at_once())(b"a", b"b", b"c")
            weakref.finalize(the_only_open(), gone.set)
            del sender.send
            await socket.close()
            await asyncio.wait_for(gone.wait(), PATIENCE)
    finally:
        gc.enable()


async def sent_until_refused(send: SendsAtOnce) -> list[int]:
    """The numbers of the messages that were sent, each in a turn of its own."""
    sent: list[int] = []
    while send(b"%06d" % len(sent), b"x" * 100_000, b""):
        sent.append(len(sent))
        assert len(sent) < 1_000
        await asyncio.sleep(0)
    return sent


async def turns_until(is_so: Callable[[], bool]) -> None:
    """Turns of the event loop, in which nothing else waits for it."""
    for _ in range(100_000):
        if is_so():
            return
        await asyncio.sleep(0)
    raise TimeoutError


def the_only_open() -> WebSocketProtocol:
    (found,) = [each for each in gc.get_objects() if type(each) is WebSocketProtocol and not each.disconnected]
    return found
