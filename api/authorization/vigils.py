"""Whether somebody is still signed in, asked once for all that they follow.

A stream outlives the request that began it, so that it has to end with the session or token it was begun by. Thousands
of streams that each ask, with a timer each, take longer to ask than to tell; and once what was known is too old, all of
them ask the database at once. So each credential is watched by one task, and what is followed looks at a flag.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol, TypeAlias

from api.authorization.models import Principal
from api.errors import Unauthenticated, Unavailable
from api.waiting import comes

StillValid: TypeAlias = Callable[[Principal], Awaitable[bool]]
"""Whether a principal's session or token is still good, with the same rights; cheap enough to be asked each second."""
Told: TypeAlias = Callable[[], None]
Following: TypeAlias = Callable[[Principal, Told], AbstractContextManager[None]]
"""Has somebody told whenever a principal's session, token or user may have changed."""

RECHECK_SECONDS = 1.0
"""How often it is asked whether somebody is still signed in, where nobody would tell."""
TOLD_RECHECK_SECONDS = 30.0
"""The same where somebody tells: that time ran out is told by nobody."""

HAS_ENDED = "This session or token has ended, or its rights have changed. Sign in again, or send another token."
"""What whoever follows something is told then."""

_logger = logging.getLogger(__name__)


class Vigil:
    """Whether one credential goes on. What relies on it looks at `is_settled` first, which costs nothing."""

    def __init__(self) -> None:
        self.has_ended = False
        self.listeners: dict[object, Told] = {}
        self._settled = asyncio.Event()

    @property
    def is_settled(self) -> bool:
        """False while it may have ended, and is being asked; so it is at first."""
        return self._settled.is_set()

    async def require(self) -> None:
        """Raises Unauthenticated once it has ended; waits while that is not known."""
        await self._settled.wait()
        if self.has_ended:
            raise Unauthenticated(HAS_ENDED)

    def doubt(self) -> None:
        """It may have ended."""
        self._settled.clear()

    def settle(self, *, is_valid: bool) -> None:
        """What was found out. Whoever listens is called once it has ended."""
        self.has_ended = self.has_ended or not is_valid
        self._settled.set()
        if self.has_ended:
            for told in tuple(self.listeners.values()):
                told()


class Credentials(Protocol):
    """Who knows which credentials go on."""

    async def still_valid(self, principal: Principal) -> bool:
        """Whether the credential that `principal` came by still is what it was."""

    @property
    def tells_of_changes(self) -> bool:
        """Whether `following` may be relied on just now."""

    def following(self, principal: Principal, told: Told) -> AbstractContextManager[None]:
        """Call `told` whenever that credential may have changed, while the context lasts."""


class Vigils:
    """The vigils that are kept: each begins with the first who relies on it, and ends with the last."""

    def __init__(
        self,
        still_valid: StillValid,
        *,
        following: Following | None = None,
        is_told: Callable[[], bool] | None = None,
        recheck: float = RECHECK_SECONDS,
    ) -> None:
        """`is_told` says whether `following` may be relied on just now."""
        self._still_valid = still_valid
        self._following = following
        self._is_told = is_told or (lambda: False)
        self._recheck = recheck
        self._kept: dict[Principal, tuple[Vigil, asyncio.Task[None]]] = {}

    @classmethod
    def relying_on(cls, credentials: Credentials, *, recheck: float = RECHECK_SECONDS) -> Vigils:
        """Those that are told by who knows the credentials."""
        return cls(
            credentials.still_valid,
            following=credentials.following,
            is_told=lambda: credentials.tells_of_changes,
            recheck=recheck,
        )

    def over(self, principal: Principal, told: Told) -> Relying:
        """Have `told` called once the credential that `principal` came by is no longer what it was, for the length of a
        `with` block."""
        return Relying(self, principal, told)

    def join(self, principal: Principal) -> Vigil:
        """The vigil that is kept over a principal's credential, or one that begins."""
        kept = self._kept.get(principal)
        if kept is None or kept[0].has_ended or kept[1].done():
            vigil = Vigil()
            task = asyncio.create_task(self._keep(principal, vigil), name="vigil")
            kept = self._kept[principal] = vigil, task
        return kept[0]

    def leave(self, principal: Principal, vigil: Vigil) -> None:
        """End the vigil where nobody relies on it any more."""
        kept = self._kept.get(principal)
        if not vigil.listeners and kept is not None and kept[0] is vigil:
            del self._kept[principal]
            kept[1].cancel()

    async def _keep(self, principal: Principal, vigil: Vigil) -> None:
        changed = asyncio.Event()

        def doubt() -> None:
            vigil.doubt()
            changed.set()

        with self._following(principal, doubt) if self._following else nullcontext():
            while True:
                changed.clear()
                is_valid = await self._ask(principal)
                if not (is_valid and changed.is_set()):  # else the answer may be older than the change
                    vigil.settle(is_valid=is_valid)
                if vigil.has_ended:
                    return
                await comes(changed, seconds=TOLD_RECHECK_SECONDS if self._is_told() else self._recheck)

    async def _ask(self, principal: Principal) -> bool:
        """As far as that can be told: while the database is away everything goes on, and is asked again."""
        try:
            return await self._still_valid(principal)
        except Unavailable:
            _logger.warning("cannot check whether who follows something is still signed in; trying again")
            return True
        except Exception:  # whoever is let out by mistake comes back; the other way round nobody would notice
            _logger.exception("cannot tell whether who follows something is still signed in")
            return False


class Relying:
    """Who relies on a vigil. A class, as thousands do for hours: a generator takes five times the memory."""

    __slots__ = ("_principal", "_told", "_vigil", "_vigils")

    def __init__(self, vigils: Vigils, principal: Principal, told: Told) -> None:
        self._vigils = vigils
        self._principal = principal
        self._told = told
        self._vigil: Vigil

    def __enter__(self) -> Vigil:
        self._vigil = self._vigils.join(self._principal)
        self._vigil.listeners[self] = self._told
        return self._vigil

    def __exit__(self, *error: object) -> None:
        del self._vigil.listeners[self]
        self._vigils.leave(self._principal, self._vigil)
