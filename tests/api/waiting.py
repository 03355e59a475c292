"""Waiting for what the cluster tells, instead of for time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from api.clusters.cluster import Cluster

PATIENCE = 30.0


async def until(cluster: Cluster, slug: str, condition: Callable[[], bool], *, seconds: float = PATIENCE) -> None:
    """Wait until `condition` holds, looking again at each change that the Store tells of in the namespace."""
    with cluster.store.subscribe(slug) as changes:
        async with asyncio.timeout(seconds):
            while not condition():
                await anext(changes)
