"""The logs of an app's pods as one stream, for one reader.

Nothing is kept for a reader but their place in each log: who is slow finds the ring ahead of them, and is told how many
lines they missed. The cursor of every event holds those places, so that a reader who comes back with it goes on behind
the last line that they had, of pods that came meanwhile from the first line on.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from api.clusters.calls import at_once
from api.clusters.store import Changes, Store
from api.errors import Unavailable
from api.logs.cursors import key_of, places_of, stream_cursor
from api.logs.follows import Follows
from api.logs.models import (
    Ended,
    Gap,
    GapReason,
    Heartbeat,
    Lagged,
    Lines,
    LogEvent,
    LogLine,
    LogSource,
    LogTarget,
    Place,
    PodEnd,
    PodEnded,
    PodStarted,
    StreamEnd,
    Told,
)
from api.logs.pods import has_pod, require_named, sources_of
from api.logs.reading import LogReader
from api.logs.tail import NOTHING, Tail, Taken

Recheck = Callable[[], Awaitable[StreamEnd | None]]
"""Whether a stream may go on, asked each second: None, or why it ends. Raises where the viewer has signed out."""

MOST_SOURCES = 100
"""Containers of one stream; those of the youngest pods."""
MOST_HISTORY = 1000
_LINES = 200
_CHARACTERS = 24 * 1024
"""Of one event: with what JSON adds it stays below a message's 64 KiB, unless it is one long line."""
_REST_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class StreamTimes:
    """Seconds between two looks at rights, and of silence before a heartbeat."""

    recheck: float = 1.0
    heartbeat: float = 15.0


