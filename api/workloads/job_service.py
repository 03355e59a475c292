"""Jobs: run now, the runs that there were, and schedules that are suspended and resumed."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import msgspec

from api.authorization.models import Principal
from api.clusters import objects
from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.database.pages import Page, PageRequest
from api.database.paging import Key, page_of
from api.errors import InvalidInput, NotFound
from api.idempotency.models import Claim
from api.idempotency.service import Idempotency
from api.manifests.builder import run_from
from api.manifests.kinds import has, profile
from api.manifests.models import WorkloadKind
from api.namespaces.models import Namespace
from api.workloads import jobs
from api.workloads.access import NO_WORKLOAD, WorkloadAccess
from api.workloads.applying import Applier, Object
from api.workloads.changes import Change, Changer
from api.workloads.editing import WorkloadEditor, failures_on
from api.workloads.models import Pod, RevisionCause, Run, RunTrigger, Workload
from api.workloads.pods import pod_of
from api.workloads.preflight import Preflight
from api.workloads.reading import WorkloadReader
from api.workloads.recorded import Recorded
from api.workloads.records import WorkloadRecord
from api.workloads.refusals import about_fields_of

_SUFFIX = 6


class JobService:
    """Every method that takes a principal authorizes first, as those of WorkloadService do."""

    def __init__(
        self,
        cluster: Cluster,
        access: WorkloadAccess,
        editor: WorkloadEditor,
        *,
        changer: Changer,
        recorded: Recorded,
        reader: WorkloadReader,
        idempotency: Idempotency,
    ) -> None:
        self._cluster = cluster
        self._access = access
        self._editor = editor
        self._changer = changer
        self._recorded = recorded
        self._reader = reader
        self._idempotency = idempotency
        self._applier = Applier(cluster)
        self._preflight = Preflight(cluster)

    async def run(
        self, principal: Principal, slug: str, name: str, *, claim: Claim | None = None
    ) -> tuple[Workload, Run]:
        """Begin one more run of the job's current revision, whatever its schedule says. Failures are on path `name`.

        Raises InvalidInput for an app that is no job, QuotaExceeded and PolicyViolation where its pod would be refused.
        """
        namespace, record = await self._editor.open(principal, slug, name)
        if not record.spec.kind.runs_to_an_end:
            noun = profile(record.spec.kind).noun
            raise InvalidInput(f"{name} is a {noun}: it runs all the time. Only jobs are run.", path=("name",))
        controller = (await self._recorded.objects_of(namespace, record))[-1]
        with failures_on("name"), about_fields_of(record.spec):
            await self._preflight.dry_run_pod(controller)
        owner = self._schedule(namespace, record)
        run_name = _run_name(name, claim)
        if claim is not None:
            await self._idempotency.link(claim, workload=str(record.id), run=run_name)
        created = await self._applier.run(run_from(controller, run_name, owner))
        await self._changer.note_run(record, principal.user_id)
        version = created["metadata"]["resourceVersion"]
        await self._cluster.wait_until_seen(Kind.JOB, version, namespace=namespace.slug)
        begun = msgspec.convert(created, objects.Job, strict=False)  # as it was made, also where the watch lags behind
        run = jobs.run_of(record.id, self._reader.observe(namespace, record), begun)
        return self._reader.workload(namespace, record), run

    async def suspend(
        self, principal: Principal, slug: str, name: str, *, suspended: bool, claim: Claim | None = None
    ) -> Workload:
        """Let the schedule start no run, or go on again, as a new revision. Failures are on path `name`."""
        namespace, base = await self._editor.open(principal, slug, name)
        if base.spec.schedule is None:
            way_out = "Scale it to 0 to stop it." if has(base.spec.kind, "replicas") else "Delete it to stop its run."
            message = f"{name} has no schedule to pause. {way_out}"
            raise InvalidInput(message, path=("name",))
        schedule = replace(base.spec.schedule, suspended=suspended)
        cause = RevisionCause.PAUSE if suspended else RevisionCause.RESUME
        with failures_on("name"):
            draft = await self._editor.draft(namespace, base, replace(base.spec, schedule=schedule))
            change = Change(draft, cause, principal.user_id, claim=claim)
            return (await self._editor.assess_and_change(change))[0]

    def runs_of(self, workload: Workload, page: PageRequest) -> Page[Run]:
        """The runs that the cluster still knows of, the latest first; none for an app that is no job.

        The app was authorized where it was read.
        """
        observation = self._reader.observe_again(workload)
        return page_of(jobs.runs_of(workload.id, observation), key=_latest_first, request=page)

    async def run_by_uid(self, principal: Principal, uid: str) -> Run:
        """The run of that UID."""
        job = self._cluster.store.job(uid)
        if job is None:
            raise NotFound(NO_WORKLOAD)
        namespace, record = await self._access.owner_of(principal, job)
        return jobs.run_of(record.id, self._reader.observe(namespace, record), job)

    def pods_of(self, run: Run, page: PageRequest) -> Page[Pod]:
        """The attempts of a run, the latest first. It was authorized where it was read."""
        pods = [
            pod_of(run.workload_id, pod, is_current=run.is_current)
            for pod in self._cluster.store.pods(run.namespace, run.workload_id)
            if pod.metadata.labels.get(objects.JOB_NAME) == run.name
        ]
        return page_of(pods, key=_latest_pod_first, request=page)

    def _schedule(self, namespace: Namespace, record: WorkloadRecord) -> Object | None:
        """The CronJob that the run is to belong to; None for a job without a schedule."""
        if record.spec.kind is not WorkloadKind.SCHEDULED_JOB:
            return None
        found = next(iter(self._cluster.store.cron_jobs(namespace.slug, record.id)), None)
        if found is None:
            raise NotFound(f"The schedule of {record.name} is not in the cluster. Deploy the app again.")
        return {"metadata": {"name": found.metadata.name, "uid": found.metadata.uid}}


def _run_name(app: str, claim: Claim | None) -> str:
    """A name that tells the app, and that no schedule and no revision gives: those are numbers."""
    return f"{app}-m{claim.suffix if claim is not None else uuid4().hex[:_SUFFIX]}"


def _latest_first(run: Run) -> Key:
    """As `observation.latest_first`, by which the latest run of an app is told."""
    is_by_hand = run.trigger is RunTrigger.MANUAL
    return -run.created_at.timestamp(), -(run.revision or 0), not is_by_hand, run.name


def _latest_pod_first(pod: Pod) -> Key:
    return -pod.created_at.timestamp(), pod.name
