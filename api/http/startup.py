"""What a failed start says: who set something wrong is told which setting, and needs no traceback."""

from __future__ import annotations

import sys

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import ConfigurationError


class PlainStartupFailures:
    """Puts a ConfigurationError's own sentence where Starlette puts a traceback (ASGI lifespan, `startup.failed`)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, _plainly(send) if scope["type"] == "lifespan" else send)


def _plainly(send: Send) -> Send:
    async def send_plainly(message: Message) -> None:
        error = sys.exc_info()[1]
        if message["type"] == "lifespan.startup.failed" and isinstance(error, ConfigurationError):
            message = {**message, "message": f"{error.message} (setting: {error.setting})"}
        await send(message)

    return send_plainly
