"""Keeps one kind of the Store true: list, then watch from the list's resourceVersion, for as long as the process lives.

The protocol is https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes: bookmarks
move the place from which a watch goes on, 410 means that it is lost and everything is listed again. A watch that says
nothing for longer than the server's bookmarks take is held to be dead.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable
from http import HTTPStatus

import aiohttp
import msgspec

from api.clusters.connection import Connection, path
from api.clusters.failures import Gone
from api.clusters.objects import WATCHED, Bookmark, Kind, ObjectList, Status, Watched, WatchEvent
from api.clusters.store import Store
from api.errors import Unavailable

PAGE = 500
WATCH_SECONDS = 300
"""How long the server is asked to keep a watch; the informer then goes on from where it was."""
STALL_SECONDS = 65.0
"""The server sends a bookmark about each minute, whatever else it has to say."""
_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 5.0

_logger = logging.getLogger(__name__)

Report = Callable[[Kind, str | None], None]
"""Told how a kind fares: None for well, else a sentence that says what is wrong."""


class Informer:
    """Follows one kind. `report` is told of every success and failure."""

    def __init__(
        self, connection: Connection, store: Store, kind: Kind, report: Report, *, stall: float = STALL_SECONDS
    ) -> None:
        self._connection = connection
        self._store = store
        self._kind = kind
        self._report = report
        self._stall = stall
        self._page: msgspec.json.Decoder[ObjectList[Watched]] = msgspec.json.Decoder(
            ObjectList[WATCHED[kind].struct]  # type: ignore[misc] # the type is chosen at run time
        )
        self._item: msgspec.json.Decoder[Watched] = msgspec.json.Decoder(WATCHED[kind].struct)
        self._event = msgspec.json.Decoder(WatchEvent)
        self._version = ""  # from which to watch; none: list first
        self._failures = 0

    async def run(self) -> None:
        """Follow the kind until cancelled. Failures are reported, and tried again after a growing, jittered pause."""
        while True:
            try:
                if not self._version:
                    await self._list()
                await self._watch()
            except Gone:
                self._version = ""
            except (Unavailable, aiohttp.ClientError, TimeoutError) as error:
                await self._pause(str(error) or "The cluster does not answer.")
            except msgspec.DecodeError as error:  # an answer cut short, or no Kubernetes at all
                self._version = ""
                await self._pause(f"The cluster's answer cannot be read: {error}")

    async def _pause(self, trouble: str) -> None:
        self._report(self._kind, trouble)
        self._failures += 1
        longest = min(_FIRST_PAUSE * 2.0 ** min(self._failures, 10), _LONGEST_PAUSE)
        await asyncio.sleep(longest * random.uniform(0.5, 1))  # noqa: S311 - so that informers do not march in step

    def _well(self) -> None:
        self._failures = 0
        self._report(self._kind, None)

    async def _list(self) -> None:
        """Read everything, page by page."""
        items: list[Watched] = []
        query = {**self._selector(), "limit": str(PAGE)}
        while True:
            page = self._page.decode(await self._connection.get(path(self._kind), query))
            items += page.items
            if not page.metadata.continue_:
                break
            query["continue"] = page.metadata.continue_
        self._version = page.metadata.resource_version
        self._store.replace(self._kind, items, self._version)
        self._well()

    async def _watch(self) -> None:
        """Take changes in, until the server ends the watch."""
        query = {
            **self._selector(),
            "watch": "1",
            "resourceVersion": self._version,
            "allowWatchBookmarks": "true",
            "timeoutSeconds": str(int(WATCH_SECONDS * random.uniform(1, 2))),  # noqa: S311 - spreads the reconnects
        }
        async with self._connection.stream(path(self._kind), query) as content:
            self._well()
            async for line in _lines(content, self._stall):
                self._version = self._take(self._event.decode(line))

    def _take(self, event: WatchEvent) -> str:
        if event.type == "ERROR":
            status = msgspec.json.decode(event.object, type=Status)
            gone = status.code == HTTPStatus.GONE
            raise Gone(status.message) if gone else Unavailable(status.message, part="cluster")
        if event.type == "BOOKMARK":
            version = msgspec.json.decode(event.object, type=Bookmark).metadata.resource_version
            self._store.reached(self._kind, version)
            return version
        item = self._item.decode(event.object)
        if event.type == "DELETED":
            self._store.remove(self._kind, item)
        else:
            self._store.put(self._kind, item)
        return item.metadata.resource_version

    def _selector(self) -> dict[str, str]:
        selector = WATCHED[self._kind].selector
        return {} if selector is None else {"labelSelector": selector}


async def _lines(content: aiohttp.StreamReader, stall: float) -> AsyncIterator[bytes]:
    """The lines of a watch, of any length. Raises TimeoutError after `stall` seconds without a byte."""
    rest = b""
    while True:
        async with asyncio.timeout(stall):
            chunk = await content.readany()
        if not chunk:
            return
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line
