"""Reading what a container's log has at this moment, from a place on, or its end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from api.clusters.pod_logs import LogQuery, PodLogs
from api.errors import ClusterRefused, NotThere
from api.logs.models import GapReason, LogLine, LogSource, Position, moment_of
from api.logs.parsing import LineSplitter, Numbering

CHUNK_BYTES = 256 * 1024
_MOST_BYTES = 4 * 1024 * 1024
_FEWER = 8
_AT_ONCE = 16
LINES_A_TURN = 200
"""Of the event loop, which others wait for."""
_AGREEMENT = timedelta(seconds=1)
"""How much earlier than its first line a reading begins, so that it numbers lines as others do."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read. `last` is the place to go on from; `is_whole`: there is nothing more at this moment. `gap` says
    why lines may be missing before these."""

    lines: tuple[LogLine, ...]
    last: Position | None
    is_whole: bool = True
    gap: GapReason | None = None
    has_found: bool = True
    """Whether the log still had the line that was to be gone on from."""

    def end(self, count: int) -> Reading:
        """The same without the lines before the last `count`."""
        return replace(self, lines=self.lines[max(0, len(self.lines) - count) :])


class LogReader:
    """Reads in bounded pieces, so many at a time. Raises what PodLogs raises."""

    def __init__(self, pod_logs: PodLogs) -> None:
        self._pod_logs = pod_logs
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def tail(self, source: LogSource, count: int, *, previous: bool = False) -> Reading:
        """The last lines, `count` at most; fewer where they are very long."""
        asked = max(1, count)
        while True:
            body = await self._read(_query(source, tail=asked, limit_bytes=_MOST_BYTES, previous=previous))
            if len(body) < _MOST_BYTES or asked == 1:
                break
            asked = max(1, asked // _FEWER)
        found = await _parsed(body, Numbering(source), is_whole=True)
        if len(found.lines) < asked or not found.lines:
            return found
        whole = await self._numbered_as_others_do(source, found.lines[0].at, previous=previous)
        return (whole or found).end(asked)

    async def behind(self, source: LogSource, after: Position | None) -> Reading:
        """The next piece behind a place; of the run before too, where a container was restarted since."""
        reading = await self._piece(source, after)
        if reading.has_found or after is None:
            return reading
        earlier = await self._of_previous_run(source, after)
        lines = earlier.lines + reading.lines
        gap = reading.gap or (None if earlier.has_found and earlier.is_whole else GapReason.ROTATED)
        return Reading(lines, reading.last if reading.lines else earlier.last, reading.is_whole, gap)

    async def since(self, source: LogSource, moment: int, *, previous: bool = False) -> Reading:
        """The first piece from a moment on, in nanoseconds since 1970."""
        query = _query(source, since=moment, limit_bytes=CHUNK_BYTES, previous=previous)
        body = await self._read(query)
        found = await _parsed(body, Numbering(source), is_whole=len(body) < CHUNK_BYTES)
        lines = tuple(line for line in found.lines if line.at >= moment)
        return Reading(lines, found.last, found.is_whole)

    async def _piece(self, source: LogSource, after: Position | None) -> Reading:
        """Larger and larger pieces, until there is a line in one that was not read before."""
        limit = CHUNK_BYTES
        while limit <= _MOST_BYTES:
            since = None if after is None else after.at
            body = await self._read(_query(source, since=since, limit_bytes=limit))
            reading = await _parsed(body, Numbering(source, after), is_whole=len(body) < limit)
            if reading.lines or reading.is_whole:
                return reading
            limit *= 4
        latest = await _parsed(await self._read(_query(source, tail=1)), Numbering(source), is_whole=True)
        return Reading((), latest.last, is_whole=True, gap=GapReason.TOO_MUCH)

    async def _of_previous_run(self, source: LogSource, after: Position) -> Reading:
        try:
            body = await self._read(_query(source, since=after.at, limit_bytes=_MOST_BYTES, previous=True))
        except (NotThere, ClusterRefused):  # there was none
            return Reading((), after, has_found=False)
        return await _parsed(body, Numbering(source, after), is_whole=len(body) < _MOST_BYTES)

    async def _numbered_as_others_do(self, source: LogSource, at: int, *, previous: bool) -> Reading | None:
        """The log from a moment on; None where that is too much."""
        body = await self._read(_query(source, since=at, limit_bytes=_MOST_BYTES, previous=previous))
        if len(body) >= _MOST_BYTES:
            return None
        return await _parsed(body, Numbering(source), is_whole=True)

    async def _read(self, query: LogQuery) -> bytes:
        async with self._turns:
            return await self._pod_logs.read(query)


def query_behind(source: LogSource, after: Position | None) -> LogQuery:
    """What to ask for, to read on behind a place: it begins earlier, and lines are to be left out by their places."""
    return _query(source, since=None if after is None else after.at)


def _query(
    source: LogSource,
    *,
    tail: int | None = None,
    since: int | None = None,
    limit_bytes: int | None = None,
    previous: bool = False,
) -> LogQuery:
    return LogQuery(
        namespace=source.namespace,
        pod=source.pod,
        container=source.container,
        timestamps=True,
        tail=tail,
        since=None if since is None else moment_of(since) - _AGREEMENT,
        limit_bytes=limit_bytes,
        previous=previous,
    )


async def _parsed(body: bytes, numbering: Numbering, *, is_whole: bool) -> Reading:
    """The lines of a body, of which the last may be cut off where it is not whole."""
    splitter, lines = LineSplitter(), list[LogLine]()
    for index, (raw, is_cut) in enumerate(_split(splitter, body, is_whole=is_whole)):
        if (line := numbering.line(raw, is_cut=is_cut)) is not None:
            lines.append(line)
        if index % LINES_A_TURN == LINES_A_TURN - 1:
            await asyncio.sleep(0)
    return Reading(tuple(lines), numbering.last, is_whole, has_found=numbering.has_found)


def _split(splitter: LineSplitter, body: bytes, *, is_whole: bool) -> Iterable[tuple[bytes, bool]]:
    yield from splitter.feed(body)
    if is_whole:
        yield from splitter.flush()
