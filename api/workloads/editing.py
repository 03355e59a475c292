"""From what a developer wants of an app to its next revision: the way that every change takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from api.authorization.authorizer import Verb
from api.authorization.models import Principal
from api.database.database import Database
from api.errors import ExpectedFailure, InvalidInputs, NotFound, PolicyViolation, QuotaExceeded
from api.manifests.models import WorkloadSpec
from api.namespaces.models import Namespace
from api.namespaces.service import require_open
from api.workloads.access import WorkloadAccess
from api.workloads.changes import Change, Changer
from api.workloads.drafting import Draft, Drafter
from api.workloads.models import Revision, Workload
from api.workloads.reading import WorkloadReader
from api.workloads.recorded import Recorded
from api.workloads.records import WorkloadRecord
from api.workloads.repository import WorkloadRepository
from api.workloads.revisions import RevisionRepository
from api.workloads.undoing import Undoer


class WorkloadEditor:
    """Opens a workload for a change, drafts it, has it judged, and makes it."""

    def __init__(
        self,
        database: Database,
        access: WorkloadAccess,
        drafter: Drafter,
        *,
        changer: Changer,
        recorded: Recorded,
        undoer: Undoer,
        reader: WorkloadReader,
    ) -> None:
        self._database = database
        self._access = access
        self._drafter = drafter
        self._changer = changer
        self._recorded = recorded
        self._undoer = undoer
        self._reader = reader

    async def open(self, principal: Principal, slug: str, name: str) -> tuple[Namespace, WorkloadRecord]:
        """The workload, authorized for a change and settled, in a namespace that stays."""
        namespace, found = await self._access.by_name(principal, slug, name, Verb.WRITE)
        require_open(namespace)
        with failures_on("name"):
            record = await self.settled(namespace, found)
        if record is None:
            raise NotFound(f"The app {name} was never deployed whole; deploy it again.")
        return namespace, record

    async def settled(self, namespace: Namespace, record: WorkloadRecord | None) -> WorkloadRecord | None:
        """The record, after undoing a revision that some lost process left half-applied."""
        if record is None or not await self._undoer.mend(namespace, record):
            return record
        return await self._access.in_namespace(namespace, record.name)

    async def kept(self, namespace: Namespace, base: WorkloadRecord | None) -> dict[str, str]:
        """The secret values that the workload has now."""
        return await self._recorded.secret_values(namespace.id, base.revision_id) if base is not None else {}

    async def draft(
        self, namespace: Namespace, base: WorkloadRecord | None, spec: WorkloadSpec, *, restarts: bool = False
    ) -> Draft:
        return self._drafter.draft(
            namespace,
            spec,
            workload_id=base.id if base is not None else uuid4(),
            base=base,
            kept=await self.kept(namespace, base),
            restarts=restarts,
        )

    async def assess_and_change(self, change: Change) -> tuple[Workload, Revision]:
        """Make a change that was not planned: what the cluster would refuse is refused before anything is done."""
        await self._drafter.assess(change.draft)
        return await self.change(change)

    async def change(self, change: Change) -> tuple[Workload, Revision]:
        """Make the change real; the workload and its new revision."""
        number = await self._changer.make(change)
        async with self._database.session() as session:
            record = await WorkloadRepository(session).by_id(change.draft.workload_id)
            revision = await RevisionRepository(session).by_number(change.draft.workload_id, number)
        if record is None or revision is None:
            raise NotFound(f"The app {change.draft.spec.name} was deleted meanwhile.")
        return self._reader.workload(change.draft.namespace, record), revision


@contextmanager
def failures_on(field: str) -> Iterator[None]:
    """Lets failures speak of the one field of the input that they can be about, not of a field of the spec: nor is one
    of those offered to be changed."""
    try:
        yield
    except InvalidInputs as broken:
        for failure in broken.failures:
            _put_on(field, failure)
        raise
    except ExpectedFailure as failure:
        _put_on(field, failure)
        raise


def _put_on(field: str, failure: ExpectedFailure) -> None:
    failure.path = (field,)
    if isinstance(failure, PolicyViolation | QuotaExceeded):
        failure.fix = None
