"""When a delivery is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from api.webhooks.backoff import LONGEST, MOST_TRIES, pause_after, read_retry_after

NOW = datetime(2026, 11, 29, 12, 0, 0, tzinfo=UTC)


def test_the_tries_spread_over_about_a_day() -> None:
    pauses = [pause_after(tries) for tries in range(1, MOST_TRIES)]

    assert timedelta(hours=18) < sum(pauses, timedelta()) < timedelta(hours=28)
    assert sorted(pauses) == pauses


def test_pauses_are_jittered_by_a_fifth_at_most() -> None:
    pauses = {pause_after(1).total_seconds() for _ in range(100)}

    assert len(pauses) > 50
    assert 12 <= min(pauses) < max(pauses) <= 18


def test_a_receiver_that_asks_for_patience_is_given_it_for_a_day_at_most() -> None:
    assert timedelta(minutes=5) == pause_after(1, timedelta(minutes=5))
    assert pause_after(7, timedelta(seconds=1)) > timedelta(hours=10)
    assert LONGEST == pause_after(1, timedelta(days=30))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("120", timedelta(seconds=120)),
        (" 0 ", timedelta()),
        ("Sun, 29 Nov 2026 12:01:00 GMT", timedelta(minutes=1)),
        ("Sun, 29 Nov 2026 11:00:00 GMT", timedelta()),
        ("9" * 5000, LONGEST),
        (None, None),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("1.5", None),
        ("٣", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(header: str | None, expected: timedelta | None) -> None:
    assert expected == read_retry_after(header, NOW)
