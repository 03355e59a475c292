"""Spans reach a collector, by its address alone, and a collector that is away costs nobody anything."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from time import monotonic

import pytest

from api.monitoring.otlp import Collector, Provider
from api.monitoring.telemetry import Telemetry
from api.monitoring.tracing import CallerContext
from tests.api.monitoring.collector import CollectorStandIn, attributes, collecting

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
TRACEPARENT = f"00-{TRACE}-{PARENT}-01"


@pytest.fixture
async def collector() -> AsyncIterator[CollectorStandIn]:
    async with collecting() as collector:
        yield collector


def traced(
    collector: CollectorStandIn, *, ratio: float = 1.0, context: CallerContext = CallerContext.LINK, **headers: str
) -> Telemetry:
    return Telemetry(Provider(Collector(collector.url, headers, ratio, context)))


async def sent(telemetry: Telemetry, traceparent: str | None = None) -> None:
    """One request of a client's, with a call to the cluster in it."""
    async with telemetry.running():
        span = telemetry.tracing.serve("POST /graphql", {"http.route": "/graphql"}, traceparent=traceparent)
        with telemetry.kubernetes.to("get", "Pod") as call:
            call.answered("404", failed=True)
        assert span is not None
        span.end()


def outcome(telemetry: Telemetry, outcome: str) -> float | None:
    return telemetry.instruments.registry.get_sample_value("moorage_trace_spans_total", {"outcome": outcome})


async def test_a_call_is_part_of_the_request_that_it_is_made_for(collector: CollectorStandIn) -> None:
    await sent(traced(collector))

    call, request = collector.spans
    assert ("get Pod", "POST /graphql") == (call.name, request.name)
    assert (request.trace_id, request.span_id) == (call.trace_id, call.parent_span_id)
    assert "404" == attributes(call)["error.type"]


async def test_spans_are_sent_at_the_end_with_the_headers_that_are_set(collector: CollectorStandIn) -> None:
    telemetry = traced(collector, authorization="Bearer of-the-collector")

    await sent(telemetry)

    assert "Bearer of-the-collector" == collector.headers[0]["authorization"]
    assert "application/x-protobuf" == collector.headers[0]["content-type"]
    assert 2 == outcome(telemetry, "sent")


async def test_the_environment_of_others_is_not_taken(
    collector: CollectorStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
        "OTEL_EXPORTER_OTLP_HEADERS": "x-somebody=secret",
        "OTEL_RESOURCE_ATTRIBUTES": "somebody=else",
        "OTEL_SERVICE_NAME": "another",
        "OTEL_TRACES_SAMPLER": "always_off",
        "HTTP_PROXY": "http://127.0.0.1:9",
    }.items():
        monkeypatch.setenv(name, value)

    await sent(traced(collector))

    assert 2 == len(collector.spans)
    assert "x-somebody" not in collector.headers[0]
    assert b"moorage" in collector.bodies[0]
    assert not any(each in collector.bodies[0] for each in (b"somebody", b"another"))


async def test_a_caller_s_trace_is_linked_to_and_does_not_decide(collector: CollectorStandIn) -> None:
    await sent(traced(collector), TRACEPARENT)

    request = collector.spans[-1]
    assert TRACE != request.trace_id.hex()
    assert b"" == request.parent_span_id
    assert [(TRACE, PARENT)] == [(link.trace_id.hex(), link.span_id.hex()) for link in request.links]


async def test_a_caller_s_trace_goes_on_where_callers_are_trusted(collector: CollectorStandIn) -> None:
    await sent(traced(collector, ratio=0, context=CallerContext.PARENT), TRACEPARENT)

    request = collector.spans[-1]
    assert (TRACE, PARENT) == (request.trace_id.hex(), request.parent_span_id.hex())


async def test_a_caller_s_trace_is_ignored_where_that_is_set(collector: CollectorStandIn) -> None:
    await sent(traced(collector, context=CallerContext.IGNORE), TRACEPARENT)

    assert not collector.spans[-1].links


@pytest.mark.parametrize(
    "traceparent",
    ["", "hunter2", f"ff-{TRACE}-{PARENT}-01", f"00-{'0' * 32}-{PARENT}-01", f"00-{TRACE}-{PARENT}", "00-é-é-01"],
)
async def test_a_traceparent_that_is_none_is_as_good_as_absent(collector: CollectorStandIn, traceparent: str) -> None:
    await sent(traced(collector), traceparent)

    assert not collector.spans[-1].links


async def test_what_is_not_sampled_is_not_sent(collector: CollectorStandIn) -> None:
    await sent(traced(collector, ratio=0))

    assert [] == collector.bodies


async def test_work_that_nobody_asked_for_makes_no_span(collector: CollectorStandIn) -> None:
    telemetry = traced(collector)

    async with telemetry.running():
        with telemetry.kubernetes.to("list", "Pod"):
            pass

    assert [] == collector.bodies


async def test_a_batch_that_is_turned_away_is_sent_again(collector: CollectorStandIn) -> None:
    collector.statuses = [503]
    telemetry = traced(collector)
    async with telemetry.running():
        span = telemetry.tracing.serve("query", {})
        assert span is not None
        span.end()
        await collector.until(lambda: len(collector.bodies) == 2)

    assert 1 == outcome(telemetry, "sent")


async def test_a_collector_that_is_away_is_told_of_once_and_holds_up_no_end(caplog: pytest.LogCaptureFixture) -> None:
    telemetry = Telemetry(Provider(Collector("http://127.0.0.1:9", ratio=1)))
    began = monotonic()

    with caplog.at_level(logging.INFO):
        await sent(telemetry)

    assert 2 == outcome(telemetry, "lost")
    assert 1 == sum("traces are lost" in record.message for record in caplog.records)
    assert monotonic() - began < 5


async def test_without_a_collector_there_are_no_spans() -> None:
    tracing = Telemetry().tracing

    assert not tracing.is_on
    assert tracing.serve("query", {}) is None
    assert tracing.call("get Pod", {}) is None
