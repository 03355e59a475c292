"""A cluster for each test, at a pace at which nothing has to be waited for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest

from api.clusters.embedded import EmbeddedCluster
from tests.api.clusters.embedded.client import Client

PACE = 0.02


@dataclass(frozen=True)
class Namespace:
    """A namespace, and the paths of the collections in it."""

    name: str

    @property
    def core(self) -> str:
        return f"/api/v1/namespaces/{self.name}"

    @property
    def pods(self) -> str:
        return f"{self.core}/pods"

    @property
    def events(self) -> str:
        return f"{self.core}/events"

    @property
    def deployments(self) -> str:
        return f"/apis/apps/v1/namespaces/{self.name}/deployments"

    @property
    def replica_sets(self) -> str:
        return f"/apis/apps/v1/namespaces/{self.name}/replicasets"

    @property
    def jobs(self) -> str:
        return f"/apis/batch/v1/namespaces/{self.name}/jobs"


@pytest.fixture
async def cluster() -> AsyncIterator[EmbeddedCluster]:
    async with EmbeddedCluster.open(pace=PACE) as opened:
        yield opened


@pytest.fixture
async def client(cluster: EmbeddedCluster) -> AsyncIterator[Client]:
    async with session(cluster) as opened:
        yield Client(opened)


def session(cluster: EmbeddedCluster) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(cluster.url, headers={"Authorization": f"Bearer {cluster.token}"})


@pytest.fixture
async def namespace(client: Client) -> Namespace:
    created = await client.post("/api/v1/namespaces", {"metadata": {"name": "harbour"}})
    assert created.status == 201
    await client.until("/api/v1/namespaces/harbour/serviceaccounts", "default", lambda _: True)
    return Namespace("harbour")
