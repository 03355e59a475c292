"""Scalars: what they take and how they write it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from graphql_schema.scalars import format_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"), [("30s", 30), ("5m", 300), ("1h30m", 5_400), ("7d", 604_800), ("1w", 604_800), ("0s", 0)]
)
def test_a_duration_is_read_as_prometheus_writes_it(text: str, seconds: int) -> None:
    assert timedelta(seconds=seconds) == parse_duration(text)


@pytest.mark.parametrize("value", ["", "1", "s", "-1h", "1.5h", "1m1h", "1h ", "1H", "٣h", "9999999h", 60, None])
def test_anything_else_is_refused_with_an_example(value: object) -> None:
    with pytest.raises(GraphQLError, match="30s, 5m, 1h30m or 7d"):
        parse_duration(value)


@given(seconds=st.integers(min_value=0, max_value=10**9))
def test_a_duration_is_read_back_as_it_was_written(seconds: int) -> None:
    duration = timedelta(seconds=seconds)

    assert duration == parse_duration(format_duration(duration))
