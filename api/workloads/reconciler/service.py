"""Whether a namespace is held to what is recorded of it: its owner's to say."""

from __future__ import annotations

from dataclasses import replace

from api.authorization.authorizer import Verb
from api.authorization.models import Principal
from api.database.database import Database
from api.namespaces.models import Namespace
from api.namespaces.repository import NamespaceRepository
from api.namespaces.service import NamespaceService, require_open
from api.workloads.broadcast import Broadcaster
from api.workloads.timeline import Details, TimelineKind, TimelineRepository


class ReconciliationService:
    """Pauses and resumes. Deploys that a lost process left half-done are undone all the same."""

    def __init__(self, database: Database, namespaces: NamespaceService, rows: Broadcaster) -> None:
        self._database = database
        self._namespaces = namespaces
        self._rows = rows

    async def pause(self, principal: Principal, slug: str, *, paused: bool) -> Namespace:
        """Leave what others change in the cluster as it is, or repair it again within 30 s; said so on the timeline."""
        namespace = await self._namespaces.get(principal, slug, Verb.WRITE)
        require_open(namespace)
        kind = TimelineKind.RECONCILIATION_PAUSED if paused else TimelineKind.RECONCILIATION_RESUMED
        async with self._database.session() as session:
            if await NamespaceRepository(session).pause_reconciliation(namespace.id, paused=paused):
                await TimelineRepository(session).add(
                    kind, Details(), namespace_id=namespace.id, workload_id=None, author_id=principal.user_id
                )
        self._rows.written(namespace.id)
        return replace(namespace, reconciliation_paused=paused)
