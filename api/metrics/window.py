"""The time that a chart covers: checked, and filled in where the caller left the step open."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from api.errors import InvalidInput
from api.metrics.models import MetricsWindow

MAX_SPAN = timedelta(days=30)
MIN_SPAN = timedelta(minutes=1)
MIN_STEP = timedelta(seconds=5)
MAX_POINTS = 11_000
"""What Prometheus itself allows for a series."""
_DEFAULT_POINTS = 120
_ROUND_STEPS = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400)


def window_of(span: timedelta, step: timedelta | None) -> MetricsWindow:
    """The window of a range and a step; without a step, a round one that gives about 120 points.

    Raises InvalidInput on path `range` or `step`.
    """
    if not MIN_SPAN <= span <= MAX_SPAN:
        raise InvalidInput("A range is from one minute to 30 days.", path=("range",), example="1h")
    if step is None:
        step = _default_step(span)
    if not MIN_STEP <= step <= span:
        raise InvalidInput("A step is from 5 seconds to the whole range.", path=("step",), example="30s")
    if span / step > MAX_POINTS:
        message = f"That would be {math.ceil(span / step)} points, and {MAX_POINTS} are allowed. Take a longer step."
        raise InvalidInput(message, path=("step",), example=f"{math.ceil(span.total_seconds() / MAX_POINTS)}s")
    return MetricsWindow(span=span, step=step)


def bounds(window: MetricsWindow, now: datetime) -> tuple[datetime, datetime]:
    """First and last moment of the window, on multiples of its step: a chart asked for again shows the same points."""
    step = window.step.total_seconds()
    end = math.floor(now.timestamp() / step) * step
    start = end - math.floor(window.span.total_seconds() / step) * step
    return datetime.fromtimestamp(start, now.tzinfo), datetime.fromtimestamp(end, now.tzinfo)


def _default_step(span: timedelta) -> timedelta:
    wanted = span.total_seconds() / _DEFAULT_POINTS
    seconds = next((step for step in _ROUND_STEPS if step >= wanted), _ROUND_STEPS[-1])
    return timedelta(seconds=seconds)
