"""What the API server says around its objects: pages of lists, lines of watches, errors."""

from __future__ import annotations

import msgspec


class _Told(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """Read once, and thrown away."""


class ListMeta(_Told, frozen=True):
    resource_version: str = ""
    continue_: str = msgspec.field(name="continue", default="")


class ObjectList(msgspec.Struct, gc=False):
    """One page of a list; its items are decoded one by one, as thousands at once would hold everything else up.

    Of metadata, an empty one is written as null.
    """

    metadata: ListMeta
    items: list[msgspec.Raw] | None


class WatchEvent(msgspec.Struct, gc=False):
    """One line of a watch; what its object is depends on its type."""

    type: str
    object: msgspec.Raw


class Bookmark(_Told, frozen=True):
    """An object that carries nothing but how far the watch has come."""

    metadata: ListMeta


class Status(_Told, frozen=True):
    """An error as the API server writes it."""

    code: int = 0
    reason: str = ""
    message: str = ""
