"""Calls to what Moorage stands on: how many, how they ended, how long they took, and a span for each."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from time import perf_counter
from types import TracebackType

from prometheus_client import Counter

from api.monitoring.histograms import Series
from api.monitoring.instruments import Instruments
from api.monitoring.tracing import NO_ATTRIBUTES, Attributes, CallSpan, Tracing

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Buckets for whatever somebody waits for."""
OK = "ok"
GIVEN_UP = "given_up"
"""Its time was over, or nobody waits for the answer any more."""


class Calls:
    """Of one kind; `name` is one of them, `what` many: `moorage_kubernetes_request`, `requests to the API server`."""

    def __init__(
        self, instruments: Instruments, tracing: Tracing, *, name: str, what: str, labels: Sequence[str]
    ) -> None:
        self._duration = instruments.histogram(
            f"{name}_duration_seconds", f"Time {what} took.", labels, buckets=SECONDS
        )
        self._ended = instruments.counter(
            f"{name}s_total", f"{what[0].upper()}{what[1:]}, by how they ended.", (*labels, "code")
        )
        self._tracing = tracing
        # Looking series up in the library takes longer than counting.
        self._durations: dict[tuple[str, ...], Series] = {}
        self._counts: dict[tuple[tuple[str, ...], str], Counter] = {}

    @property
    def traced(self) -> bool:
        """Whether attributes are worth being put together."""
        return self._tracing.is_on

    def to(self, *labels: str, attributes: Attributes = NO_ATTRIBUTES) -> Call:
        """A call, for the length of a `with` block."""
        return Call(self, labels, attributes)

    def begin(self, labels: tuple[str, ...], attributes: Attributes) -> CallSpan | None:
        return self._tracing.call(" ".join(labels), attributes) if self._tracing.is_on else None

    def end(self, labels: tuple[str, ...], code: str, seconds: float) -> None:
        duration = self._durations.get(labels)
        if duration is None:
            duration = self._durations[labels] = self._duration.labels(*labels)
        duration.observe(seconds)
        ended = self._counts.get((labels, code))
        if ended is None:
            ended = self._counts[labels, code] = self._ended.labels(*labels, code)
        ended.inc()


class Call:
    """One call. It ended well where the block does, unless it was `answered` otherwise."""

    __slots__ = ("_attributes", "_began", "_calls", "_code", "_failed", "_labels", "_span")

    def __init__(self, calls: Calls, labels: tuple[str, ...], attributes: Attributes) -> None:
        self._calls = calls
        self._labels = labels
        self._attributes = attributes
        self._code = OK
        self._failed = False

    def __enter__(self) -> Call:
        self._span = self._calls.begin(self._labels, self._attributes)
        self._began = perf_counter()
        return self

    def answered(self, code: str, *, failed: bool) -> None:
        """How the other side says that it ended."""
        self._code, self._failed = code, failed

    def __exit__(
        self, error_type: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error_type is not None:
            self._code, self._failed = code_of(error_type), True
        self._calls.end(self._labels, self._code, perf_counter() - self._began)
        if self._span is not None:
            self._span.end(self._code if self._failed else None)


def code_of(error: type[BaseException]) -> str:
    """The class of an error: its text may hold values."""
    return GIVEN_UP if issubclass(error, asyncio.CancelledError | TimeoutError) else error.__name__
