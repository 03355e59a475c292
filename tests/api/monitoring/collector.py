"""A stand-in for an OpenTelemetry collector: takes traces over HTTP, and gives them to the test."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

PATIENCE = 20.0


@dataclass
class CollectorStandIn:
    """What was sent to it. It answers by `statuses` in turn, and by 200 when they are used up."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    _arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()  # aiohttp undoes the compression
        async with self._arrived:
            self.headers.append({name.lower(): value for name, value in request.headers.items()})
            self.bodies.append(gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body)
            self._arrived.notify_all()
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    @property
    def spans(self) -> list[Span]:
        """Every span that came."""
        requests = [ExportTraceServiceRequest.FromString(body) for body in self.bodies]
        return [
            span
            for request in requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until what came is enough."""
        async with asyncio.timeout(PATIENCE), self._arrived:
            await self._arrived.wait_for(holds)


@asynccontextmanager
async def collecting() -> AsyncIterator[CollectorStandIn]:
    """One that listens on a free loopback port."""
    collector = CollectorStandIn()
    app = web.Application(client_max_size=16 * 1024 * 1024)
    app.router.add_post("/v1/traces", collector.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        collector.url = f"http://{host}:{port}"
        yield collector
    finally:
        await runner.cleanup()


def attributes(span: Span) -> dict[str, str | int]:
    """A span's attributes, by name."""
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}
