"""Cursors: opaque to their holders, and no secret. Rights are asked anew whoever holds one."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, TypeVar

import msgspec

from api.errors import InvalidInput
from api.logs.models import LogLine, LogSource, LogTarget, Place, Places, Position

MOST_CHARACTERS = 64 * 1024

T = TypeVar("T")
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
    return _encoded(_StreamCursor(str(target.workload_id), read))


def places_of(cursor: str, target: LogTarget) -> Places:
    """Where a stream stood; InvalidInput on path `after` where it is no cursor of a stream of this app."""
    decoded = _decoded(cursor, _StreamCursor)
    if decoded.workload != str(target.workload_id):
        raise _no_cursor()
    return {
        LogSource(target.namespace, each.pod, each.uid, each.container): Place(
            Position(*each.position) if each.position is not None else None, each.is_over
        )
        for each in decoded.read
    }


LineKey = tuple[int, str, str, int]
"""What lines of several logs are sorted by."""


def key_of(line: LogLine) -> LineKey:
    """By moment; lines of one moment by pod and container, and each log in its own order."""
    return line.position.at, line.source.uid, line.source.container, line.position.offset


def line_cursor(line: LogLine) -> str:
    """Where a line stands among those of all pods of its app."""
    return _encoded(_LineCursor(*key_of(line)))


def line_key(cursor: str) -> LineKey:
    """The place of a line; InvalidInput on path `after` where it is no cursor of one."""
    decoded = _decoded(cursor, _LineCursor)
    return decoded.at, decoded.uid, decoded.container, decoded.offset


def _encoded(cursor: msgspec.Struct) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")


def _decoded(cursor: str, kind: type[T]) -> T:
    if len(cursor) > MOST_CHARACTERS:
        raise _no_cursor()
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return msgspec.json.decode(base64.urlsafe_b64decode(padded.encode()), type=kind)
    except (binascii.Error, ValueError, msgspec.DecodeError) as error:
        raise _no_cursor() from error


def _no_cursor() -> InvalidInput:
    return InvalidInput(
        "`after` is no cursor of these logs. Give one that a message or a line carried.", path=("after",)
    )
