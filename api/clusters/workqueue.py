"""A queue of names: each is in it once, however often it is added, and may be added for later."""

from __future__ import annotations

import asyncio
from typing import Generic, TypeVar

K = TypeVar("K")

_FIRST_RETRY = 0.5
_DOUBLINGS = 20


class WorkQueue(Generic[K]):
    """Bounded by the number of objects, since it holds each key once. `longest` is the longest wait before a retry."""

    def __init__(self, *, longest: float = 60.0) -> None:
        self._longest = longest
        self._ready: dict[K, None] = {}
        self._timers: dict[K, asyncio.TimerHandle] = {}
        self._failures: dict[K, int] = {}
        self._some = asyncio.Event()

    def add(self, key: K) -> None:
        self._ready[key] = None
        self._some.set()

    def add_after(self, key: K, seconds: float) -> None:
        """Adds later; of several times for one key the earliest counts."""
        loop = asyncio.get_running_loop()
        timer = self._timers.get(key)
        if timer is not None and timer.when() <= loop.time() + seconds:
            return
        if timer is not None:
            timer.cancel()
        self._timers[key] = loop.call_later(seconds, self._due, key)

    def retry(self, key: K) -> None:
        """Adds later and later, until `forget`."""
        failures = self._failures.get(key, 0)
        self._failures[key] = failures + 1
        self.add_after(key, min(_FIRST_RETRY * 2.0 ** min(failures, _DOUBLINGS), self._longest))

    def forget(self, key: K) -> None:
        self._failures.pop(key, None)

    async def get(self) -> K:
        while not self._ready:
            self._some.clear()
            await self._some.wait()
        key = next(iter(self._ready))
        del self._ready[key]
        return key

    def close(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def _due(self, key: K) -> None:
        self._timers.pop(key, None)
        self.add(key)
