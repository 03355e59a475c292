"""Pages of a list: what a Relay connection is made of, for lists in PostgreSQL and in memory alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")
U = TypeVar("U")
F = TypeVar("F", bound=StrEnum)

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
class Order(Generic[F]):
    """By what a list is sorted, where the caller may choose."""

    field: F
    descending: bool = False

    @property
    def name(self) -> str:
        """What the list's cursors carry, so that one of another order is told."""
        return f"{self.field.value}:{'desc' if self.descending else 'asc'}"


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One part of a list, in list order. `cursors` has one entry for each item."""

    items: tuple[T, ...]
    cursors: tuple[str, ...]
    has_next: bool
    has_previous: bool
    total: int

    def map(self, function: Callable[[T], U]) -> Page[U]:
        """The same page with each item turned into something else."""
        items = tuple(function(item) for item in self.items)
        return Page(items, self.cursors, self.has_next, self.has_previous, self.total)
