"""Where the objects are: in memory, under one growing resourceVersion, with the recent past for watches.

Everything here runs on the event loop and never waits, so that each write is atomic; the journal takes a copy of
each write to disk behind it.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeAlias

from .objects import Key, Obj, encode, key_of
from .resources import RESOURCES, Resource
from .status import expired


class ChangeType(StrEnum):
    ADDED = "ADDED"
    MODIFIED = "MODIFIED"
    DELETED = "DELETED"


@dataclass(frozen=True, slots=True)
class Stored:
    """An object and its bytes on the wire, encoded once however many read it."""

    obj: Obj
    raw: bytes


@dataclass(frozen=True, slots=True)
class Change:
    """One write. `previous` is the object before it; of a deletion, `stored` is its last state."""

    type: ChangeType
    resource: Resource
    resource_version: int
    stored: Stored
    previous: Obj | None = None

    @property
    def obj(self) -> Obj:
        return self.stored.obj


Listener: TypeAlias = Callable[[Change], None]


class Journal(Protocol):
    """Keeps what is written."""

    def record(self, change: Change) -> None:
        """Takes one write, in order; never blocks."""
        ...

    async def flushed(self) -> None:
        """Returns when every write so far would survive the end of the process."""
        ...


class NoJournal:
    """Keeps nothing: the cluster ends with its process."""

    def record(self, change: Change) -> None:
        pass

    async def flushed(self) -> None:
        pass


@dataclass(slots=True)
class _Shelf:
    """The objects of one resource, its recent changes, and the version before which nothing is known of it."""

    history: deque[Change]
    floor: int = 0
    objects: dict[Key, Stored] = field(default_factory=dict)
    by_namespace: dict[str, dict[str, Stored]] = field(default_factory=dict)


class Store:
    """The objects of the cluster.

    `history` bounds, for each resource, how many changes can be watched from the past; `resource_version` is
    where counting goes on.
    """

    def __init__(self, *, journal: Journal, history: int = 1000, resource_version: int = 0) -> None:
        self.journal = journal
        self.resource_version = resource_version
        self._shelves = {resource: _Shelf(deque(maxlen=history), floor=resource_version) for resource in RESOURCES}
        self._listeners: list[Listener] = []

    def restore(self, objects: Iterable[tuple[Resource, Obj]]) -> None:
        """Takes in the objects of an earlier run, as they are and without telling anybody."""
        for resource, obj in objects:
            self._place(resource, key_of(obj), Stored(obj, encode(obj)))

    def get(self, resource: Resource, key: Key) -> Obj | None:
        stored = self._shelves[resource].objects.get(key)
        return stored.obj if stored else None

    def list(self, resource: Resource, namespace: str = "") -> Iterator[Obj]:
        """The objects of one namespace, or of all of them. Not to be changed, nor written to meanwhile."""
        return (stored.obj for stored in self.stored(resource, namespace))

    def stored(self, resource: Resource, namespace: str = "") -> Iterable[Stored]:
        shelf = self._shelves[resource]
        return shelf.by_namespace.get(namespace, {}).values() if namespace else shelf.objects.values()

    def put(self, resource: Resource, obj: Obj) -> Obj:
        """Stores `obj` under the next resourceVersion, which it is given."""
        key = key_of(obj)
        previous = self.get(resource, key)
        self.resource_version += 1
        obj["metadata"]["resourceVersion"] = str(self.resource_version)
        stored = Stored(obj, encode(obj))
        self._place(resource, key, stored)
        change_type = ChangeType.MODIFIED if previous else ChangeType.ADDED
        self._tell(Change(change_type, resource, self.resource_version, stored, previous))
        return obj

    def remove(self, resource: Resource, key: Key) -> Obj:
        """Removes an object that is there; answers its last state, with the version of its removal."""
        shelf = self._shelves[resource]
        previous = shelf.objects.pop(key).obj
        neighbours = shelf.by_namespace[key.namespace]
        del neighbours[key.name]
        if not neighbours:
            del shelf.by_namespace[key.namespace]
        self.resource_version += 1
        metadata = {**previous["metadata"], "resourceVersion": str(self.resource_version)}
        last = {**previous, "metadata": metadata}
        self._tell(Change(ChangeType.DELETED, resource, self.resource_version, Stored(last, encode(last)), previous))
        return last

    def changes_since(self, resource: Resource, resource_version: int) -> Sequence[Change]:
        """What happened to `resource` after `resource_version`; raises ApiError 410 when that is too long ago."""
        shelf = self._shelves[resource]
        if not self.remembers(resource, resource_version):
            raise expired(resource_version, shelf.floor)
        return [change for change in shelf.history if change.resource_version > resource_version]

    def remembers(self, resource: Resource, resource_version: int) -> bool:
        """Whether the changes of `resource` since `resource_version` are still known."""
        return resource_version >= self._shelves[resource].floor

    @contextlib.contextmanager
    def listening(self, listener: Listener) -> Iterator[None]:
        """Calls `listener` with each change, at the moment it is made, for as long as the context is open."""
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)

    def _place(self, resource: Resource, key: Key, stored: Stored) -> None:
        shelf = self._shelves[resource]
        shelf.objects[key] = stored
        shelf.by_namespace.setdefault(key.namespace, {})[key.name] = stored

    def _tell(self, change: Change) -> None:
        shelf = self._shelves[change.resource]
        if len(shelf.history) == shelf.history.maxlen:
            shelf.floor = shelf.history[0].resource_version if shelf.history else change.resource_version
        shelf.history.append(change)
        self.journal.record(change)
        for listener in tuple(self._listeners):
            listener(change)
