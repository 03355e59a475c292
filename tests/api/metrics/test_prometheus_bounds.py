"""What Prometheus is asked and how much of it is borne: exact times, one call for all, and a bound to each answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta

import pytest
from aiohttp import web

from api.metrics.models import MetricName, MetricResult, MetricScope, MetricsWindow
from api.metrics.models import MetricSourceDown as Down
from api.metrics.prometheus import CALL_SECONDS, MOST_BYTES, PrometheusSource
from api.metrics.service import MetricsService

WINDOW = MetricsWindow(timedelta(hours=1), timedelta(seconds=30))
SCOPES = [MetricScope("shop", "web"), MetricScope("mill", "loom"), MetricScope("dock")]
NOTHING = b'{"status": "success", "data": {"resultType": "matrix", "result": []}}'

Handle = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Prometheus:
    """Answers by `handle`, which a test may replace; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.handle: Handle = self.nothing
        self.url = ""
        self._arrived = asyncio.Condition()

    async def nothing(self, _: web.Request) -> web.StreamResponse:
        return web.Response(body=NOTHING, content_type="application/json")

    async def until_asked(self, times: int) -> None:
        async with asyncio.timeout(10), self._arrived:
            await self._arrived.wait_for(lambda: len(self.asked) >= times)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        async with self._arrived:
            self.asked.append(dict(request.query))
            self._arrived.notify_all()
        return await self.handle(request)


@pytest.fixture
async def prometheus() -> AsyncIterator[Prometheus]:
    stub = Prometheus()
    application = web.Application()
    application.router.add_post("/api/v1/query_range", stub.answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    stub.url = "http://{}:{}".format(*runner.addresses[0][:2])
    yield stub
    await runner.cleanup()


@pytest.fixture
def service(prometheus: Prometheus) -> Iterator[MetricsService]:
    with PrometheusSource.open(prometheus.url) as source:
        yield MetricsService(source)


async def cpu(service: MetricsService, window: MetricsWindow = WINDOW) -> MetricResult:
    return (await service.read(SCOPES[:1], [MetricName.CPU], window))[SCOPES[0], MetricName.CPU]


async def test_several_namespaces_are_asked_for_in_one_call_a_metric(
    prometheus: Prometheus, service: MetricsService
) -> None:
    await service.read(SCOPES, [MetricName.CPU, MetricName.MEMORY], WINDOW)

    assert 2 == len(prometheus.asked)
    assert all("(?:dock|mill|shop)" in asked["query"] for asked in prometheus.asked)


@pytest.mark.parametrize("seconds", [5, 7.5, 86_400, 1_234_567])
async def test_times_are_asked_for_exactly(prometheus: Prometheus, service: MetricsService, seconds: float) -> None:
    step = timedelta(seconds=seconds)

    await cpu(service, MetricsWindow(step * 2, step))

    (asked,) = prometheus.asked
    assert seconds == float(asked["step"])
    assert seconds * 2 == pytest.approx(float(asked["end"]) - float(asked["start"]), abs=1)


async def test_an_answer_beyond_all_bounds_is_not_read_to_its_end(
    prometheus: Prometheus, service: MetricsService
) -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" " * 2**20)
            sent += 2**20

    prometheus.handle = endless
    began = time.monotonic()

    down = await cpu(service)

    assert isinstance(down, Down)
    assert time.monotonic() - began < CALL_SECONDS
    assert sent < MOST_BYTES * 2


async def test_an_answer_that_breaks_off_is_a_source_that_is_down(
    prometheus: Prometheus, service: MetricsService
) -> None:
    async def broken(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(NOTHING[:20])
        assert request.transport is not None
        request.transport.abort()
        return response

    prometheus.handle = broken

    assert isinstance(await cpu(service), Down)


async def test_more_calls_than_can_wait_are_answered_at_once(prometheus: Prometheus, service: MetricsService) -> None:
    released = asyncio.Event()

    async def held(request: web.Request) -> web.StreamResponse:
        await released.wait()
        return await prometheus.nothing(request)

    prometheus.handle = held
    waiting = [asyncio.create_task(cpu(service)) for _ in range(64)]
    await prometheus.until_asked(4)

    refused = await cpu(service)

    assert isinstance(refused, Down)
    assert "slower than it is asked" in refused.message
    released.set()
    assert {"MetricNoData"} == {type(each).__name__ for each in await asyncio.gather(*waiting)}


async def test_a_prometheus_that_comes_back_is_read_again(prometheus: Prometheus, service: MetricsService) -> None:
    async def failing(_: web.Request) -> web.StreamResponse:
        return web.Response(status=503)

    prometheus.handle = failing
    before = await cpu(service)
    prometheus.handle = prometheus.nothing

    after = await cpu(service)

    assert ("MetricSourceDown", "MetricNoData") == (type(before).__name__, type(after).__name__)


async def test_what_is_told_of_a_failure_names_neither_address_nor_answer(prometheus: Prometheus) -> None:
    async def failing(_: web.Request) -> web.StreamResponse:
        return web.Response(status=500, text="internal: 10.0.0.7 refused")

    prometheus.handle = failing
    with PrometheusSource.open(prometheus.url.replace("//", "//reader:hunter2@")) as source:
        down = await cpu(MetricsService(source))

    assert isinstance(down, Down)
    assert not any(secret in down.message for secret in ("hunter2", "127.0.0.1", "10.0.0.7"))
