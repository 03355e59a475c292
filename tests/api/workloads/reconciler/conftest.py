"""A reconciler at work, and what it writes down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

import pytest

from api.clusters.cluster import Cluster
from api.clusters.election import LeaseTimes
from api.database.pages import PageRequest
from api.workloads.service import WorkloadService
from api.workloads.timeline import TimelineEntry, TimelineKind
from tests.api.workloads.apps import Apps

QUICK = LeaseTimes(duration=2, deadline=1, retry=0.05)
PATIENCE = 30.0
"""Seconds within which drift is repaired: the promise itself."""


@asynccontextmanager
async def campaigning(workloads: WorkloadService, cluster: Cluster, lease: str) -> AsyncIterator[None]:
    """A replica that reconciles whenever it holds the Lease."""
    leading = asyncio.create_task(
        cluster.lead(workloads.reconciler.lead, name=lease, namespace="moorage-tests", times=QUICK), name="reconciler"
    )
    try:
        yield
    finally:
        leading.cancel()
        with suppress(asyncio.CancelledError):
            await leading


@pytest.fixture
def lease() -> str:
    """The name of a Lease of the test's own."""
    return f"test-{uuid4().hex[:8]}"


@pytest.fixture
async def reconciler(workloads: WorkloadService, cluster: Cluster, lease: str) -> AsyncIterator[None]:
    """It leads from the beginning to the end of the test."""
    async with campaigning(workloads, cluster, lease):
        yield


async def timeline(apps: Apps) -> list[TimelineEntry]:
    """What happened in the namespace, the latest first."""
    history = apps.workloads.history
    return list((await history.of_namespace(apps.principal, apps.namespace, PageRequest(first=100))).items)


async def told(apps: Apps, kind: TimelineKind, *, times: int = 1) -> list[TimelineEntry]:
    """The entries of that kind, once there are so many."""
    with apps.workloads.rows.subscribe(apps.namespace.id) as changed:
        async with asyncio.timeout(PATIENCE):
            while True:
                changed.clear()
                found = [each for each in await timeline(apps) if each.kind is kind]
                if len(found) >= times:
                    return found
                await changed.wait()
