"""The latest lines of one log, for many readers, each at a place of its own."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import islice

from api.logs.models import GapReason, LogLine, Position

MOST_LINES = 1000
MOST_BYTES = 256 * 1024
_OVERHEAD = 200
"""Bytes of a line beside its message, about."""


@dataclass(frozen=True, slots=True)
class Break:
    """Between the line at `after` and the next one in the ring, lines may be missing."""

    after: Position | None
    reason: GapReason


Item = LogLine | Break


class Ring:
    """Bounded in lines and bytes: the oldest give way. Items are counted from the first that ever was in it."""

    def __init__(self, after: Position | None, *, most_lines: int = MOST_LINES, most_bytes: int = MOST_BYTES) -> None:
        self._items: deque[Item] = deque()
        self._most_lines = most_lines
        self._most_bytes = most_bytes
        self._bytes = 0
        self._floor = after
        self.begin = 0
        """The number of the oldest item."""

    @property
    def end(self) -> int:
        """The number that the next item will have."""
        return self.begin + len(self._items)

    def add(self, item: Item) -> None:
        """One more; what is oldest goes where there is no room."""
        self._items.append(item)
        self._bytes += _size(item)
        while len(self._items) > self._most_lines or (self._bytes > self._most_bytes and len(self._items) > 1):
            oldest = self._items.popleft()
            self._bytes -= _size(oldest)
            self.begin += 1
            self._floor = oldest.position if isinstance(oldest, LogLine) else oldest.after

    def covers(self, after: Position | None) -> bool:
        """Whether it has all that stands behind a place, as far as it has come."""
        return self._floor is None or (after is not None and after >= self._floor)

    def number_behind(self, after: Position | None) -> int:
        """The number of the first item behind a place."""
        behind = (index for index, item in enumerate(self._items) if _is_behind(item, after))
        return self.begin + next(behind, len(self._items))

    def items(self, number: int, most: int) -> list[Item]:
        """Items from a number on, which must not lie before `begin`."""
        start = number - self.begin
        return list(islice(self._items, start, start + most))


def _is_behind(item: Item, after: Position | None) -> bool:
    if after is None:
        return True
    if isinstance(item, LogLine):
        return item.position > after
    return item.after is None or item.after >= after


def _size(item: Item) -> int:
    return _OVERHEAD + (len(item.message) if isinstance(item, LogLine) else 0)
