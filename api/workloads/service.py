"""The front door of workloads: plan, deploy, change, read and watch, each for a principal."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Hashable, Iterable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from api.authorization.authorizer import Verb
from api.authorization.models import Principal
from api.authorization.vigils import Vigils
from api.clusters import objects
from api.clusters.cluster import Cluster
from api.clusters.objects import WORKLOAD_ID, Kind
from api.database.database import Database
from api.database.encryption import Encryption
from api.database.pages import Order, Page, PageRequest
from api.database.paging import Key, page_of
from api.errors import ExpectedFailure, InvalidInput, NotFound
from api.idempotency.models import Claim
from api.idempotency.service import Idempotency
from api.manifests.builder import controller_name
from api.manifests.export import ExportedFile, ExportFormat, export
from api.manifests.exposures.profiles import NOT_EXPOSED, Exposures
from api.manifests.models import WorkloadSpec
from api.manifests.redaction import redact, to_yaml
from api.monitoring.telemetry import Telemetry
from api.namespaces.events import event_of, newest_first, of_workload
from api.namespaces.models import EVERY_EVENT, Event, EventFilter, Namespace
from api.namespaces.service import NamespaceService, require_open
from api.namespaces.settling import Settler
from api.workloads.access import MOST_WORKLOADS, NO_WORKLOAD, WorkloadAccess
from api.workloads.applying import Applier, controller_kind
from api.workloads.broadcast import Broadcaster
from api.workloads.changes import Change, Changer
from api.workloads.diagnosis.diagnoser import Diagnoser
from api.workloads.diagnosis.models import Diagnosis
from api.workloads.drafting import Drafter
from api.workloads.editing import WorkloadEditor, failures_on
from api.workloads.feeding import Feeds
from api.workloads.filters import BY_NAME, EVERY_WORKLOAD, WorkloadFilter, WorkloadOrderField
from api.workloads.history import HistoryService
from api.workloads.job_service import JobService
from api.workloads.models import (
    Plan,
    Pod,
    PodState,
    Revision,
    RevisionCause,
    Workload,
    WorkloadPhase,
)
from api.workloads.offers import ExposureOffer, ExposureOffers
from api.workloads.once import Once
from api.workloads.outcomes import counted
from api.workloads.planning import Planner
from api.workloads.pods import pod_of
from api.workloads.prerequisites import Prerequisites
from api.workloads.reading import WorkloadReader
from api.workloads.reconciler.reconciler import Reconciler
from api.workloads.reconciler.repairs import Repairer
from api.workloads.reconciler.service import ReconciliationService
from api.workloads.recorded import Recorded
from api.workloads.records import WorkloadRecord
from api.workloads.repository import WorkloadRepository
from api.workloads.restoring import Restorer
from api.workloads.restoring_service import RestoringService
from api.workloads.revisions import RevisionRepository
from api.workloads.rollbacks import REVISION_FIELD, Rollbacks, about_revision
from api.workloads.scaling import require_asked
from api.workloads.sealing import SecretSeal
from api.workloads.storage_classes import StorageClasses
from api.workloads.streams import WorkloadStreams
from api.workloads.undoing import ABANDONED_AFTER, Undoer
from api.workloads.updates import Sink, WorkloadUpdate, takes_none
from api.workloads.volume_service import VolumeService

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
        vigils: Vigils,
        idempotency: Idempotency | None = None,
        exposures: Exposures = NOT_EXPOSED,
        telemetry: Telemetry | None = None,
    ) -> None:
        telemetry = telemetry or Telemetry()
        self.outcomes = telemetry.changes
        """Counts how plans and changes end."""
        applier = Applier(cluster)
        self.prerequisites = Prerequisites(exposures, cluster)
        self._offers = offers = ExposureOffers(exposures, cluster, self.prerequisites)
        rows = Broadcaster()
        database.notifications.subscribe(rows)
        self.rows = rows
        """Tells which namespaces' rows have changed."""
        self._database = database
        self._cluster = cluster
        self._namespaces = namespaces
        self._access = WorkloadAccess(database, namespaces)
        self._reader = WorkloadReader(cluster, offers)
        drafter = Drafter(cluster, applier, offers)
        self._planner = Planner(
            database,
            applier,
            drafter,
            SecretSeal(encryption, table="plans"),
            storage_classes=StorageClasses(cluster),
        )
        seal = SecretSeal(encryption, table="revisions")
        self._settler = Settler()
        recorded = Recorded(database, seal, offers)
        self._undoer = Undoer(database, applier, recorded, rows)
        self._changer = Changer(
            database,
            cluster,
            applier,
            seal,
            recorded=recorded,
            undoer=self._undoer,
            rows=rows,
            settler=self._settler,
            offers=offers,
        )
        self._editor = WorkloadEditor(
            database,
            self._access,
            drafter,
            changer=self._changer,
            recorded=recorded,
            undoer=self._undoer,
            reader=self._reader,
        )
        self._rollbacks = Rollbacks(database, self._editor, recorded)
        idempotency = idempotency or Idempotency(database)
        self.volumes = VolumeService(database, cluster, namespaces, self._reader, rows, idempotency=idempotency)
        self.once = Once(
            database,
            cluster,
            namespaces,
            self._access,
            self._changer,
            reader=self._reader,
            volumes=self.volumes,
            idempotency=idempotency,
        )
        self.jobs = JobService(
            cluster,
            self._access,
            self._editor,
            changer=self._changer,
            recorded=recorded,
            reader=self._reader,
            idempotency=idempotency,
        )
        self.restoring = RestoringService(
            database,
            namespaces,
            self._access,
            drafter=drafter,
            recorded=recorded,
            restorer=Restorer(database, cluster, recorded, rows=rows, settler=self._settler),
            reader=self._reader,
        )
        self.history = HistoryService(database, namespaces)
        self.reconciliation = ReconciliationService(database, namespaces, rows)
        self.repairer = Repairer(database, cluster, namespaces, recorded, rows)
        self.reconciler = Reconciler(
            database, cluster, namespaces, self._undoer, self.repairer, reconciling=telemetry.reconciling
        )
        self._diagnoser = Diagnoser(cluster)
        self._feeds = Feeds(self._access, cluster, self._reader, self._diagnoser, rows)
        self._streams = WorkloadStreams(self._access, cluster, self._feeds, vigils)

    @counted("plan")
    async def plan(
        self, principal: Principal, slug: str, spec: WorkloadSpec, *, base_revision: int | None = None
    ) -> Plan:
        """What deploying `spec` would do; nothing is changed. Paths of failures in `spec` begin with `workload`.

        `base_revision` is the one that `spec` was written from (0: it is new), so that nobody's change in between is
        undone unseen. Raises InvalidInputs with every broken rule, NameTaken, QuotaExceeded, PolicyViolation,
        NamespaceTerminating, and PlanConflict where another revision than `base_revision` is current.
        """
        namespace, found = await self._access.place(principal, slug, spec.name, Verb.WRITE)
        require_open(namespace)
        with failures_on("workload"):
            base = await self._editor.settled(namespace, found)
        if base_revision is not None:
            await self._planner.require_written_from(base_revision, spec, base)
        try:
            return await self._planner.plan(principal, await self._editor.draft(namespace, base, spec))
        except ExpectedFailure as failure:
            failure.under("workload")
            raise

    @counted("plan")
    async def plan_rollback(
        self, principal: Principal, slug: str, name: str, to_revision: int, *, base_revision: int | None = None
    ) -> Plan:
        """What taking up an earlier revision again would do; nothing is changed. To be deployed as any plan.

        Raises InvalidInput on path `revision` where there is none of that number that ever ran, or it is the current
        one, PlanConflict where another revision than `base_revision` is current, and on path `revision` what the
        cluster refuses.
        """
        draft = await self._rollbacks.draft(principal, slug, name, to_revision, base_revision=base_revision)
        with failures_on(REVISION_FIELD):
            return about_revision(await self._planner.plan(principal, draft, source_revision=to_revision))

    @counted("deploy")
    async def deploy(
        self, principal: Principal, plan_id: UUID, message: str | None, *, claim: Claim | None = None
    ) -> tuple[Workload, Revision]:
        """Do what the plan promised. Raises PlanExpired, and PlanConflict where what it was made for has moved."""
        plan = await self._planner.find(principal, plan_id)
        namespace = await self._namespaces.get_by_id(principal, plan.namespace_id, Verb.WRITE)
        require_open(namespace)
        _check_message(message)
        with failures_on("plan_id"):
            base = await self._editor.settled(namespace, await self._access.in_namespace(namespace, plan.spec.name))
            draft = await self._planner.redeem(plan, namespace, base, await self._editor.kept(namespace, base))
            change = Change(
                draft,
                plan.cause,
                principal.user_id,
                message,
                plan_id,
                claim,
                plan.source_revision,
                require_unmoved=lambda live: self._planner.require_unmoved(plan, draft, live),
            )
            return await self._editor.change(change)

    @counted("scale")
    async def scale(
        self, principal: Principal, slug: str, name: str, replicas: int, *, claim: Claim | None = None
    ) -> Workload:
        """Ask for so many pods, as a new revision; no pod is replaced for it. Failures are on path `replicas`.

        Raises InvalidInput where an autoscaler chooses their number, and for a job.
        """
        namespace, base = await self._editor.open(principal, slug, name)
        with failures_on("replicas"):
            require_asked(base.spec)
            draft = await self._editor.draft(namespace, base, replace(base.spec, replicas=replicas))
            change = Change(draft, RevisionCause.SCALE, principal.user_id, claim=claim)
            return (await self._editor.assess_and_change(change))[0]

    @counted("restart")
    async def restart(self, principal: Principal, slug: str, name: str, *, claim: Claim | None = None) -> Workload:
        """Replace every pod by one of the same description, as a new revision, never below the asked replicas."""
        namespace, base = await self._editor.open(principal, slug, name)
        if base.spec.kind.runs_to_an_end:
            raise InvalidInput(f"{name} is a job, and has no pods to replace. Run it instead.", path=("name",))
        with failures_on("name"):
            draft = await self._editor.draft(namespace, base, base.spec, restarts=True)
            change = Change(draft, RevisionCause.RESTART, principal.user_id, claim=claim)
            return (await self._editor.assess_and_change(change))[0]

    @counted("rollback")
    async def rollback(
        self,
        principal: Principal,
        slug: str,
        name: str,
        to_revision: int,
        message: str | None,
        *,
        base_revision: int | None = None,
        claim: Claim | None = None,
    ) -> tuple[Workload, Revision]:
        """Take up an earlier revision again, whole (its secrets and size too), as a new revision, without a plan.

        Raises as `plan_rollback` does.
        """
        draft = await self._rollbacks.draft(principal, slug, name, to_revision, base_revision=base_revision)
        _check_message(message)
        cause, author_id = RevisionCause.ROLLBACK, principal.user_id
        with failures_on(REVISION_FIELD):
            return await self._editor.assess_and_change(
                Change(draft, cause, author_id, message, claim=claim, source_revision=to_revision)
            )

    @counted("delete")
    async def delete(self, principal: Principal, slug: str, name: str, *, claim: Claim | None = None) -> UUID:
        """Delete the app and its objects; answers its id, by which it can be brought back for a day."""
        namespace, found = await self._access.by_name(principal, slug, name, Verb.DELETE)
        with failures_on("name"):
            record = await self._editor.settled(namespace, found)
            if record is not None:
                await self._changer.delete(namespace, record, principal.user_id, claim)
        return found.id

    async def get(self, principal: Principal, slug: str, name: str) -> Workload:
        """The app of that name."""
        return self._reader.workload(*await self._access.by_name(principal, slug, name))

    async def get_by_id(self, principal: Principal, workload_id: UUID) -> Workload:
        """The app of that id."""
        return self._reader.workload(*await self._access.by_id(principal, workload_id))

    async def all_of(self, namespace: Namespace) -> list[Workload]:
        """Every app of a namespace, for what works on its own behalf, as webhooks do; nobody is authorized."""
        async with self._database.autocommit() as session:
            records = await WorkloadRepository(session).all(namespace.id, limit=MOST_WORKLOADS)
        return [self._reader.workload(namespace, record) for record in records]

    async def list(
        self,
        principal: Principal,
        namespace: Namespace,
        page: PageRequest,
        *,
        filter: WorkloadFilter = EVERY_WORKLOAD,
        order: Order[WorkloadOrderField] = BY_NAME,
    ) -> Page[Workload]:
        """The apps of a namespace: one statement for all of them, and the Store.

        Raises InvalidInput for a cursor of another order, and for what cannot be looked for.
        """

        def phase(record: WorkloadRecord) -> WorkloadPhase:
            return self._reader.phase(namespace, record)

        records = await self._access.page(principal, namespace, page, filter=filter, order=order, phase=phase)
        return records.map(lambda record: self._reader.workload(namespace, record))

    def pods_of(self, workload: Workload, page: PageRequest, states: Collection[PodState] = ()) -> Page[Pod]:
        """The app's pods, those of older revisions first, then by age; of those states alone, where some are named.

        The app was authorized where it was read: no statement, however many apps a page has.
        """
        pods = [pod for pod in self._reader.pods(workload) if not states or pod.state in states]
        return page_of(pods, key=_pod_place, request=page)

    async def diagnose(self, workload: Workload) -> Diagnosis | None:
        """What keeps the app from running; None where nothing does. One call of the cluster where a run of it ended,
        one statement where an earlier revision serves meanwhile.

        The app was authorized where it was read.
        """
        found = await self._diagnoser.diagnose(workload.namespace, self._reader.observe_again(workload))
        if found is None or found.rollback_revision is None:
            return found
        async with self._database.session() as session:
            served = await RevisionRepository(session).latest_with_template(workload.id, found.rollback_revision)
        return replace(found, rollback_revision=served)

    async def pod_by_uid(self, principal: Principal, uid: str) -> Pod:
        """The pod of that UID."""
        pod = self._cluster.store.pod(uid)
        if pod is None:
            raise NotFound(NO_WORKLOAD)
        namespace, record = await self._access.owner_of(principal, pod)
        return pod_of(record.id, pod, is_current=self._reader.observe(namespace, record).is_current(pod))

    def events_of(self, workload: Workload, page: PageRequest, filter: EventFilter = EVERY_EVENT) -> Page[Event]:
        """What the cluster reported of the app and of its pods, of those that are gone too, newest first.

        The app was authorized where it was read.
        """
        events = self._cluster.store.events(workload.namespace)
        return newest_first(of_workload(workload.name, events), page, filter)

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

    async def revision_by_id(self, principal: Principal, revision_id: UUID) -> tuple[Namespace, Revision]:
        """The revision of that id, and the namespace of its app."""
        return await self._access.revision(principal, revision_id)

    async def manifest(self, principal: Principal, slug: str, name: str) -> str:
        """The app's controller (its Deployment, for instance) as YAML: one call of the cluster."""
        namespace, record = await self._access.by_name(principal, slug, name)
        kind = controller_kind(record.spec.kind)
        live = await self._cluster.get(kind, namespace.slug, controller_name(record.spec, record.template_revision))
        if live is None or live["metadata"].get("labels", {}).get(WORKLOAD_ID) != str(record.id):
            raise NotFound(f"The {kind.kind} of {record.name} is not in the cluster. Deploy the app again.")
        return to_yaml(redact(live))

    async def pod_manifest(self, principal: Principal, uid: str) -> str:
        """The pod of that UID as YAML: one call of the cluster."""
        pod = await self.pod_by_uid(principal, uid)
        live = await self._cluster.get(Kind.POD, pod.namespace, pod.name)
        if live is None or live["metadata"]["uid"] != uid:
            raise NotFound(f"The pod {pod.name} is gone.")
        return to_yaml(redact(live))

    def export(self, workload: Workload, format_: ExportFormat) -> tuple[ExportedFile, ...]:
        """The app as files of its developer's own. The app was authorized where it was read."""
        mode = workload.spec.exposure
        exposure = self._offers.profile(mode) or self._offers.refusal(mode)
        return export(workload.spec, format_, slug=workload.namespace, exposure=exposure)

    def watch(
        self, principal: Principal, slug: str, name: str, after: str | None = None, sink: Sink = takes_none
    ) -> AsyncGenerator[WorkloadUpdate, None]:
        """The app now, then each change of it, until it is deleted; or what changed since the cursor `after`.
        What `sink` takes is not told again.

        Raises Unauthenticated once the viewer is out, InvalidInput on path `after` for what is no cursor.
        """
        return self._streams.watch(principal, slug, name, after, sink)

    def watch_namespace(
        self, principal: Principal, slug: str, after: str | None = None, sink: Sink = takes_none
    ) -> AsyncGenerator[WorkloadUpdate, None]:
        """Each app of the namespace now, then each change of any, until the namespace is deleted; or what changed
        since the cursor `after`. What `sink` takes is not told again."""
        return self._streams.watch_namespace(principal, slug, after, sink)

    def moment(self, slugs: Iterable[str]) -> Hashable | None:
        """Another value after each change of what is known of these namespaces, in the cluster and by their rows.

        None where that cannot be told: one is not known in the cluster, or PostgreSQL does not tell of rows just now.
        """
        if not self._database.notifications.is_current:
            return None
        store, moments = self._cluster.store, []
        for slug in slugs:
            live = store.namespace(slug)
            namespace_id = objects.namespace_id(live) if live is not None else None
            if namespace_id is None:
                return None
            moments.append((store.generation(slug), self.rows.generation(namespace_id)))
        return tuple(moments)

    def exposure_offers(self) -> tuple[ExposureOffer, ...]:
        """From where apps can be reached on this installation; the same for everybody."""
        return self._offers.all()

    async def sweep(self, *, abandoned_after: timedelta = ABANDONED_AFTER) -> None:
        """Undo the revisions that a process which was killed left half-applied. For the start of the server."""
        await self._undoer.sweep(abandoned_after=abandoned_after)

    async def settled(self) -> None:
        """Wait until nothing is being undone any more that a failed request left."""
        await self._settler.settled()

    async def close(self) -> None:
        """Let what is being undone come to its end, for a moment."""
        await self._feeds.close()
        await self.volumes.close()
        await self._settler.close()


def _check_message(message: str | None) -> None:
    if message is not None and len(message) > MOST_MESSAGE:
        raise InvalidInput(f"A message has {MOST_MESSAGE} characters at most.", path=("message",))


def _pod_place(pod: Pod) -> Key:
    return pod.is_current, pod.revision or 0, pod.created_at.timestamp(), pod.name
