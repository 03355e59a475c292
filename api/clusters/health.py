"""Whether the cluster answers, as the informers find."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable

from api.clusters.objects import Kind

_UNHEARD = "The cluster has not answered yet."
_logger = logging.getLogger(__name__)


class Health:
    """What is wrong with each watched kind; `changed` is called when the cluster ceases to answer or is back."""

    def __init__(self, kinds: Iterable[Kind], changed: Callable[[], None]) -> None:
        self._troubles: dict[tuple[Kind, str | None], str | None] = {(kind, None): _UNHEARD for kind in kinds}
        self._changed = changed
        self._found = asyncio.Event()

    @property
    def message(self) -> str | None:
        """What is wrong; None where nothing is. What the cluster said tells more than that it has said nothing yet."""
        troubles = [trouble for trouble in self._troubles.values() if trouble is not None]
        return next((each for each in troubles if each != _UNHEARD), troubles[0] if troubles else None)

    async def wait_until_found(self) -> None:
        """Wait until the cluster has told of every kind, or something is known to be wrong."""
        await self._found.wait()

    def narrow(self, kind: Kind, namespaces: Collection[str]) -> None:
        """The kind is followed in these namespaces, each by itself, and no longer in the whole cluster."""
        before = self.message
        former = {scope: trouble for scope, trouble in self._troubles.items() if scope[0] is kind}
        others = {scope: trouble for scope, trouble in self._troubles.items() if scope[0] is not kind}
        unheard = _UNHEARD if (kind, None) in former else None  # one that comes later is no trouble of the others
        self._troubles = {**others, **{(kind, each): former.get((kind, each), unheard) for each in namespaces}}
        self._tell(before)

    def well(self, kind: Kind, namespace: str | None = None) -> None:
        """The cluster tells of this kind, in the whole cluster or in one namespace."""
        self._note((kind, namespace), None)

    def trouble(self, kind: Kind, message: str, namespace: str | None = None) -> None:
        """The cluster does not tell of this kind; `message` is a sentence that says why."""
        self._note((kind, namespace), message)

    def _note(self, scope: tuple[Kind, str | None], trouble: str | None) -> None:
        before = self.message
        if scope[1] is None:  # the whole cluster: single namespaces are of no account
            self._troubles = {each: told for each, told in self._troubles.items() if each[0] is not scope[0]}
        self._troubles[scope] = trouble
        if trouble is not None or self.message is None:
            self._found.set()
        self._tell(before)

    def _tell(self, before: str | None) -> None:
        """Tell whoever asked to be told, where what was well is so no longer, or the other way about."""
        trouble = self.message
        if (before is None) == (trouble is None):
            return
        if trouble is None:
            _logger.info("the cluster answers")
        else:
            _logger.warning("the cluster does not answer: %s", trouble)
        self._changed()
