"""Spans of what the process does, for whoever collects OpenTelemetry traces; where nobody does, nothing at all.

No exception's text and no value of a request goes into a span: names, codes and figures alone do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from opentelemetry import context, trace
from opentelemetry.trace import Link, NonRecordingSpan, Span, SpanContext, SpanKind, StatusCode, TraceFlags, Tracer

Attributes = Mapping[str, str | int | float | bool]
NO_ATTRIBUTES: Attributes = {}
_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?")
"""https://www.w3.org/TR/trace-context/#traceparent-header; later versions may add fields at the end."""


class CallerContext(StrEnum):
    """What becomes of the trace that a caller says to be in."""

    IGNORE = "ignore"
    LINK = "link"
    """A trace of our own, sampled by our own rate, that names the caller's."""
    PARENT = "parent"
    """The caller's trace goes on, and the caller decides whether it is sampled."""


class ActiveSpan:
    """A span that what runs meanwhile is part of, until it is ended by the task that began it."""

    __slots__ = ("_span", "_token")

    def __init__(self, span: Span) -> None:
        self._span = span
        self._token = context.attach(trace.set_span_in_context(span))

    def tell(self, attributes: Attributes) -> None:
        """What is known of it by now."""
        self._span.set_attributes(attributes)

    def end(self, error: str | None = None) -> None:
        """It is over; `error` is the code or the class of what went wrong, and never its text."""
        context.detach(self._token)
        _end(self._span, error)


class CallSpan:
    """The span of one call to something else. Nothing is part of it."""

    __slots__ = ("_span",)

    def __init__(self, span: Span) -> None:
        self._span = span

    def end(self, error: str | None = None) -> None:
        _end(self._span, error)


class Tracing:
    """Begins spans, by a tracer; without one every answer is None."""

    def __init__(self, tracer: Tracer | None = None, *, caller_context: CallerContext = CallerContext.LINK) -> None:
        self._tracer = tracer
        self._caller_context = caller_context

    @property
    def is_on(self) -> bool:
        """Whether anybody collects spans."""
        return self._tracer is not None

    def serve(
        self, name: str, attributes: Attributes, *, traceparent: str | None = None, began: int | None = None
    ) -> ActiveSpan | None:
        """Something that a client asked for, within what else is served; `began` is in nanoseconds since 1970."""
        if self._tracer is None:
            return None
        caller = _caller(traceparent) if self._caller_context is not CallerContext.IGNORE else None
        continued = caller is not None and self._caller_context is CallerContext.PARENT
        return ActiveSpan(
            self._tracer.start_span(
                name,
                context=trace.set_span_in_context(NonRecordingSpan(caller)) if continued and caller else None,
                kind=SpanKind.SERVER,
                attributes=attributes,
                links=[Link(caller)] if caller is not None and not continued else None,
                start_time=began,
                record_exception=False,
                set_status_on_exception=False,
            )
        )

    def call(self, name: str, attributes: Attributes) -> CallSpan | None:
        """A call to something else, on behalf of a client; None where it is on nobody's, or is not sampled."""
        if self._tracer is None or not trace.get_current_span().is_recording():
            return None
        return CallSpan(self._tracer.start_span(name, kind=SpanKind.CLIENT, attributes=attributes))


def _end(span: Span, error: str | None) -> None:
    if error is not None:
        span.set_attribute("error.type", error)
        span.set_status(StatusCode.ERROR)
    span.end()


def _caller(traceparent: str | None) -> SpanContext | None:
    """The caller's span. Its `tracestate` is left out: it carries whatever a caller likes."""
    found = _TRACEPARENT.fullmatch(traceparent or "")
    if found is None:
        return None
    trace_id, span_id, flags = (int(part, 16) for part in found.groups())
    caller = SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(flags))
    return caller if caller.is_valid else None
