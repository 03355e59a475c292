"""The time that a chart covers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from api.errors import InvalidInput
from api.metrics.models import MetricsWindow
from api.metrics.window import MAX_POINTS, MAX_SPAN, MIN_SPAN, MIN_STEP, bounds, window_of

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("span", "step"),
    [
        (timedelta(minutes=1), timedelta(seconds=5)),
        (timedelta(minutes=15), timedelta(seconds=10)),
        (HOUR, timedelta(seconds=30)),
        (timedelta(hours=24), timedelta(minutes=15)),
        (timedelta(days=7), timedelta(hours=2)),
        (timedelta(days=30), timedelta(hours=6)),
    ],
)
def test_a_step_that_is_left_out_is_a_round_one_of_a_readable_chart(span: timedelta, step: timedelta) -> None:
    assert MetricsWindow(span, step) == window_of(span, None)
    assert span / step <= 120


@pytest.mark.parametrize(
    "span", [MIN_SPAN - timedelta(seconds=1), MAX_SPAN + timedelta(seconds=1), timedelta(0), -HOUR]
)
def test_a_range_beyond_its_bounds_is_refused_by_name(span: timedelta) -> None:
    with pytest.raises(InvalidInput) as refused:
        window_of(span, None)

    assert ("range",) == refused.value.path


@pytest.mark.parametrize("step", [MIN_STEP - timedelta(seconds=1), HOUR + timedelta(seconds=1), timedelta(0), -HOUR])
def test_a_step_beyond_its_bounds_is_refused_by_name(step: timedelta) -> None:
    with pytest.raises(InvalidInput) as refused:
        window_of(HOUR, step)

    assert ("step",) == refused.value.path


def test_more_points_than_prometheus_gives_are_refused_with_a_step_that_does() -> None:
    with pytest.raises(InvalidInput) as refused:
        window_of(MAX_SPAN, MIN_STEP)

    assert ("step",) == refused.value.path
    seconds = int(str(refused.value.example).removesuffix("s"))
    assert MAX_SPAN / window_of(MAX_SPAN, timedelta(seconds=seconds)).step <= MAX_POINTS


def test_the_bounds_lie_on_multiples_of_the_step() -> None:
    window = window_of(HOUR, timedelta(seconds=30))

    early = bounds(window, datetime(2026, 1, 1, 12, 0, 1, tzinfo=UTC))
    late = bounds(window, datetime(2026, 1, 1, 12, 0, 29, tzinfo=UTC))

    assert (datetime(2026, 1, 1, 11, tzinfo=UTC), datetime(2026, 1, 1, 12, tzinfo=UTC)) == early
    assert early == late
