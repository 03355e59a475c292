"""A part of an app's logs, read once: its end, or what stands behind a moment or a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.clusters.calls import at_once
from api.clusters.store import Store
from api.errors import ClusterRefused, NotThere
from api.logs.cursors import LineKey, key_of, line_key
from api.logs.models import LogLine, LogSource, LogTarget, nanoseconds_of
from api.logs.pods import sources_of
from api.logs.reading import LogReader, Reading

MOST_SOURCES = 20
"""Containers of one page; those of the youngest pods."""
_LOOKED_THROUGH = 2000
"""Lines of each container that are looked through for a text."""


@dataclass(frozen=True, slots=True)
class LogRequest:
    """The first `size` lines behind a line or from a moment on, or the last ones there are; `previous`: of the run of
    each container before its present one."""

    size: int
    is_last: bool = True
    after: str | None = None
    since: datetime | None = None
    previous: bool = False


@dataclass(frozen=True, slots=True)
class LogPage:
    """Lines in the order of their moments; `has_more`: there are more on the side that was cut."""

    lines: tuple[LogLine, ...]
    has_more: bool


class LogPages:
    """Reads pages; one call for each container, two where it is long."""

    def __init__(self, store: Store, reader: LogReader) -> None:
        self._store = store
        self._reader = reader

    async def read(self, target: LogTarget, request: LogRequest) -> LogPage:
        """The lines that are asked for, of the containers that have a log. Raises InvalidInput on path `after`, and
        Unavailable."""
        key = line_key(request.after) if request.after is not None else None
        sources = sources_of(self._store, target, MOST_SOURCES)
        readings = await at_once(self._reading(source, target, request, key) for source in sources)
        lines = sorted(_wanted(readings, target, request, key), key=key_of)
        kept = lines[max(0, len(lines) - request.size) :] if request.is_last else lines[: request.size]
        is_cut = not request.is_last and not all(reading.is_whole for reading in readings)
        return LogPage(tuple(kept), has_more=is_cut or len(lines) > len(kept))

    async def _reading(self, source: LogSource, target: LogTarget, request: LogRequest, key: LineKey | None) -> Reading:
        begin = max(_begin(request, key), 0)
        try:
            if request.is_last:
                count = request.size + 1 if target.text is None else _LOOKED_THROUGH
                return await self._reader.tail(source, count, previous=request.previous)
            return await self._reader.since(source, begin, previous=request.previous)
        except (NotThere, ClusterRefused):  # it has no such run, or is gone
            return Reading((), None)


def _begin(request: LogRequest, key: LineKey | None) -> int:
    """The earliest moment that is asked for."""
    since = nanoseconds_of(request.since) if request.since is not None else 0
    return max(since, key[0] if key is not None else 0)


def _wanted(readings: Sequence[Reading], target: LogTarget, request: LogRequest, key: LineKey | None) -> list[LogLine]:
    """Of logs that were cut, nothing behind the earliest of their ends: lines of the others would be in between."""
    ends = [reading.lines[-1].position.at for reading in readings if not reading.is_whole and reading.lines]
    end = None if request.is_last or not ends else min(ends)
    begin = _begin(request, None)
    return [
        line
        for reading in readings
        for line in reading.lines
        if target.takes(line)
        and line.at >= begin
        and (key is None or key_of(line) > key)
        and (end is None or line.position.at <= end)
    ]
