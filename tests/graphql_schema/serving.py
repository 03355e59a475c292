"""Serves an ASGI app on a free loopback port, by the server that Moorage runs on."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.types import ASGIApp

from api.sockets import WebSocketProtocol


class _Server(uvicorn.Server):
    """Tells when it listens, where uvicorn itself only sets a flag; and leaves signals to whoever runs the tests."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing: uvicorn would raise an interruption once more as it stops, amid the fixtures that clean up."""
        yield


@asynccontextmanager
async def served(
    app: ASGIApp, *, lifespan: str = "off", ping: float = 20.0, compressing: bool = False
) -> AsyncIterator[str]:
    """`app` under the yielded host:port until the block is left; sockets are pinged each `ping` seconds."""
    config = uvicorn.Config(
        app,
        http="httptools",
        ws=WebSocketProtocol,
        ws_per_message_deflate=compressing,
        ws_max_size=64 * 1024,
        ws_ping_interval=ping,
        ws_ping_timeout=ping,
        lifespan="on" if lifespan == "on" else "off",
        log_config=None,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
    )
    server = _Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = asyncio.create_task(server.serve(sockets=[listener]), name="test server")
        try:
            async with asyncio.timeout(60):
                await server.listening.wait()
            yield f"127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving
