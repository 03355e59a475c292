"""Watches: who is told of which change, and in which words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass
from typing import TypeAlias

from .objects import Obj, encode
from .resources import Resource
from .selectors import Matcher
from .status import ApiError
from .store import Change, ChangeType, Store, Stored

Represent: TypeAlias = Callable[[Stored], bytes]
"""How an object is written: whole, or its metadata alone."""

BOOKMARK_INTERVAL = 60.0
"""Seconds; kube-apiserver sends one about every minute."""

INITIAL_EVENTS_END = "k8s.io/initial-events-end"


def whole(stored: Stored) -> bytes:
    return stored.raw


def metadata_only(stored: Stored) -> bytes:
    return encode(partial_object_metadata(stored.obj))


def partial_object_metadata(obj: Obj) -> Obj:
    return {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": obj["metadata"]}


@dataclass(frozen=True, slots=True)
class WatchRequest:
    """What a client asked for. `resource_version` is None when it gave none, or 0.

    `timeout` is in seconds. `initial_events` asks for a streaming list: everything there is, then a bookmark.
    """

    resource: Resource
    namespace: str
    matches: Matcher
    represent: Represent
    timeout: float
    resource_version: int | None = None
    bookmarks: bool = False
    initial_events: bool = False


class Watcher:
    """One watch: a bounded queue of lines between the store and a connection.

    A client that does not keep up has its watch ended, as the API server does it, and starts again.
    """

    def __init__(self, store: Store, request: WatchRequest, *, queue_size: int = 1000) -> None:
        self._store = store
        self._request = request
        self._lines: asyncio.Queue[bytes | None] = asyncio.Queue(queue_size)
        self._ended = False

    async def lines(self) -> AsyncGenerator[bytes, None]:
        """The lines of the answer, until the timeout, the end of the cluster or an overflow."""
        try:
            backlog = self._backlog()
        except ApiError as error:
            yield _line("ERROR", encode(error.status()))
            return
        with self._store.listening(self._on_change):
            for line in backlog:
                yield line
            async for line in self._live():
                yield line

    def close(self) -> None:
        """Ends the watch after what is queued; when the queue is full, it has ended already."""
        self._ended = True
        if not self._lines.full():
            self._lines.put_nowait(None)

    async def _live(self) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._request.timeout
        while (left := deadline - loop.time()) > 0:
            try:
                async with asyncio.timeout(min(left, BOOKMARK_INTERVAL)):
                    line = await self._lines.get()
            except TimeoutError:
                if self._request.bookmarks:
                    yield self._bookmark()
                continue
            if line is None:
                return
            yield line
            if self._ended and self._lines.empty():
                return

    def _backlog(self) -> list[bytes]:
        request = self._request
        if request.resource_version is None or request.initial_events:
            lines = [
                _line(ChangeType.ADDED, request.represent(stored))
                for stored in self._store.stored(request.resource, request.namespace)
                if request.matches(stored.obj)
            ]
            return [*lines, self._bookmark(initial_events_end=True)] if request.initial_events else lines
        changes = self._store.changes_since(request.resource, request.resource_version)
        return [line for change in changes if (line := self._line_of(change)) is not None]

    def _on_change(self, change: Change) -> None:
        if change.resource is not self._request.resource or self._ended:
            return
        line = self._line_of(change)
        if line is None:
            return
        self._lines.put_nowait(line)
        if self._lines.full():
            self._ended = True

    def _line_of(self, change: Change) -> bytes | None:
        request = self._request
        if request.namespace and change.obj["metadata"].get("namespace") != request.namespace:
            return None
        change_type = self._seen_as(change)
        return _line(change_type, request.represent(change.stored)) if change_type else None

    def _seen_as(self, change: Change) -> ChangeType | None:
        """What the change is to one who sees only what the selectors match."""
        before = change.previous is not None and self._request.matches(change.previous)
        after = change.type is not ChangeType.DELETED and self._request.matches(change.obj)
        if before:
            return ChangeType.MODIFIED if after else ChangeType.DELETED
        return ChangeType.ADDED if after else None

    def _bookmark(self, *, initial_events_end: bool = False) -> bytes:
        resource = self._request.resource
        metadata: Obj = {"resourceVersion": str(self._store.resource_version)}
        if initial_events_end:
            metadata["annotations"] = {INITIAL_EVENTS_END: "true"}
        obj = {"kind": resource.kind, "apiVersion": resource.api_version, "metadata": metadata}
        return _line("BOOKMARK", encode(obj if self._request.represent is whole else partial_object_metadata(obj)))


def _line(event_type: str, raw: bytes) -> bytes:
    return b'{"type":"%b","object":%b}\n' % (event_type.encode(), raw)
