"""Workloads as they change, for one viewer: for as long as the viewer may see them.

What is told is worked out once for everybody (`feed.py`); here is who may be told, and where each reader is.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from time import monotonic
from typing import TypeAlias
from uuid import UUID

from api.authorization.models import Principal
from api.authorization.vigils import Vigil, Vigils
from api.clusters.cluster import Cluster
from api.monitoring.arrivals import changed_at
from api.namespaces.models import Namespace
from api.waiting import within
from api.workloads.access import WorkloadAccess
from api.workloads.cursors import Cursor
from api.workloads.feed import Feed
from api.workloads.feeding import Feeds
from api.workloads.updates import ResetReason, Sink, WorkloadUpdate, takes_none

Followed: TypeAlias = tuple[Namespace, UUID | None]
"""A namespace, and the id of the one workload in it that is followed; None: all of them."""

CATCH_UP_SECONDS = 2.0
"""How long it is waited for the watch cache to know what another replica's did, and then for the feed to tell it."""


class _Taker:
    """Has a sink take messages while nothing is to be asked of its reader first."""

    __slots__ = ("_feed", "_sink", "_vigil", "namespace")

    def __init__(self, sink: Sink, vigil: Vigil, feed: Feed, namespace: Namespace) -> None:
        self._sink = sink
        self._vigil = vigil
        self._feed = feed
        self.namespace = namespace
        """As it was when it was looked at whether the reader may see it."""

    def __call__(self, update: WorkloadUpdate) -> bool:
        vigil = self._vigil
        return vigil.is_settled and not vigil.has_ended and self.is_current and self._sink(update)

    @property
    def is_current(self) -> bool:
        """Whether the namespace is as it was then."""
        return self.namespace is self._feed.namespace


class WorkloadStreams:
    """Streams of one workload, or of all those of a namespace."""

    def __init__(
        self,
        access: WorkloadAccess,
        cluster: Cluster,
        feeds: Feeds,
        vigils: Vigils,
    ) -> None:
        self._access = access
        self._cluster = cluster
        self._feeds = feeds
        self._vigils = vigils

    def watch(
        self, principal: Principal, slug: str, name: str, after: str | None = None, sink: Sink = takes_none
    ) -> AsyncGenerator[WorkloadUpdate, None]:
        """The workload of that name, from the cursor `after` on; one created later under the same name is another.

        Messages that `sink` takes do not come from the generator.
        Raises NotFound, InvalidInput for what is no cursor, and Unauthenticated once the viewer is not signed in.
        """

        async def found() -> Followed:
            namespace, record = await self._access.by_name(principal, slug, name)
            return namespace, record.id

        return self._updates(principal, found, after, sink)

    def watch_namespace(
        self, principal: Principal, slug: str, after: str | None = None, sink: Sink = takes_none
    ) -> AsyncGenerator[WorkloadUpdate, None]:
        """Every workload of the namespace, those created later too."""

        async def found() -> Followed:
            return await self._access.namespace(principal, slug), None

        return self._updates(principal, found, after, sink)

    async def _updates(
        self,
        principal: Principal,
        found: Callable[[], Awaitable[Followed]],
        after: str | None,
        sink: Sink,
    ) -> AsyncGenerator[WorkloadUpdate, None]:
        """Ends when the namespace, or the workload asked for, is gone or no longer the viewer's.

        One generator, and not one for each thing it does: each would be passed by every message of every reader.
        """
        came = monotonic()
        cursor = Cursor.decode(after) if after is not None else None
        namespace, only = await found()
        async with self._feeds.opened(namespace.id, only) as feed:
            with feed.joined() as reader, self._vigils.over(principal, reader.wake) as vigil:
                updates, told = await self._first(feed, cursor, came)
                is_live = False  # what a reader missed that was cut off says nothing of how fast it is told
                taker = _Taker(sink, vigil, feed, namespace)
                while True:
                    if vigil.has_ended or not vigil.is_settled:
                        await vigil.require()
                    if not taker.is_current and not self._access.may_see(principal, feed.namespace):
                        return
                    taker.namespace = feed.namespace
                    for update in updates:
                        changed_at.set(update.changed_at if is_live else None)
                        yield update
                    is_live = True
                    if feed.failure is not None:
                        raise feed.failure.with_traceback(None)  # one for all: it would gather their frames
                    if feed.closed and told == feed.sequence:
                        return
                    if told == feed.sequence:
                        told = await reader.wait(told, taker)
                    updates, told = feed.after(told), feed.sequence

    async def _first(self, feed: Feed, cursor: Cursor | None, came: float) -> tuple[list[WorkloadUpdate], int]:
        """What is told first, and up to where that is everything."""
        if cursor is None:
            await self._renewed(feed, came)
            return feed.snapshot(), feed.sequence
        if feed.knows(cursor):
            return feed.resumed(cursor), feed.sequence
        await self._catch_up(feed, cursor)
        return feed.reset(ResetReason.UNKNOWN_STREAM), feed.sequence

    async def _catch_up(self, feed: Feed, cursor: Cursor) -> None:
        """Wait until the watch cache knows what the client has seen of another replica's, and the feed tells of that
        and of the rows as they are by now: nothing goes back in time."""
        store, slug = self._cluster.store, feed.namespace.slug
        waits = (
            store.wait_until_seen(kind, version, timeout=CATCH_UP_SECONDS, namespace=slug)
            for kind, version in cursor.known().items()
        )
        await asyncio.gather(*waits)
        await self._renewed(feed, monotonic())

    async def _renewed(self, feed: Feed, since: float) -> None:
        """Wait until the feed tells of what was there at `since`; not for ever, as the database may be away."""
        with suppress(TimeoutError):
            await within(CATCH_UP_SECONDS, feed.renewed(since))
