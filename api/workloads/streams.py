"""A workload's state as it happens: a snapshot first, then every change, for as long as the viewer may see it.

A stream is woken by the Store (something of the workload changed in the cluster) and by this process's own writes to
its rows. Rows written by another replica are noticed by their effect: the Deployment then carries another revision
than the row that the stream knows, or is gone.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from api.authorization.models import Principal
from api.clusters.cluster import Cluster
from api.errors import NotFound, Unauthenticated
from api.manifests.models import WorkloadKind
from api.namespaces.models import Namespace
from api.workloads.access import WorkloadAccess
from api.workloads.broadcast import Broadcaster
from api.workloads.diagnosis.diagnoser import Diagnoser
from api.workloads.diagnosis.models import Diagnosis
from api.workloads.jobs import runs_of
from api.workloads.models import Pod, Run, UpdateKind, Workload, WorkloadUpdate
from api.workloads.pods import pods_of
from api.workloads.reading import WorkloadReader
from api.workloads.records import WorkloadRecord
from api.workloads.wakeups import Wakeups

StillValid = Callable[[Principal], Awaitable[bool]]
"""Whether a principal's session or token is still good; cheap enough to be asked each second."""

RECHECK_SECONDS = 1.0

Records = dict[UUID, WorkloadRecord]
Named = tuple[UUID, WorkloadUpdate]
"""A workload's id, and what is to be told of it."""


class Shown(NamedTuple):
    """What a viewer is told of anew when it changes."""

    timeless: Workload
    """A workload without the time at which it was read."""
    diagnosis: Diagnosis | None
    lists: tuple[Pod | Run, ...]
    """Of a workload that is watched alone its pods and runs, which its page lists."""
    is_left_alone: bool
    """Whether its namespace is not reconciled."""


class WorkloadStreams:
    """Streams of one workload, or of all those of a namespace."""

    def __init__(
        self,
        access: WorkloadAccess,
        cluster: Cluster,
        reader: WorkloadReader,
        diagnoser: Diagnoser,
        rows: Broadcaster,
        *,
        still_valid: StillValid,
    ) -> None:
        self._access = access
        self._cluster = cluster
        self._reader = reader
        self._diagnoser = diagnoser
        self._rows = rows
        self._still_valid = still_valid

    async def watch(self, principal: Principal, slug: str, name: str) -> AsyncGenerator[WorkloadUpdate, None]:
        """The workload of that name; one created later under the same name is another."""
        namespace, record = await self._access.by_name(principal, slug, name)
        async with aclosing(self._updates(principal, namespace, record.id)) as updates:
            async for _, update in updates:
                yield update

    async def watch_namespace(self, principal: Principal, slug: str) -> AsyncGenerator[Named, None]:
        """Every workload of the namespace, those created later too."""
        namespace = await self._access.namespace(principal, slug)
        async with aclosing(self._updates(principal, namespace, None)) as updates:
            async for update in updates:
                yield update

    async def _updates(
        self, principal: Principal, namespace: Namespace, only: UUID | None
    ) -> AsyncGenerator[Named, None]:
        """Snapshots, then changes; ends when the namespace, or the `only` workload asked for, is gone."""
        checks = _Checks(principal, self._still_valid)
        wakeups = Wakeups.open(
            self._cluster.store, self._rows, slug=namespace.slug, namespace_id=namespace.id, workload_id=only
        )
        async with wakeups as signals:
            known = await self._known(principal, namespace.id, only)
            sent: dict[UUID, Shown] = {}
            kind = UpdateKind.SNAPSHOT
            while known is not None:
                namespace, records = known
                for workload_id, update in self._news(namespace, records, sent, kind, listing=only is not None):
                    yield workload_id, update
                kind = UpdateKind.CHANGE
                wakeup = await signals.wait(RECHECK_SECONDS)
                await checks.require_valid()
                if wakeup.rows or (wakeup.store and self._is_outdated(namespace, records, only)):
                    known = await self._known(principal, namespace.id, only)
            for workload_id in sent:
                yield workload_id, WorkloadUpdate(UpdateKind.DELETED, None)

    def _news(
        self, namespace: Namespace, records: Records, sent: dict[UUID, Shown], kind: UpdateKind, *, listing: bool
    ) -> list[Named]:
        """What differs from what was `sent`, which is brought up to date. That time went by is no difference."""
        news: list[Named] = []
        for gone in sent.keys() - records.keys():
            del sent[gone]
            news.append((gone, WorkloadUpdate(UpdateKind.DELETED, None)))
        for workload_id, record in records.items():
            workload = self._reader.workload(namespace, record)
            shown = self._shown(namespace, workload, listing=listing)
            if sent.get(workload_id) != shown:
                sent[workload_id] = shown
                news.append((workload_id, WorkloadUpdate(kind, workload)))
        return news

    def _shown(self, namespace: Namespace, workload: Workload, *, listing: bool) -> Shown:
        """What is up has nothing to diagnose, but for a schedule: it is in force however its runs go."""
        timeless, is_left_alone = replace(workload, as_of=None), namespace.reconciliation_paused
        may_fail = not workload.rollout.complete or workload.spec.kind is WorkloadKind.SCHEDULED_JOB
        if not may_fail and not listing:
            return Shown(timeless, None, (), is_left_alone)
        observation = self._reader.observe_again(workload)
        return Shown(
            timeless,
            self._diagnoser.known(workload.namespace, observation) if may_fail else None,
            (*pods_of(workload.id, observation), *runs_of(workload.id, observation)) if listing else (),
            is_left_alone,
        )

    async def _known(
        self, principal: Principal, namespace_id: UUID, only: UUID | None
    ) -> tuple[Namespace, Records] | None:
        """The rows as they are now; None where what is watched is there no longer, or no longer the viewer's."""
        try:
            if only is not None:
                namespace, record = await self._access.by_id(principal, only)
                return namespace, {only: record}
            namespace, records = await self._access.all(principal, namespace_id)
            return namespace, {record.id: record for record in records}
        except NotFound:
            return None

    def _is_outdated(self, namespace: Namespace, records: Records, only: UUID | None) -> bool:
        """Whether the cluster shows another revision, or another set of workloads, than the rows that are known."""
        shown = self._reader.shown_revisions(namespace.slug)
        known = {workload_id: record.revision for workload_id, record in records.items()}
        return (shown if only is None else {only: shown[only]} if only in shown else {}) != known


class _Checks:
    """Asks once a second, and not at every change, whether the viewer is still signed in."""

    def __init__(self, principal: Principal, still_valid: StillValid) -> None:
        self._principal = principal
        self._still_valid = still_valid
        self._loop = asyncio.get_running_loop()
        self._next = self._loop.time() + RECHECK_SECONDS

    async def require_valid(self) -> None:
        if self._loop.time() < self._next:
            return
        if not await self._still_valid(self._principal):
            raise Unauthenticated("The session has ended. Sign in again.")
        self._next = self._loop.time() + RECHECK_SECONDS
