"""Metrics as they come: read once at each step for everybody who follows them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from api.metrics.models import MetricName, MetricResult, MetricScope, MetricsWindow
from api.metrics.service import MetricsService, Results

_logger = logging.getLogger(__name__)

STEPS = 5
"""How many steps back a sample reaches: values that come late are told by a later one."""
_LATE = 0.05
"""Of a step, after its end: the source has stored its values by then."""
_SCOPES = 200
"""In one expression."""

Sample = Mapping[MetricName, MetricResult]


@dataclass(eq=False, slots=True)
class Sampling:
    """One reader's samples of one scope: the latest one alone is kept until it is taken."""

    scope: MetricScope
    names: frozenset[MetricName]
    _latest: Sample = field(default_factory=dict)
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def next(self) -> Sample:
        """The latest sample that was not taken yet; waits for one."""
        await self._arrived.wait()
        self._arrived.clear()
        return self._latest

    def put(self, results: Results) -> None:
        """There is a newer one."""
        self._latest = {name: results[self.scope, name] for name in self.names}
        self._arrived.set()


class MetricsSampler:
    """One task for each step that somebody follows, and at each step one call of the source for each metric, whatever
    the number of readers and of scopes. Whoever opens it closes it: use `MetricsSampler.open`."""

    def __init__(self, metrics: MetricsService) -> None:
        self._metrics = metrics
        self._samplings: dict[timedelta, set[Sampling]] = {}
        self._tasks: dict[timedelta, asyncio.Task[None]] = {}

    @classmethod
    @asynccontextmanager
    async def open(cls, metrics: MetricsService) -> AsyncIterator[MetricsSampler]:
        """Nothing is sampled any more at the end of the context."""
        sampler = cls(metrics)
        try:
            yield sampler
        finally:
            tasks = list(sampler._tasks.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    @contextmanager
    def sampled(self, scope: MetricScope, names: Collection[MetricName], step: timedelta) -> Iterator[Sampling]:
        """Samples of a scope, which its service has authorized, for as long as the context lasts."""
        sampling = Sampling(scope, frozenset(names))
        self._samplings.setdefault(step, set()).add(sampling)
        if step not in self._tasks:
            self._tasks[step] = asyncio.create_task(self._sample(step), name=f"metrics each {step.total_seconds():g} s")
        try:
            yield sampling
        finally:
            self._samplings[step].discard(sampling)
            if not self._samplings[step]:
                del self._samplings[step]
                self._tasks.pop(step).cancel()

    async def _sample(self, step: timedelta) -> None:
        window = MetricsWindow(span=STEPS * step, step=step)
        while True:
            await asyncio.sleep(_until_next(step.total_seconds(), time.time()))
            samplings = tuple(self._samplings.get(step, ()))
            try:
                await self._read(samplings, window)
            except Exception:
                _logger.exception("sampling metrics failed; it is tried again")

    async def _read(self, samplings: Collection[Sampling], window: MetricsWindow) -> None:
        scopes = list(dict.fromkeys(sampling.scope for sampling in samplings))
        names = frozenset().union(*(sampling.names for sampling in samplings))
        results: Results = {}
        for begin in range(0, len(scopes), _SCOPES):
            results |= await self._metrics.read(scopes[begin : begin + _SCOPES], names, window)
        for sampling in samplings:
            sampling.put(results)


def _until_next(step: float, now: float) -> float:
    """Seconds until a little after the next multiple of a step, at which series have their points."""
    return step - now % step + _LATE * step
