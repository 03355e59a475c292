"""The way to a workload's record: through its namespace, which says who may."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from api.authorization.authorizer import Verb
from api.authorization.models import Principal
from api.clusters import objects
from api.database.database import Database
from api.database.pages import Order, Page, PageRequest
from api.errors import Forbidden, NotFound
from api.namespaces.models import Namespace
from api.namespaces.service import NamespaceService
from api.workloads.filters import WorkloadFilter, WorkloadOrderField
from api.workloads.models import Revision, WorkloadPhase
from api.workloads.records import WorkloadRecord
from api.workloads.repository import WorkloadRepository
from api.workloads.revisions import RevisionRepository

MOST_WORKLOADS = 500
"""Of a namespace, watched at once: far more than the pods of a namespace allow."""

NO_WORKLOAD = "There is no such app."


class WorkloadAccess:
    """Finds records for a principal. Absent and somebody else's look alike: the same NotFound."""

    def __init__(self, database: Database, namespaces: NamespaceService) -> None:
        self._database = database
        self._namespaces = namespaces

    async def by_name(
        self, principal: Principal, slug: str, name: str, verb: Verb = Verb.READ
    ) -> tuple[Namespace, WorkloadRecord]:
        """The workload of that name, and its namespace."""
        namespace, record = await self.place(principal, slug, name, verb)
        if record is None:
            raise NotFound(NO_WORKLOAD)
        return namespace, record

    async def place(
        self, principal: Principal, slug: str, name: str, verb: Verb
    ) -> tuple[Namespace, WorkloadRecord | None]:
        """The namespace, and the workload of that name in it, None where there is none yet. Of a namespace that is not
        there, NotFound is on path `namespace`."""
        async with self._database.autocommit() as session:
            namespace, record = await WorkloadRepository(session).place(slug, name)
        try:
            return await self._namespaces.authorized(principal, namespace, verb), record
        except NotFound as error:
            error.path = ("namespace",)
            raise

    async def in_namespace(self, namespace: Namespace, name: str) -> WorkloadRecord | None:
        """The workload of that name in a namespace that was authorized already; None where there is none."""
        async with self._database.autocommit() as session:
            return await WorkloadRepository(session).by_name(namespace.id, name)

    async def by_id(self, principal: Principal, workload_id: UUID) -> tuple[Namespace, WorkloadRecord]:
        """The workload of that id, and its namespace."""
        async with self._database.autocommit() as session:
            record = await WorkloadRepository(session).by_id(workload_id)
        if record is None:
            raise NotFound(NO_WORKLOAD)
        return await self._namespace(principal, record.namespace_id), record

    async def page(
        self,
        principal: Principal,
        namespace: Namespace,
        page: PageRequest,
        *,
        filter: WorkloadFilter,
        order: Order[WorkloadOrderField],
        phase: Callable[[WorkloadRecord], WorkloadPhase],
    ) -> Page[WorkloadRecord]:
        """The workloads of a namespace that `filter` lets in; `phase` is that of one of them in the cluster."""
        self._namespaces.require(principal, namespace)
        filter.check()
        admits = None if filter.is_of_rows else filter.admission(phase)
        async with self._database.autocommit() as session:
            workloads = WorkloadRepository(session)
            return await workloads.page(namespace.id, page, filter=filter, order=order, admits=admits)

    async def namespace(self, principal: Principal, slug: str) -> Namespace:
        """The namespace itself."""
        return await self._namespaces.get(principal, slug)

    async def followed(self, namespace_id: UUID, only: UUID | None) -> tuple[Namespace, list[WorkloadRecord]]:
        """A namespace that is still there, and every workload of it, or the `only` one that is asked for.

        For nobody's eyes: whoever is told of it is asked for by `may_see`. Raises NotFound.
        """
        async with self._database.autocommit() as session:
            repository = WorkloadRepository(session)
            if only is None:
                records = await repository.all(namespace_id, limit=MOST_WORKLOADS)
            else:
                record = await repository.by_id(only)
                records = [record] if record is not None and record.namespace_id == namespace_id else []
        if only is not None and not records:
            raise NotFound(NO_WORKLOAD)
        return await self._namespaces.followed(namespace_id), records

    def may_see(self, principal: Principal, namespace: Namespace) -> bool:
        """Whether a namespace that was read already is the principal's to read."""
        try:
            self._namespaces.require(principal, namespace)
        except (NotFound, Forbidden):
            return False
        return True

    async def owner_of(self, principal: Principal, item: objects.Watched) -> tuple[Namespace, WorkloadRecord]:
        """The workload that an object belongs to by its label, where it is in the workload's own namespace."""
        workload_id = objects.workload_id(item)
        if workload_id is None:
            raise NotFound(NO_WORKLOAD)
        namespace, record = await self.by_id(principal, workload_id)
        if item.metadata.namespace != namespace.slug:
            raise NotFound(NO_WORKLOAD)
        return namespace, record

    async def revision(self, principal: Principal, revision_id: UUID) -> tuple[Namespace, Revision]:
        """The revision of that id, and the namespace of its workload."""
        async with self._database.autocommit() as session:
            found = await RevisionRepository(session).by_id(revision_id)
        if found is None:
            raise NotFound(NO_WORKLOAD)
        revision, namespace_id = found
        return await self._namespace(principal, namespace_id), revision

    async def _namespace(self, principal: Principal, namespace_id: UUID) -> Namespace:
        try:
            return await self._namespaces.get_by_id(principal, namespace_id)
        except NotFound as error:
            raise NotFound(NO_WORKLOAD) from error
