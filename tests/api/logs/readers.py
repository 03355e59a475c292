"""Readers of a stream of logs, and what they were told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from typing import TypeVar

from api.clusters.store import Store
from api.logs.follows import Follows
from api.logs.models import Lines, LogEvent, LogTarget, StreamEnd, Told
from api.logs.reading import LogReader
from api.logs.streams import LogStream, StreamTimes

PATIENCE = 15.0
QUICK = StreamTimes(recheck=0.05, heartbeat=60.0)

T = TypeVar("T")


class Heard:
    """What one reader is told, event by event."""

    def __init__(self, events: AsyncIterator[LogEvent]) -> None:
        self._events = events
        self.events: list[LogEvent] = []

    @property
    def lines(self) -> list[str]:
        """The messages of the lines so far."""
        return [line.message for told in self.told if isinstance(told, Lines) for line in told.lines]

    @property
    def told(self) -> list[Told]:
        return [event.told for event in self.events]

    @property
    def cursor(self) -> str:
        return self.events[-1].cursor

    def of(self, kind: type[T]) -> list[T]:
        """What was told of one kind."""
        return [told for told in self.told if isinstance(told, kind)]

    async def next(self) -> Told:
        async with asyncio.timeout(PATIENCE):
            self.events.append(await anext(self._events))
        return self.events[-1].told

    async def until(self, kind: type[T]) -> T:
        """Read on until something of that kind is told."""
        while not isinstance(told := await self.next(), kind):
            pass
        return told

    async def until_line(self, message: str) -> None:
        """Read on until that line was told."""
        while message not in self.lines:
            await self.next()

    async def rest(self) -> None:
        """Read to the end."""
        async with asyncio.timeout(PATIENCE):
            self.events += [event async for event in self._events]


class Readers:
    """Opens streams of one app's logs."""

    def __init__(self, store: Store, reader: LogReader, follows: Follows, target: LogTarget) -> None:
        self._store = store
        self._reader = reader
        self._follows = follows
        self._target = target
        self.end: StreamEnd | None = None
        """What the rights are found to be."""

    @asynccontextmanager
    async def open(
        self,
        after: str | None = None,
        *,
        history: int = 100,
        times: StreamTimes = QUICK,
        pod: str | None = None,
        container: str | None = None,
        text: str | None = None,
    ) -> AsyncIterator[Heard]:
        stream = LogStream(
            replace(self._target, pod=pod, container=container, text=text),
            store=self._store,
            reader=self._reader,
            follows=self._follows,
            history=history,
            times=times,
        )
        async with aclosing(stream.events(after, self._recheck)) as events:
            yield Heard(events)

    async def _recheck(self) -> StreamEnd | None:
        return self.end
