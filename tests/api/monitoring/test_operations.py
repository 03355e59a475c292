"""Operations are counted under names that are few, and that say nothing."""

from __future__ import annotations

from time import monotonic

import pytest

from api.authentication.secret_tokens import new_api_token
from api.monitoring.operations import MOST_NAMES, OperationNames
from api.monitoring.telemetry import Telemetry


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry()


def value(telemetry: Telemetry, name: str, **labels: str) -> float | None:
    return telemetry.instruments.registry.get_sample_value(name, labels)


def broken(telemetry: Telemetry, error: Exception) -> None:
    """An operation in which `error` is raised."""
    with telemetry.operations.operation(request_id="1", signed_in=True) as operation:
        operation.named("query", "Page")
        raise error


def test_an_operation_without_a_name_is_anonymous() -> None:
    assert "anonymous" == OperationNames().bounded(None, signed_in=True)


def test_one_name_too_many_shares_the_series_of_all_others() -> None:
    names = OperationNames()

    counted = [names.bounded(f"Query{number}", signed_in=True) for number in range(MOST_NAMES + 2)]

    assert [f"Query{number}" for number in range(MOST_NAMES)] == counted[:MOST_NAMES]
    assert ["other", "other"] == counted[MOST_NAMES:]
    assert "Query7" == names.bounded("Query7", signed_in=True)


def test_known_names_take_no_place_and_are_always_told() -> None:
    names = OperationNames({"NamespacePage"}, most=1)

    counted = [names.bounded(name, signed_in=True) for name in ("Mine", "NamespacePage", "Another")]

    assert ["Mine", "NamespacePage", "other"] == counted


def test_strangers_take_no_names() -> None:
    names = OperationNames({"SignInPage"})

    assert "other" == names.bounded("Flood", signed_in=False)
    assert "SignInPage" == names.bounded("SignInPage", signed_in=False)
    assert "Flood" == names.bounded("Flood", signed_in=True)
    assert "Flood" == names.bounded("Flood", signed_in=False)


@pytest.mark.parametrize("name", ["A" * 65, new_api_token()])
def test_a_name_that_is_long_or_looks_like_a_secret_is_not_told(name: str) -> None:
    assert "other" == OperationNames().bounded(name, signed_in=True)


def test_an_operation_is_counted_with_its_time_cost_and_errors(telemetry: Telemetry) -> None:
    with telemetry.operations.operation(request_id="1", signed_in=True) as operation:
        operation.named("query", "Page")
        operation.charged(40)
        operation.failed(["NOT_FOUND", "NOT_FOUND"])

    count = "moorage_graphql_operation_duration_seconds_count"
    assert 1 == value(telemetry, count, operation="Page", type="query")
    assert 40 == value(telemetry, "moorage_graphql_operation_cost_points_sum", operation="Page")
    assert 2 == value(telemetry, "moorage_graphql_errors_total", operation="Page", code="NOT_FOUND")


def test_a_bug_is_an_internal_error(telemetry: Telemetry) -> None:
    with pytest.raises(RuntimeError):
        broken(telemetry, RuntimeError("the password is hunter2"))

    assert 1 == value(telemetry, "moorage_graphql_errors_total", operation="Page", code="INTERNAL_SERVER_ERROR")


def test_who_goes_away_leaves_no_time(telemetry: Telemetry) -> None:
    with pytest.raises(TimeoutError):
        broken(telemetry, TimeoutError())

    name = "moorage_graphql_operation_duration_seconds_count"
    assert value(telemetry, name, operation="Page", type="query") is None


def test_subscriptions_and_connections_are_counted_while_they_last(telemetry: Telemetry) -> None:
    operations, name = telemetry.operations, "moorage_graphql_active_subscriptions"
    with operations.operation(request_id="1", signed_in=True) as operation, operations.connection("websocket"):
        operation.named("subscription", "Follow")
        operation.subscribed("sse")
        during = value(telemetry, name, operation="Follow", transport="sse")
        open_then = value(telemetry, "moorage_graphql_open_connections", transport="websocket")

    assert (1, 1) == (during, open_then)
    assert 0 == value(telemetry, name, operation="Follow", transport="sse")


def test_a_message_that_tells_of_no_change_has_no_lag(telemetry: Telemetry) -> None:
    with telemetry.operations.operation(request_id="1", signed_in=True) as operation:
        operation.subscribed("websocket")
        operation.sent(None)
        operation.sent(monotonic() - 2)

    assert 1 == value(telemetry, "moorage_graphql_stream_lag_seconds_count", transport="websocket")
    assert 2 <= (value(telemetry, "moorage_graphql_stream_lag_seconds_sum", transport="websocket") or 0) < 3
