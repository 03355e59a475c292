"""The metrics of one process: in a registry of its own, which is passed on and never found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge

from api.monitoring.histograms import Histogram


@dataclass(frozen=True, slots=True)
class Described:
    """A metric as documentation has it. `name` is the family's: a counter's ends in `_total`."""

    name: str
    kind: str
    """`counter`, `gauge` or `histogram`."""
    labels: tuple[str, ...]
    meaning: str


class Instruments:
    """Makes metrics, each once, and knows what it made.

    Names keep to https://prometheus.io/docs/practices/naming/: base units, `_total` for what only grows.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        self._described: list[Described] = []

    @property
    def described(self) -> Sequence[Described]:
        """Everything that was made, in order."""
        return tuple(self._described)

    def counter(self, name: str, meaning: str, labels: Sequence[str] = ()) -> Counter:
        self._describe(name, "counter", meaning, labels)
        return Counter(name, meaning, labels, registry=self.registry)

    def gauge(self, name: str, meaning: str, labels: Sequence[str] = ()) -> Gauge:
        self._describe(name, "gauge", meaning, labels)
        return Gauge(name, meaning, labels, registry=self.registry)

    def histogram(self, name: str, meaning: str, labels: Sequence[str] = (), *, buckets: Sequence[float]) -> Histogram:
        self._describe(name, "histogram", meaning, labels)
        histogram = Histogram(name, meaning, labels, buckets)
        self.registry.register(histogram)
        return histogram

    def _describe(self, name: str, kind: str, meaning: str, labels: Sequence[str]) -> None:
        self._described.append(Described(name, kind, tuple(labels), meaning))
