"""Earlier revisions, taken up again."""

from __future__ import annotations

from dataclasses import replace

from api.authorization.models import Principal
from api.database.database import Database
from api.errors import InvalidInput
from api.manifests.secrets import with_values
from api.workloads.conflicts import deployed_meanwhile
from api.workloads.drafting import Draft
from api.workloads.editing import WorkloadEditor, failures_on
from api.workloads.models import Plan, Revision, RevisionState
from api.workloads.recorded import Recorded
from api.workloads.records import WorkloadRecord
from api.workloads.revisions import RevisionRepository

REVISION_FIELD = "revision"
"""The input field that says which revision to go back to; the input has none of the app's description."""


class Rollbacks:
    """Drafts an earlier revision whole: its secrets, size and exposure too."""

    def __init__(self, database: Database, editor: WorkloadEditor, recorded: Recorded) -> None:
        self._database = database
        self._editor = editor
        self._recorded = recorded

    async def draft(
        self, principal: Principal, slug: str, name: str, number: int, *, base_revision: int | None = None
    ) -> Draft:
        """The draft of revision `number`; `base_revision` is the one that the caller takes for current.

        Raises InvalidInput on path `revision` where there is none of that number that ever ran, or it is current;
        PlanConflict on path `base_revision`, naming what moved, where another than that is current.
        """
        namespace, base = await self._editor.open(principal, slug, name)
        target = await self._applied(base, number)
        if base_revision is not None:
            await self._require_current(base_revision, base, target)
        if target.is_current:
            raise InvalidInput(f"Revision {number} of {name} is the current one.", path=(REVISION_FIELD,))
        with failures_on(REVISION_FIELD):
            values = await self._recorded.secret_values(namespace.id, target.id)
            return await self._editor.draft(namespace, base, with_values(target.spec, values))

    async def _applied(self, base: WorkloadRecord, number: int) -> Revision:
        async with self._database.session() as session:
            revision = await RevisionRepository(session).by_number(base.id, number)
        if revision is None or revision.state is not RevisionState.APPLIED:
            raise InvalidInput(f"{base.name} has no revision {number} that ever ran.", path=(REVISION_FIELD,))
        return revision

    async def _require_current(self, number: int, base: WorkloadRecord, target: Revision) -> None:
        if base.revision == number:
            return
        message = (
            f"Revision {base.revision} of {base.name} is current, not revision {number}. Look at what it changed: "
            f"going back to revision {target.number} undoes that too."
        )
        async with self._database.session() as session:
            raise await deployed_meanwhile(
                session, base, message, since=number, planned=target.spec, path=("base_revision",)
            )


def about_revision(plan: Plan) -> Plan:
    """The same plan, its findings on the field that a rollback has."""
    return replace(plan, findings=tuple(replace(each, path=(REVISION_FIELD,), fix=None) for each in plan.findings))
