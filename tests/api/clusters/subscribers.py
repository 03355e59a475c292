"""Asking a subscriber whether it was told of a change, without waiting for one."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from api.clusters.changes import Changes


async def was_told(changes: Changes) -> bool:
    """Whether there is a change that the subscriber has not taken yet; takes it."""
    taking = asyncio.create_task(anext(changes))
    await asyncio.sleep(0)
    told = taking.done()
    taking.cancel()
    with suppress(asyncio.CancelledError):
        await taking
    return told
