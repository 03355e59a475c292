"""Sends spans to a collector, by OTLP over HTTP: https://opentelemetry.io/docs/specs/otlp/#otlphttp.

OpenTelemetry's own exporter takes headers, certificates and proxies from the environment whatever it is told, and with
those somebody else's credentials: of it only the encoding is used.
"""

from __future__ import annotations

import asyncio
import gzip
import logging
import os
import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from threading import Event

import httpx
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanLimits, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

from api.monitoring.build import build
from api.monitoring.tracing import CallerContext, Tracing

_RETRIED = frozenset({429, 502, 503, 504})
_PAUSES = (0.5, 1.0, 2.0)
_QUEUE = 2048
_BATCH = 512
_EACH_SECONDS = 5.0
_TIMEOUT_SECONDS = 5.0
_MOST = 64

_logger = logging.getLogger(__name__)

Sent = Callable[[int, bool], None]
"""Told after each batch how many spans there were, and whether the collector took them."""


@dataclass(frozen=True, slots=True)
class Collector:
    """Where traces go, and which."""

    endpoint: str
    """The base URL: `http://collector:4318`."""
    headers: Mapping[str, str] = field(default_factory=dict)
    ratio: float = 0.1
    """The share of traces that are sampled."""
    caller_context: CallerContext = CallerContext.LINK


class Exporter(SpanExporter):
    """Called by the thread that collects spans into batches. What cannot be sent after a few tries is let go."""

    def __init__(self, collector: Collector, sent: Sent) -> None:
        self._client = httpx.Client(timeout=_TIMEOUT_SECONDS, headers=dict(collector.headers), trust_env=False)
        self._url = collector.endpoint.rstrip("/") + "/v1/traces"
        self._sent = sent
        self._over = Event()
        self._well = True

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        if self._over.is_set() and not self._well:  # nobody waits at the end for a collector that is away
            return SpanExportResult.FAILURE
        body = gzip.compress(encode_spans(spans).SerializeToString(), compresslevel=1)
        trouble = self._post(body)
        self._tell(trouble)
        self._sent(len(spans), trouble is None)
        return SpanExportResult.SUCCESS if trouble is None else SpanExportResult.FAILURE

    def hurry(self) -> None:
        """The end is near: nothing is tried a second time."""
        self._over.set()

    def shutdown(self) -> None:
        self._client.close()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:  # noqa: ARG002  nothing is kept here
        return True

    def _post(self, body: bytes) -> str | None:
        """What went wrong, at last; None where nothing did."""
        trouble = self._try(body)
        for pause in _PAUSES:
            if trouble is None or not trouble.passes or self._over.wait(pause * random.uniform(0.5, 1)):  # noqa: S311
                break
            trouble = self._try(body)
        return trouble.message if trouble is not None else None

    def _try(self, body: bytes) -> _Trouble | None:
        headers = {"Content-Type": "application/x-protobuf", "Content-Encoding": "gzip"}
        try:
            status = self._client.post(self._url, content=body, headers=headers).status_code
        except httpx.HTTPError as error:
            return _Trouble(type(error).__name__, passes=True)
        return None if httpx.codes.is_success(status) else _Trouble(f"HTTP {status}", passes=status in _RETRIED)

    def _tell(self, trouble: str | None) -> None:
        """Once when it begins, and once when it is over."""
        if trouble is not None and self._well:
            _logger.warning("traces are lost: the collector does not take them (%s)", trouble)
        elif trouble is None and not self._well:
            _logger.info("the collector takes traces again")
        self._well = trouble is None


@dataclass(frozen=True, slots=True)
class _Trouble:
    message: str
    passes: bool


class Provider:
    """Makes the spans of one process. They are sent for as long as it is `exporting`; before and after they are not."""

    def __init__(self, collector: Collector) -> None:
        self._collector = collector
        self._provider = TracerProvider(
            sampler=ParentBased(TraceIdRatioBased(collector.ratio)),
            resource=_resource(),
            shutdown_on_exit=False,
            span_limits=SpanLimits(
                max_span_attributes=_MOST,
                max_events=_MOST,
                max_links=_MOST,
                max_event_attributes=_MOST,
                max_link_attributes=_MOST,
                max_attribute_length=4096,
                max_span_attribute_length=4096,
            ),
        )
        self.tracing = Tracing(self._provider.get_tracer("moorage"), caller_context=collector.caller_context)

    @asynccontextmanager
    async def exporting(self, sent: Sent) -> AsyncIterator[None]:
        """What is left at the end is still sent, to a collector that answers."""
        exporter = Exporter(self._collector, sent)
        self._provider.add_span_processor(
            BatchSpanProcessor(
                exporter,
                max_queue_size=_QUEUE,
                schedule_delay_millis=_EACH_SECONDS * 1000,
                max_export_batch_size=_BATCH,
                export_timeout_millis=_TIMEOUT_SECONDS * 1000,
            )
        )
        try:
            yield
        finally:
            exporter.hurry()
            await asyncio.to_thread(self._provider.shutdown)


def _resource() -> Resource:
    """By the constructor: `Resource.create` reads OTEL_RESOURCE_ATTRIBUTES."""
    return Resource(
        {
            "service.name": "moorage",
            "service.version": build(),
            "service.instance.id": f"{os.uname().nodename}-{os.getpid()}",
            "telemetry.sdk.language": "python",
            "telemetry.sdk.name": "opentelemetry",
            "telemetry.sdk.version": version("opentelemetry-sdk"),
        }
    )
