"""Who showed which credential lately: asked again, that takes no database.

A replica takes it from memory only while PostgreSQL tells it of sessions that end, tokens that are revoked and roles
that change (`api.database.notifications`), and for half a minute at most, so that the use of a session goes on being
recorded.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from api.authorization.models import Principal
from api.database.notifications import Notifications, Subject, Subscriber

HELD_SECONDS = 30.0
MOST_HELD = 20_000
"""Credentials; of those that were looked up longest ago, none."""

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Found:
    """What the database says of a credential: whose it is, and when it ends unless it is used again."""

    principal: Principal
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class _Held:
    principal: Principal
    until: float


class KnownCredentials(Subscriber):
    """Holds what was found; whoever looks something up takes the `moment` before, so that nothing is held that was
    revoked meanwhile."""

    def __init__(self, notifications: Notifications) -> None:
        self._notifications = notifications
        self._shown: dict[bytes, _Held] = {}
        self._alive: dict[UUID, _Held] = {}
        self._digests: dict[UUID, bytes] = {}
        self._followers: defaultdict[UUID, set[Callable[[], None]]] = defaultdict(set)
        self.moment = 0
        """Another number after each change."""
        notifications.subscribe(self)

    @property
    def tells_of_changes(self) -> bool:
        """Whether `following` may be relied on just now; else one has to ask again and again."""
        return self._notifications.is_current

    def by_secret(self, digest: bytes) -> Principal | None:
        """Whose secret this is; None where that is not known from memory."""
        return self._held(self._shown, digest)

    def is_alive(self, principal: Principal) -> bool:
        """Whether the principal's credential is known to go on, with the same rights; False where the database has to
        be asked."""
        return self._held(self._alive, _credential(principal)) == principal

    def hold_secret(self, digest: bytes, found: Found, *, moment: int) -> None:
        """Hold whose secret this is, unless something changed since `moment`."""
        if moment != self.moment:
            return
        if (left := self._hold(self._shown, digest, found)) is not None:
            self._digests.pop(_credential(left.principal), None)
        self._digests[_credential(found.principal)] = digest
        self._hold(self._alive, _credential(found.principal), found)

    def hold_alive(self, found: Found, *, moment: int) -> None:
        """Hold that a credential goes on, which is no use of it."""
        if moment == self.moment:
            self._hold(self._alive, _credential(found.principal), found)

    def forget(self, digest: bytes) -> None:
        """The credential of this secret has ended."""
        if (held := self._shown.get(digest)) is not None:
            self.changed(Subject.SESSION, _credential(held.principal))

    @contextmanager
    def following(self, principal: Principal, told: Callable[[], None]) -> Iterator[None]:
        """Call `told` whenever the principal's credential or user may have changed, while the context lasts."""
        keys = (_credential(principal), principal.user_id)
        for key in keys:
            self._followers[key].add(told)
        try:
            yield
        finally:
            for key in keys:
                self._followers[key].discard(told)
                if not self._followers[key]:
                    del self._followers[key]

    def changed(self, subject: Subject, id: UUID) -> None:
        """A session ended, a token was revoked, a user changed: forget them, and tell who follows."""
        if subject is Subject.NAMESPACE:
            return
        self.moment += 1
        credentials = self._of_user(id) if subject is Subject.USER else {id}
        for credential in credentials:
            self._alive.pop(credential, None)
            self._shown.pop(self._digests.pop(credential, b""), None)
        for told in tuple(self._followers.get(id, ())):
            told()

    def lost(self) -> None:
        """Anything may have changed."""
        self.moment += 1
        self._shown.clear()
        self._alive.clear()
        self._digests.clear()
        for followers in tuple(self._followers.values()):
            for told in tuple(followers):
                told()

    def _of_user(self, user_id: UUID) -> set[UUID]:
        """Of either, as each holds the latest of its own."""
        held = (*self._alive.values(), *self._shown.values())
        return {_credential(each.principal) for each in held if each.principal.user_id == user_id}

    def _held(self, held: dict[K, _Held], key: K) -> Principal | None:
        found = held.get(key)
        if found is None or time.monotonic() >= found.until or not self._notifications.is_current:
            return None
        return found.principal

    def _hold(self, held: dict[K, _Held], key: K, found: Found) -> _Held | None:
        """What is held no longer for it, where that was one too many."""
        left = (found.ends_at - datetime.now(UTC)).total_seconds()
        held.pop(key, None)  # so that it counts as the newest
        held[key] = _Held(found.principal, time.monotonic() + min(HELD_SECONDS, left))
        return held.pop(next(iter(held))) if len(held) > MOST_HELD else None


def _credential(principal: Principal) -> UUID:
    """The session or token that the principal came by; the user, where it is neither."""
    return principal.session_id or principal.token_id or principal.user_id
