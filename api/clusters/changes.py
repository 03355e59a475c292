"""Telling those who follow a namespace, or one app in it, that something changed."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Generic, TypeVar
from uuid import UUID

K = TypeVar("K", bound=Hashable)


class Changes:
    """Says that something changed, never what: whoever is told reads the Store.

    However many changes came while nobody waited, one `anext` tells of them: a slow consumer costs nothing.
    """

    def __init__(self) -> None:
        self._changed = asyncio.Event()
        self._since = 0.0

    def __aiter__(self) -> Changes:
        return self

    async def __anext__(self) -> float:
        """When, by `time.monotonic`, the first of the changes came that this tells of."""
        await self._changed.wait()
        self._changed.clear()
        return self._since

    def notify(self) -> None:
        """Something changed."""
        if not self._changed.is_set():
            self._since = monotonic()
        self._changed.set()


class Generations(Generic[K]):
    """A number for each key, which is another one after each change of what the key stands for.

    Of keys that did not change for long, the number is one for all: it is bounded by `most`, and a key that is
    forgotten gets another number, as if it had changed.
    """

    def __init__(self, *, most: int = 10_000) -> None:
        self._most = most
        self._latest = 0
        self._of_all = 0
        self._changed: dict[K, int] = {}

    def of(self, key: K) -> int:
        """The present number of a key."""
        return self._changed.get(key, self._of_all)

    def next(self, key: K) -> None:
        """What the key stands for has changed."""
        self._latest += 1
        self._changed[key] = self._latest
        if len(self._changed) > self._most:
            self.next_of_all()

    def next_of_all(self) -> None:
        """Anything may have changed."""
        self._latest += 1
        self._of_all = self._latest
        self._changed.clear()


Key = tuple[str, str | None]
"""A namespace, and the id of an app in it by its label (None: what belongs to no app)."""


class Touched:
    """Says of which apps and namespaces something changed. It holds each once: bounded by their number."""

    def __init__(self) -> None:
        self._keys: set[Key] = set()
        self._some = asyncio.Event()

    def add(self, key: Key) -> None:
        self._keys.add(key)
        self._some.set()

    async def take(self) -> set[Key]:
        """What was touched since it was last taken; waits until something is."""
        await self._some.wait()
        self._some.clear()
        keys, self._keys = self._keys, set()
        return keys


class Subscribers:
    """Who is to be told, by namespace and by the app they follow (None: all of them)."""

    def __init__(self) -> None:
        self._by_namespace: dict[str, dict[Changes, str | None]] = {}
        self._touched: list[Touched] = []
        self._generations: Generations[str] = Generations()

    def generation(self, namespace: str) -> int:
        """Another number after each change of anything in the namespace, or that concerns everybody."""
        return self._generations.of(namespace)

    @contextmanager
    def subscribed(self, namespace: str, workload: UUID | None) -> Iterator[Changes]:
        """Changes of a namespace, or those that may concern one app in it, for as long as the context lasts."""
        changes = Changes()
        self._by_namespace.setdefault(namespace, {})[changes] = None if workload is None else str(workload)
        try:
            yield changes
        finally:
            followers = self._by_namespace[namespace]
            del followers[changes]
            if not followers:
                del self._by_namespace[namespace]

    @contextmanager
    def everything(self) -> Iterator[Touched]:
        """What is touched anywhere, for as long as the context lasts."""
        touched = Touched()
        self._touched.append(touched)
        try:
            yield touched
        finally:
            self._touched.remove(touched)

    def notify(self, namespace: str, workload: str | None) -> None:
        """Something of `workload` changed, or something that belongs to no app and so may concern each of them."""
        self._generations.next(namespace)
        for changes, followed in self._by_namespace.get(namespace, {}).items():
            if followed is None or workload is None or followed == workload:
                changes.notify()
        for touched in self._touched:
            touched.add((namespace, workload))

    def notify_all(self) -> None:
        """Something changed that concerns everybody."""
        self._generations.next_of_all()
        for followers in self._by_namespace.values():
            for changes in followers:
                changes.notify()
