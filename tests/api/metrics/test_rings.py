"""An hour of samples: bounded, the oldest gives way, and a pod that was replaced counts for its app."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from api.clusters.models import PodMetrics
from api.metrics.models import MetricName, MetricScope
from api.metrics.rings import KEPT, Rings

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TICK = timedelta(minutes=15)
LONG_AGO = NOON - timedelta(days=30)
ENGINE = MetricScope("shop", "engine")


def usage(pod: str, cpu: float, memory: float = 2**20) -> PodMetrics:
    return PodMetrics(namespace="shop", pod=pod, at=NOON, cpu=cpu, memory=memory)


def cpu(rings: Rings, scope: MetricScope = ENGINE, *, since: datetime = LONG_AGO) -> dict[datetime, float]:
    return dict(rings.samples(scope, MetricName.CPU, since=since, step=TICK))


def test_an_hour_is_kept_and_the_oldest_gives_way() -> None:
    rings = Rings(interval=TICK)

    for tick in range(9):
        rings.keep([usage("engine-7c9f-abcde", tick)], NOON + tick * TICK)

    assert [5.0, 6.0, 7.0, 8.0] == list(cpu(rings).values())


def test_an_interval_beyond_an_hour_keeps_the_newest() -> None:
    rings = Rings(interval=KEPT * 2)

    rings.keep([usage("engine-7c9f-abcde", 1)], NOON)
    rings.keep([usage("engine-7c9f-abcde", 2)], NOON + TICK)

    assert {NOON + TICK: 2.0} == cpu(rings)


def test_what_was_not_heard_of_for_an_hour_takes_no_room() -> None:
    rings = Rings(interval=TICK)

    rings.keep([usage("engine-7c9f-abcde", 1)], NOON)
    before = len(rings)
    rings.keep([], NOON + KEPT + TICK)

    assert (2, 0) == (before, len(rings))
    assert {} == cpu(rings)


def test_a_pod_that_was_replaced_goes_on_its_apps_line() -> None:
    rings = Rings(interval=TICK)

    rings.keep([usage("engine-7c9f-abcde", 1)], NOON)
    rings.keep([usage("engine-7c9f-abcde", 1), usage("engine-8d0a-fghij", 2)], NOON + TICK)
    rings.keep([usage("engine-8d0a-fghij", 2)], NOON + 2 * TICK)

    assert [1.0, 3.0, 2.0] == list(cpu(rings).values())


def test_a_time_without_pods_is_a_gap_and_no_zero() -> None:
    rings = Rings(interval=TICK)

    rings.keep([usage("engine-7c9f-abcde", 1)], NOON)
    rings.keep([], NOON + TICK)
    rings.keep([usage("engine-7c9f-abcde", 1)], NOON + 2 * TICK)

    assert {NOON: 1.0, NOON + 2 * TICK: 1.0} == cpu(rings)


def test_a_step_has_its_last_sample() -> None:
    rings = Rings(interval=timedelta(minutes=1))

    for minute in range(30):
        rings.keep([usage("engine-7c9f-abcde", minute)], NOON + timedelta(minutes=minute))

    assert [14.0, 29.0] == list(cpu(rings).values())


def test_what_is_older_than_asked_for_is_left_out() -> None:
    rings = Rings(interval=TICK)

    rings.keep([usage("engine-7c9f-abcde", 1)], NOON)
    rings.keep([usage("engine-7c9f-abcde", 2)], NOON + TICK)

    assert {NOON + TICK: 2.0} == cpu(rings, since=NOON + TICK)


def test_memory_is_kept_beside_cpu() -> None:
    rings = Rings(interval=TICK)

    rings.keep([usage("engine-7c9f-abcde", 1, 64 * 2**20), usage("engine-7c9f-fghij", 1, 2**20)], NOON)

    assert {NOON: 65.0 * 2**20} == rings.samples(ENGINE, MetricName.MEMORY, since=LONG_AGO, step=TICK)


def test_a_pod_without_an_app_counts_for_its_namespace_alone() -> None:
    rings = Rings(interval=TICK)

    rings.keep([usage("bare", 4)], NOON)

    assert {NOON: 4.0} == cpu(rings, MetricScope("shop"))
    assert 1 == len(rings)
