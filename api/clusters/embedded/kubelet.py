"""The kubelet: starts what is assigned to a node, and stops what is deleted. One task for each pod that is busy."""

from __future__ import annotations

import asyncio
import logging

from .controllers.controller import Context
from .objects import Key, is_deleting, key_of, uid_of
from .podlife import PodLife
from .pods import is_terminal
from .resources import PODS
from .store import Change, ChangeType

logger = logging.getLogger(__name__)


class Kubelet:
    """Runs the lives of pods. A pod that is up has no task: nothing happens to it until it is deleted."""

    name = "kubelet"

    def __init__(self, context: Context) -> None:
        self._context = context
        self._tasks: dict[Key, asyncio.Task[None]] = {}
        self._started: dict[Key, str] = {}
        self._stopping: set[str] = set()
        self._inbox: asyncio.Queue[Change] = asyncio.Queue()  # bounded by what one turn of the event loop writes

    def on_change(self, change: Change) -> None:
        if change.resource is PODS and change.obj["spec"].get("nodeName"):
            self._inbox.put_nowait(change)

    async def run(self) -> None:
        """Works until it is cancelled, and then leaves no task behind."""
        try:
            while True:
                self._take(await self._inbox.get())
        finally:
            tasks = list(self._tasks.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _take(self, change: Change) -> None:
        key, uid = key_of(change.obj), uid_of(change.obj)
        if change.type is ChangeType.DELETED:
            self._forget(key, uid)
        elif is_deleting(change.obj):
            if uid not in self._stopping:
                self._stopping.add(uid)
                self._begin(key, uid, stop=True)
        elif self._started.get(key) != uid and not is_terminal(change.obj):
            self._started[key] = uid
            self._begin(key, uid)

    def _begin(self, key: Key, uid: str, *, stop: bool = False) -> None:
        if (busy := self._tasks.pop(key, None)) is not None:
            busy.cancel()
        life = PodLife(self._context, key, uid)
        task = asyncio.create_task(life.stop() if stop else life.run(), name=f"kubelet {key}")
        self._tasks[key] = task
        task.add_done_callback(lambda done: self._ended(key, done))

    def _ended(self, key: Key, task: asyncio.Task[None]) -> None:
        if self._tasks.get(key) is task:
            del self._tasks[key]
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("The life of pod %s ended unexpectedly", key, exc_info=error)

    def _forget(self, key: Key, uid: str) -> None:
        self._stopping.discard(uid)
        if self._started.get(key) == uid:
            del self._started[key]
            if (task := self._tasks.pop(key, None)) is not None:
                task.cancel()
