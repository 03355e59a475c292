"""WebSockets as uvicorn serves them, and a way to send at once what thousands are told.

By ASGI each message is a coroutine, a dictionary and a frame object, which take as long as all that is ours of it. So
an application finds a function in its scope besides, as an extension that other servers do not have:
https://asgi.readthedocs.io/en/latest/extensions.html. The frame is that of RFC 6455, section 5.2: a server masks none.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, TypeAlias, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request
from websockets.protocol import OPEN

SENDS_AT_ONCE = "moorage.sends_at_once"
"""The extension: a SendsAtOnce."""
SendsAtOnce: TypeAlias = Callable[[bytes, bytes, bytes], bool]
"""Sends a message of text, which is given in three parts as UTF-8; False, with nothing done, where that would have to
wait for the client, or the socket is not open."""

_TEXT = 0x81
"""A whole message of text."""
_SHORT, _MIDDLE = 126, 65_536
_pack_middle, _pack_long = struct.Struct("!BBH").pack, struct.Struct("!BBQ").pack


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """One connection."""

    def handle_connect(self, event: Request) -> None:
        """Shake hands; the application is begun in a turn of its own."""
        super().handle_connect(event)
        if not self.close_sent:
            self._extensions[SENDS_AT_ONCE] = self.sends_at_once

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing of the connection refers to itself any more: it would wait for a garbage collection."""
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


def _frame_head(length: int) -> bytes:
    if length < _SHORT:
        return bytes((_TEXT, length))
    return _pack_middle(_TEXT, 126, length) if length < _MIDDLE else _pack_long(_TEXT, 127, length)
