"""Whether the cluster answers, as the informers find."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable

from api.clusters.objects import Kind

_logger = logging.getLogger(__name__)


class Health:
    """What is wrong with each watched kind; `changed` is called when the cluster ceases to answer or is back."""

    def __init__(self, kinds: Iterable[Kind], changed: Callable[[], None]) -> None:
        self._troubles: dict[Kind, str | None] = dict.fromkeys(kinds, "The cluster has not answered yet.")
        self._changed = changed
        self._found = asyncio.Event()

    @property
    def message(self) -> str | None:
        """What is wrong; None where nothing is."""
        return next((trouble for trouble in self._troubles.values() if trouble is not None), None)

    async def wait_until_found(self) -> None:
        """Wait until the cluster has told of every kind, or something is known to be wrong."""
        await self._found.wait()

    def well(self, kind: Kind) -> None:
        """The cluster tells of this kind."""
        self._note(kind, None)

    def trouble(self, kind: Kind, message: str) -> None:
        """The cluster does not tell of this kind; `message` is a sentence that says why."""
        self._note(kind, message)

    def _note(self, kind: Kind, trouble: str | None) -> None:
        before, self._troubles[kind] = self.message, trouble
        if trouble is not None or self.message is None:
            self._found.set()
        if (before is None) == (self.message is None):
            return
        if trouble is None:
            _logger.info("the cluster answers")
        else:
            _logger.warning("the cluster does not answer: %s", trouble)
        self._changed()
