"""One container's log, followed once for everybody who reads it.

Guarantee: a line is told once and in the order of the log, whatever breaks in between, as long as the log still has
the line before it. After each break what was missed is read first, from a second before the last line (the log of the
run before, where the container was restarted meanwhile); lines that were told are known by their places. Where the
last line is in neither, or more came within two seconds than is read at once, a `Break` says that lines may be missing.
It holds as long as no line of a log is more than a second older than the one before it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from api.clusters.backoff import Backoff
from api.clusters.pod_logs import PodLogs
from api.clusters.store import Store
from api.errors import ClusterRefused, NotThere, Unavailable
from api.logs.models import GapReason, LogLine, LogSource, PodEnd, Position
from api.logs.parsing import LineSplitter, Numbering
from api.logs.pods import end_of
from api.logs.reading import LINES_A_TURN, LogReader, query_behind
from api.logs.ring import Break, Ring

_logger = logging.getLogger(__name__)


class Follow:
    """Fills its ring until the pod has ended; `wakeups` are set whenever there is something new in it."""

    def __init__(
        self, source: LogSource, ring: Ring, *, after: Position | None, reader: LogReader, store: Store
    ) -> None:
        self.source = source
        self.ring = ring
        self.end: PodEnd | None = None
        """Why the ring grows no more; None while it may."""
        self.has_failed = False
        """Whether it ended by a fault of ours: its readers have to go on without it."""
        self.wakeups: list[asyncio.Event] = []
        self._last = after
        self._reader = reader
        self._store = store
        self._broken_at: Position | None = None
        self._has_come_to_an_end = False

    async def run(self, pod_logs: PodLogs) -> None:
        """Until the pod has ended, and all of its log is in the ring. It is followed at once: whoever begins this has
        just read up to `after`."""
        backoff, is_latest = Backoff(), True
        while True:
            end, before = end_of(self._store, self.source), self._last
            if await self._attempt(pod_logs, end, is_latest=is_latest) and end is not None:
                self._finish(end)
                return
            is_latest = False
            if self._last != before:
                backoff.reset()
            await backoff.pause()

    async def _attempt(self, pod_logs: PodLogs, end: PodEnd | None, *, is_latest: bool) -> bool:
        """Read and follow as far as it goes; False where the cluster did not answer."""
        try:
            if end is not None or not is_latest:
                await self._catch_up()
            if end is None:
                await self._follow(pod_logs)
        except (NotThere, ClusterRefused):  # not yet, or no more: the Store is to say which
            if end is PodEnd.DELETED and not self._has_come_to_an_end:
                self._break(GapReason.POD_GONE)
        except Unavailable as error:
            _logger.info("the log of %s breaks off: %s", self.source.pod, error.message)
            return False
        return True

    async def _catch_up(self) -> None:
        """Whatever came since the last line."""
        while True:
            reading = await self._reader.behind(self.source, self._last)
            if reading.gap is not None:
                self._break(reading.gap)
            for line in reading.lines:
                self._add(line)
            self._last = reading.last
            if reading.is_whole:
                return

    async def _follow(self, pod_logs: PodLogs) -> None:
        """Whatever comes, until the run ends or the connection breaks; also until it is found that the log went on
        elsewhere since it was last read."""
        numbering, self._has_come_to_an_end = Numbering(self.source, self._last), False
        query = query_behind(self.source, self._last)
        async with pod_logs.follow(query) as pieces, aclosing(_lines(pieces, numbering)) as lines:
            async for line in lines:
                if not numbering.has_found:
                    return
                self._add(line)
                self._last = line.position
        self._has_come_to_an_end = True

    def _add(self, line: LogLine) -> None:
        self.ring.add(line)
        self._wake()

    def _break(self, reason: GapReason) -> None:
        """Said once of each place."""
        if self._broken_at is None or self._broken_at != self._last:
            self._broken_at = self._last
            self.ring.add(Break(self._last, reason))
            self._wake()

    def fail(self) -> None:
        """Tell the readers that nothing comes any more."""
        self.has_failed = True
        self._wake()

    def _finish(self, end: PodEnd) -> None:
        self.end = end
        self._wake()

    def _wake(self) -> None:
        for wakeup in self.wakeups:
            wakeup.set()


async def _lines(pieces: AsyncIterator[bytes], numbering: Numbering) -> AsyncGenerator[LogLine, None]:
    splitter = LineSplitter()
    async for piece in pieces:
        for index, (raw, is_cut) in enumerate(splitter.feed(piece)):
            if (line := numbering.line(raw, is_cut=is_cut)) is not None:
                yield line
            if index % LINES_A_TURN == LINES_A_TURN - 1:
                await asyncio.sleep(0)
