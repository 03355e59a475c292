"""Metrics with their units. "No data" and "source down" are two different answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class MetricName(StrEnum):
    CPU = "cpu"
    MEMORY = "memory"
    NETWORK_RECEIVE = "network_receive"
    NETWORK_TRANSMIT = "network_transmit"
    RESTARTS = "restarts"


class MetricUnit(StrEnum):
    CORES = "cores"
    BYTES = "bytes"
    BYTES_PER_SECOND = "bytes_per_second"
    COUNT = "count"


UNITS = {
    MetricName.CPU: MetricUnit.CORES,
    MetricName.MEMORY: MetricUnit.BYTES,
    MetricName.NETWORK_RECEIVE: MetricUnit.BYTES_PER_SECOND,
    MetricName.NETWORK_TRANSMIT: MetricUnit.BYTES_PER_SECOND,
    MetricName.RESTARTS: MetricUnit.COUNT,
}


class MetricsSource(StrEnum):
    PROMETHEUS = "prometheus"
    METRICS_API = "metrics_api"
    """metrics.k8s.io, sampled into a short ring: CPU and memory only, from the moment Moorage started."""


@dataclass(frozen=True, slots=True)
class MetricsWindow:
    """The time asked for: `span` back from now, a point each `step`. At most 30 days and 11,000 points."""

    span: timedelta
    step: timedelta


@dataclass(frozen=True, slots=True)
class MetricPoint:
    at: datetime
    value: float


@dataclass(frozen=True, slots=True)
class MetricSeries:
    """Points in time order, in `unit`, summed over the pods asked for."""

    name: MetricName
    unit: MetricUnit
    points: tuple[MetricPoint, ...]

    @property
    def latest(self) -> float | None:
        """The newest value, None where there is no point."""
        return self.points[-1].value if self.points else None


@dataclass(frozen=True, slots=True)
class MetricNoData:
    """The source answered, and has nothing for this; `message` says why that may be."""

    name: MetricName
    unit: MetricUnit
    message: str


@dataclass(frozen=True, slots=True)
class MetricSourceDown:
    """The source did not answer; nothing is known."""

    name: MetricName
    unit: MetricUnit
    message: str


MetricResult = MetricSeries | MetricNoData | MetricSourceDown


@dataclass(frozen=True, slots=True)
class MetricScope:
    """What is measured: a whole namespace, or the pods of one workload in it, those that were replaced included."""

    namespace: str
    workload: str | None = None
