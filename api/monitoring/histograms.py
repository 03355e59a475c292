"""Histograms that cost an operation little: the library's take a lock, walk their buckets and take another one."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate

from prometheus_client import Metric
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString


class Series:
    """One series, which the event loop's thread alone adds to."""

    __slots__ = ("_bounds", "_counts", "_sum")

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def observe(self, amount: float) -> None:
        """Count one more."""
        self._counts[bisect_left(self._bounds, amount)] += 1
        self._sum += amount

    def so_far(self) -> tuple[list[int], float]:
        """How many are in each bucket or a smaller one, and the sum of all; for any thread."""
        return list(accumulate(self._counts.copy())), self._sum


class Histogram(Collector):
    """A metric of one series for each combination of labels, exposed as the library's own histograms are."""

    def __init__(self, name: str, meaning: str, labels: Sequence[str], buckets: Sequence[float]) -> None:
        self._name = name
        self._meaning = meaning
        self._labels = tuple(labels)
        self._bounds = tuple(buckets)
        self._series: dict[tuple[str, ...], Series] = {}
        # The library writes bounds so itself; that function of it has no types.
        self._told_bounds = [floatToGoString(bound) for bound in (*buckets, math.inf)]  # type: ignore[no-untyped-call]

    def labels(self, *values: str) -> Series:
        """The series of these labels, in the order in which they were named. Worth being kept."""
        return self._series.setdefault(tuple(map(str, values)), Series(self._bounds))

    def collect(self) -> Iterator[Metric]:
        """What Prometheus is told, on a thread of its own."""
        family = HistogramMetricFamily(self._name, self._meaning, labels=self._labels)
        for values, series in self._series.copy().items():
            counts, total = series.so_far()
            family.add_metric(values, list(zip(self._told_bounds, counts, strict=True)), total)
        yield family
