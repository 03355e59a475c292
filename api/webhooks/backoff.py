"""When a delivery that failed is tried again: eight times, over about a day."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

MOST_TRIES = 8
_FIRST_SECONDS = 15.0
_FACTOR = 4.0
_JITTER = 0.2
LONGEST = timedelta(days=1)
"""A receiver that asks for more patience is asked again after that all the same."""


def pause_after(tries: int, retry_after: timedelta | None = None) -> timedelta:
    """How long to wait after so many failed tries: 15 s, then four times as long each time, give or take a fifth; and
    no less than the receiver asked for."""
    jitter = random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - no secret
    grown = timedelta(seconds=_FIRST_SECONDS * _FACTOR ** (tries - 1) * jitter)
    return min(max(grown, retry_after or timedelta()), LONGEST)


def read_retry_after(header: str | None, now: datetime | None = None) -> timedelta | None:
    """What a `Retry-After` asks for (RFC 9110, 10.2.3): seconds, or a date; None for anything else."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:10]), LONGEST.total_seconds()))
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(until - (now or datetime.now(UTC)), timedelta())
