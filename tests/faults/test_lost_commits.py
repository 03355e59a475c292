"""SECURITY 28. A change is committed, and PostgreSQL's answer is lost: it is done, or undone, and never left half-way.

For every commit that a change takes: the connection breaks right after PostgreSQL has carried it out.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import pytest

from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.database.database import Database
from api.database.pages import PageRequest
from api.errors import Unavailable
from api.idempotency.models import Asked
from api.manifests.models import WorkloadKind, WorkloadSpec
from api.namespaces.service import NamespaceService
from api.workloads.models import Revision, RevisionState
from tests.api.servers import only_embedded
from tests.api.waiting import until
from tests.api.workloads.apps import Apps
from tests.faults.agreement import require_agreement
from tests.faults.postgres import Wire

pytestmark = only_embedded

WORKER = WorkloadSpec(name="worker", image="registry.example/worker:1", kind=WorkloadKind.WORKER)


@pytest.fixture
async def wire(database_url: str) -> AsyncIterator[Wire]:
    async with Wire.open(database_url) as wire:
        yield wire


@pytest.fixture
async def database(wire: Wire) -> AsyncIterator[Database]:
    """As the services reach it."""
    async with Database.open(wire.url) as database:
        yield database


async def _create_namespace(apps: Apps, namespaces: NamespaceService) -> None:
    await namespaces.create(apps.principal, "second")


async def _deploy_first(apps: Apps, _: NamespaceService) -> None:
    await apps.deploy(replace(WORKER, name="another"))


async def _deploy_next(apps: Apps, _: NamespaceService) -> None:
    await apps.deploy(replace(WORKER, image="registry.example/worker:2"))


async def _scale(apps: Apps, _: NamespaceService) -> None:
    await apps.workloads.scale(apps.principal, apps.namespace.slug, WORKER.name, 2)


async def _delete(apps: Apps, _: NamespaceService) -> None:
    await apps.workloads.delete(apps.principal, apps.namespace.slug, WORKER.name)


async def _restore(apps: Apps, _: NamespaceService) -> None:
    restoring = apps.workloads.restoring
    (gone,) = (await restoring.deleted(apps.principal, apps.namespace, PageRequest(first=1))).items
    await restoring.restore(apps.principal, apps.namespace.slug, gone.id)


async def _delete_namespace(apps: Apps, namespaces: NamespaceService) -> None:
    await namespaces.delete(apps.principal, apps.namespace.slug)


Change = Callable[[Apps, NamespaceService], Awaitable[None]]
COMMITS: dict[Change, int] = {
    _create_namespace: 4,
    _deploy_first: 3,
    _deploy_next: 3,
    _scale: 3,
    _delete: 1,
    _restore: 1,
    _delete_namespace: 1,
}
"""How many transactions each takes, those that only read among them."""


@pytest.mark.parametrize(
    ("change", "number"),
    [
        pytest.param(change, number, id=f"{change.__name__.strip('_')}-{number}")
        for change, commits in COMMITS.items()
        for number in range(1, commits + 1)
    ],
)
async def test_a_change_whose_commit_is_not_answered_is_done_or_undone(
    *,
    apps: Apps,
    namespaces: NamespaceService,
    cluster: Cluster,
    database: Database,
    wire: Wire,
    change: Change,
    number: int,
) -> None:
    await apps.deploy(WORKER)
    if change is _restore:
        await _delete(apps, namespaces)

    async with wire.losing_answer_to_commit(number):
        with pytest.raises(Unavailable):
            await change(apps, namespaces)

    await namespaces.settled()
    await apps.workloads.settled()
    await require_agreement(database, cluster)


async def test_what_is_recorded_under_a_key_without_an_answer_is_finished_by_whoever_asks_again(
    *, apps: Apps, cluster: Cluster, database: Database, wire: Wire
) -> None:
    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, WORKER)
    asked = Asked.of(apps.principal, "k", "deployWorkload", {"plan": str(plan.id)})

    async def deploy() -> Revision:
        deployed = apps.workloads.once.revision(
            apps.principal, asked, lambda claim: apps.workloads.deploy(apps.principal, plan.id, None, claim=claim)
        )
        return (await deployed)[1]

    async with wire.losing_answer_to_commit(2):  # the first is the key's
        with pytest.raises(Unavailable):
            await deploy()
    await apps.workloads.settled()
    (left,) = await apps.revisions(WORKER.name)

    done = await deploy()

    assert (RevisionState.PENDING, RevisionState.APPLIED) == (left.state, done.state)
    assert left.id == done.id
    await require_agreement(database, cluster)


async def test_a_run_goes_on_while_a_deploy_without_an_answer_is_undone(
    apps: Apps, cluster: Cluster, wire: Wire
) -> None:
    slug, endless = apps.namespace.slug, replace(WORKER, kind=WorkloadKind.JOB, image="registry.example/worker:broken")
    await apps.deploy(endless)
    _, run = await apps.workloads.jobs.run(apps.principal, slug, WORKER.name)
    await until(cluster, slug, lambda: len(cluster.store.pods(slug)) == 2)
    plan = await apps.workloads.plan(apps.principal, slug, replace(endless, image="registry.example/worker:2"))

    async with wire.losing_answer_to_commit(1):
        with pytest.raises(Unavailable):
            await apps.workloads.deploy(apps.principal, plan.id, None)
    await apps.workloads.settled()

    assert run.name in {each["metadata"]["name"] for each in await cluster.list(Kind.JOB, slug)}
