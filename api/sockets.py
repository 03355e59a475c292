"""WebSockets as uvicorn serves them, where thousands of them are told something, or go, at the same moment.

By ASGI each message is a coroutine, a dictionary and a frame object, which take as long as all that is ours of it. So
an application finds a function in its scope besides, as an extension that other servers do not have:
https://asgi.readthedocs.io/en/latest/extensions.html. The frame is that of RFC 6455, section 5.2: a server masks none.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias, cast
from weakref import WeakKeyDictionary

from uvicorn.protocols.utils import is_ssl
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
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
_DEPART_AT_ONCE = 50
"""Some milliseconds' worth, with what the application does then."""
_SHORT, _MIDDLE = 126, 65_536
_pack_middle, _pack_long = struct.Struct("!BBH").pack, struct.Struct("!BBQ").pack


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """One connection."""

    def handle_connect(self, event: Request) -> None:
        """Shake hands; the application is begun in a turn of its own."""
        super().handle_connect(event)
        if not self.close_sent:
            self._extensions[SENDS_AT_ONCE] = self.sends_at_once

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio asks for a bool, uvicorn gives None
        """The client has gone. To close a socket takes longest of all that is done then, so it waits for its turn."""
        if is_ssl(self.transport):  # which is closed in any case
            return False
        _departures(self.loop).add(self.transport.close)
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is sent any more; all else is done some turns later, where many go at once: a network that goes away
        takes thousands with it in one."""
        self.disconnected = True
        _departures(self.loop).add(partial(self.depart, exc))

    def depart(self, exc: Exception | None) -> None:
        """Tell the application. Nothing of the connection refers to itself any more then: it would wait for a garbage
        collection."""
        super().connection_lost(exc)
        if hasattr(self, "scope"):
            self._extensions.pop(SENDS_AT_ONCE, None)

    def sends_at_once(self, head: bytes, body: bytes, tail: bytes) -> bool:
        """As SendsAtOnce has it. What is compressed goes the usual way."""
        conn = self.conn
        if self.disconnected or conn.state is not OPEN or conn.extensions or not self.writable.is_set():
            return False
        length = len(head) + len(body) + len(tail)
        self.transport.write(b"".join((_frame_head(length), head, body, tail)))
        return True

    @property
    def _extensions(self) -> dict[str, Any]:
        return cast("dict[str, Any]", self.scope["extensions"])


_OF_LOOPS: WeakKeyDictionary[asyncio.AbstractEventLoop, Batches] = WeakKeyDictionary()


def _departures(loop: asyncio.AbstractEventLoop) -> Batches:
    """What is to be done for connections that were lost."""
    if loop not in _OF_LOOPS:
        _OF_LOOPS[loop] = Batches(most=_DEPART_AT_ONCE)
    return _OF_LOOPS[loop]


def _frame_head(length: int) -> bytes:
    if length < _SHORT:
        return bytes((_TEXT, length))
    return _pack_middle(_TEXT, 126, length) if length < _MIDDLE else _pack_long(_TEXT, 127, length)
