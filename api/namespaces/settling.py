"""Finishing what must not be left half-done, whatever becomes of the request that began it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

_logger = logging.getLogger(__name__)

UNDO_SECONDS = 10.0
"""Time for undoing a failed write; what takes longer is left to the sweep at the next start."""


async def settle(work: Coroutine[Any, Any, object], *, what: str, within: float = UNDO_SECONDS) -> None:
    """Run `work` to its end even where the caller is cancelled meanwhile; at most `within` seconds.

    Its failure is logged and not raised: the caller has a failure of its own to raise.
    """
    task = asyncio.create_task(_bounded(work, what=what, within=within), name=f"settle: {what}")
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as cancellation:
            cancelled = cancellation
    if cancelled is not None:
        raise cancelled


async def _bounded(work: Coroutine[Any, Any, object], *, what: str, within: float) -> None:
    try:
        async with asyncio.timeout(within):
            await work
    except Exception:
        _logger.exception("could not %s; the next start tries again", what)
