"""Cursors as text: opaque to their holders, and no secret. Rights are asked anew whoever holds one."""

from __future__ import annotations

import base64
from typing import Any, TypeVar

import msgspec

from api.errors import InvalidInput

T = TypeVar("T")


def encoded(cursor: Any) -> str:
    """URL-safe text."""
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")


def decoded(text: str, kind: type[T], *, most: int, refusal: InvalidInput) -> T:
    """The cursor of `text`, of `most` characters at most; raises `refusal` for what is none of this kind."""
    if len(text) > most:
        raise refusal
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=kind)
    except (ValueError, msgspec.DecodeError) as error:
        raise refusal from error
