"""What was sampled within the last hour, for each namespace and app: bounded, the oldest gives way."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.clusters.models import PodMetrics
from api.metrics.models import MetricName, MetricScope
from api.metrics.scopes import scopes_of_pod
from api.metrics.sources import Samples

KEPT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Sample:
    at: datetime
    cpu: float
    memory: float


class Rings:
    """A ring of sums for each scope, an entry for each time that any of its pods was seen."""

    def __init__(self, *, interval: timedelta) -> None:
        self._length = max(1, int(KEPT / interval))
        self._rings: dict[MetricScope, deque[_Sample]] = {}

    def __len__(self) -> int:
        """How many scopes there is anything of."""
        return len(self._rings)

    def keep(self, pods: Sequence[PodMetrics], at: datetime) -> None:
        """Add what all pods use at one moment; what has not been heard of for an hour leaves nothing behind."""
        sums: defaultdict[MetricScope, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for pod in pods:
            for scope in scopes_of_pod(pod.namespace, pod.pod):
                sums[scope][0] += pod.cpu
                sums[scope][1] += pod.memory
        for scope, (cpu, memory) in sums.items():
            self._rings.setdefault(scope, deque(maxlen=self._length)).append(_Sample(at, cpu, memory))
        self._forget(at - KEPT)

    def samples(self, scope: MetricScope, name: MetricName, *, since: datetime, step: timedelta) -> Samples:
        """CPU in cores or memory in bytes of a scope since a moment, the last sample of each step."""
        by_step: dict[int, tuple[datetime, float]] = {}
        for sample in self._rings.get(scope, ()):
            if sample.at >= since:
                value = sample.cpu if name is MetricName.CPU else sample.memory
                by_step[int(sample.at.timestamp() / step.total_seconds())] = (sample.at, value)
        return dict(by_step.values())

    def _forget(self, before: datetime) -> None:
        for scope in [scope for scope, ring in self._rings.items() if ring[-1].at < before]:
            del self._rings[scope]
