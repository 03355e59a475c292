"""Pages of a list: what a Relay connection is made of, for lists in PostgreSQL and in memory alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

MAX_PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which part of a list is asked for: `first` items after a cursor, or `last` items before one.

    Cursors are opaque to the caller; a service decodes its own. Exactly one of `first` and `last` is set.
    """

    first: int | None = 20
    after: str | None = None
    last: int | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One part of a list, in list order. `cursors` has one entry for each item."""

    items: tuple[T, ...]
    cursors: tuple[str, ...]
    has_next: bool
    has_previous: bool
    total: int
