"""Reading timelines."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from api.authorization.models import Principal
from api.database.database import Database
from api.database.pages import Page, PageRequest
from api.errors import NotFound
from api.namespaces.models import Namespace
from api.namespaces.service import NamespaceService
from api.workloads.models import Workload
from api.workloads.timeline import TimelineEntry, TimelineKind, TimelineRepository

_NO_ENTRY = "There is no such entry of a timeline."


class HistoryService:
    """Every method authorizes first, unless it says where that was done."""

    def __init__(self, database: Database, namespaces: NamespaceService) -> None:
        self._database = database
        self._namespaces = namespaces

    async def of_namespace(
        self, principal: Principal, namespace: Namespace, page: PageRequest, kinds: Collection[TimelineKind] = ()
    ) -> Page[TimelineEntry]:
        """What happened to the namespace and to anything in it, the latest first; of `kinds`, where some are named."""
        self._namespaces.require(principal, namespace)
        async with self._database.autocommit() as session:
            return await TimelineRepository(session).page(page, namespace_id=namespace.id, kinds=kinds)

    async def of_workload(
        self, workload: Workload, page: PageRequest, kinds: Collection[TimelineKind] = ()
    ) -> Page[TimelineEntry]:
        """What happened to the app, the latest first. It was authorized where it was read."""
        async with self._database.autocommit() as session:
            return await TimelineRepository(session).page(
                page, namespace_id=workload.namespace_id, workload_id=workload.id, kinds=kinds
            )

    async def by_id(self, principal: Principal, entry_id: UUID) -> TimelineEntry:
        """The entry of that id."""
        async with self._database.autocommit() as session:
            entry = await TimelineRepository(session).by_id(entry_id)
        if entry is None:
            raise NotFound(_NO_ENTRY)
        try:
            await self._namespaces.get_by_id(principal, entry.namespace_id)
        except NotFound as error:
            raise NotFound(_NO_ENTRY) from error
        return entry
