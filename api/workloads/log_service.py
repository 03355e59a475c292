"""Logs of apps, for those who may see them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from api.authorization.models import Principal
from api.authorization.vigils import StillValid
from api.clusters.cluster import Cluster
from api.logs.follows import FollowLimits, Follows
from api.logs.models import LogEvent, LogTarget, StreamEnd
from api.logs.pages import LogPage, LogPages, LogRequest
from api.logs.reading import LogReader
from api.logs.streams import LogStream
from api.workloads.access import WorkloadAccess
from api.workloads.viewing import Viewing


@dataclass(frozen=True, slots=True)
class LogsWanted:
    """The logs of an app, by its id or by the slug of its namespace and its name."""

    app: UUID | tuple[str, str]
    pod: str | None = None
    container: str | None = None
    text: str | None = None


class LogService:
    """Every method authorizes first, unless it says where that was done. Use `LogService.open`."""

    def __init__(
        self, access: WorkloadAccess, cluster: Cluster, reader: LogReader, follows: Follows, still_valid: StillValid
    ) -> None:
        self._access = access
        self._store = cluster.store
        self._reader = reader
        self._follows = follows
        self._pages = LogPages(cluster.store, reader)
        self._still_valid = still_valid

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        access: WorkloadAccess,
        cluster: Cluster,
        *,
        still_valid: StillValid,
        limits: FollowLimits | None = None,
    ) -> AsyncIterator[LogService]:
        """No log is followed any more at the end of the context."""
        reader = LogReader(cluster.pod_logs)
        async with Follows.open(cluster.pod_logs, reader, cluster.store, limits or FollowLimits()) as follows:
            yield cls(access, cluster, reader, follows, still_valid)

    async def read(self, target: LogTarget, request: LogRequest) -> LogPage:
        """A part of the logs of an app or a pod, which was authorized where it was read. Raises InvalidInput on path
        `after`, and Unavailable."""
        return await self._pages.read(target, request)

    async def follow(
        self, principal: Principal, wanted: LogsWanted, after: str | None, *, history: int
    ) -> AsyncGenerator[LogEvent, None]:
        """What the app's pods write, until it is gone, or the viewer's no longer. `history`: how many lines of each
        container come first where there is no cursor.

        Raises NotFound, on path `pod` or `container` where it is that one which is not there, InvalidInput for what is
        no cursor, and Unauthenticated once the viewer is not signed in.
        """
        if isinstance(wanted.app, UUID):
            namespace, record = await self._access.by_id(principal, wanted.app)
        else:
            namespace, record = await self._access.by_name(principal, *wanted.app)
        target = LogTarget(namespace.slug, record.id, pod=wanted.pod, container=wanted.container, text=wanted.text)
        viewing = Viewing(self._access, principal, self._still_valid, slug=namespace.slug, workload_id=record.id)

        async def recheck() -> StreamEnd | None:
            return StreamEnd.GONE if await viewing.is_over() else None

        stream = LogStream(target, store=self._store, reader=self._reader, follows=self._follows, history=history)
        async with aclosing(stream.events(after, recheck)) as events:
            async for event in events:
                yield event
