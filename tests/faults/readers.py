"""Readers of streams: what each was told in each of its lives, and what it takes the apps to be by then."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

from api.workloads.cursors import Cursor
from tests.faults.replicas import Process
from tests.faults.streams import OPEN_SECONDS, Gone, Message, Stream, Wire, spot

PATIENCE = 60.0
_MOST_READ, _MOST_UNREAD, _MOST_MISSED = 5, 3, 3
"""Messages: before a connection is cut, in it when it is cut, and until another one is made."""
_NEWS_SECONDS = 2.0


class News:
    """Wakes whoever waits for what readers are told."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()

    def tell(self) -> None:
        for woken in self._waiting:
            woken.set()

    async def until(self, condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Raises TimeoutError where it does not come true in time."""
        woken = asyncio.Event()
        self._waiting.add(woken)
        try:
            async with asyncio.timeout(seconds):
                while not condition():
                    await woken.wait()
                    woken.clear()
        finally:
            self._waiting.discard(woken)


@dataclass(slots=True)
class Life:
    """One connection of a reader's: with whom, from which cursor on, and what was read of it."""

    replica: Process
    after: str | None
    dead: frozenset[Process]
    """The replicas that had been killed by then."""
    messages: list[Message] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    waited: float = 0.0
    """Seconds until the first message came."""
    is_cut: bool = False
    """Whether the reader fell over, and not the replica."""


class Reader:
    """One who goes on from the last cursor that it read, as clients do."""

    def __init__(self, name: str, what: str, stream: Stream, news: News) -> None:
        self.name = name
        self.what = what
        self.lives: list[Life] = []
        self.cursor: str | None = None
        self.apps: dict[str, dict[str, Any]] = {}
        """Each app as it was told of last, by its id."""
        self._coming: dict[str, dict[str, Any]] | None = None
        """A snapshot that is not whole yet: only then it replaces what is known, as its cursor does."""
        self._stream = stream
        self._news = news

    @property
    def messages(self) -> list[Message]:
        """All that it read."""
        return [message for life in self.lives for message in life.messages]

    @property
    def place(self) -> Cursor | None:
        return Cursor.decode(self.cursor) if self.cursor else None

    @property
    def kills(self) -> int:
        """How often it was cut off."""
        return sum(life.is_cut for life in self.lives)

    def app(self, name: str) -> dict[str, Any] | None:
        """The app of that name, as it was told of last."""
        return next((app for app in self.apps.values() if app["name"] == name), None)

    async def live(
        self, replica: Process, dead: frozenset[Process] = frozenset(), then: Callable[[Wire], Any] | None = None
    ) -> None:
        """Follow until the connection is gone; with `then` it is what is done with it once it is open."""
        life = Life(replica, self.cursor, dead)
        self.lives.append(life)
        self._coming = {} if self.cursor is None else None
        with suppress(Gone):
            async with self._stream.opened(replica, life.after) as wire:
                await (then(wire) if then else self.read(wire))

    async def read(self, wire: Wire, most: int | None = None) -> None:
        """Read so many messages, or whatever comes; the first of a connection within a time."""
        left = most
        while left is None or left > 0:
            async with asyncio.timeout(None if self.lives[-1].messages else OPEN_SECONDS):
                self._take(await wire.receive())
            left = None if left is None else left - 1

    def _take(self, message: Message) -> None:
        life = self.lives[-1]
        life.waited = life.waited or time.monotonic() - life.began
        life.messages.append(message)
        if message.kind == "RESET":
            self._coming = {}
        apps = self.apps if self._coming is None else self._coming
        if message.workload is not None:
            message.workload["spec"].pop("files", None)  # which only make it large
            apps[message.payload["workloadId"]] = message.workload
        if message.kind == "DELETED":
            apps.pop(message.payload["workloadId"], None)
        if (cursor := message.payload["cursor"]) is not None:
            self.cursor, self.apps, self._coming = cursor, apps, None
        self._news.tell()


class Fleet:
    """The replicas, of which some may be killed, and of each stream of each a reader that is never cut off."""

    def __init__(self, replicas: list[Process], news: News) -> None:
        self.replicas = replicas
        self.news = news
        self.references: list[Reader] = []
        self._dead: set[Process] = set()
        self._of: dict[tuple[Process, str], Reader] = {}

    @property
    def dead(self) -> frozenset[Process]:
        """Those that were killed."""
        return frozenset(self._dead)

    @property
    def alive(self) -> list[Process]:
        return [each for each in self.replicas if each not in self._dead]

    @property
    def living(self) -> list[Reader]:
        """The readers that are never cut off, of replicas that are alive."""
        return [each for each in self.references if each.lives[0].replica in self.alive]

    def at(self, place: int) -> Process:
        """The replica at that place; another one while it is dead."""
        replica = self.replicas[place]
        return replica if replica in self.alive else self.alive[0]

    async def kill(self, place: int) -> None:
        """As `kill -9` does."""
        replica = self.replicas[place]
        self._dead.add(replica)
        await asyncio.to_thread(replica.kill)

    def add(self, replica: Process, what: str, stream: Stream) -> Reader:
        """One more reader that is never cut off."""
        reader = self._of[replica, what] = Reader(f"reference of {what}", what, stream, self.news)
        return reader

    async def stay(self, reader: Reader, replica: Process) -> None:
        """Follow for as long as the replica is alive."""
        self.references.append(reader)
        await reader.live(replica)
        assert replica in self._dead, f"{reader.name} lost its connection"

    def reference(self, replica: Process, what: str) -> Reader:
        return self._of[replica, what]

    def keeps_up(self, reader: Reader) -> bool:
        """Whether it was told everything, by a replica that is alive."""
        replica, place = reader.lives[-1].replica, reader.place
        reference = self.reference(replica, reader.what).place
        return replica in self.alive and bool(place and reference and spot(place) == spot(reference))


class Flaky(Reader):
    """One that is cut off again and again until there is `calm`; `choose` says where it goes next."""

    def __init__(
        self, name: str, what: str, stream: Stream, fleet: Fleet, *, choose: Callable[[Flaky], Process], dice: Random
    ) -> None:
        super().__init__(name, what, stream, fleet.news)
        self._fleet = fleet
        self.dice = dice
        self._choose = choose

    async def follow(self, calm: asyncio.Event) -> None:
        """Until it is cancelled."""
        while True:
            replica = self._choose(self)

            async def until_cut(wire: Wire, replica: Process = replica) -> None:
                await self.read(wire, self.dice.randint(0, _MOST_READ))
                await self._let_pass(replica, _MOST_UNREAD, calm)
                self.lives[-1].is_cut = True
                wire.cut()

            await self.live(replica, self._fleet.dead, None if calm.is_set() else until_cut)
            assert self.lives[-1].is_cut or replica in self._fleet.dead, f"{self.name} was sent away"
            await self._let_pass(replica, _MOST_MISSED, calm)

    async def _let_pass(self, replica: Process, most: int, calm: asyncio.Event) -> None:
        """Let some messages come that this one does not read, as far as any come."""
        reference = self._fleet.reference(replica, self.what)
        wanted = len(reference.messages) + self.dice.randint(0, most)
        with suppress(TimeoutError):
            await self._fleet.news.until(lambda: calm.is_set() or len(reference.messages) >= wanted, _NEWS_SECONDS)


class Sleeper(Reader):
    """One that is there, and takes nothing of what it is told after its snapshot until it is woken."""

    def __init__(self, stream: Stream, news: News) -> None:
        super().__init__("sleeper", "namespace", stream, news)
        self.woken = asyncio.Event()

    async def follow(self, replica: Process) -> None:
        """Until it is cancelled."""

        async def then(wire: Wire) -> None:
            while self.cursor is None:
                await self.read(wire, 1)
            await self.woken.wait()
            await self.read(wire)

        await self.live(replica, then=then)
        raise AssertionError("the sleeper lost its connection")
