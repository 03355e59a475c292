"""Replicas of Moorage over one database and one API server: in this process, and in processes of their own."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from api.authorization.authorizer import Authorizer
from api.authorization.vigils import Vigils
from api.clusters.cluster import Cluster
from api.clusters.models import Kubeconfig
from api.database.database import Database
from api.database.encryption import Encryption
from api.namespaces.models import NamespaceLimits
from api.namespaces.service import NamespaceService
from api.workloads.service import WorkloadService
from tests.allowances import UNLIMITED
from tests.api.people import SignedIn
from tests.api.servers import write_kubeconfig
from tests.moorage_process import ROOT, STOP_SECONDS

KEY = bytes(range(32))
_PROGRAM = [sys.executable, "-c", "import sys; from api.cli import main; sys.exit(main(['up', '--port', '0']))"]


@dataclass(frozen=True, slots=True)
class Site:
    """What replicas have in common."""

    database_url: str
    api_server: str
    token: str
    folder: Path

    @property
    def kubeconfig(self) -> Path:
        return write_kubeconfig(self.folder / "kubeconfig-of-replicas", self.api_server, self.token)


@dataclass(frozen=True, slots=True)
class Replica:
    """A replica's parts, with a pool and connections of its own."""

    database: Database
    cluster: Cluster
    namespaces: NamespaceService
    workloads: WorkloadService


@asynccontextmanager
async def replica(site: Site) -> AsyncIterator[Replica]:
    """One more replica, in this process."""
    async with Database.open(site.database_url) as database, Cluster.open(Kubeconfig(site.kubeconfig)) as cluster:
        namespaces = NamespaceService(database, cluster, Authorizer(), NamespaceLimits())
        workloads = WorkloadService(database, cluster, namespaces, Encryption(KEY), vigils=Vigils(SignedIn()))
        yield Replica(database, cluster, namespaces, workloads)
        await workloads.close()
        await namespaces.close()


@dataclass(frozen=True, slots=True)
class Process:
    """A replica in a process of its own, and where it listens."""

    origin: str
    process: subprocess.Popen[str]

    def kill(self) -> None:
        """As `kill -9` does: it learns nothing of it."""
        self.process.kill()
        self.process.wait(STOP_SECONDS)


@contextmanager
def _process(site: Site, name: str) -> Iterator[Process]:
    settings = {
        "MOORAGE_DATABASE_URL": site.database_url,
        "MOORAGE_KUBECONFIG": str(site.kubeconfig),
        "MOORAGE_ENCRYPTION_KEY": base64.b64encode(KEY).decode(),
        "MOORAGE_DATA_DIR": str(site.folder / name),
        "MOORAGE_LOG_LEVEL": "error",
        **UNLIMITED,
    }
    environment = {**os.environ, **settings}
    with subprocess.Popen(_PROGRAM, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield _announced(server)
        finally:
            server.terminate()
            server.wait(STOP_SECONDS)


def _announced(server: subprocess.Popen[str]) -> Process:
    """From what it prints once everything answers."""
    found = (re.search(r"Moorage\s+(http://\S+)", line) for line in server.stdout or ())
    return Process(next(match[1] for match in found if match), server)


@asynccontextmanager
async def processes(site: Site, count: int) -> AsyncIterator[list[Process]]:
    """So many replicas, started together."""
    async with AsyncExitStack() as stack:
        starting = [_in_a_thread(_process(site, f"replica-{number}"), stack) for number in range(count)]
        yield list(await asyncio.gather(*starting))


async def _in_a_thread(manager: AbstractContextManager[Process], stack: AsyncExitStack) -> Process:
    """To start and to stop a process takes seconds, in which the proxy has to go on."""
    started = await asyncio.to_thread(manager.__enter__)
    stack.push_async_callback(asyncio.to_thread, manager.__exit__, None, None, None)
    return started


async def send(session: aiohttp.ClientSession, replica: Process, secret: str, query: str, **variables: Any) -> Any:
    """What a replica answers to whoever has the API token `secret`."""
    headers = {"Authorization": f"Bearer {secret}"}
    body = {"query": query, "variables": variables}
    async with session.post(f"{replica.origin}/graphql", json=body, headers=headers) as answer:
        return await answer.json()
