"""From the bytes of a log with timestamps to lines with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from api.logs.models import LogLine, LogSource, Position, nanoseconds_of
from api.monitoring.logs import escaped
from api.monitoring.redaction import redacted

MOST_LINE_BYTES = 16 * 1024
"""Of a line's text; what is longer is cut, and says so."""
_MOST_STAMP_BYTES = 40
_STAMP = re.compile(rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)(?: |$)")
"""RFC 3339 with nanoseconds, as the kubelet puts it before each line."""


class LineSplitter:
    """Whole lines out of pieces, none longer than MOST_LINE_BYTES and its timestamp."""

    def __init__(self) -> None:
        self._rest = b""
        self._is_cut = False

    def feed(self, piece: bytes) -> Iterator[tuple[bytes, bool]]:
        """The lines that end in this piece, and whether each was cut."""
        *ended, rest = piece.split(b"\n")
        for part in ended:
            self._add(part)
            yield self._take()
        self._add(rest)

    def flush(self) -> Iterator[tuple[bytes, bool]]:
        """What has come of a line that did not end."""
        if self._rest:
            yield self._take()

    def _add(self, part: bytes) -> None:
        room = MOST_LINE_BYTES + _MOST_STAMP_BYTES - len(self._rest)
        self._is_cut = self._is_cut or len(part) > room
        self._rest += part[: max(room, 0)]

    def _take(self) -> tuple[bytes, bool]:
        taken = self._rest, self._is_cut
        self._rest, self._is_cut = b"", False
        return taken


class Numbering:
    """Gives each line of one reading its place, and leaves out what is not behind `after`.

    Two readings agree where each began a second before the lines that they share, and no line of the log is more than
    that second older than the one before it. Then `has_found` says whether the log still had the line at `after`.
    """

    def __init__(self, source: LogSource, after: Position | None = None) -> None:
        self._source = source
        self._after = after
        self._at = -1
        self._offset = 0
        self.has_found = after is None
        self.last = after
        """The place up to which was read."""

    def line(self, raw: bytes, *, is_cut: bool = False) -> LogLine | None:
        """The line; None for one that was read before, and for what the kubelet says beside the log, which bears no
        timestamp."""
        stamp = _STAMP.match(raw)
        at = _nanoseconds(stamp) if stamp is not None else None
        if stamp is None or at is None:
            return None
        position = self._next(at)
        if self._after is not None and position <= self._after:
            self.has_found = self.has_found or position == self._after
            return None
        self.last = position
        text = raw[stamp.end() :]
        message = escaped(redacted(text[:MOST_LINE_BYTES].decode(errors="replace").removesuffix("\r")))
        return LogLine(self._source, position, at, message, is_cut or len(text) > MOST_LINE_BYTES)

    def _next(self, at: int) -> Position:
        self._offset = 0 if at > self._at else self._offset + 1
        self._at = max(at, self._at)
        return Position(self._at, self._offset)


def _nanoseconds(stamp: re.Match[bytes]) -> int | None:
    second, fraction, zone = (each.decode() if each else "" for each in stamp.groups())
    try:
        moment = datetime.fromisoformat(second + ("+00:00" if zone == "Z" else zone))
    except ValueError:
        return None
    return nanoseconds_of(moment) + int(fraction.ljust(9, "0"))
