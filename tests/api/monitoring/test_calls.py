"""Calls are counted by how they ended; of errors the class alone is told."""

from __future__ import annotations

import asyncio

import pytest

from api.monitoring.calls import Calls
from api.monitoring.instruments import Instruments
from api.monitoring.tracing import Tracing


@pytest.fixture
def instruments() -> Instruments:
    return Instruments()


@pytest.fixture
def calls(instruments: Instruments) -> Calls:
    return Calls(instruments, Tracing(), name="moorage_test_request", what="requests", labels=("verb",))


def ended(instruments: Instruments, code: str) -> float | None:
    return instruments.registry.get_sample_value("moorage_test_requests_total", {"verb": "get", "code": code})


def test_a_call_is_counted_as_it_was_answered(instruments: Instruments, calls: Calls) -> None:
    with calls.to("get") as call:
        call.answered("404", failed=True)

    assert 1 == ended(instruments, "404")
    assert 1 == instruments.registry.get_sample_value("moorage_test_request_duration_seconds_count", {"verb": "get"})


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ValueError("hunter2"), "ValueError"),
        (TimeoutError(), "given_up"),
        (asyncio.CancelledError(), "given_up"),
    ],
)
def test_a_call_that_fails_is_counted_by_the_error_s_class(
    instruments: Instruments, calls: Calls, error: BaseException, code: str
) -> None:
    with pytest.raises(type(error)), calls.to("get"):
        raise error

    assert 1 == ended(instruments, code)
