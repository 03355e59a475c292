"""Metrics from metrics.k8s.io, which knows the present only: sampled into a short ring, an entry an app and tick."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from api.clusters.models import PodMetrics
from api.errors import MoorageError
from api.metrics.models import MetricName, MetricScope, MetricsSource, MetricsWindow
from api.metrics.scopes import scopes_of_pod
from api.metrics.sources import Samples, SourceDown

KEPT = timedelta(hours=1)
_UNREAD = "metrics.k8s.io has not been read yet."
_logger = logging.getLogger(__name__)

Read = Callable[[], Awaitable[Sequence[PodMetrics]]]


@dataclass(frozen=True, slots=True)
class _Sample:
    at: datetime
    cpu: float
    memory: float


class MetricsApiSource:
    """Reads every pod's usage at an interval, and keeps the sums of an hour for each namespace and app."""

    kind = MetricsSource.METRICS_API

    def __init__(self, read: Read, *, interval: timedelta) -> None:
        self._read = read
        self._interval = interval
        self._rings: dict[MetricScope, deque[_Sample]] = {}
        self._trouble: str | None = _UNREAD

    @classmethod
    @asynccontextmanager
    async def open(cls, read: Read, *, interval: timedelta = timedelta(seconds=15)) -> AsyncIterator[MetricsApiSource]:
        """A source that samples for as long as the context lasts."""
        source = cls(read, interval=interval)
        task = asyncio.create_task(source._sample_for_ever(), name="metrics.k8s.io")
        try:
            yield source
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def lacks(self, name: MetricName) -> str | None:
        """Why it never has this metric."""
        if name in (MetricName.CPU, MetricName.MEMORY):
            return None
        return "metrics.k8s.io tells of CPU and memory only. Set MOORAGE_PROMETHEUS_URL to see this as well."

    async def read(
        self, name: MetricName, scopes: Collection[MetricScope], window: MetricsWindow
    ) -> Mapping[MetricScope, Samples]:
        """The samples of each scope within the window, the last of each step. Raises SourceDown."""
        if self._trouble is not None:
            raise SourceDown(self._trouble)
        since = datetime.now(UTC) - window.span
        return {scope: self._thinned(name, scope, since, window) for scope in scopes if scope in self._rings}

    def _thinned(self, name: MetricName, scope: MetricScope, since: datetime, window: MetricsWindow) -> Samples:
        by_step: dict[int, tuple[datetime, float]] = {}
        for sample in self._rings[scope]:
            if sample.at >= since:
                value = sample.cpu if name is MetricName.CPU else sample.memory
                by_step[int(sample.at.timestamp() / window.step.total_seconds())] = (sample.at, value)
        return dict(by_step.values())

    async def _sample_for_ever(self) -> None:
        while True:
            try:
                self._keep(await self._read(), datetime.now(UTC))
                self._say(None)
            except MoorageError as error:
                self._say(error.message)
            await asyncio.sleep(self._interval.total_seconds())

    def _say(self, trouble: str | None) -> None:
        if trouble is not None and trouble != self._trouble:
            _logger.warning("metrics.k8s.io cannot be read: %s", trouble)
        self._trouble = trouble

    def _keep(self, pods: Sequence[PodMetrics], at: datetime) -> None:
        sums: defaultdict[MetricScope, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for pod in pods:
            for scope in scopes_of_pod(pod.namespace, pod.pod):
                sums[scope][0] += pod.cpu
                sums[scope][1] += pod.memory
        for scope, (cpu, memory) in sums.items():
            ring = self._rings.setdefault(scope, deque(maxlen=max(1, int(KEPT / self._interval))))
            ring.append(_Sample(at, cpu, memory))
        self._forget(at - KEPT)

    def _forget(self, before: datetime) -> None:
        """What has not been heard of for an hour leaves nothing behind."""
        for scope in [scope for scope, ring in self._rings.items() if ring[-1].at < before]:
            del self._rings[scope]
