"""Queries that are asked again while nothing has changed, or by several at once, and are executed once."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import TypeAlias

from graphql_schema.replies import Reply

KEPT_SECONDS = 1.0
"""What follows from time alone, as that a deadline has passed, shows that much later at most."""
MOST_BYTES = 32 * 1024 * 1024
MOST_REPLY = 1024 * 1024

Moment: TypeAlias = Hashable
"""Another value after each change of what a query reads."""


@dataclass(frozen=True, slots=True)
class _Kept:
    moment: Moment
    reply: Reply
    until: float


class SharedReads:
    """Replies of the latest queries, each as long as what it follows from stays as it was."""

    def __init__(self, *, seconds: float = KEPT_SECONDS, most_bytes: int = MOST_BYTES) -> None:
        self._seconds = seconds
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._bytes = 0
        self._flights: dict[Hashable, asyncio.Task[Reply]] = {}
        self._writes = 0

    def written(self) -> None:
        """A mutation of this process is done: whoever sent it reads what it wrote."""
        self._writes += 1

    def kept(self, key: Hashable, moment: Moment) -> Reply | None:
        """The reply to an equal query, where nothing has changed since."""
        found = self._kept.get(key)
        if found is None or found.moment != (self._writes, moment) or time.monotonic() >= found.until:
            return None
        return found.reply

    async def read(self, key: Hashable, moment: Moment, execute: Callable[[], Awaitable[Reply]]) -> Reply:
        """The reply to the query of `key`, executed by whoever asked first at this `moment`, which was taken before."""
        at = (self._writes, moment)
        flight = self._flights.get((key, at))
        if flight is not None:
            reply = await asyncio.shield(flight)
            return reply if reply.may_be_shared else await execute()
        flight = asyncio.create_task(self._fly(key, at, execute), name="shared read")
        self._flights[key, at] = flight
        return await asyncio.shield(flight)

    async def _fly(self, key: Hashable, at: Moment, execute: Callable[[], Awaitable[Reply]]) -> Reply:
        """Goes on where the one who asked first has gone: others may wait for it. Its deadline is the operation's."""
        try:
            reply = await execute()
        finally:
            del self._flights[key, at]
        if reply.may_be_shared and len(reply.encoded) <= MOST_REPLY:
            self._keep(key, _Kept(at, reply, time.monotonic() + self._seconds))
        return reply

    def _keep(self, key: Hashable, kept: _Kept) -> None:
        if (former := self._kept.pop(key, None)) is not None:
            self._bytes -= len(former.reply.encoded)
        self._kept[key] = kept
        self._bytes += len(kept.reply.encoded)
        self._forget()

    def _forget(self) -> None:
        """What is over, and the oldest beyond the bound."""
        now = time.monotonic()
        while self._kept:
            oldest = next(iter(self._kept.values()))
            if oldest.until > now and self._bytes <= self._most_bytes:
                return
            self._kept.popitem(last=False)
            self._bytes -= len(oldest.reply.encoded)
