"""Finishing what must not be left half-done, whatever becomes of the request that began it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from api.clusters.backoff import Backoff
from api.errors import Unavailable

_logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 0.3
"""How long a request that failed waits for its undo. With the cluster's call before it, it is answered within 5 s."""
UNDO_SECONDS = 100.0
"""How long an undo is tried; what takes longer is left to the sweep, which begins at two minutes."""
CLOSE_SECONDS = 5.0
_LONGEST_PAUSE = 1.0

Work = Callable[[], Awaitable[object]]
"""Something that may be begun again where it failed."""


class Settler:
    """Runs undos to their end: again and again while a part does not answer, and on when nobody waits any longer."""

    def __init__(self, *, patience: float = PATIENCE_SECONDS, within: float = UNDO_SECONDS) -> None:
        self._patience = patience
        self._within = within
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def settle(self, work: Work, *, what: str) -> None:
        """Begin `work`, unless the same `what` is under way, and wait for it as long as patience lasts.

        Also where the caller is cancelled meanwhile. Its failure is logged and not raised: the caller has a failure of
        its own to raise.
        """
        task = self._begin(work, what)
        loop = asyncio.get_running_loop()
        until, cancelled = loop.time() + self._patience, None
        while not task.done() and loop.time() < until:
            try:
                await asyncio.wait({task}, timeout=until - loop.time())
            except asyncio.CancelledError as cancellation:
                cancelled = cancellation
        if cancelled is not None:
            raise cancelled

    async def settled(self) -> None:
        """Wait until nothing is left to be done."""
        while self._tasks:
            await asyncio.wait(self._tasks.values())

    async def close(self) -> None:
        """Give what is under way a last moment; what is left of it then is the sweep's."""
        tasks = tuple(self._tasks.values())
        if not tasks:
            return
        await asyncio.wait(tasks, timeout=CLOSE_SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, work: Work, what: str) -> asyncio.Task[None]:
        if what in self._tasks:
            return self._tasks[what]
        task = asyncio.create_task(self._run(work, what), name=f"settle: {what}")
        self._tasks[what] = task
        task.add_done_callback(lambda _: self._tasks.pop(what))
        return task

    async def _run(self, work: Work, what: str) -> None:
        backoff = Backoff(longest=_LONGEST_PAUSE)
        try:
            async with asyncio.timeout(self._within):
                while not await _succeeds(work, what):
                    await backoff.pause()
        except Exception:
            _logger.exception("could not %s; the sweep tries again", what)


async def _succeeds(work: Work, what: str) -> bool:
    try:
        await work()
    except Unavailable as error:
        _logger.warning("could not %s yet: %s", what, error.message)
        return False
    return True
