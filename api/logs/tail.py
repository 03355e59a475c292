"""One reader's place in the log of one container."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from api.clusters.backoff import Backoff
from api.errors import ClusterRefused, MoorageError, NotThere
from api.logs.follow import Follow
from api.logs.follows import Follows
from api.logs.models import GapReason, LogLine, LogSource, PodEnd, Position
from api.logs.reading import LogReader, Reading
from api.logs.ring import Break

MOST_AT_ONCE = 200
"""Lines of one log that are taken at a time: others have their turn."""
_POLL_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Taken:
    """What a tail has next: a gap or a number of dropped lines first, and then lines."""

    lines: tuple[LogLine, ...] = ()
    gap: GapReason | None = None
    dropped: int = 0


NOTHING = Taken()


class Tail:
    """Reads from its place to the end of the log, then goes on with whoever follows it. `history`: how many of the last
    lines are wanted of a log that is read for the first time; None: all from the place on."""

    def __init__(
        self, source: LogSource, place: Position | None, *, history: int | None, reader: LogReader, follows: Follows
    ) -> None:
        self.source = source
        self.end: PodEnd | None = None
        """Set once everything was taken, and nothing comes any more."""
        self._place = place
        self._history = history
        self._reader = reader
        self._follows = follows
        self._follow: Follow | None = None
        self._number = 0
        self._backoff = Backoff()
        self._due = 0.0
        self._is_latest = False
        self._told_gap_at: Position | None = None

    @property
    def is_due(self) -> bool:
        """Whether it has to be read by a call, and may be by now."""
        return self._follow is None and self.end is None and asyncio.get_running_loop().time() >= self._due

    @property
    def is_joined(self) -> bool:
        """Whether it goes on with those who follow its log."""
        return self._follow is not None

    def join(self, wakeup: asyncio.Event) -> bool:
        """Go on with those who follow this log, if that is possible just now."""
        if self._history is not None or self.end is not None:
            return False
        self._follow = self._follows.join(self.source, self._place, wakeup, is_latest=self._is_latest)
        if self._follow is None:
            if self._is_latest and not self._follows.has(self.source):  # no room: it is read in turns
                self._wait(_POLL_SECONDS)
            self._is_latest = False
            return False
        self._number = self._follow.ring.number_behind(self._place)
        return True

    def leave(self, wakeup: asyncio.Event) -> None:
        if self._follow is not None:
            self._follows.leave(self._follow, wakeup)
            self._follow = None

    async def read(self) -> Taken:
        """The next piece by a call of the cluster; what fails is tried again later."""
        try:
            reading = await self._read()
        except NotThere:
            self.end = PodEnd.DELETED
            return Taken(gap=GapReason.POD_GONE)
        except ClusterRefused:  # no run of it, yet or any more
            self._wait(self._backoff.next())
            return NOTHING
        except MoorageError:
            self._is_latest = False
            self._wait(self._backoff.next())
            return NOTHING
        self._backoff.reset()
        self._is_latest = reading.is_whole
        return self._taken(reading)

    def take(self, wakeup: asyncio.Event) -> Taken:
        """What those who follow it have that is new."""
        follow = self._follow
        if follow is None:
            return NOTHING
        ring = follow.ring
        if self._number < ring.begin:
            dropped, self._number = ring.begin - self._number, ring.begin
            return Taken(dropped=dropped)
        items = ring.items(self._number, MOST_AT_ONCE)
        if not items:
            self._look_for_the_end(follow, wakeup)
            return NOTHING
        if isinstance(items[0], Break):
            self._number += 1
            return Taken(gap=items[0].reason)
        lines = tuple(_until_break(items))
        self._number += len(lines)
        self._place = lines[-1].position
        return Taken(lines)

    async def _read(self) -> Reading:
        if self._history is None:
            return await self._reader.behind(self.source, self._place)
        reading = await self._reader.tail(self.source, self._history)
        wanted, self._history = self._history, None
        return reading if wanted else reading.end(0)

    def _taken(self, reading: Reading) -> Taken:
        gap = reading.gap
        if gap is not None and self._told_gap_at is not None and self._told_gap_at == self._place:
            gap = None
        if gap is not None:
            self._told_gap_at = self._place
        self._place = reading.last
        return Taken(reading.lines, gap)

    def _look_for_the_end(self, follow: Follow, wakeup: asyncio.Event) -> None:
        if follow.end is not None:
            self.end = follow.end
        if follow.end is not None or follow.has_failed:
            self.leave(wakeup)
            self._is_latest = False

    def _wait(self, seconds: float) -> None:
        self._due = asyncio.get_running_loop().time() + seconds


def _until_break(items: list[LogLine | Break]) -> list[LogLine]:
    lines = list[LogLine]()
    for item in items:
        if isinstance(item, Break):
            break
        lines.append(item)
    return lines
