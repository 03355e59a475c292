"""Tells the streams of this process that a workload's rows have changed.

The Store tells what changes in the cluster; rows change by the services of this process. Rows changed by another
replica are noticed by what that replica did to the cluster (`api.workloads.streams`); PostgreSQL's LISTEN/NOTIFY can
feed this class one day, without a change to its readers.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID


class Broadcaster:
    """One signal for each subscriber of a namespace: set when a row in it changed, cleared by the subscriber.

    An event and not a queue: however many changes there were, a reader that is behind reads the latest once.
    """

    def __init__(self) -> None:
        self._signals: defaultdict[UUID, set[asyncio.Event]] = defaultdict(set)

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

    def changed(self, namespace_id: UUID) -> None:
        """Wake every subscriber of the namespace."""
        for signal in self._signals.get(namespace_id, ()):
            signal.set()
