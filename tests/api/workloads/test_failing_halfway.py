"""A deploy that fails at object k of n: undone as a whole, whichever k."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.database.database import Database
from api.database.tables import RevisionRow, WorkloadRow
from api.errors import MoorageError, NotFound, PolicyViolation, Unavailable
from api.manifests.models import EnvironmentVariable, SecretVariable, WorkloadKind, WorkloadSpec
from api.workloads.models import RevisionState, WorkloadPhase
from api.workloads.reconciler.repairs import Outcome
from tests.api.proxy import FAILING, Fault, FaultyProxy, Seen
from tests.api.servers import only_embedded
from tests.api.workloads.apps import SECRETIVE, Apps

pytestmark = only_embedded

OBJECTS = ("secrets", "services", "deployments")
CHANGED = replace(SECRETIVE, image="registry.example/web:2", environment=(EnvironmentVariable("NEW", "1"),))


async def objects(cluster: Cluster, apps: Apps) -> dict[str, Any]:
    """What the app is made of in the cluster, without what moves by itself."""
    found = [
        each
        for kind in (Kind.SECRET, Kind.SERVICE, Kind.DEPLOYMENT)
        for each in await cluster.list(kind, apps.namespace.slug)
    ]
    return {each["kind"]: each.get("data") or each["spec"] for each in found}


@pytest.mark.parametrize("fault", FAILING)
@pytest.mark.parametrize("number", range(1, len(OBJECTS) + 1))
async def test_a_first_deploy_that_fails_leaves_nothing(
    *, apps: Apps, cluster: Cluster, proxy: FaultyProxy, number: int, fault: Fault
) -> None:
    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, SECRETIVE)
    proxy.fail_creation(number, fault)

    with pytest.raises(MoorageError):
        await apps.workloads.deploy(apps.principal, plan.id, None)

    proxy.heal()
    await apps.workloads.settled()
    assert {} == await objects(cluster, apps)
    with pytest.raises(NotFound):
        await apps.get()
    assert WorkloadPhase.READY == (await apps.deploy_until_ready(SECRETIVE)).status.phase


@pytest.mark.parametrize("fault", [Fault.DENIED, Fault.ANSWER_LOST])
@pytest.mark.parametrize("plural", OBJECTS)
async def test_an_update_that_fails_leaves_what_ran_before(
    *, apps: Apps, cluster: Cluster, proxy: FaultyProxy, plural: str, fault: Fault
) -> None:
    await apps.deploy_until_ready(SECRETIVE)
    before = await objects(cluster, apps)
    changed = replace(CHANGED, port=9090, secrets=tuple(replace(each, value="another") for each in SECRETIVE.secrets))
    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, changed)
    proxy.fail_when(_once(lambda request: request.method == "PATCH" and f"/{plural}/" in request.path), fault)

    with pytest.raises(MoorageError):
        await apps.workloads.deploy(apps.principal, plan.id, None)

    await apps.workloads.settled()
    assert before == await objects(cluster, apps)
    assert [(2, RevisionState.FAILED), (1, RevisionState.APPLIED)] == [
        (revision.number, revision.state) for revision in await apps.revisions()
    ]
    assert SECRETIVE.image == (await apps.get()).spec.image
    assert 3 == (await apps.deploy_until_ready(CHANGED)).rollout.revision


async def test_a_deploy_that_is_cancelled_leaves_nothing(apps: Apps, cluster: Cluster, proxy: FaultyProxy) -> None:
    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, SECRETIVE)
    deploy = asyncio.create_task(apps.workloads.deploy(apps.principal, plan.id, None), name="deploy")
    await proxy.until_seen(lambda request: request.is_creation and request.path.endswith("/services"))

    deploy.cancel()

    with pytest.raises(asyncio.CancelledError):
        await deploy
    await apps.workloads.settled()
    assert {} == await objects(cluster, apps)
    with pytest.raises(NotFound):
        await apps.get()


@pytest.mark.parametrize("moment", ["UPDATE revisions", "UPDATE workloads", "commit"])
async def test_a_deploy_that_is_cancelled_while_it_is_marked_leaves_rows_and_cluster_agreeing(
    apps: Apps, cluster: Cluster, database: Database, moment: str
) -> None:
    """The caller goes away at the last moment: the new revision counts and runs, or neither."""
    await apps.deploy_until_ready(SECRETIVE)
    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, CHANGED)
    deploy = asyncio.create_task(apps.workloads.deploy(apps.principal, plan.id, None), name="deploy")
    _cancel_at(database, moment, deploy)

    with pytest.raises(asyncio.CancelledError):
        await deploy

    await apps.workloads.settled()
    deployed = (await objects(cluster, apps))["Deployment"]["template"]["spec"]["containers"][0]["image"]
    assert deployed == (await apps.get()).spec.image
    assert RevisionState.PENDING not in {revision.state for revision in await apps.revisions()}


def _cancel_at(database: Database, moment: str, deploy: asyncio.Task[Any]) -> None:
    """Cancel once PostgreSQL is being told that the revision is applied: at that statement, or at its commit."""
    marking = False

    def on_statement(*arguments: Any) -> None:
        nonlocal marking
        statement: str = arguments[2]
        marking = marking or statement.startswith("UPDATE workloads SET current_revision")
        if statement.startswith(moment):
            deploy.cancel()

    def on_commit(_: object) -> None:
        if moment == "commit" and marking:
            deploy.cancel()

    event.listen(database.engine.sync_engine, "before_cursor_execute", on_statement)
    event.listen(database.engine.sync_engine, "commit", on_commit)


async def test_what_a_killed_process_left_is_undone_at_the_next_start(
    apps: Apps, cluster: Cluster, database: Database, proxy: FaultyProxy
) -> None:
    """kill -9 between apply and commit: the new objects are in the cluster, and the revision is pending."""
    await apps.deploy_until_ready(SECRETIVE)
    before = await objects(cluster, apps)
    await _leave_half_applied(apps, database)

    await apps.workloads.sweep()

    assert before == await objects(cluster, apps)
    assert [RevisionState.FAILED, RevisionState.APPLIED] == [revision.state for revision in await apps.revisions()]


async def test_what_a_killed_process_left_does_not_keep_the_app_from_changing(apps: Apps, database: Database) -> None:
    await apps.deploy_until_ready(SECRETIVE)
    await _leave_half_applied(apps, database)

    workload, revision = await apps.deploy(replace(SECRETIVE, replicas=2))

    assert (3, 2) == (revision.number, workload.spec.replicas)


async def test_while_the_cluster_is_away_reads_are_served_and_writes_refused(
    apps: Apps, cluster: Cluster, proxy: FaultyProxy
) -> None:
    await apps.deploy_until_ready(SECRETIVE)
    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, CHANGED)
    proxy.fail_when(lambda _: True, Fault.REFUSED)
    proxy.break_connections()

    workload = await apps.reach("web", WorkloadPhase.UNKNOWN)

    assert SECRETIVE.image == workload.spec.image
    with pytest.raises(Unavailable):
        await apps.workloads.deploy(apps.principal, plan.id, None)
    with pytest.raises(Unavailable):
        await apps.workloads.scale(apps.principal, apps.namespace.slug, "web", 2)
    with pytest.raises(Unavailable):
        await apps.workloads.delete(apps.principal, apps.namespace.slug, "web")
    proxy.heal()
    assert WorkloadPhase.READY == (await apps.reach("web", WorkloadPhase.READY)).status.phase
    assert [1] == [revision.number for revision in await apps.revisions()]


async def _leave_half_applied(apps: Apps, database: Database) -> None:
    """Deploy revision 2, then put the rows back to where they were before it was marked as applied."""
    await apps.deploy(CHANGED)
    (second, _) = await apps.revisions()
    async with database.session() as session:
        row = await session.get_one(RevisionRow, second.id)
        row.state = RevisionState.PENDING.value
        row.created_at -= timedelta(minutes=10)
        workload = await session.get_one(WorkloadRow, second.workload_id)
        workload.current_revision = 1


def _once(chosen: Any) -> Any:
    """`chosen`, for the first request that it says yes to and no other."""
    hit = False

    def first(request: Seen) -> bool:
        nonlocal hit
        if hit or request.dry_run or not chosen(request):
            return False
        hit = True
        return True

    return first


async def test_an_app_whose_undo_the_cluster_refuses_can_be_changed_and_deleted(
    apps: Apps, cluster: Cluster, proxy: FaultyProxy
) -> None:
    """Something admits neither what is new nor what was before: the reconciler brings it back once it may."""
    workload = await apps.deploy_until_ready(SECRETIVE)
    others = replace(CHANGED, secrets=(SecretVariable(SECRETIVE.secrets[0].name, "another"),))
    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, others)
    proxy.fail_when(_after(1, lambda request: request.method == "PATCH" and not request.dry_run), Fault.DENIED)

    with pytest.raises(MoorageError):
        await apps.workloads.deploy(apps.principal, plan.id, None)
    await apps.workloads.settled()
    left = await objects(cluster, apps)
    with pytest.raises(PolicyViolation):
        await apps.workloads.repairer.look_at((apps.namespace.slug, str(workload.id)), lambda: None)

    assert [RevisionState.FAILED, RevisionState.APPLIED] == [each.state for each in await apps.revisions()]
    proxy.heal()
    assert Outcome.REPAIRED is await apps.workloads.repairer.look_at(
        (apps.namespace.slug, str(workload.id)), lambda: None
    )
    assert left["Secret"] != (await objects(cluster, apps))["Secret"]
    await apps.workloads.delete(apps.principal, apps.namespace.slug, "web")
    assert {} == await objects(cluster, apps)


def _after(number: int, chosen: Callable[[Seen], bool]) -> Callable[[Seen], bool]:
    """All that are chosen but for the first `number`."""
    seen = 0

    def later(request: Seen) -> bool:
        nonlocal seen
        seen += chosen(request)
        return chosen(request) and seen > number

    return later


async def test_while_many_changes_wait_for_the_cluster_the_database_answers_others(
    apps: Apps, proxy: FaultyProxy
) -> None:
    names = [f"worker-{number}" for number in range(24)]
    worker = WorkloadSpec(name="worker", image="registry.example/worker:1", kind=WorkloadKind.WORKER, replicas=0)
    for name in names:
        await apps.deploy(replace(worker, name=name))
    proxy.fail_when(lambda request: not request.watches, Fault.LATE)
    deletions = [
        asyncio.create_task(apps.workloads.delete(apps.principal, apps.namespace.slug, name), name=name)
        for name in names
    ]
    await proxy.until_held()

    read = await asyncio.gather(*(apps.get(name) for name in names))

    assert names == [each.name for each in read]
    proxy.heal()
    outcomes = await asyncio.gather(*deletions, return_exceptions=True)
    assert [] == [each for each in outcomes if isinstance(each, Exception) and not isinstance(each, Unavailable)]
