"""The way past routing for what is asked most: FastAPI's middleware and Starlette's routes take several times as long
as an answer from memory does."""

from __future__ import annotations

from collections.abc import Awaitable

from starlette.types import ASGIApp, Receive, Scope, Send


class Dispatch:
    """Sends what is asked at a path of `direct` (ASGI type and path) to the app named there, all else to `app`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.direct: dict[tuple[str, str], ASGIApp] = {}

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        app = self.direct.get((scope["type"], scope.get("path", "")), self._app)
        return app(scope, receive, send)
