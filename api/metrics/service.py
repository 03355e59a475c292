"""The front door to metrics: values with their units, or why there are none."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence

from api.metrics.models import (
    UNITS,
    MetricName,
    MetricNoData,
    MetricPoint,
    MetricResult,
    MetricScope,
    MetricSeries,
    MetricSourceDown,
    MetricsSource,
    MetricsWindow,
)
from api.metrics.sources import Samples, Source, SourceDown

Results = dict[tuple[MetricScope, MetricName], MetricResult]


class MetricsService:
    """Reads metrics from one source. Scopes were authorized where they came from: a namespace that its own service
    gave."""

    def __init__(self, source: Source) -> None:
        self._source = source

    @property
    def source(self) -> MetricsSource:
        """Where the values come from."""
        return self._source.kind

    async def check(self) -> None:
        """Raises SourceDown, which is an Unavailable, where the source is known not to answer."""
        await self._source.check()

    async def read(
        self, scopes: Sequence[MetricScope], names: Collection[MetricName], window: MetricsWindow
    ) -> Results:
        """Every metric of every scope: one call of the source for each metric, whatever the number of scopes.

        A source that is down is an answer, not an error: other metrics, and all else that was asked, stand.
        """
        asked = sorted(names)
        answers = await asyncio.gather(*(self._read(name, scopes, window) for name in asked))
        return {(scope, name): answer[scope] for name, answer in zip(asked, answers, strict=True) for scope in scopes}

    async def _read(
        self, name: MetricName, scopes: Sequence[MetricScope], window: MetricsWindow
    ) -> Mapping[MetricScope, MetricResult]:
        unit = UNITS[name]
        if (reason := self._source.lacks(name)) is not None:
            return dict.fromkeys(scopes, MetricNoData(name, unit, reason))
        try:
            found = await self._source.read(name, scopes, window)
        except SourceDown as down:
            return dict.fromkeys(scopes, MetricSourceDown(name, unit, down.message))
        return {scope: _result(name, found.get(scope)) for scope in scopes}


def _result(name: MetricName, samples: Samples | None) -> MetricResult:
    unit = UNITS[name]
    if not samples:
        message = "Nothing was measured in this time. A new app's first values come within a minute."
        return MetricNoData(name, unit, message)
    return MetricSeries(name, unit, tuple(MetricPoint(at, samples[at]) for at in sorted(samples)))
