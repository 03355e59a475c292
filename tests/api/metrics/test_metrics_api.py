"""metrics.k8s.io, which knows the present only: sampled into a ring of an hour."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from api.clusters.models import PodMetrics
from api.errors import Unavailable
from api.metrics.metrics_api import MetricsApiSource
from api.metrics.models import MetricName, MetricScope
from api.metrics.sources import SourceDown
from api.metrics.window import window_of

TICK = timedelta(milliseconds=10)
WINDOW = window_of(timedelta(hours=1), timedelta(seconds=5))
ENGINE = MetricScope("shop", "engine")


class Wire:
    """What the cluster answers, tick after tick; tells when it has been asked so often."""

    def __init__(self, *answers: Sequence[PodMetrics] | Exception) -> None:
        self._answers = list(answers)
        self._asked = asyncio.Condition()
        self.ticks = 0

    async def read(self) -> Sequence[PodMetrics]:
        async with self._asked:
            self.ticks += 1
            self._asked.notify_all()
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def asked(self, times: int) -> None:
        """Wait until what was answered `times` times is taken in: the next question comes after it."""
        async with asyncio.timeout(10), self._asked:
            await self._asked.wait_for(lambda: self.ticks > times)


def usage(pod: str, cpu: float, memory: float = 2**20) -> PodMetrics:
    return PodMetrics(namespace="shop", pod=pod, at=datetime.now(UTC), cpu=cpu, memory=memory)


async def test_pods_are_summed_to_their_app_and_their_namespace() -> None:
    wire = Wire([usage("engine-7c9f-abcde", 0.25), usage("engine-7c9f-fghij", 0.5), usage("loom-5d6e-klmno", 4)])
    async with MetricsApiSource.open(wire.read, interval=TICK) as source:
        await wire.asked(1)

        found = await source.read(MetricName.CPU, [ENGINE, MetricScope("shop")], WINDOW)

    assert {0.75} == set(found[ENGINE].values())
    assert {4.75} == set(found[MetricScope("shop")].values())


async def test_before_the_first_answer_it_is_down() -> None:
    source = MetricsApiSource(Wire([]).read, interval=TICK)

    with pytest.raises(SourceDown):
        await source.read(MetricName.CPU, [ENGINE], WINDOW)


async def test_a_cluster_that_does_not_answer_is_a_source_that_is_down_until_it_does() -> None:
    away = Unavailable("It is away.", part="metrics")
    wire = Wire([usage("engine-7c9f-abcde", 1)], away, away, [usage("engine-7c9f-abcde", 2)])
    async with MetricsApiSource.open(wire.read, interval=TICK) as source:
        await wire.asked(2)
        with pytest.raises(SourceDown, match="It is away"):
            await source.read(MetricName.CPU, [ENGINE], WINDOW)
        await wire.asked(4)

        found = await source.read(MetricName.CPU, [ENGINE], WINDOW)

    assert 2.0 == list(found[ENGINE].values())[-1]


async def test_a_failure_that_nobody_foresaw_does_not_end_the_sampling() -> None:
    wire = Wire(ZeroDivisionError(), [usage("engine-7c9f-abcde", 2)])
    async with MetricsApiSource.open(wire.read, interval=TICK) as source:
        await wire.asked(2)

        found = await source.read(MetricName.CPU, [ENGINE], WINDOW)

    assert {2.0} == set(found[ENGINE].values())


async def test_an_app_without_pods_has_no_samples() -> None:
    wire = Wire([usage("loom-5d6e-klmno", 1)])
    async with MetricsApiSource.open(wire.read, interval=TICK) as source:
        await wire.asked(1)

        assert {} == await source.read(MetricName.CPU, [ENGINE], WINDOW)


async def test_a_step_has_one_point_however_many_samples_it_has() -> None:
    wire = Wire([usage("engine-7c9f-abcde", 1)])
    async with MetricsApiSource.open(wire.read, interval=TICK) as source:
        await wire.asked(20)

        found = await source.read(MetricName.CPU, [ENGINE], WINDOW)

    assert len(found[ENGINE]) <= 2


def test_network_and_restarts_are_named_as_what_it_lacks() -> None:
    source = MetricsApiSource(Wire([]).read, interval=TICK)

    assert source.lacks(MetricName.CPU) is None
    assert "MOORAGE_PROMETHEUS_URL" in (source.lacks(MetricName.RESTARTS) or "")
