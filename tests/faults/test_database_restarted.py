"""SECURITY 28. PostgreSQL is restarted amid changes: each of them is whole or absent, and all is well soon after.

The server is a process of its own, which is asked over HTTP; it is stopped before it is looked at what is there.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import aiohttp
import pytest
from sqlalchemy import func, select

from api.authorization.models import Principal
from api.database import migrate
from api.database.database import Database
from api.database.tables import RevisionRow, WorkloadRow
from api.workloads.models import RevisionState
from tests.api.servers import only_embedded
from tests.faults.agreement import require_agreement
from tests.faults.figures import Figures
from tests.faults.postgres import RestartablePostgres
from tests.faults.replicas import Replica, Site, processes, replica, send
from tests.faults.rollouts import CREATE_NAMESPACE, DELETE, DELETE_NAMESPACE, DEPLOY, PLAN

pytestmark = [only_embedded, pytest.mark.timeout(600)]

DEVELOPERS = 6
BETWEEN = 16
"""So many changes are done between a restart and the next."""
ROUNDS = 3
CONNECTIONS = 20
"""The most that the server's pool may have."""
HEALTHY_SECONDS = 5.0
PATIENCE = 60.0
DONE, UNAVAILABLE = "done", "UNAVAILABLE"
MOVED = "PlanConflictError"
"""What a plan is told that was made while the deploy before it was still to be undone."""

READ = """query Read%s ($slug: String!) {
  namespace(slug: $slug) { timeline(first: 1) { edges { node { id } } } }
}"""

_NUMBERS = count(1)

Ask = Callable[..., Awaitable[Any]]
"""Sends the server an operation with its variables."""


def told_of(answer: Any) -> tuple[Any, str]:
    """The payload of a mutation, and `done` or the code of an error."""
    if answer.get("errors"):
        return None, answer["errors"][0]["extensions"]["code"]
    (payload,) = answer["data"].values()
    return payload, payload["errors"][0]["__typename"] if payload["errors"] else DONE


class Worker(Protocol):
    """Somebody who changes one thing after the other."""

    @property
    def told(self) -> Sequence[str]:
        """What was said of each change."""

    async def change(self) -> None:
        """One change more."""


class Developer:
    """Deploys one image after the other, each once; and deletes her app each time, where she `leaves`."""

    def __init__(self, ask: Ask, slug: str, name: str, *, leaves: bool = False) -> None:
        self._ask = ask
        self._slug = slug
        self.name = name
        self._leaves = leaves
        self.images: dict[str, str] = {}
        """What was said of the deploy of each."""
        self.deletions: list[str] = []

    @property
    def told(self) -> list[str]:
        return [*self.images.values(), *self.deletions]

    async def change(self) -> None:
        image = f"registry.example/{self.name}:{len(self.images) + 1}"
        self.images[image] = await self._deploy(image)
        if self._leaves and self.images[image] == DONE:
            answer = await self._ask(DELETE, slug=self._slug, name=self.name)
            self.deletions.append(told_of(answer)[1])

    async def _deploy(self, image: str) -> str:
        workload = {"name": self.name, "image": image, "kind": "WORKER"}
        payload, code = told_of(await self._ask(PLAN, slug=self._slug, workload=workload))
        if code != DONE:
            return code
        return told_of(await self._ask(DEPLOY, plan=payload["plan"]["id"]))[1]


class Founder:
    """Creates one namespace after the other, and deletes each."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._names = count(1)
        self.told: list[str] = []

    async def change(self) -> None:
        payload, code = told_of(await self._ask(CREATE_NAMESPACE, name=f"attic-{next(self._names)}"))
        self.told.append(code)
        if code == DONE:
            answer = await self._ask(DELETE_NAMESPACE, slug=payload["namespace"]["slug"])
            self.told.append(told_of(answer)[1])


class Load:
    """Workers at work, all at the same time."""

    def __init__(self, workers: Sequence[Worker]) -> None:
        self._workers = workers
        self._told = asyncio.Condition()
        self._is_over = False

    @asynccontextmanager
    async def on(self) -> AsyncIterator[None]:
        """Until the block is left, and each has done what it was at."""
        async with asyncio.TaskGroup() as group:
            for each in self._workers:
                group.create_task(self._work(each), name="worker")
            try:
                yield
            finally:
                self._is_over = True

    @property
    def told(self) -> Counter[str]:
        """How often each was said."""
        return Counter(code for each in self._workers for code in each.told)

    async def until(self, code: str, more: int) -> None:
        """Wait until that was said of so many changes more."""
        wanted = self.told[code] + more
        async with asyncio.timeout(PATIENCE), self._told:
            await self._told.wait_for(lambda: self.told[code] >= wanted)

    async def _work(self, worker: Worker) -> None:
        while not self._is_over:
            await worker.change()
            async with self._told:
                self._told.notify_all()


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[RestartablePostgres]:
    async with RestartablePostgres.open(tmp_path / "postgres") as server:
        yield server


@pytest.fixture
async def database_url(server: RestartablePostgres) -> str:
    """Not of the server that all tests share: this one is restarted."""
    await migrate.upgrade(server.url)
    return server.url


@pytest.fixture
async def other(site: Site) -> AsyncIterator[Replica]:
    """By which is looked at what is there."""
    async with replica(site) as other:
        yield other


@asynccontextmanager
async def asked(site: Site, secret: str) -> AsyncIterator[Ask]:
    """A server that is asked by Ada's token, and is stopped in order."""
    async with processes(site, 1) as (process,), aiohttp.ClientSession() as session:

        async def ask(query: str, **variables: Any) -> Any:
            return await send(session, process, secret, query, **variables)

        yield ask


