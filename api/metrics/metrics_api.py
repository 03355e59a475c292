"""Metrics from metrics.k8s.io, which knows the present only: sampled into a short ring, an entry an app and tick."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from api.clusters.models import PodMetrics
from api.errors import MoorageError
from api.metrics.models import MetricName, MetricScope, MetricsSource, MetricsWindow
from api.metrics.rings import Rings
from api.metrics.sources import Samples, SourceDown

_UNREAD = "metrics.k8s.io has not been read yet."
_logger = logging.getLogger(__name__)

Read = Callable[[], Awaitable[Sequence[PodMetrics]]]


class MetricsApiSource:
    """Reads every pod's usage at an interval, and keeps the sums of an hour for each namespace and app."""

    kind = MetricsSource.METRICS_API

    def __init__(self, read: Read, *, interval: timedelta) -> None:
        self._read = read
        self._interval = interval
        self._rings = Rings(interval=interval)
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

    async def check(self) -> None:
        """Raises SourceDown where the last sample failed; before the first, nothing is known."""
        if self._trouble not in (None, _UNREAD):
            raise SourceDown(self._trouble)

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
        found = {scope: self._rings.samples(scope, name, since=since, step=window.step) for scope in scopes}
        return {scope: samples for scope, samples in found.items() if samples}

    async def _sample_for_ever(self) -> None:
        while True:
            try:
                self._rings.keep(await self._read(), datetime.now(UTC))
                self._say(None)
            except MoorageError as error:
                self._say(error.message)
            except Exception:
                _logger.exception("sampling metrics.k8s.io failed")
                self._say("Sampling metrics.k8s.io failed; it is tried again.")
            await asyncio.sleep(self._interval.total_seconds())

    def _say(self, trouble: str | None) -> None:
        if trouble is not None and trouble != self._trouble:
            _logger.warning("metrics.k8s.io cannot be read: %s", trouble)
        self._trouble = trouble
