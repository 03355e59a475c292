"""The front door of workloads: plan, deploy, change, read and watch, each for a principal."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID, uuid4

from api.authorization.authorizer import Verb
from api.authorization.models import Principal
from api.clusters.cluster import Cluster
from api.clusters.objects import WORKLOAD_ID, Kind
from api.database.database import Database
from api.database.encryption import Encryption
from api.database.pages import Page, PageRequest
from api.database.paging import Key, page_of
from api.errors import ExpectedFailure, InvalidInput, InvalidInputs, NotFound
from api.manifests.models import WorkloadSpec
from api.manifests.redaction import redact, to_yaml
from api.namespaces.events import event_of, newest_first, of_workload
from api.namespaces.models import Event, Namespace
from api.namespaces.service import NamespaceService, require_open
from api.workloads import specs
from api.workloads.access import NO_WORKLOAD, WorkloadAccess
from api.workloads.applying import Applier
from api.workloads.broadcast import Broadcaster
from api.workloads.changes import Change, Changer
from api.workloads.diagnosis.diagnoser import Diagnoser
from api.workloads.diagnosis.models import Diagnosis
from api.workloads.drafting import Draft, Drafter
from api.workloads.models import Plan, Pod, Revision, RevisionCause, RevisionState, Workload, WorkloadUpdate
from api.workloads.planning import Planner
from api.workloads.pods import pod_of
from api.workloads.reading import WorkloadReader
from api.workloads.records import WorkloadRecord
from api.workloads.repository import WorkloadRepository
from api.workloads.revisions import RevisionRepository
from api.workloads.sealing import SecretSeal
from api.workloads.streams import StillValid, WorkloadStreams

MOST_MESSAGE = 500
"""Characters of what an author writes about a revision."""


class WorkloadService:
    """Every method authorizes first, through the workload's namespace; absent and somebody else's look alike.

    Reads make no call of the cluster, `manifest`, `pod_manifest` and `diagnose` apart, which make one. Writes raise
    Unavailable where the cluster or the database does not answer, and the members of `ExpectedFailure` that they name.
    """

    def __init__(
        self,
        database: Database,
        cluster: Cluster,
        namespaces: NamespaceService,
        encryption: Encryption,
        *,
        still_valid: StillValid,
    ) -> None:
        applier = Applier(cluster)
        rows = Broadcaster()
        self._database = database
        self._cluster = cluster
        self._namespaces = namespaces
        self._access = WorkloadAccess(database, namespaces)
        self._reader = WorkloadReader(cluster)
        self._drafter = Drafter(cluster, applier)
        self._planner = Planner(database, applier, self._drafter, SecretSeal(encryption, table="plans"))
        self._changer = Changer(database, cluster, applier, SecretSeal(encryption, table="revisions"), rows)
        self._diagnoser = Diagnoser(cluster)
        self._streams = WorkloadStreams(
            self._access, cluster, self._reader, self._diagnoser, rows, still_valid=still_valid
        )

    async def plan(
        self, principal: Principal, slug: str, spec: WorkloadSpec, *, base_revision: int | None = None
    ) -> Plan:
        """What deploying `spec` would do; nothing is changed. Paths of failures in `spec` begin with `workload`.

        `base_revision` is the one that `spec` was written from (0: it is new), so that nobody's change in between is
        undone unseen. Raises InvalidInputs with every broken rule, NameTaken, QuotaExceeded, PolicyViolation,
        NamespaceTerminating, and PlanConflict where another revision than `base_revision` is current.
        """
        namespace = await self._namespaces.get(principal, slug, Verb.WRITE)
        require_open(namespace)
        base = await self._settled(namespace, await self._access.in_namespace(namespace, spec.name))
        if base_revision is not None:
            await self._planner.require_written_from(base_revision, spec.name, base)
        try:
            return await self._planner.plan(principal, await self._draft(namespace, base, spec))
        except ExpectedFailure as failure:
            failure.under("workload")
            raise

    async def deploy(self, principal: Principal, plan_id: UUID, message: str | None) -> tuple[Workload, Revision]:
        """Do what the plan promised. Raises PlanExpired, and PlanConflict where what it was made for has moved."""
        plan = await self._planner.find(principal, plan_id)
        namespace = await self._namespaces.get_by_id(principal, plan.namespace_id, Verb.WRITE)
        require_open(namespace)
        _check_message(message)
        with _failures_on("plan_id"):
            base = await self._settled(namespace, await self._access.in_namespace(namespace, plan.spec.name))
            draft = await self._planner.redeem(plan, namespace, base, await self._kept(namespace, base))
            return await self._change(Change(draft, RevisionCause.DEPLOY, principal.user_id, message, plan_id))

    async def scale(self, principal: Principal, slug: str, name: str, replicas: int) -> Workload:
        """Ask for so many pods, as a new revision; no pod is replaced for it. Failures are on path `replicas`."""
        namespace, base = await self._to_change(principal, slug, name)
        with _failures_on("replicas"):
            draft = await self._draft(namespace, base, replace(base.spec, replicas=replicas))
            return (await self._assess_and_change(Change(draft, RevisionCause.SCALE, principal.user_id)))[0]

    async def restart(self, principal: Principal, slug: str, name: str) -> Workload:
        """Replace every pod by one of the same description, as a new revision, never below the asked replicas."""
        namespace, base = await self._to_change(principal, slug, name)
        with _failures_on("name"):
            draft = await self._draft(namespace, base, base.spec, restarts=True)
            return (await self._assess_and_change(Change(draft, RevisionCause.RESTART, principal.user_id)))[0]

    async def rollback(
        self, principal: Principal, slug: str, name: str, to_revision: int, message: str | None
    ) -> tuple[Workload, Revision]:
        """Take up an earlier revision again, whole (its secrets and size too), as a new revision.

        Raises InvalidInput on path `revision` where there is none of that number that ever ran.
        """
        namespace, base = await self._to_change(principal, slug, name)
        _check_message(message)
        with _failures_on("revision"):
            revision = await self._revision_to_return_to(base, to_revision)
            values = await self._changer.secret_values(namespace.id, revision.id)
            draft = await self._draft(namespace, base, specs.with_values(revision.spec, values))
            return await self._assess_and_change(Change(draft, RevisionCause.ROLLBACK, principal.user_id, message))

    async def delete(self, principal: Principal, slug: str, name: str) -> UUID:
        """Delete the app and its objects; answers its id."""
        namespace, found = await self._access.by_name(principal, slug, name, Verb.DELETE)
        record = await self._settled(namespace, found)
        if record is not None:
            await self._changer.delete(namespace, record)
        return found.id

    async def get(self, principal: Principal, slug: str, name: str) -> Workload:
        """The app of that name."""
        return self._reader.workload(*await self._access.by_name(principal, slug, name))

    async def get_by_id(self, principal: Principal, workload_id: UUID) -> Workload:
        """The app of that id."""
        return self._reader.workload(*await self._access.by_id(principal, workload_id))

    async def list(self, principal: Principal, namespace: Namespace, page: PageRequest) -> Page[Workload]:
        """The apps of a namespace, by name: one statement for all of them, and the Store."""
        records = await self._access.page(principal, namespace, page)
        return records.map(lambda record: self._reader.workload(namespace, record))

    def pods_of(self, workload: Workload, page: PageRequest) -> Page[Pod]:
        """The app's pods, those of older revisions first, then by age.

        The app was authorized where it was read: no statement, however many apps a page has.
        """
        return page_of(self._reader.pods(workload), key=_pod_place, request=page)

    async def diagnose(self, workload: Workload) -> Diagnosis | None:
        """What keeps the app from running; None where nothing does. One call of the cluster where a run of it ended.

        The app was authorized where it was read.
        """
        return await self._diagnoser.diagnose(workload.namespace, self._reader.observe_again(workload))

    async def pod_by_uid(self, principal: Principal, uid: str) -> Pod:
        """The pod of that UID."""
        pod = self._cluster.store.pod(uid)
        if pod is None:
            raise NotFound(NO_WORKLOAD)
        namespace, record = await self._access.owner_of(principal, pod)
        return pod_of(record.id, pod, is_current=self._reader.observe(namespace, record).is_current(pod))

    def events_of(self, workload: Workload, page: PageRequest) -> Page[Event]:
        """What the cluster reported of the app and of its pods, of those that are gone too, newest first.

        The app was authorized where it was read.
        """
        events = self._cluster.store.events(workload.namespace)
        return newest_first(of_workload(workload.name, events), page)

    async def event_by_uid(self, principal: Principal, uid: str) -> Event:
        """The event of that UID."""
        event = self._cluster.store.event(uid)
        if event is None:
            raise NotFound("There is no such event.")
        try:
            await self._namespaces.get(principal, event.metadata.namespace or "")
        except NotFound as error:
            raise NotFound("There is no such event.") from error
        return event_of(event)

    async def revisions(self, principal: Principal, slug: str, name: str, page: PageRequest) -> Page[Revision]:
        """The app's revisions, newest first."""
        _, record = await self._access.by_name(principal, slug, name)
        async with self._database.session() as session:
            return await RevisionRepository(session).page(record.id, page)

    async def revision_by_id(self, principal: Principal, revision_id: UUID) -> Revision:
        """The revision of that id."""
        return await self._access.revision(principal, revision_id)

    async def manifest(self, principal: Principal, slug: str, name: str) -> str:
        """The app's Deployment as YAML: one call of the cluster."""
        namespace, record = await self._access.by_name(principal, slug, name)
        live = await self._cluster.get(Kind.DEPLOYMENT, namespace.slug, record.name)
        if live is None or live["metadata"].get("labels", {}).get(WORKLOAD_ID) != str(record.id):
            raise NotFound(f"The Deployment of {record.name} is not in the cluster. Deploy the app again.")
        return to_yaml(redact(live))

    async def pod_manifest(self, principal: Principal, uid: str) -> str:
        """The pod of that UID as YAML: one call of the cluster."""
        pod = await self.pod_by_uid(principal, uid)
        live = await self._cluster.get(Kind.POD, pod.namespace, pod.name)
        if live is None or live["metadata"]["uid"] != uid:
            raise NotFound(f"The pod {pod.name} is gone.")
        return to_yaml(redact(live))

    def watch(self, principal: Principal, slug: str, name: str) -> AsyncGenerator[WorkloadUpdate, None]:
        """The app now, then each change of it, until it is deleted. Raises Unauthenticated once the viewer is out."""
        return self._streams.watch(principal, slug, name)

    def watch_namespace(self, principal: Principal, slug: str) -> AsyncGenerator[tuple[UUID, WorkloadUpdate], None]:
        """Each app of the namespace now, then each change of any, until the namespace is deleted."""
        return self._streams.watch_namespace(principal, slug)

    async def sweep(self) -> None:
        """Undo the revisions that a process which was killed left half-applied. For the start of the server."""
        await self._changer.sweep()

    async def _to_change(self, principal: Principal, slug: str, name: str) -> tuple[Namespace, WorkloadRecord]:
        """The workload, authorized for a change and settled, in a namespace that stays."""
        namespace, found = await self._access.by_name(principal, slug, name, Verb.WRITE)
        require_open(namespace)
        record = await self._settled(namespace, found)
        if record is None:
            raise NotFound(f"The app {name} was never deployed whole; deploy it again.")
        return namespace, record

    async def _settled(self, namespace: Namespace, record: WorkloadRecord | None) -> WorkloadRecord | None:
        """The record, after undoing a revision that some lost process left half-applied."""
        if record is None or not await self._changer.mend(namespace, record):
            return record
        return await self._access.in_namespace(namespace, record.name)

    async def _kept(self, namespace: Namespace, base: WorkloadRecord | None) -> dict[str, str]:
        """The secret values that the workload has now."""
        return await self._changer.secret_values(namespace.id, base.revision_id) if base is not None else {}

    async def _draft(
        self, namespace: Namespace, base: WorkloadRecord | None, spec: WorkloadSpec, *, restarts: bool = False
    ) -> Draft:
        return self._drafter.draft(
            namespace,
            spec,
            workload_id=base.id if base is not None else uuid4(),
            base=base,
            kept=await self._kept(namespace, base),
            restarts=restarts,
        )

    async def _assess_and_change(self, change: Change) -> tuple[Workload, Revision]:
        """Make a change that was not planned: what the cluster would refuse is refused before anything is done."""
        await self._drafter.assess(change.draft)
        return await self._change(change)

    async def _change(self, change: Change) -> tuple[Workload, Revision]:
        """Make the change real; the workload and its new revision."""
        number = await self._changer.make(change)
        async with self._database.session() as session:
            record = await WorkloadRepository(session).by_id(change.draft.workload_id)
            revision = await RevisionRepository(session).by_number(change.draft.workload_id, number)
        if record is None or revision is None:
            raise NotFound(f"The app {change.draft.spec.name} was deleted meanwhile.")
        return self._reader.workload(change.draft.namespace, record), revision

    async def _revision_to_return_to(self, base: WorkloadRecord, number: int) -> Revision:
        async with self._database.session() as session:
            revision = await RevisionRepository(session).by_number(base.id, number)
        if revision is None or revision.state is not RevisionState.APPLIED:
            raise InvalidInput(f"{base.name} has no revision {number} that ever ran.", path=("revision",))
        if revision.is_current:
            raise InvalidInput(f"Revision {number} of {base.name} is the current one.", path=("revision",))
        return revision


@contextmanager
def _failures_on(field: str) -> Iterator[None]:
    """Lets failures speak of the one field of the input that they can be about, not of a field of the spec."""
    try:
        yield
    except InvalidInputs as broken:
        for failure in broken.failures:
            failure.path = (field,)
        raise
    except ExpectedFailure as failure:
        failure.path = (field,)
        raise


def _check_message(message: str | None) -> None:
    if message is not None and len(message) > MOST_MESSAGE:
        raise InvalidInput(f"A message has {MOST_MESSAGE} characters at most.", path=("message",))


def _pod_place(pod: Pod) -> Key:
    return pod.is_current, pod.revision or 0, pod.created_at.timestamp(), pod.name
