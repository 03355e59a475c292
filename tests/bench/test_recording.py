"""What it costs an operation to be measured, and everybody else that somebody scrapes."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import pytest
from prometheus_client import generate_latest

from api.monitoring.operations import MOST_NAMES
from api.monitoring.otlp import Collector, Provider
from api.monitoring.telemetry import Telemetry
from tests.bench.measures import Bars
from tests.bench.table import table

pytestmark = pytest.mark.bench

TIMES = 100_000
ROUNDS = 5
MOST = 5.0
"""Microseconds, of the 100 that a cached reply takes in all."""


def microseconds(work: Callable[[], object], times: int = TIMES) -> float:
    """Of processor time, the best of several rounds: others run on the same cores."""
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(times):
            work()
        taken.append((time.process_time() - began) / times)
    return min(taken) * 1e6


def operation(telemetry: Telemetry, name: str = "NamespacePage") -> None:
    with telemetry.operations.operation(request_id="bench", signed_in=True) as record:
        record.named("query", name)
        record.charged(42)
        record.failed(())


def call(telemetry: Telemetry) -> None:
    with telemetry.kubernetes.to("get", "Pod") as told:
        told.answered("200", failed=False)


def test_recording() -> None:
    bars, plain = Bars(), Telemetry()
    bars.held("an operation, with its cost", microseconds(lambda: operation(plain)), MOST, " µs")
    bars.held("a call of the API server", microseconds(lambda: call(plain)), MOST, " µs")
    for ratio, name in ((0.0, "not sampled"), (1.0, "sampled, nobody collecting")):
        traced = Telemetry(Provider(Collector("http://127.0.0.1:9", ratio=ratio)))
        bars.told(f"an operation with a span, {name}", f"{microseconds(partial(operation, traced), 10_000):.2f} µs")
    for number in range(MOST_NAMES):
        operation(plain, f"Query{number}")
    registry = plain.instruments.registry
    size = len(generate_latest(registry)) // 1024
    bars.told("a scrape", f"{microseconds(lambda: generate_latest(registry), 5) / 1000:.1f} ms", f"{size} KiB")

    print(table("Being measured, in processor time", ("what", "measured", "", "asked for"), bars.rows))
    assert [] == bars.missed()
