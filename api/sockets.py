"""WebSockets as uvicorn serves them, where thousands of them are told something, or go, at the same moment.

By ASGI each message is a coroutine, a dictionary and a frame object, which take as long as all that is ours of it. So
an application finds a function in its scope besides, as an extension that other servers do not have:
https://asgi.readthedocs.io/en/latest/extensions.html. The frame is that of RFC 6455, section 5.2: a server masks none.

What is put into a socket wakes whoever reads it, which takes longer than the rest where they have fallen asleep since
the last one. So the messages of one turn of the event loop are made first, and written then, one right after the other.

uvicorn closes sockets as it hears that their clients are gone, all of them in the turn in which it hears it. Here each
waits for its turn, and whatever uvicorn does meanwhile finds a connection that is not open any more.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeAlias, cast
from weakref import WeakKeyDictionary

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.utils import is_ssl
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame
from websockets.http11 import Request
from websockets.protocol import OPEN

from api.turns import Batches

SENDS_AT_ONCE = "moorage.sends_at_once"
"""The extension: a SendsAtOnce."""
SendsAtOnce: TypeAlias = Callable[[bytes, bytes, bytes], bool]
"""Sends a message of text, which is given in three parts as UTF-8; False, with nothing done, where that would have to
wait for the client, or the socket is not open."""

_TEXT = 0x81
"""A whole message of text."""
_MOST_UNWRITTEN = 65_536
"""As many bytes as a transport takes of its own before it has others wait."""
_DEPART_AT_ONCE = 20
"""Some milliseconds' worth, with what the application does then."""
_SHORT, _MIDDLE = 126, 65_536
_pack_middle, _pack_long = struct.Struct("!BBH").pack, struct.Struct("!BBQ").pack


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """One connection."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.crowd = _crowd_of(self.loop)
        self.unwritten = 0
        """Bytes that were put in this turn."""

    def handle_connect(self, event: Request) -> None:
        """Shake hands; the application is begun in a turn of its own."""
        super().handle_connect(event)
        if not self.close_sent:
            self._extensions[SENDS_AT_ONCE] = self.sends_at_once

    def handle_close(self, event: Frame) -> None:
        """The client takes its leave, and is answered when it is its turn."""
        self.stop_keepalive()
        self.crowd.departures.add(partial(super().handle_close, event))

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio asks for a bool, uvicorn gives None
        """The client has gone. To close a socket takes longest of all that is done then, so it waits for its turn."""
        if is_ssl(self.transport):  # which is closed in any case
            return False
        self.crowd.departures.add(self.transport.close)
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is sent any more; all else is done when it is its turn."""
        self.disconnected = True
        self.crowd.departures.add(partial(self.depart, exc))

    def depart(self, exc: Exception | None) -> None:
        """Tell the application. Nothing of the connection refers to itself any more then: it would wait for a garbage
        collection."""
        super().connection_lost(exc)
        if hasattr(self, "scope"):
            self._extensions.pop(SENDS_AT_ONCE, None)

    def shutdown(self) -> None:
        """As the server stops: who is leaving already is not told so."""
        if self.disconnected:
            return
        if self.handshake_complete and not self.close_sent and self.conn.state is not OPEN:
            self.transport.close()
            return
        self.crowd.write()
        super().shutdown()

    def send_500_response(self) -> None:
        """Where the application fails, and somebody is there to be told."""
        if not self.disconnected:
            super().send_500_response()

    def send(self, message: ASGISendEvent) -> Coroutine[Any, Any, None]:
        """As ASGI has it, after what was sent at once before."""
        self.crowd.write()
        return super().send(message)

    def sends_at_once(self, head: bytes, body: bytes, tail: bytes) -> bool:
        """As SendsAtOnce has it. What is compressed goes the usual way."""
        if not self.is_open or self.conn.extensions or not self.writable.is_set() or self.unwritten > _MOST_UNWRITTEN:
            return False
        length = len(head) + len(body) + len(tail)
        self.crowd.put(self, b"".join((_frame_head(length), head, body, tail)))
        return True

    @property
    def is_open(self) -> bool:
        """Whether a message may be sent."""
        return not self.disconnected and self.conn.state is OPEN

    @property
    def _extensions(self) -> dict[str, Any]:
        return cast("dict[str, Any]", self.scope["extensions"])


class _Crowd:
    """The connections of one event loop: what is written in this turn, and what is to be done for those who go."""

    def __init__(self) -> None:
        self._frames: list[tuple[WebSocketProtocol, bytes]] = []
        self.departures = Batches(most=_DEPART_AT_ONCE)

    def put(self, connection: WebSocketProtocol, frame: bytes) -> None:
        """Have a frame written before the turn ends, or right after it."""
        if not self._frames:
            connection.loop.call_soon(self.write)
        self._frames.append((connection, frame))
        connection.unwritten += len(frame)

    def write(self) -> None:
        """Write what was put by now. Who has gone since is sent nothing, and told it all again once they are back."""
        frames, self._frames = self._frames, []
        for connection, frame in frames:
            connection.unwritten = 0
            if connection.is_open:
                connection.transport.write(frame)


_CROWDS: WeakKeyDictionary[asyncio.AbstractEventLoop, _Crowd] = WeakKeyDictionary()


def _crowd_of(loop: asyncio.AbstractEventLoop) -> _Crowd:
    if loop not in _CROWDS:
        _CROWDS[loop] = _Crowd()
    return _CROWDS[loop]


def _frame_head(length: int) -> bytes:
    if length < _SHORT:
        return bytes((_TEXT, length))
    return _pack_middle(_TEXT, 126, length) if length < _MIDDLE else _pack_long(_TEXT, 127, length)
