"""Rollouts on two replicas, readers that see all of them, and readers that are cut off again and again."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from random import Random
from typing import Any

import aiohttp

from tests.faults.comparing import states
from tests.faults.readers import Flaky, Fleet, News, Reader, Sleeper
from tests.faults.replicas import Process, Site, started
from tests.faults.rollouts import Developer
from tests.faults.streams import APP, LARGE, NAMESPACE, TRANSPORTS, Stream, Transport, by_narrow_websocket, by_websocket

SEED = os.environ.get("MOORAGE_TEST_SEED", "20261129")
REPLICAS = 2
WEB, API, GUEST = "web", "api", "guest"
SLEEPERS_APPS = 4
LARGE_FILE = "x" * 60_000
QUERIES = {"app": APP, "namespace": NAMESPACE}


class Run:
    """Two replicas, a developer who works by either, those who follow from the beginning, and those who are cut off."""

    def __init__(
        self, site: Site, stack: AsyncExitStack, fleet: Fleet, developer: Developer, group: asyncio.TaskGroup
    ) -> None:
        self.fleet = fleet
        self.developer = developer
        self.flaky: list[Flaky] = []
        self.killed = 0
        """Replicas."""
        self._site = site
        self._stack = stack
        self._calm = asyncio.Event()
        self._group = group
        self._tasks: list[asyncio.Task[None]] = []
        self._revisions: dict[str, int] = {}

    @classmethod
    @asynccontextmanager
    async def open(cls, site: Site, secret: str) -> AsyncGenerator[Run, None]:
        """With two apps that run. A reader that fails ends it."""
        async with AsyncExitStack() as stack:
            session = await stack.enter_async_context(aiohttp.ClientSession())
            starting = (started(site, f"replica-{number}", stack) for number in range(REPLICAS))
            fleet = Fleet(list(await asyncio.gather(*starting)), News())
            async with asyncio.TaskGroup() as group:
                run = cls(site, stack, fleet, Developer(session, secret), group)
                await run._begin()
                yield run
                run._stop()
            await run.developer.delete_namespace(fleet.alive[0])

    async def _begin(self) -> None:
        replica = self.fleet.replicas[0]
        await self.developer.create_namespace(replica)
        for name in (WEB, API):
            await self.deploy(replica, name)
        for each in self.fleet.replicas:
            await self._follow(each)
        await self._until_rolled_out()

    def _stop(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _follow(self, replica: Process) -> None:
        """Have all streams of a replica followed by somebody who is never cut off."""
        for what in QUERIES:
            reader = self.fleet.add(replica, what, self._stream(what, by_websocket))
            self._tasks.append(self._group.create_task(self.fleet.stay(reader, replica), name=reader.name))
            await self.fleet.news.until(lambda reader=reader: reader.cursor is not None)  # type: ignore[misc]

    def _stream(self, what: str, transport: Transport) -> Stream:
        variables = {"slug": self.developer.slug, **({"name": WEB} if what == "app" else {})}
        return Stream(QUERIES[what], transport, self.developer.secret, variables)

    def add_loyal(self) -> list[Flaky]:
        """Readers that come back to the replica that they were cut off from, as long as it is alive."""
        return [each for place in range(REPLICAS) for each in self._add(f"loyal to {place}", partial(self._at, place))]

    def add_roaming(self) -> list[Flaky]:
        """Readers that come back to another replica, or to any."""
        return self._add("restless", self._elsewhere) + self._add("roaming", self._anywhere)

    def _at(self, place: int, _reader: Flaky) -> Process:
        return self.fleet.at(place)

    def _elsewhere(self, reader: Flaky) -> Process:
        before = reader.lives[-1].replica if reader.lives else None
        return next((each for each in self.fleet.alive if each is not before), self.fleet.alive[0])

    def _anywhere(self, reader: Flaky) -> Process:
        return reader.dice.choice(self.fleet.alive)

    def _add(self, name: str, choose: Callable[[Flaky], Process]) -> list[Flaky]:
        """One of each stream over each transport; `choose` says where it goes next."""
        added = []
        for what in QUERIES:
            for over, transport in TRANSPORTS.items():
                full = f"{name}, {what} by {over}"
                stream, dice = self._stream(what, transport), Random(f"{SEED} {full}")
                flaky = Flaky(full, what, stream, self.fleet, choose=choose, dice=dice)
                added.append(flaky)
                self._tasks.append(self._group.create_task(flaky.follow(self._calm), name=full))
        self.flaky += added
        return added

    async def sleep_through(self, messages: int, *, until: str) -> tuple[Reader, Reader]:
        """A reader that reads nothing while so many large messages are told, and then all, `until` a kind of message
        too; and one that kept up."""
        replica = self.fleet.replicas[0]
        for number in range(SLEEPERS_APPS):
            files = [{"path": "/etc/large", "content": LARGE_FILE}]
            await self.deploy(replica, f"idle-{number}", replicas=0, files=files)
        await self._until_rolled_out()
        stream = Stream(LARGE, by_narrow_websocket, self.developer.secret, {"slug": self.developer.slug})
        sleeper = Sleeper(stream, self.fleet.news)
        self._tasks.append(self._group.create_task(sleeper.follow(replica), name=sleeper.name))
        await self.fleet.news.until(lambda: sleeper.cursor is not None)
        await self._flood(replica, messages)
        sleeper.woken.set()
        await self.fleet.news.until(
            lambda: self.fleet.keeps_up(sleeper) and until in {each.kind for each in sleeper.messages}
        )
        return sleeper, self.fleet.reference(replica, "namespace")

    async def _flood(self, replica: Process, messages: int) -> None:
        """Have at least so many messages told of the namespace, and read by who keeps up."""
        reference, number = self.fleet.reference(replica, "namespace"), 0
        wanted = len(reference.messages) + messages
        while (before := len(reference.messages)) < wanted:
            number += 1
            await self.developer.leave_alone(replica, paused=number % 2 == 1)
            told = before + len(reference.apps)
            await self.fleet.news.until(lambda told=told: len(reference.messages) >= told)  # type: ignore[misc]

    async def restart(self, number: int, place: int) -> None:
        """Kill a replica while a revision that the other one took is rolled out, and start another in its place."""
        await self._begin_rollout(-number - 1, self.fleet.at(1 - place))
        await self.fleet.kill(place)
        self.killed += 1
        replica = await started(self._site, f"replica-{REPLICAS + self.killed}", self._stack)
        await self._follow(replica)  # before anybody goes there whose messages are held to what these are told
        self.fleet.replicas[place] = replica

    async def roll_out(self, number: int) -> None:
        """One rollout, until it is told everywhere; each fifth one beside an app that comes and goes."""
        replica, other = self.fleet.at(number % REPLICAS), self.fleet.at((number + 1) % REPLICAS)
        await self._begin_rollout(number, replica)
        if number % 5 == 3:
            await self.developer.deploy(other, GUEST)
            await self.developer.delete(replica, GUEST)
        await self._until_rolled_out()

    async def deploy(self, replica: Process, name: str, **spec: Any) -> None:
        """A revision that is to be told of from now on."""
        self._revisions[name] = await self.developer.deploy(replica, name, **spec)

    async def _begin_rollout(self, number: int, replica: Process) -> None:
        environment = [{"name": "VALUE", "value": str(number)}]
        name = API if number % 3 == 2 else WEB
        await self.deploy(replica, name, environment=environment, replicas=1 + number % 2)

    async def end(self) -> None:
        """Cut nobody off any more; wait until everybody is where those are who stayed, and these know what there is."""
        self._calm.set()
        self.fleet.news.tell()
        everybody = [*self.fleet.living, *self.flaky]
        await self.fleet.news.until(
            lambda: self._are_told(self.fleet.living) and all(map(self.fleet.keeps_up, everybody))
        )

    async def agrees(self) -> None:
        """All who follow the namespace know of every app what either replica answers who asks for it."""
        for replica in self.fleet.alive:
            asked = [await self.developer.app(replica, name) for name in (API, WEB)]
            for reader in (*self.fleet.living, *self.flaky):
                expected = [app for app in asked if reader.what == "namespace" or app["name"] == WEB]
                assert states(expected) == states(reader.apps.values()), reader.name

    async def _until_rolled_out(self) -> None:
        await self.fleet.news.until(lambda: self._are_told(self.fleet.living))

    def _are_told(self, readers: Iterable[Reader]) -> bool:
        return all(each.apps and all(map(self._is_up, each.apps.values())) for each in readers)

    def _is_up(self, app: dict[str, Any]) -> bool:
        is_current = app["rollout"]["revision"] == self._revisions.get(app["name"])
        return is_current and app["status"]["phase"] in ("READY", "STOPPED")
