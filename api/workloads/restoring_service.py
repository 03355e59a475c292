"""Undoing a deletion: for a day, an app comes back as it was, with its secrets and its volumes."""

from __future__ import annotations

from uuid import UUID

from api.authorization.authorizer import Verb
from api.authorization.models import Principal
from api.database.database import Database
from api.database.pages import Page, PageRequest
from api.database.paging import Key, page_of
from api.errors import ExpectedFailure
from api.manifests.secrets import with_values
from api.namespaces.models import Namespace
from api.namespaces.service import NamespaceService, require_open
from api.workloads.access import WorkloadAccess
from api.workloads.drafting import Drafter
from api.workloads.editing import failures_on
from api.workloads.models import DeletedWorkload, Workload
from api.workloads.reading import WorkloadReader
from api.workloads.recorded import Recorded
from api.workloads.records import DeletedRecord
from api.workloads.repository import WorkloadRepository
from api.workloads.restoring import Restorer, deleted_workload, name_taken, restorable_since, too_late

MOST_DELETED = 100
"""Shown of a namespace, the latest ones."""


class RestoringService:
    """Every method authorizes first, through the workload's namespace."""

    def __init__(
        self,
        database: Database,
        namespaces: NamespaceService,
        access: WorkloadAccess,
        *,
        drafter: Drafter,
        recorded: Recorded,
        restorer: Restorer,
        reader: WorkloadReader,
    ) -> None:
        self._database = database
        self._namespaces = namespaces
        self._access = access
        self._drafter = drafter
        self._recorded = recorded
        self._restorer = restorer
        self._reader = reader

    async def deleted(self, principal: Principal, namespace: Namespace, page: PageRequest) -> Page[DeletedWorkload]:
        """The apps of a namespace that can be brought back, the latest deleted first; MOST_DELETED at most."""
        self._namespaces.require(principal, namespace)
        async with self._database.autocommit() as session:
            records = await WorkloadRepository(session).deleted(
                namespace.id, since=restorable_since(), limit=MOST_DELETED
            )
        return page_of(map(deleted_workload, records), key=_latest_first, request=page)

    async def restore(self, principal: Principal, slug: str, workload_id: UUID) -> Workload:
        """Bring a deleted app back as its last revision describes it; a job is not run again for it.

        Raises NotThere on path `id` where the namespace has no such app that was deleted within a day, or somebody else
        has brought it back; NameTaken where another has its name by now; and what the cluster refuses (QuotaExceeded,
        PolicyViolation).
        """
        namespace = await self._namespaces.get(principal, slug, Verb.WRITE)
        require_open(namespace)
        with failures_on("id"):
            deleted = await self._find(namespace, workload_id)
            try:
                await self._require_free(namespace, deleted.workload.name)
                await self._assess(namespace, deleted)
            except ExpectedFailure:  # what stands in its way may be the app itself, brought back meanwhile
                await self._restorer.require_deleted(deleted)
                raise
            await self._restorer.restore(namespace, deleted, principal.user_id)
        restored = await self._access.in_namespace(namespace, deleted.workload.name)
        if restored is None:  # deleted once more meanwhile
            raise too_late()
        return self._reader.workload(namespace, restored)

    async def _find(self, namespace: Namespace, workload_id: UUID) -> DeletedRecord:
        async with self._database.autocommit() as session:
            deleted = await WorkloadRepository(session).deleted_by_id(workload_id, since=restorable_since())
        if deleted is None or deleted.workload.namespace_id != namespace.id:
            raise too_late()
        return deleted

    async def _require_free(self, namespace: Namespace, name: str) -> None:
        if await self._access.in_namespace(namespace, name) is not None:
            raise name_taken(name)

    async def _assess(self, namespace: Namespace, deleted: DeletedRecord) -> None:
        """Have the cluster refuse what it would refuse before anything is done."""
        record = deleted.workload
        values = await self._recorded.secret_values(namespace.id, record.revision_id)
        spec = with_values(record.spec, values)
        await self._drafter.assess(self._drafter.draft(namespace, spec, workload_id=record.id, base=None, kept=values))


def _latest_first(deleted: DeletedWorkload) -> Key:
    return -deleted.deleted_at.timestamp(), str(deleted.id)
