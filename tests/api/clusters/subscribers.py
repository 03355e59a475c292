"""What subscribers of the Store are told: asked without waiting, and waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from api.clusters.changes import Changes
from api.clusters.store import Store

PATIENCE = 10.0


async def was_told(changes: Changes) -> bool:
    """Whether there is a change that the subscriber has not taken yet; takes it."""
    taking = asyncio.create_task(anext(changes))
    await asyncio.sleep(0)
    told = taking.done()
    taking.cancel()
    with suppress(asyncio.CancelledError):
        await taking
    return told


async def until(store: Store, namespace: str, condition: Callable[[], bool]) -> None:
    """Wait until `condition` holds, looking again at each change that the Store tells of in the namespace."""
    with store.subscribe(namespace) as changes:
        async with asyncio.timeout(PATIENCE):
            while not condition():
                await anext(changes)
