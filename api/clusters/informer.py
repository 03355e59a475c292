"""Keeps one kind of the Store true: list, then watch from the list's resourceVersion, for as long as the process lives.

The protocol is https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes: bookmarks
move the place from which a watch goes on, 410 means that it is lost and everything is listed again. A watch that says
nothing for longer than the server's bookmarks take is held to be dead.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator

import aiohttp
import msgspec

from api.clusters.backoff import Backoff
from api.clusters.connection import JSON, Connection, path
from api.clusters.failures import Busy, Denied, Gone, failure
from api.clusters.health import Health
from api.clusters.objects import WATCHED, Kind, Watched
from api.clusters.store import Store
from api.clusters.wire import Bookmark, ObjectList, Status, WatchEvent
from api.errors import MoorageError, NotThere, Unavailable
from api.monitoring.telemetry import Telemetry
from api.monitoring.watching import Watching

PAGE = 500
"""Objects asked for at a time."""
WATCH_SECONDS = 300
"""How long the server is asked to keep a watch; the informer then goes on from where it was."""
STALL_SECONDS = 65.0
"""The server sends a bookmark about each minute, whatever else it has to say."""
_BATCH = 100
_NAMESPACES_SECONDS = 5.0
_LONGEST_REST = 60.0

_logger = logging.getLogger(__name__)


class Informer:
    """Follows one kind, in the whole cluster or in one namespace, and tells `health` how that goes."""

    def __init__(
        self,
        connection: Connection,
        store: Store,
        health: Health,
        kind: Kind,
        *,
        stall: float = STALL_SECONDS,
        namespace: str | None = None,
        watching: Watching | None = None,
    ) -> None:
        self._connection = connection
        self._store = store
        self._health = health
        self._kind = kind
        self._stall = stall
        self._namespace = namespace
        self._watching = watching or Telemetry().watching
        self._has_listed = False
        self._backoff = Backoff()
        self._page = msgspec.json.Decoder(ObjectList)
        self._item: msgspec.json.Decoder[Watched] = msgspec.json.Decoder(WATCHED[kind].struct)
        self._event = msgspec.json.Decoder(WatchEvent)
        self._version = ""  # from which to watch; none: list first

    async def run(self, *, until_denied: bool = False) -> None:
        """Follow the kind until cancelled; whatever fails is tried again after a growing pause.

        With `until_denied` it raises Denied where the API server does not let us, and NotThere where it serves a kind
        of an extension no longer.
        """
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            await self._follow(until_denied=until_denied)
            await self._backoff.pause(spent=loop.time() - began)

    async def _follow(self, *, until_denied: bool) -> None:
        """List where that is needed, and watch until the watch ends, or something fails."""
        try:
            if not self._version:
                await self._list()
            await self._watch()
        except Gone:
            self._version = ""
        except (aiohttp.ClientError, OSError) as error:  # whether more than this watch broke, the next one tells
            self._broke(error)
        except MoorageError as error:
            if until_denied and self._is_final(error):
                raise
            self._health.trouble(self._kind, error.message, self._namespace, detail=error.detail)
            await asyncio.sleep(_rest_after(error))
        except msgspec.DecodeError as error:  # an answer cut short, or no Kubernetes at all
            self._start_over("The cluster's answer cannot be read.", detail=str(error))
        except Exception:
            _logger.exception("following %s failed", self._kind.plural)
            self._start_over(f"Following {self._kind.plural} failed; it is tried again.")

    def _broke(self, error: Exception) -> None:
        if isinstance(error, TimeoutError):  # opening it has another error
            self._watching.stalled(self._kind.kind)
        _logger.info("the watch of %s broke: %s", self._kind.plural, str(error) or type(error).__name__)

    def _is_final(self, error: MoorageError) -> bool:
        return isinstance(error, Denied) or (isinstance(error, NotThere) and WATCHED[self._kind].optional)

    def _start_over(self, trouble: str, *, detail: str = "") -> None:
        self._version = ""
        self._health.trouble(self._kind, trouble, self._namespace, detail=detail)

    async def _list(self) -> None:
        """Take in everything there is, and then forget what there is no longer."""
        await self._await_namespaces()
        if self._has_listed:
            self._watching.relisted(self._kind.kind)
        uids: set[str] = set()
        async for page in self._pages():
            for number, told in enumerate(page.items or (), start=1):
                item = self._item.decode(told)
                self._store.put(self._kind, item)
                uids.add(item.metadata.uid)
                await _yield_at(number)
        gone = self._store.absent_from(self._kind, uids, self._namespace)
        while gone:  # one by one: to let go of ten thousand at once takes 20 ms
            self._store.remove(self._kind, gone.pop(), page.metadata.resource_version)
            await _yield_at(len(gone))
        self._has_listed = True
        self._version = page.metadata.resource_version
        self._store.reached(self._kind, self._version, self._namespace)
        self._health.well(self._kind, self._namespace)

    async def _pages(self) -> AsyncIterator[ObjectList]:
        query = {**self._selector(), "limit": str(PAGE)}
        while True:
            listed = await self._connection.get(
                path(self._kind, self._namespace), query, accept=self._accept("PartialObjectMetadataList")
            )
            page = self._page.decode(listed)
            await asyncio.sleep(0)
            yield page
            if not page.metadata.continue_:
                return
            query["continue"] = page.metadata.continue_

    async def _await_namespaces(self) -> None:
        """What is kept for namespaces of ours only can be told from the rest once these are known."""
        if WATCHED[self._kind].selector is not None:
            return
        if not await self._store.wait_until_seen(Kind.NAMESPACE, "0", timeout=_NAMESPACES_SECONDS):
            raise Unavailable("The cluster's namespaces are not known yet.", part="cluster")

    async def _watch(self) -> None:
        """Take changes in, until the server ends the watch."""
        query = {
            **self._selector(),
            "watch": "1",
            "resourceVersion": self._version,
            "allowWatchBookmarks": "true",
            "timeoutSeconds": str(int(WATCH_SECONDS * random.uniform(1, 2))),  # noqa: S311 - spreads the reconnects
        }
        accept = self._accept("PartialObjectMetadata")
        async with self._connection.stream(path(self._kind, self._namespace), query, accept=accept) as content:
            self._health.well(self._kind, self._namespace)
            async for line in _lines(content, self._stall):
                self._version = self._take(self._event.decode(line))
                self._store.reached(self._kind, self._version, self._namespace)
                self._backoff.reset()

    def _take(self, event: WatchEvent) -> str:
        """Do what a line says; answers the resourceVersion that is reached by it."""
        self._watching.told(self._kind.kind)
        if event.type == "ERROR":
            status = msgspec.json.decode(event.object, type=Status)
            raise failure(status.code, bytes(event.object), {})
        if event.type == "BOOKMARK":
            return msgspec.json.decode(event.object, type=Bookmark).metadata.resource_version
        item = self._item.decode(event.object)
        if event.type == "DELETED":
            self._store.remove(self._kind, item)
        else:
            self._store.put(self._kind, item)
        return item.metadata.resource_version

    def _accept(self, metadata: str) -> str:
        """https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches"""
        if not WATCHED[self._kind].metadata_only:
            return JSON
        return f"{JSON};as={metadata};g=meta.k8s.io;v=v1,{JSON}"

    def _selector(self) -> dict[str, str]:
        selector = WATCHED[self._kind].selector
        return {} if selector is None else {"labelSelector": selector}


def _rest_after(error: MoorageError) -> float:
    """In seconds, beside the growing pause: what a server that is busy asks for."""
    return min(error.retry_after or 0.0, _LONGEST_REST) if isinstance(error, Busy) else 0.0


async def _lines(content: aiohttp.StreamReader, stall: float) -> AsyncIterator[bytes]:
    """The lines of a watch, of any length. Raises TimeoutError after `stall` seconds without a byte."""
    rest = b""
    while True:
        async with asyncio.timeout(stall):
            chunk = await content.readany()
        if not chunk:
            return
        *lines, rest = (rest + chunk).split(b"\n")
        for number, line in enumerate(lines, start=1):
            yield line
            await _yield_at(number)


async def _yield_at(number: int) -> None:
    """Let others run after each batch of work that waits for nothing."""
    if number % _BATCH == 0:
        await asyncio.sleep(0)
