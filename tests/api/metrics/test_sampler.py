"""What is promised of samples: one call a metric and step, whoever reads; the latest alone for who is slow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from api.metrics.models import MetricName, MetricNoData, MetricScope, MetricSeries, MetricSourceDown
from api.metrics.prometheus import PrometheusSource
from api.metrics.sampler import MetricsSampler, Sample
from api.metrics.service import MetricsService
from tests.api.metrics.prometheus_stub import Stub, serving

STEP = timedelta(milliseconds=200)
SHOP, BANK = MetricScope("shop", "web"), MetricScope("bank")
VALUES = (
    '{"status": "success", "data": {"resultType": "matrix", "result": ['
    '{"metric": {"namespace": "shop", "pod": "web-5d8f7c9b4-abcde"}, "values": [[1795000000, "0.5"]]}]}}'
)


@pytest.fixture
async def prometheus() -> AsyncIterator[Stub]:
    async with serving() as stub:
        stub.body = VALUES
        yield stub


@pytest.fixture
async def sampler(prometheus: Stub) -> AsyncIterator[MetricsSampler]:
    with PrometheusSource.open(prometheus.url) as source:
        async with MetricsSampler.open(MetricsService(source)) as sampler:
            yield sampler


async def test_readers_of_several_scopes_share_one_call_for_each_metric(
    prometheus: Stub, sampler: MetricsSampler
) -> None:
    both = (MetricName.CPU, MetricName.MEMORY)

    with (
        sampler.sampled(SHOP, both, STEP) as first,
        sampler.sampled(SHOP, both, STEP) as second,
        sampler.sampled(BANK, both, STEP) as third,
    ):
        async with asyncio.timeout(10):
            samples = await asyncio.gather(first.next(), second.next(), third.next())

    assert 2 == len(prometheus.asked)
    assert samples[0] == samples[1]
    assert isinstance(samples[0][MetricName.CPU], MetricSeries)
    assert isinstance(samples[2][MetricName.CPU], MetricNoData)


async def test_who_is_slow_gets_the_latest_alone(prometheus: Stub, sampler: MetricsSampler) -> None:
    with sampler.sampled(SHOP, [MetricName.CPU], STEP) as slow, sampler.sampled(SHOP, [MetricName.CPU], STEP) as quick:
        async with asyncio.timeout(10):
            await quick.next()
            prometheus.body = VALUES.replace("0.5", "0.75")
            while latest_of(await quick.next()) != 0.75:
                pass
            sample = (await slow.next())[MetricName.CPU]

    assert isinstance(sample, MetricSeries)
    assert 0.75 == sample.latest


def latest_of(sample: Sample) -> float | None:
    result = sample[MetricName.CPU]
    assert isinstance(result, MetricSeries)
    return result.latest


async def test_a_source_that_is_down_is_told_and_asked_again(prometheus: Stub, sampler: MetricsSampler) -> None:
    prometheus.status = 500

    with sampler.sampled(SHOP, [MetricName.CPU], STEP) as sampling:
        async with asyncio.timeout(10):
            down = (await sampling.next())[MetricName.CPU]
            prometheus.status = 200
            while isinstance(up := (await sampling.next())[MetricName.CPU], MetricSourceDown):
                pass

    assert isinstance(down, MetricSourceDown)
    assert isinstance(up, MetricSeries)


async def test_nothing_is_asked_once_nobody_reads(prometheus: Stub, sampler: MetricsSampler) -> None:
    before = asyncio.all_tasks()

    with sampler.sampled(SHOP, [MetricName.CPU], STEP) as sampling:
        async with asyncio.timeout(10):
            await sampling.next()
    await asyncio.sleep(0)

    assert set() == {task for task in asyncio.all_tasks() - before if task.get_name().startswith("metrics each")}
