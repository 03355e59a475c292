"""Each kind of app, deployed: on the embedded cluster, and on a real control plane."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.database.pages import PageRequest
from api.errors import InvalidInput, InvalidInputs, QuotaExceeded
from api.manifests.models import Schedule, Volume, WorkloadKind, WorkloadSize, WorkloadSpec
from api.workloads.diagnosis.models import CrashLoop, ImagePullFailure, QuotaExhausted, TimeLimitExceeded
from api.workloads.models import RevisionCause, Run, RunState, RunTrigger, VolumeClaim, WorkloadPhase
from tests.api.clusters.embedded.client import Client
from tests.api.servers import only_embedded, only_real
from tests.api.workloads.apps import WEB, Apps

WORKER = WorkloadSpec(name="mailer", image="registry.example/mailer:1", kind=WorkloadKind.WORKER)
DATABASE = WorkloadSpec(
    name="db",
    image="registry.example/db:1",
    kind=WorkloadKind.STATEFUL_SERVICE,
    port=5432,
    volumes=(Volume("data", "/var/lib/data", 1),),
)
MIGRATION = WorkloadSpec(name="migrate", image="registry.example/migrate:1", kind=WorkloadKind.JOB, retries=0)
NIGHTLY = WorkloadSpec(
    name="nightly",
    image="registry.example/report:1",
    kind=WorkloadKind.SCHEDULED_JOB,
    schedule=Schedule("30 4 1 1 *"),
    retries=0,
)
A_MINUTE = 75.0
"""Until a schedule of each minute has begun a run, and a little."""


class Ships:
    """What is to be seen of jobs and of volumes, once it is to be seen."""

    def __init__(self, apps: Apps, cluster: Cluster) -> None:
        self._apps = apps
        self._cluster = cluster

    async def runs(self, name: str) -> list[Run]:
        page = self._apps.workloads.jobs.runs_of(await self._apps.get(name), PageRequest(first=20))
        return list(page.items)

    async def claims(self, name: str) -> list[VolumeClaim]:
        page = self._apps.workloads.volumes.of_workload(await self._apps.get(name), PageRequest(first=20))
        return list(page.items)

    async def until_runs(self, name: str, hold: Callable[[list[Run]], bool], *, patience: float = 40.0) -> list[Run]:
        """The runs of a job, once that holds of them."""
        with self._cluster.store.subscribe(self._apps.namespace.slug) as changes:
            async with asyncio.timeout(patience):
                while not hold(found := await self.runs(name)):
                    await anext(changes)
        return found


@pytest.fixture
def ships(apps: Apps, cluster: Cluster) -> Ships:
    return Ships(apps, cluster)


async def test_a_worker_is_up_without_a_service(apps: Apps, cluster: Cluster) -> None:
    workload = await apps.deploy_until_ready(WORKER)

    assert workload.address is None
    assert await cluster.get(Kind.SERVICE, apps.namespace.slug, "mailer") is None


async def test_a_worker_may_become_a_web_service_and_its_service_comes(apps: Apps, cluster: Cluster) -> None:
    await apps.deploy_until_ready(WORKER)

    await apps.deploy(replace(WORKER, kind=WorkloadKind.WEB_SERVICE, port=8080))
    await apps.reach("mailer", WorkloadPhase.READY, revision=2)

    assert await cluster.get(Kind.SERVICE, apps.namespace.slug, "mailer") is not None


@only_embedded
async def test_what_runs_an_app_cannot_be_changed(apps: Apps) -> None:
    await apps.deploy(replace(WORKER, replicas=0))

    with pytest.raises(InvalidInputs) as refusal:
        await apps.deploy(replace(MIGRATION, name="mailer"))

    assert [("workload", "kind")] == [failure.path for failure in refusal.value.failures]
    assert "mailer is a worker, and cannot become a job" in refusal.value.failures[0].message


async def test_each_replica_of_a_stateful_service_gets_a_name_and_a_disk(apps: Apps, ships: Ships) -> None:
    await apps.deploy_until_ready(replace(DATABASE, replicas=2))

    claims = await ships.claims("db")

    assert ["db-0", "db-1"] == sorted(pod.name for pod in await apps.pods("db"))
    assert [("data-db-0", "Bound", 2**30), ("data-db-1", "Bound", 2**30)] == [
        (claim.name, claim.phase, claim.capacity) for claim in claims
    ]


async def test_disks_outlive_the_replica_and_the_app(apps: Apps, ships: Ships, cluster: Cluster) -> None:
    slug = apps.namespace.slug
    await apps.deploy_until_ready(replace(DATABASE, replicas=2))

    await apps.workloads.scale(apps.principal, slug, "db", 1)
    await apps.reach("db", WorkloadPhase.READY, revision=2)
    after_scaling = [claim.name for claim in await ships.claims("db")]
    await apps.workloads.delete(apps.principal, slug, "db")

    assert ["data-db-0", "data-db-1"] == after_scaling
    for name in after_scaling:
        assert await cluster.get(Kind.PERSISTENT_VOLUME_CLAIM, slug, name) is not None


async def test_a_stateful_revision_that_does_not_come_up_gives_way_to_the_next(apps: Apps) -> None:
    await apps.deploy_until_ready(DATABASE)
    await apps.deploy(replace(DATABASE, image="registry.example/db:broken"))
    await apps.reach("db", WorkloadPhase.FAILED)

    await apps.workloads.rollback(apps.principal, apps.namespace.slug, "db", 1, None)
    workload = await apps.reach("db", WorkloadPhase.READY, revision=3)

    assert "registry.example/db:1" == workload.spec.image


@only_embedded
async def test_the_disks_of_an_app_stay_as_they_are(apps: Apps) -> None:
    await apps.deploy(DATABASE)

    with pytest.raises(InvalidInputs) as refusal:
        await apps.deploy(replace(DATABASE, volumes=(Volume("data", "/var/lib/data", 2),)))

    assert [("workload", "volumes")] == [failure.path for failure in refusal.value.failures]


async def test_a_disk_may_be_mounted_elsewhere(apps: Apps) -> None:
    await apps.deploy_until_ready(DATABASE)

    await apps.deploy(replace(DATABASE, volumes=(Volume("data", "/data", 1),)))

    assert 2 == (await apps.reach("db", WorkloadPhase.READY, revision=2)).rollout.revision


async def test_disks_beyond_the_quota_are_refused_before_anything_is_done(apps: Apps) -> None:
    with pytest.raises(QuotaExceeded) as refusal:
        await apps.deploy(replace(DATABASE, volumes=(Volume("data", "/var/lib/data", 21),)))

    assert ("requests.storage", "21Gi", "20Gi") == (
        refusal.value.resource,
        refusal.value.requested,
        refusal.value.limit,
    )


async def test_a_job_runs_to_its_end_once_for_each_deploy(apps: Apps, ships: Ships) -> None:
    await apps.deploy(MIGRATION)
    first = await apps.reach("migrate", WorkloadPhase.COMPLETED)
    await apps.deploy(replace(MIGRATION, image="registry.example/migrate:2"))
    await apps.reach("migrate", WorkloadPhase.COMPLETED, revision=2)

    runs = await ships.runs("migrate")

    assert first.rollout.complete
    assert ["done"] * 5 == [step.state for step in first.rollout.steps]
    assert [("migrate-2", 2), ("migrate-1", 1)] == [(run.name, run.revision) for run in runs]
    assert {(RunState.SUCCEEDED, RunTrigger.DEPLOY)} == {(run.state, run.trigger) for run in runs}
    assert all(run.finished_at is not None for run in runs)


async def test_a_job_is_deployed_beside_runs_of_before(apps: Apps, ships: Ships) -> None:
    """A plan of it held for none but the latest."""
    for number in (1, 2, 3):
        await apps.deploy(replace(MIGRATION, image=f"registry.example/migrate:{number}"))
        await apps.reach("migrate", WorkloadPhase.COMPLETED, revision=number)

    runs = await ships.runs("migrate")

    assert ["migrate-3", "migrate-2", "migrate-1"] == [run.name for run in runs]


async def test_a_job_that_fails_says_how_it_ended(apps: Apps) -> None:
    await apps.deploy(replace(MIGRATION, image="registry.example/migrate:crash"))

    workload = await apps.reach("migrate", WorkloadPhase.FAILED)
    found = await apps.workloads.diagnose(workload)

    assert "It failed. The app ended with exit code 1." == workload.status.message
    assert "failed" == workload.rollout.steps[-1].state
    assert isinstance(found, CrashLoop)
    assert 1 == found.exit_code
    assert found.last_lines


async def test_a_job_whose_image_is_not_there_does_not_get_on(apps: Apps) -> None:
    await apps.deploy(replace(MIGRATION, image="registry.example/migrate:broken"))

    workload = await apps.reach("migrate", WorkloadPhase.FAILED)

    assert isinstance(await apps.workloads.diagnose(workload), ImagePullFailure)


async def test_a_run_is_stopped_at_its_time_limit(apps: Apps) -> None:
    await apps.deploy(replace(MIGRATION, image="registry.example/migrate:broken", time_limit_seconds=3))

    async with asyncio.timeout(40):
        async for update in apps.workloads.watch(apps.principal, apps.namespace.slug, "migrate"):
            assert update.workload is not None
            if "time limit" in update.workload.status.message:
                break
    found = await apps.workloads.diagnose(await apps.get("migrate"))

    assert isinstance(found, TimeLimitExceeded)
    assert 3 == found.seconds


async def test_a_job_is_run_again_without_a_revision(apps: Apps, ships: Ships) -> None:
    await apps.deploy(MIGRATION)
    await apps.reach("migrate", WorkloadPhase.COMPLETED)

    _, run = await apps.workloads.jobs.run(apps.principal, apps.namespace.slug, "migrate")
    runs = await ships.until_runs("migrate", lambda runs: all(run.state is RunState.SUCCEEDED for run in runs))

    assert (RunTrigger.MANUAL, 1) == (run.trigger, run.revision)
    assert {run.uid} < {each.uid for each in runs}
    assert 1 == len(await apps.revisions("migrate"))


async def test_a_job_whose_run_was_removed_is_missing_and_is_run_again(
    apps: Apps, ships: Ships, cluster: Cluster
) -> None:
    """The run of an earlier revision is no run of the current one."""
    await apps.deploy(MIGRATION)
    await apps.reach("migrate", WorkloadPhase.COMPLETED)
    await apps.deploy(MIGRATION)
    await apps.reach("migrate", WorkloadPhase.COMPLETED, revision=2)

    await cluster.delete(Kind.JOB, apps.namespace.slug, "migrate-2")
    await apps.reach("migrate", WorkloadPhase.MISSING)
    await apps.workloads.jobs.run(apps.principal, apps.namespace.slug, "migrate")

    await apps.reach("migrate", WorkloadPhase.COMPLETED)
    assert [2, 1] == [run.revision for run in await ships.runs("migrate")]


async def test_a_scheduled_job_is_up_before_it_was_ever_due(apps: Apps) -> None:
    await apps.deploy(NIGHTLY)

    workload = await apps.reach("nightly", WorkloadPhase.READY)

    assert "Revision 1 is deployed: no run was due yet." == workload.status.message
    assert workload.rollout.complete


async def test_a_scheduled_job_runs_now_without_waiting_for_its_hour(apps: Apps, ships: Ships) -> None:
    await apps.deploy(NIGHTLY)
    await apps.reach("nightly", WorkloadPhase.READY)

    _, run = await apps.workloads.jobs.run(apps.principal, apps.namespace.slug, "nightly")
    (done,) = await ships.until_runs("nightly", lambda runs: runs[0].state is RunState.SUCCEEDED)

    assert (run.uid, RunTrigger.MANUAL, 1) == (done.uid, done.trigger, done.revision)
    assert len(apps.workloads.jobs.pods_of(done, PageRequest(first=5)).items) == 1


async def test_a_deploy_leaves_the_runs_of_a_schedule_alone(apps: Apps, ships: Ships) -> None:
    await apps.deploy(NIGHTLY)
    await apps.reach("nightly", WorkloadPhase.READY)
    _, run = await apps.workloads.jobs.run(apps.principal, apps.namespace.slug, "nightly")

    await apps.deploy(replace(NIGHTLY, image="registry.example/report:2"))

    assert [run.uid] == [each.uid for each in await ships.runs("nightly")]


async def test_a_run_and_its_pods_are_of_one_revision_after_a_change_of_the_schedule(apps: Apps, ships: Ships) -> None:
    await apps.deploy(NIGHTLY)
    await apps.deploy(replace(NIGHTLY, schedule=Schedule("30 5 1 1 *")))
    await apps.reach("nightly", WorkloadPhase.READY, revision=2)
    await apps.workloads.jobs.run(apps.principal, apps.namespace.slug, "nightly")

    (run,) = await ships.until_runs("nightly", lambda runs: runs[0].state is RunState.SUCCEEDED)

    workload = await apps.get("nightly")
    pods = [*apps.workloads.jobs.pods_of(run, PageRequest(first=5)).items, *await apps.pods("nightly")]
    assert {run.revision} == {pod.revision for pod in pods} == {cell.revision for cell in workload.rollout.cells}
    assert "Its runs are those of revision 1: what they do has not changed." == workload.rollout.steps[1].message


@only_embedded
async def test_each_change_of_a_run_reaches_the_stream_of_its_job(apps: Apps, ships: Ships, cluster: Cluster) -> None:
    """Of two runs the older one goes, and all that is said of the newest stays as it is."""
    await apps.deploy(NIGHTLY)
    await apps.reach("nightly", WorkloadPhase.READY)
    _, older = await apps.workloads.jobs.run(apps.principal, apps.namespace.slug, "nightly")
    await ships.until_runs("nightly", lambda runs: runs[0].state is RunState.SUCCEEDED)
    _, newest = await apps.workloads.jobs.run(apps.principal, apps.namespace.slug, "nightly")
    is_deleted = False

    stream = apps.workloads.watch(apps.principal, apps.namespace.slug, "nightly")
    async with asyncio.timeout(40), aclosing(stream) as updates:
        async for update in updates:
            assert update.workload is not None
            runs = apps.workloads.jobs.runs_of(update.workload, PageRequest(first=20)).items
            if [run.name for run in runs] == [newest.name]:
                break
            if not is_deleted and "Complete" in [each.type for each in update.workload.status.conditions]:
                await cluster.delete(Kind.JOB, older.namespace, older.name)
                is_deleted = True


@only_real
async def test_a_schedule_begins_a_run_when_it_is_due(apps: Apps, ships: Ships) -> None:
    await apps.deploy(replace(NIGHTLY, schedule=Schedule("* * * * *", "Asia/Kolkata")))

    (run,) = await ships.until_runs("nightly", lambda runs: len(runs) == 1, patience=A_MINUTE)

    assert (RunTrigger.SCHEDULE, 1) == (run.trigger, run.revision)
    assert datetime.now(UTC) >= run.created_at


async def test_a_run_that_fails_degrades_the_scheduled_job(apps: Apps) -> None:
    await apps.deploy(replace(NIGHTLY, image="registry.example/report:crash"))
    await apps.reach("nightly", WorkloadPhase.READY)

    await apps.workloads.jobs.run(apps.principal, apps.namespace.slug, "nightly")
    workload = await apps.reach("nightly", WorkloadPhase.DEGRADED)

    assert "The last run failed. The app ended with exit code 1." == workload.status.message
    assert isinstance(await apps.workloads.diagnose(workload), CrashLoop)


async def test_a_schedule_is_paused_and_resumed_as_revisions(apps: Apps) -> None:
    await apps.deploy(NIGHTLY)
    await apps.reach("nightly", WorkloadPhase.READY)

    await apps.workloads.jobs.suspend(apps.principal, apps.namespace.slug, "nightly", suspended=True)
    paused = await apps.reach("nightly", WorkloadPhase.STOPPED)
    await apps.workloads.jobs.suspend(apps.principal, apps.namespace.slug, "nightly", suspended=False)
    await apps.reach("nightly", WorkloadPhase.READY, revision=3)

    assert paused.spec.schedule is not None
    assert paused.spec.schedule.suspended
    causes = [revision.cause for revision in await apps.revisions("nightly")]
    assert [RevisionCause.RESUME, RevisionCause.PAUSE, RevisionCause.DEPLOY] == causes


async def test_a_run_that_the_quota_has_no_room_for_is_refused(apps: Apps) -> None:
    await apps.deploy(replace(NIGHTLY, size=WorkloadSize.XL))
    await apps.deploy_until_ready(replace(WORKER, size=WorkloadSize.XL, replicas=2))

    with pytest.raises(QuotaExceeded) as refusal:
        await apps.workloads.jobs.run(apps.principal, apps.namespace.slug, "nightly")

    assert ("name",) == refusal.value.path


async def test_a_stateful_service_that_finds_no_room_says_so(apps: Apps, cluster: Cluster, somebody: Client) -> None:
    await apps.deploy_until_ready(DATABASE)
    path = f"/api/v1/namespaces/{apps.namespace.slug}"
    quota = {"metadata": {"name": "later"}, "spec": {"hard": {"pods": "0"}}}
    assert 201 == (await somebody.post(f"{path}/resourcequotas", quota)).status
    await somebody.until(f"{path}/resourcequotas", "later", lambda each: bool(each["status"].get("hard")))

    await somebody.delete(f"{path}/pods/db-0", {"gracePeriodSeconds": 0})
    with cluster.store.subscribe(apps.namespace.slug) as changes:
        async with asyncio.timeout(40):
            while (found := await apps.workloads.diagnose(await apps.get("db"))) is None:
                await anext(changes)

    assert isinstance(found, QuotaExhausted)
    assert "pods" == found.resource


@only_embedded
async def test_only_jobs_are_run_and_only_schedules_are_paused(apps: Apps) -> None:
    await apps.deploy(replace(WEB, replicas=0))
    await apps.deploy(NIGHTLY)
    slug = apps.namespace.slug

    with pytest.raises(InvalidInput, match="it runs all the time"):
        await apps.workloads.jobs.run(apps.principal, slug, "web")
    with pytest.raises(InvalidInput, match=r"no schedule to pause\. Scale it to 0"):
        await apps.workloads.jobs.suspend(apps.principal, slug, "web", suspended=True)
    with pytest.raises(InvalidInput, match="Run it instead"):
        await apps.workloads.restart(apps.principal, slug, "nightly")
    with pytest.raises(InvalidInput, match=r"no replicas to scale\. Pause its schedule, or delete it"):
        await apps.workloads.scale(apps.principal, slug, "nightly", 2)
