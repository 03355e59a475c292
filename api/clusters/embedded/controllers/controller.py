"""The loop that all controllers share: a change names what is to be looked at, and `sync` looks at it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Generic, TypeVar

from api.clusters.embedded.clock import Clock, Pace
from api.clusters.embedded.events import EventRecorder
from api.clusters.embedded.objects import Key
from api.clusters.embedded.registry import Registry
from api.clusters.embedded.status import ApiError
from api.clusters.embedded.store import Change, Store
from api.clusters.workqueue import WorkQueue

logger = logging.getLogger(__name__)

K = TypeVar("K")

CONTROLLER_MANAGER = "kube-controller-manager"


@dataclass(frozen=True, slots=True)
class Context:
    """What a component of the cluster works with."""

    registry: Registry
    recorder: EventRecorder
    clock: Clock
    pace: Pace

    @property
    def store(self) -> Store:
        return self.registry.store


class Controller(Generic[K]):
    """Brings objects into the state that they ask for, one at a time, when something changes.

    A subclass turns changes into keys and syncs a key; `sync` may be called at any time and any number of times.
    """

    name: str

    def __init__(self, context: Context) -> None:
        self.context = context
        self.registry = context.registry
        self.store = context.store
        self.queue: WorkQueue[K] = WorkQueue()

    def on_change(self, change: Change) -> None:
        raise NotImplementedError

    def sync(self, key: K) -> None:
        raise NotImplementedError

    async def run(self) -> None:
        """Works until it is cancelled."""
        try:
            while True:
                key = await self.queue.get()
                self._sync(key)
                await asyncio.sleep(0)  # others have their turn between two objects
        finally:
            self.queue.close()

    def _sync(self, key: K) -> None:
        try:
            self.sync(key)
        except ApiError as error:
            logger.debug("%s will look at %s again: %s", self.name, key, error)
            self.queue.retry(key)
        except Exception:
            logger.exception("%s failed at %s", self.name, key)
            self.queue.retry(key)
        else:
            self.queue.forget(key)


KeyController = Controller[Key]
