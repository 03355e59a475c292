"""The way to metrics.k8s.io, as tests of metrics need it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from api.clusters.cluster import Cluster
from api.clusters.models import PodMetrics
from api.errors import Unavailable


class Wire:
    """The way to metrics.k8s.io: tells of each sample, and can be cut."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._sampled = asyncio.Condition()
        self._samples = 0
        self.is_cut = False

    async def sample(self) -> Sequence[PodMetrics]:
        async with self._sampled:
            self._samples += 1
            self._sampled.notify_all()
        if self.is_cut:
            raise Unavailable("metrics.k8s.io does not answer.", part="metrics")
        return await self._cluster.pod_metrics()

    async def until_sampled(self) -> None:
        """Wait until a sample that was begun from now on is kept: the one after it has begun."""
        async with asyncio.timeout(10), self._sampled:
            wanted = self._samples + 2
            await self._sampled.wait_for(lambda: self._samples >= wanted)