async def until_healthy(ask: Ask, slug: str) -> float:
    """Seconds until as many reads at once as there are connections were answered, for the last time not all."""
    began, unhealthy, times = time.monotonic(), 0.0, 0
    async with asyncio.timeout(PATIENCE):
        while times < 5:
            # Each under a name of its own, once: equal reads would be answered from memory.
            answers = await asyncio.gather(*(ask(READ % next(_NUMBERS), slug=slug) for _ in range(CONNECTIONS)))
            if any("errors" in answer for answer in answers):
                unhealthy, times = time.monotonic() - began, 0
            else:
                times += 1
    return unhealthy


async def test_what_is_asked_for_amid_restarts_of_the_database_is_done_or_not_done_at_all(
    *,
    server: RestartablePostgres,
    site: Site,
    other: Replica,
    database: Database,
    ada: Principal,
    secret: str,
    figures: Figures,
) -> None:
    slug = (await other.namespaces.create(ada, "shop")).slug
    async with asked(site, secret) as ask:
        developers = [Developer(ask, slug, f"app-{n}", leaves=n < 2) for n in range(DEVELOPERS)]
        load = Load([*developers, Founder(ask)])
        async with load.on():
            for restart in (server.crash, server.restart) * ROUNDS:
                await load.until(DONE, BETWEEN)
                missed = asyncio.create_task(load.until(UNAVAILABLE, 1), name="missed")
                began = time.monotonic()
                await restart()
                away = time.monotonic() - began
                seconds = await until_healthy(ask, slug)
                figures.note(28, restart.__name__, f"back after {away:.2f} s, and all was well {seconds:.2f} s after")
                assert seconds <= HEALTHY_SECONDS
                await missed
            await load.until(DONE, BETWEEN)

    assert {DONE, UNAVAILABLE, MOVED} >= load.told.keys()
    await require_agreement(database, other.cluster)
    for each in developers:
        await require_whole_or_absent(database, each)
    told = f"{load.told[DONE]} done, {load.told[UNAVAILABLE]} told UNAVAILABLE"
    figures.note(28, f"{2 * ROUNDS} restarts amid {load.told.total()} changes", f"{told}, each whole or absent")


async def test_after_a_restart_that_nobody_noticed_all_is_well_soon(
    *, server: RestartablePostgres, site: Site, other: Replica, ada: Principal, secret: str, figures: Figures
) -> None:
    """All connections of the pool are dead by then."""
    slug = (await other.namespaces.create(ada, "shop")).slug
    async with asked(site, secret) as ask:
        for restart in (server.crash, server.restart):
            await until_healthy(ask, slug)
            await restart()
            seconds = await until_healthy(ask, slug)
            figures.note(28, f"{restart.__name__}, nobody asking", f"all was well {seconds:.2f} s after")
            assert seconds <= HEALTHY_SECONDS


async def require_whole_or_absent(database: Database, developer: Developer) -> None:
    """What was said to be done is recorded, once; and of what was not, nothing is under way any more."""
    revisions = select(RevisionRow.spec["image"].astext, RevisionRow.state).join(WorkloadRow)
    deleted = select(func.count()).select_from(WorkloadRow).where(WorkloadRow.deleted_at.is_not(None))
    async with database.session() as session:
        states = Counter(map(tuple, await session.execute(revisions.where(WorkloadRow.name == developer.name))))
        deletions = await session.scalar(deleted.where(WorkloadRow.name == developer.name))
    done = {(image, RevisionState.APPLIED) for image, code in developer.images.items() if code == DONE}
    assert {1} == {states[each] for each in done}
    assert {RevisionState.APPLIED, RevisionState.FAILED} >= {state for _, state in states}
    assert developer.deletions.count(DONE) <= (deletions or 0) <= len(developer.deletions)
