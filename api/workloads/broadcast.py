"""Tells who reads a namespace's rows that they have changed: by this process, or by another replica.

The services of this process say so themselves, right after they have written; of everything that was written, here or
by another replica, PostgreSQL tells a moment later (`api.database.notifications`).
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from api.clusters.changes import Generations
from api.database.notifications import Subject, Subscriber


class Broadcaster(Subscriber):
    """One signal for each subscriber of a namespace: set when a row in it changed, cleared by the subscriber.

    An event and not a queue: however many changes there were, a reader that is behind reads the latest once.
    """

    def __init__(self) -> None:
        self._signals: defaultdict[UUID, set[asyncio.Event]] = defaultdict(set)
        self._generations: Generations[UUID] = Generations()

    def generation(self, namespace_id: UUID) -> int:
        """Another number after each change of the namespace's rows."""
        return self._generations.of(namespace_id)

    @contextmanager
    def subscribe(self, namespace_id: UUID) -> Iterator[asyncio.Event]:
        """A signal of the namespace's changes for as long as the context lasts."""
        signal = asyncio.Event()
        self._signals[namespace_id].add(signal)
        try:
            yield signal
        finally:
            self._signals[namespace_id].discard(signal)
            if not self._signals[namespace_id]:
                del self._signals[namespace_id]

    def written(self, namespace_id: UUID) -> None:
        """Wake every subscriber of the namespace."""
        self._generations.next(namespace_id)
        for signal in self._signals.get(namespace_id, ()):
            signal.set()

    def changed(self, subject: Subject, id: UUID) -> None:
        """PostgreSQL tells of a change."""
        if subject is Subject.NAMESPACE:
            self.written(id)

    def lost(self) -> None:
        """Anything may have changed: wake everybody."""
        self._generations.next_of_all()
        for signals in self._signals.values():
            for signal in signals:
                signal.set()
