"""Metrics from Prometheus: "no data" and "source down" are two different answers, whatever it says."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from api.errors import Unavailable
from api.metrics import prometheus as subject
from api.metrics.models import MetricName, MetricNoData, MetricScope, MetricSeries, MetricSourceDown, MetricsWindow
from api.metrics.prometheus import PrometheusSource
from api.metrics.service import MetricsService
from api.metrics.sources import SourceDown
from api.monitoring.telemetry import Telemetry
from tests.api.metrics.prometheus_stub import Stub, serving

WINDOW = MetricsWindow(timedelta(hours=1), timedelta(seconds=30))
ENGINE = MetricScope("shop-a1", "engine")
SHOP = MetricScope("shop-a1")


@pytest.fixture
async def stub() -> AsyncIterator[Stub]:
    async with serving() as stub:
        yield stub


@pytest.fixture
def service(stub: Stub) -> Iterator[MetricsService]:
    with PrometheusSource.open(stub.url) as source:
        yield MetricsService(source)


def matrix(*series: tuple[str, list[tuple[int, str]]]) -> str:
    """What Prometheus answers for pods of the namespace: values by pod and time."""
    result = [
        {"metric": {"namespace": "shop-a1", "pod": pod}, "values": [list(value) for value in values]}
        for pod, values in series
    ]
    return json.dumps({"status": "success", "data": {"resultType": "matrix", "result": result}})


async def test_pods_are_summed_to_their_app_and_namespace_by_one_call(stub: Stub, service: MetricsService) -> None:
    stub.body = matrix(
        ("engine-7c9f-abcde", [(60, "0.25"), (90, "0.5")]),
        ("engine-7c9f-fghij", [(90, "1")]),
        ("loom-5d6e-klmno", [(90, "4")]),
    )

    results = await service.read([ENGINE, SHOP], [MetricName.CPU], WINDOW)

    assert [(_at(60), 0.25), (_at(90), 1.5)] == points(results[ENGINE, MetricName.CPU])
    assert [(_at(60), 0.25), (_at(90), 5.5)] == points(results[SHOP, MetricName.CPU])
    assert 1 == len(stub.asked)


async def test_queries_are_counted_by_how_they_ended(stub: Stub) -> None:
    telemetry = Telemetry()
    with PrometheusSource.open(stub.url, calls=telemetry.prometheus) as source:
        stub.body = matrix()
        await source.read(MetricName.CPU, [ENGINE], WINDOW)
        stub.body = "no JSON"
        with pytest.raises(SourceDown):
            await source.check()

    value = telemetry.instruments.registry.get_sample_value
    assert 1 == value("moorage_prometheus_requests_total", {"call": "query_range", "code": "ok"})
    assert 1 == value("moorage_prometheus_requests_total", {"call": "query", "code": "SourceDown"})


async def test_pods_of_others_that_an_expression_may_match_are_left_out(stub: Stub, service: MetricsService) -> None:
    stub.body = matrix(("engine-of-mine-7c9f-abcde", [(60, "7")]))

    results = await service.read([ENGINE], [MetricName.MEMORY], WINDOW)

    assert isinstance(results[ENGINE, MetricName.MEMORY], MetricNoData)


async def test_values_that_are_no_numbers_are_no_points(stub: Stub, service: MetricsService) -> None:
    stub.body = matrix(("engine-7c9f-abcde", [(30, "NaN"), (60, "+Inf"), (90, "2")]))

    results = await service.read([ENGINE], [MetricName.CPU], WINDOW)

    assert [(_at(90), 2.0)] == points(results[ENGINE, MetricName.CPU])


async def test_a_series_without_one_number_is_no_data(stub: Stub, service: MetricsService) -> None:
    stub.body = matrix(("engine-7c9f-abcde", [(30, "NaN"), (60, "-Inf")]))

    results = await service.read([ENGINE], [MetricName.CPU], WINDOW)

    assert isinstance(results[ENGINE, MetricName.CPU], MetricNoData)


async def test_nothing_measured_is_no_data(service: MetricsService) -> None:
    results = await service.read([ENGINE], [MetricName.CPU], WINDOW)

    assert isinstance(results[ENGINE, MetricName.CPU], MetricNoData)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, '{"status": "error", "errorType": "bad_data", "error": "parse error"}'),
        (422, '{"status": "error", "errorType": "execution", "error": "too many samples"}'),
        (503, "upstream connect error"),
        (200, "<html>a proxy's own page</html>"),
        (200, "[]"),
        (200, '{"status": "success", "data": {}}'),
        (200, '{"status": "success", "data": {"result": [{"metric": {"namespace": "shop-a1", "pod": "engine-b-c"}}]}}'),
        (200, '{"status": "success", "data": {"result": [{"metric": {}, "values": [[1]]}]}}'),
        (200, '{"status": "success", "data": {"result": null}}'),
    ],
)
async def test_an_answer_that_cannot_be_used_is_a_source_that_is_down(
    stub: Stub, service: MetricsService, status: int, body: str
) -> None:
    stub.status, stub.body = status, body

    results = await service.read([ENGINE], [MetricName.CPU], WINDOW)

    down = results[ENGINE, MetricName.CPU]
    assert isinstance(down, MetricSourceDown)
    assert "MOORAGE_PROMETHEUS_URL" in down.message


async def test_a_prometheus_that_is_not_there_is_down() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with PrometheusSource.open(f"http://127.0.0.1:{port}") as source:
        results = await MetricsService(source).read([ENGINE], [MetricName.CPU], WINDOW)

    assert isinstance(results[ENGINE, MetricName.CPU], MetricSourceDown)


async def test_a_check_says_whether_it_answers(stub: Stub, service: MetricsService) -> None:
    stub.body = '{"status": "success", "data": {"resultType": "vector", "result": []}}'
    await service.check()

    stub.status = 502
    with pytest.raises(Unavailable, match="MOORAGE_PROMETHEUS_URL"):
        await service.check()


async def test_a_prometheus_that_says_nothing_is_down_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute, PrometheusSource.open(_url(mute)) as source:
        async with asyncio.timeout(subject.CALL_SECONDS + 3):
            results = await MetricsService(source).read([ENGINE], [MetricName.CPU], WINDOW)

    down = results[ENGINE, MetricName.CPU]
    assert isinstance(down, MetricSourceDown)


def points(result: object) -> list[tuple[datetime, float]]:
    assert isinstance(result, MetricSeries)
    return [(point.at, point.value) for point in result.points]


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _url(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"
