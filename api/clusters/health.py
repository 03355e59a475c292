"""Whether the cluster answers, as the informers find."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from api.clusters.objects import Kind


class _Trouble(NamedTuple):
    message: str
    detail: str = ""


_UNHEARD = _Trouble("The cluster has not answered yet.")
_logger = logging.getLogger(__name__)


class Health:
    """What is wrong with each watched kind; `changed` is called when the cluster ceases to answer or is back."""

    def __init__(self, kinds: Iterable[Kind], changed: Callable[[], None]) -> None:
        self._troubles: dict[tuple[Kind, str | None], _Trouble | None] = {(kind, None): _UNHEARD for kind in kinds}
        self._trouble = _worst(self._troubles.values())
        self._changed = changed
        self._found = asyncio.Event()

    @property
    def message(self) -> str | None:
        """A sentence that says what is wrong; None where nothing is."""
        trouble = self._trouble
        return trouble.message if trouble is not None else None

    @property
    def detail(self) -> str:
        """The same in the words of the cluster, or of the way to it, for administrators; empty where there are none."""
        trouble = self._trouble
        return trouble.detail if trouble is not None else ""

    async def wait_until_found(self) -> None:
        """Wait until the cluster has told of every kind, or something is known to be wrong."""
        await self._found.wait()

    def narrow(self, kind: Kind, namespaces: Collection[str]) -> None:
        """The kind is followed in these namespaces, each by itself, and no longer in the whole cluster."""
        former = {scope: trouble for scope, trouble in self._troubles.items() if scope[0] is kind}
        others = {scope: trouble for scope, trouble in self._troubles.items() if scope[0] is not kind}
        unheard = _UNHEARD if (kind, None) in former else None  # one that comes later is no trouble of the others
        self._troubles = {**others, **{(kind, each): former.get((kind, each), unheard) for each in namespaces}}
        self._tell()

    def well(self, kind: Kind, namespace: str | None = None) -> None:
        """The cluster tells of this kind, in the whole cluster or in one namespace."""
        self._note((kind, namespace), None)

    def trouble(self, kind: Kind, message: str, namespace: str | None = None, *, detail: str = "") -> None:
        """The cluster does not tell of this kind; `message` is a sentence that says why, `detail` its own words."""
        self._note((kind, namespace), _Trouble(message, detail))

    def _note(self, scope: tuple[Kind, str | None], trouble: _Trouble | None) -> None:
        if scope[1] is None:  # the whole cluster: single namespaces are of no account
            self._troubles = {each: told for each, told in self._troubles.items() if each[0] is not scope[0]}
        self._troubles[scope] = trouble
        self._tell()
        if trouble is not None or self._trouble is None:
            self._found.set()

    def _tell(self) -> None:
        """Tell whoever asked to be told, where what was well is so no longer, or the other way about."""
        before, trouble = self._trouble, _worst(self._troubles.values())
        self._trouble = trouble
        if (before is None) == (trouble is None):
            return
        if trouble is None:
            _logger.info("the cluster answers")
        else:
            _logger.warning("what the cluster holds is not known: %s %s", trouble.message, trouble.detail)
        self._changed()


def _worst(troubles: Iterable[_Trouble | None]) -> _Trouble | None:
    """What the cluster said tells more than that it has said nothing yet."""
    some = [trouble for trouble in troubles if trouble is not None]
    return next((each for each in some if each != _UNHEARD), some[0] if some else None)
