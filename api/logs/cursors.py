"""Where a stream stands in logs, and a line among them, as cursors."""

from __future__ import annotations

from typing import Annotated

import msgspec

from api.database.cursors import decoded, encoded
from api.errors import InvalidInput
from api.logs.models import LogLine, LogSource, LogTarget, Place, Places, Position

MOST_CHARACTERS = 64 * 1024

_Nanoseconds = Annotated[int, msgspec.Meta(ge=0, le=2**62)]
_Offset = Annotated[int, msgspec.Meta(ge=0, le=2**31)]
_Position = tuple[_Nanoseconds, _Offset]


class _Read(msgspec.Struct, array_like=True, frozen=True):
    """How far one container's log was read."""

    pod: str
    uid: str
    container: str
    position: _Position | None
    is_over: bool


class _StreamCursor(msgspec.Struct, array_like=True, frozen=True, tag_field="kind", tag="logs"):
    workload: str
    read: tuple[_Read, ...]


class _LineCursor(msgspec.Struct, array_like=True, frozen=True, tag_field="kind", tag="line"):
    at: _Nanoseconds
    uid: str
    container: str
    offset: _Offset


def stream_cursor(target: LogTarget, places: Places) -> str:
    """Where a stream stands in each log that it follows."""
    read = tuple(
        _Read(source.pod, source.uid, source.container, (at.at, at.offset) if at is not None else None, is_over)
        for source, (at, is_over) in places.items()
    )
    return encoded(_StreamCursor(str(target.workload_id), read))


def places_of(cursor: str, target: LogTarget) -> Places:
    """Where a stream stood; InvalidInput on path `after` where it is no cursor of a stream of this app."""
    found = decoded(cursor, _StreamCursor, most=MOST_CHARACTERS, refusal=_no_cursor())
    if found.workload != str(target.workload_id):
        raise _no_cursor()
    return {
        LogSource(target.namespace, each.pod, each.uid, each.container): Place(
            Position(*each.position) if each.position is not None else None, each.is_over
        )
        for each in found.read
    }


LineKey = tuple[int, str, str, int]
"""What lines of several logs are sorted by."""


def key_of(line: LogLine) -> LineKey:
    """By moment; lines of one moment by pod and container, and each log in its own order."""
    return line.position.at, line.source.uid, line.source.container, line.position.offset


def line_cursor(line: LogLine) -> str:
    """Where a line stands among those of all pods of its app."""
    return encoded(_LineCursor(*key_of(line)))


def line_key(cursor: str) -> LineKey:
    """The place of a line; InvalidInput on path `after` where it is no cursor of one."""
    found = decoded(cursor, _LineCursor, most=MOST_CHARACTERS, refusal=_no_cursor())
    return found.at, found.uid, found.container, found.offset


def _no_cursor() -> InvalidInput:
    return InvalidInput(
        "`after` is no cursor of these logs. Give one that a message or a line carried.", path=("after",)
    )
