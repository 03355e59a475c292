"""An API server by script, and the way to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from api.clusters.connection import Connection
from api.clusters.health import Health
from api.clusters.informer import Informer
from api.clusters.models import Kubeconfig
from api.clusters.objects import Kind
from api.clusters.store import Store
from tests.api.clusters.scripted_api import ScriptedApi
from tests.api.servers import write_kubeconfig

NEVER = 60.0


@pytest.fixture
async def api() -> AsyncIterator[ScriptedApi]:
    async with ScriptedApi.open() as api:
        yield api


@pytest.fixture
async def connection(api: ScriptedApi, tmp_path: Path) -> AsyncIterator[Connection]:
    kubeconfig = write_kubeconfig(tmp_path / "kubeconfig", api.url, "token")
    async with Connection.open(Kubeconfig(kubeconfig)) as connection:
        yield connection


@dataclass
class Following:
    """What informers tell: the Store and the cluster's health."""

    store: Store
    health: Health
    health_changes: asyncio.Queue[str | None] = field(default_factory=asyncio.Queue)

    async def next_health(self) -> str | None:
        """What is wrong (None: nothing), at the next time that this becomes another."""
        async with asyncio.timeout(10):
            return await self.health_changes.get()


Follow = Callable[..., Following]


@pytest.fixture
async def follow(connection: Connection) -> AsyncIterator[Follow]:
    """Starts an informer of a kind, pods unless another is named, for the length of a test."""
    tasks: list[asyncio.Task[None]] = []

    def start(*kinds: Kind, stall: float = NEVER) -> Following:
        watched, store = kinds or (Kind.POD,), Store()
        following = Following(store, Health(watched, lambda: following.health_changes.put_nowait(health.message)))
        health = following.health
        for kind in watched:
            informer = Informer(connection, store, health, kind, stall=stall)
            tasks.append(asyncio.create_task(informer.run(), name=f"informer {kind.plural}"))
        return following

    yield start
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
