"""Whether the process lives, and whether it can do its work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.errors import MoorageError

Check = Callable[[], Awaitable[None]]
"""Returns where a part answers; raises a MoorageError where it does not."""


class Health:
    """Endpoints for probes. They tell strangers which part is down, and nothing more."""

    def __init__(self, checks: Mapping[str, Check], *, timeout: float = 2.0) -> None:
        self._checks = checks
        self._timeout = timeout

    async def live(self, request: Request) -> Response:  # noqa: ARG002  the shape of an endpoint
        """The process answers."""
        return JSONResponse({"status": "ok"})

    async def ready(self, request: Request) -> Response:  # noqa: ARG002  the shape of an endpoint
        """Every part that the process stands on answers; 503 where one does not."""
        answers = await asyncio.gather(*(self._answers(check) for check in self._checks.values()))
        parts = {name: "ok" if answer else "down" for name, answer in zip(self._checks, answers, strict=True)}
        status = "ok" if all(answers) else "down"
        return JSONResponse({"status": status, "parts": parts}, status_code=200 if all(answers) else 503)

    async def _answers(self, check: Check) -> bool:
        try:
            async with asyncio.timeout(self._timeout):
                await check()
        except (MoorageError, TimeoutError):
            return False
        return True
