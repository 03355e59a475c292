"""Everything that is measured of one process, put together once and handed down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, nullcontext
from typing import TYPE_CHECKING

from api.monitoring.calls import Calls
from api.monitoring.changes import Changes, Reconciling
from api.monitoring.instruments import Instruments
from api.monitoring.operations import Operations
from api.monitoring.pool import Statements
from api.monitoring.process import Process
from api.monitoring.tracing import Tracing
from api.monitoring.watching import Watching

if TYPE_CHECKING:
    from api.monitoring.otlp import Provider


class Telemetry:
    """Each part takes the one attribute that is its own. One that nobody reads costs little: tests make theirs."""

    def __init__(self, provider: Provider | None = None, *, known_operations: Collection[str] = ()) -> None:
        self._provider = provider
        self.tracing = tracing = provider.tracing if provider is not None else Tracing()
        self.instruments = instruments = Instruments()
        self.operations = Operations(instruments, tracing, known_operations)
        self.changes = Changes(instruments)
        self.reconciling = Reconciling(instruments)
        self.watching = Watching(instruments)
        self.kubernetes = Calls(
            instruments,
            tracing,
            name="moorage_kubernetes_request",
            what="requests to the API server",
            labels=("verb", "kind"),
        )
        self.prometheus = Calls(
            instruments, tracing, name="moorage_prometheus_request", what="queries of Prometheus", labels=("call",)
        )
        self.statements = Statements(instruments, tracing)
        self._spans = instruments.counter(
            "moorage_trace_spans_total", "Spans, by whether the collector took them.", ("outcome",)
        )
        self.process = Process(instruments)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Spans are sent, and the event loop is watched, for as long as the context lasts."""
        watch = asyncio.create_task(self.process.keep_measuring(), name="event loop lag")
        try:
            async with self._provider.exporting(self._sent) if self._provider is not None else nullcontext():
                yield
        finally:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)

    def _sent(self, spans: int, taken: bool) -> None:
        self._spans.labels("sent" if taken else "lost").inc(spans)
