"""A Prometheus over HTTP that answers what a test wants."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass
class Stub:
    """`body` is what it answers; `asked` are the expressions that it was asked."""

    url: str = ""
    status: int = 200
    body: str = '{"status": "success", "data": {"resultType": "matrix", "result": []}}'
    asked: list[str] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.Response:
        self.asked.append(request.query["query"])
        return web.Response(status=self.status, text=self.body, content_type="application/json")


@asynccontextmanager
async def serving() -> AsyncIterator[Stub]:
    stub = Stub()
    application = web.Application()
    for path in ("/api/v1/query", "/api/v1/query_range"):
        application.router.add_post(path, stub.handle)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    stub.url = f"http://{host}:{port}"
    try:
        yield stub
    finally:
        await runner.cleanup()
