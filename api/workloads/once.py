"""Changes of apps under a client's key: done once, and answered from the rows and the cluster whenever asked again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

import msgspec

from api.authorization.authorizer import Verb
from api.authorization.models import Principal
from api.clusters import objects
from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.database.database import Database
from api.idempotency.models import Asked, Claim, Result
from api.idempotency.service import Idempotency
from api.namespaces.models import Namespace
from api.namespaces.service import NamespaceService
from api.workloads import jobs
from api.workloads.access import WorkloadAccess
from api.workloads.changes import OBJECTS, Changer
from api.workloads.models import Revision, RevisionState, Run, Workload
from api.workloads.reading import WorkloadReader
from api.workloads.repository import WorkloadRepository
from api.workloads.revisions import RevisionRepository
from api.workloads.volume_service import VolumeService

Changed = tuple[Workload, Revision]
Begun = tuple[Workload, Run]


class Once:
    """Has a change made once for each key. Without a key (`asked` is None) it is made as often as it is asked for."""

    def __init__(
        self,
        database: Database,
        cluster: Cluster,
        namespaces: NamespaceService,
        access: WorkloadAccess,
        changer: Changer,
        *,
        reader: WorkloadReader,
        volumes: VolumeService,
        idempotency: Idempotency,
    ) -> None:
        self._database = database
        self._cluster = cluster
        self._namespaces = namespaces
        self._access = access
        self._changer = changer
        self._reader = reader
        self._volumes = volumes
        self._idempotency = idempotency

    async def revision(
        self, principal: Principal, asked: Asked | None, work: Callable[[Claim | None], Awaitable[Changed]]
    ) -> Changed:
        """For what makes a revision and answers it."""
        return await self._idempotency.once(asked, work, lambda result: self._recall(principal, result))

    async def workload(
        self, principal: Principal, asked: Asked | None, work: Callable[[Claim | None], Awaitable[Workload]]
    ) -> Workload:
        """For what makes a revision and answers the app."""

        async def recall(result: Result) -> Workload | None:
            found = await self._recall(principal, result)
            return found[0] if found is not None else None

        return await self._idempotency.once(asked, work, recall)

    async def run(
        self, principal: Principal, asked: Asked | None, work: Callable[[Claim | None], Awaitable[Begun]]
    ) -> Begun:
        """For what begins a run. Its name in the cluster follows from the key: that it is there tells that it began."""
        return await self._idempotency.once(asked, work, lambda result: self._recall_run(principal, result))

    async def deletion(self, asked: Asked | None, work: Callable[[Claim | None], Awaitable[UUID]]) -> UUID:
        """For what deletes an app: its id."""

        async def recall(result: Result) -> UUID | None:
            return UUID(result["workload"])

        return await self._idempotency.once(asked, work, recall)

    async def volume_deletion(self, asked: Asked | None, work: Callable[[Claim | None], Awaitable[str]]) -> str:
        """For what deletes a disk: its UID."""

        async def recall(result: Result) -> str | None:
            uid = result["volume_claim"]
            return uid if await self._volumes.is_deleted(result["namespace"], result["name"], uid) else None

        return await self._idempotency.once(asked, work, recall)

    async def namespace(
        self, principal: Principal, asked: Asked | None, work: Callable[[Claim | None], Awaitable[Namespace]]
    ) -> Namespace:
        """For what creates a namespace."""
        return await self._idempotency.once(asked, work, lambda result: self._namespaces.recall(principal, result))

    async def _recall(self, principal: Principal, result: Result) -> Changed | None:
        """The revision, finished where it was left half-applied; None where it was undone."""
        revision_id = UUID(result["revision"])
        found = await self._revision(revision_id)
        if found is None:
            return None
        namespace = await self._namespaces.get_by_id(principal, found[1], Verb.WRITE)
        if found[0].state is RevisionState.PENDING:
            await self._changer.complete(namespace, found[0], recorded=result.get(OBJECTS))
            found = await self._revision(revision_id)
        async with self._database.session() as session:
            record = await WorkloadRepository(session).by_id(UUID(result["workload"]))
        if record is None or found is None or found[0].state is not RevisionState.APPLIED:
            return None
        return self._reader.workload(namespace, record), found[0]

    async def _revision(self, revision_id: UUID) -> tuple[Revision, UUID] | None:
        async with self._database.session() as session:
            return await RevisionRepository(session).by_id(revision_id)

    async def _recall_run(self, principal: Principal, result: Result) -> Begun | None:
        namespace, record = await self._access.by_id(principal, UUID(result["workload"]))
        self._namespaces.require(principal, namespace, Verb.WRITE)
        live = await self._cluster.get(Kind.JOB, namespace.slug, result["run"])
        if live is None:
            return None
        job = msgspec.convert(live, objects.Job, strict=False)
        run = jobs.run_of(record.id, self._reader.observe(namespace, record), job)
        return self._reader.workload(namespace, record), run
