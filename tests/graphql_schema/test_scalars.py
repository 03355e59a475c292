"""Scalars: what they take and how they write it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from graphql_schema.errors import formatted
from graphql_schema.scalars import Bytes, Duration, format_duration, parse_duration, quantity, scalar_map


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


def parsed(scalar: object, value: object) -> object:
    parse = scalar_map()[scalar].parse_value
    assert parse is not None
    return parse(value)


@pytest.mark.parametrize("text", ["2030-01-31T12:00:00Z", "2030-01-31T13:00:00+01:00"])
def test_a_moment_is_read_with_its_offset(text: str) -> None:
    assert datetime(2030, 1, 31, 12, tzinfo=UTC) == parsed(datetime, text)


@pytest.mark.parametrize("value", ["2030-01-31T12:00:00", "tomorrow", "", 1, None])
def test_what_is_no_moment_is_refused_with_an_example(value: object) -> None:
    with pytest.raises(GraphQLError, match="2030-01-31T12:00:00Z"):
        parsed(datetime, value)


@pytest.mark.parametrize("value", [-1, 2**53, 1.5, "1", True, None])
def test_bytes_are_a_number_that_every_client_reads_exactly(value: object) -> None:
    assert 2**53 - 1 == parsed(Bytes, 2**53 - 1)
    with pytest.raises(GraphQLError, match="Bytes cannot represent"):
        parsed(Bytes, value)


@pytest.mark.parametrize(
    ("scalar", "told"), [(Duration, "like 30s"), (datetime, "like 2030"), (Bytes, "whole number from 0")]
)
def test_the_way_out_is_told_where_the_value_is_kept_back(scalar: object, told: str) -> None:
    with pytest.raises(GraphQLError) as refused:
        parsed(scalar, "s3cret")

    message = formatted(refused.value, request_id="test")["message"]
    assert told in message
    assert "s3cret" not in message


def test_a_quantity_that_was_not_said_is_none() -> None:
    assert ("500m", None) == (quantity("500m"), quantity(""))