class LogStream:
    """One reader's stream. `history`: how many lines of each container come first where there is no cursor."""

    def __init__(
        self,
        target: LogTarget,
        *,
        store: Store,
        reader: LogReader,
        follows: Follows,
        history: int,
        times: StreamTimes | None = None,
    ) -> None:
        self._target = target
        self._store = store
        self._reader = reader
        self._follows = follows
        self._history: int | None = min(history, MOST_HISTORY)
        self._times = times or StreamTimes()
        self._tails: dict[LogSource, Tail] = {}
        self._places: dict[LogSource, Place] = {}
        self._wakeup = asyncio.Event()
        self._told_at = -math.inf

    async def events(self, after: str | None, recheck: Recheck) -> AsyncGenerator[LogEvent, None]:
        """What there is, then what comes, until it is over. Raises InvalidInput for a cursor that is none of these
        logs', NotFound for a pod or a container that is not there, and Unavailable where the cluster has not been read
        yet. With a cursor they were there: what is gone by now has ended."""
        loop = asyncio.get_running_loop()
        resumed = list(self._resume(after))
        next_check = loop.time() + self._times.recheck
        async with self._woken():
            for told in resumed:
                yield self._event(told)
            while True:
                async for event in self._step():
                    yield event
                if self._is_over():
                    yield self._event(Ended(StreamEnd.POD_ENDED))
                    return
                if loop.time() - self._told_at >= self._times.heartbeat:
                    yield self._event(Heartbeat())
                await self._wait(next_check)
                if loop.time() >= next_check:
                    if (end := await recheck()) is not None:
                        yield self._event(Ended(end))
                        return
                    next_check = loop.time() + self._times.recheck

    def _resume(self, after: str | None) -> Iterator[Told]:
        """Take up the places of a cursor, if there is one; of pods that are gone by now, what was left is lost."""
        if after is None:
            require_named(self._store, self._target)
            return
        places = places_of(after, self._target)
        if not self._store.synced:
            raise Unavailable("The cluster has not been read yet. Try again in a moment.", part="cluster")
        self._history = None
        for source, place in places.items():
            if not self._is_of_target(source):
                continue
            if self._store.pod(source.uid) is not None:
                self._meet(source, place, history=None)
            elif not place.is_over:
                yield Gap(source.pod, source.container, GapReason.POD_GONE)

    def _is_of_target(self, source: LogSource) -> bool:
        target = self._target
        return target.pod in (None, source.pod) and target.container in (None, source.container)

    async def _step(self) -> AsyncIterator[LogEvent]:
        """Whatever is new, once of every log."""
        for started in self._meet_new_ones():
            yield self._event(started)
        self._history = None  # what comes later is told from its beginning
        taken = await self._taken()
        if any(each is not NOTHING for _, each in taken):
            self._wakeup.set()  # there may be more
        for source, each in taken:
            for notice in _notices(source, each):
                yield self._event(notice)
        for event in self._batches(line for _, each in taken for line in each.lines):
            yield event
        for ended in self._ended():
            yield self._event(ended)

    def _meet_new_ones(self) -> Iterator[PodStarted]:
        containers: dict[str, list[str]] = {}
        for source in sources_of(self._store, self._target, MOST_SOURCES):
            if source not in self._places:
                self._meet(source, Place(None), history=self._history)
                containers.setdefault(source.pod, []).append(source.container)
        for pod, names in containers.items():
            yield PodStarted(pod, tuple(names))

    def _meet(self, source: LogSource, place: Place, *, history: int | None) -> None:
        self._places[source] = place
        if not place.is_over:
            self._tails[source] = Tail(
                source, place.position, history=history, reader=self._reader, follows=self._follows
            )

    async def _taken(self) -> list[tuple[LogSource, Taken]]:
        """Of each log a piece: by a call where it was not read to its end yet, else of what others follow too."""
        for tail in self._tails.values():
            if tail.is_due:
                tail.join(self._wakeup)
        due = [tail for tail in self._tails.values() if tail.is_due]
        joined = [tail for tail in self._tails.values() if tail.is_joined]
        read = await at_once(tail.read() for tail in due)
        taken = [tail.take(self._wakeup) for tail in joined]
        return [(tail.source, each) for tail, each in zip([*due, *joined], [*read, *taken], strict=True)]

    def _batches(self, lines: Iterable[LogLine]) -> Iterator[LogEvent]:
        """Lines of several logs in the order of their moments; those that are not asked for move the cursor alone."""
        batch, size = list[LogLine](), 0
        for line in sorted(lines, key=key_of):
            if self._target.takes(line):
                if batch and (len(batch) == _LINES or size + len(line.message) > _CHARACTERS):
                    yield self._event(Lines(tuple(batch)))
                    batch, size = [], 0
                batch.append(line)
                size += len(line.message)
            self._places[line.source] = Place(line.position)
        if batch:
            yield self._event(Lines(tuple(batch)))

    def _ended(self) -> Iterator[PodEnded]:
        """Pods of which everything was told; the cursor forgets them once the cluster has."""
        going_on = {source.uid for source, tail in self._tails.items() if tail.end is None}
        ended: dict[str, PodEnd] = {}
        for source, tail in list(self._tails.items()):
            if source.uid not in going_on and tail.end is not None:
                del self._tails[source]
                self._places[source] = Place(self._places[source].position, is_over=True)
                ended[source.pod] = tail.end
        for source, place in list(self._places.items()):
            if place.is_over and self._store.pod(source.uid) is None:
                del self._places[source]
        for pod, reason in ended.items():
            yield PodEnded(pod, reason)

    def _is_over(self) -> bool:
        """Whether one pod alone was followed, and nothing of it comes any more."""
        if self._target.pod is None or self._tails:
            return False
        return bool(self._places) or not has_pod(self._store, self._target)

    async def _wait(self, until: float) -> None:
        """Until there is something new, no longer than that moment; what comes in a burst is one wake-up."""
        await asyncio.sleep(_REST_SECONDS)
        if any(tail.is_due for tail in self._tails.values()):
            return
        with suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                await self._wakeup.wait()
        self._wakeup.clear()

    @asynccontextmanager
    async def _woken(self) -> AsyncIterator[None]:
        """Be woken by pods that come and go, and leave nothing behind."""
        with self._store.subscribe(self._target.namespace, self._target.workload_id) as changes:
            task = asyncio.create_task(self._wake_at(changes), name="log stream: pods")
            try:
                yield
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                for tail in self._tails.values():
                    tail.leave(self._wakeup)

    async def _wake_at(self, changes: Changes) -> None:
        async for _ in changes:
            self._wakeup.set()

    def _event(self, told: Told) -> LogEvent:
        self._told_at = asyncio.get_running_loop().time()
        return LogEvent(told, stream_cursor(self._target, self._places))


def _notices(source: LogSource, taken: Taken) -> Iterator[Told]:
    if taken.dropped:
        yield Lagged(source.pod, source.container, taken.dropped)
    if taken.gap is not None:
        yield Gap(source.pod, source.container, taken.gap)
