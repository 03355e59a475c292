"""A deletion is undone for a day: the app comes back as it was."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from api.authorization.models import Principal, Scope
from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.database.database import Database
from api.database.pages import PageRequest
from api.database.tables import RevisionRow, WorkloadRow
from api.errors import MoorageError, NameTaken, NotFound, NotThere, QuotaExceeded
from api.manifests.models import Volume, WorkloadKind, WorkloadSize
from api.workloads.models import DeletedWorkload, Workload
from api.workloads.repository import WorkloadRepository
from api.workloads.restoring import RESTORABLE_FOR
from api.workloads.timeline import TimelineKind
from tests.api.clusters.embedded.client import Client
from tests.api.proxy import Fault, FaultyProxy
from tests.api.servers import only_embedded
from tests.api.waiting import until
from tests.api.workloads.apps import SECRETIVE, WEB, Apps
from tests.api.workloads.reconciler.conftest import timeline


async def delete(apps: Apps, name: str = "web") -> DeletedWorkload:
    await apps.workloads.delete(apps.principal, apps.namespace.slug, name)
    return next(each for each in await deleted(apps) if each.name == name)


async def deleted(apps: Apps) -> list[DeletedWorkload]:
    page = await apps.workloads.restoring.deleted(apps.principal, apps.namespace, PageRequest(first=100))
    return list(page.items)


async def restore(apps: Apps, gone: DeletedWorkload) -> Workload:
    return await apps.workloads.restoring.restore(apps.principal, apps.namespace.slug, gone.id)


def _is_free(cluster: Cluster, apps: Apps) -> bool:
    """Whether the quota counts no pod any more."""
    return all(quota.status.used["pods"] == "0" for quota in cluster.store.resource_quotas(apps.namespace.slug))


async def test_an_app_comes_back_with_its_revisions_and_secrets(apps: Apps, cluster: Cluster) -> None:
    await apps.deploy_until_ready(SECRETIVE)
    await apps.deploy_until_ready(replace(SECRETIVE, image="registry.example/web:2"))
    before = await cluster.get(Kind.SECRET, apps.namespace.slug, "web-secrets")
    gone = await delete(apps)

    restored = await restore(apps, gone)

    assert (gone.id, "registry.example/web:2") == (restored.id, restored.spec.image)
    assert [2, 1] == [each.number for each in await apps.revisions()]
    after = await cluster.get(Kind.SECRET, apps.namespace.slug, "web-secrets")
    assert before is not None
    assert after is not None
    assert before["data"] == after["data"]
    assert [] == await deleted(apps)
    assert [TimelineKind.RESTORED, TimelineKind.DELETED] == [each.kind for each in await timeline(apps)][:2]


@only_embedded
async def test_a_stateful_service_finds_its_disks_again(apps: Apps, cluster: Cluster) -> None:
    spec = replace(SECRETIVE, kind=WorkloadKind.STATEFUL_SERVICE, volumes=(Volume("data", "/data", 1),))
    await apps.deploy_until_ready(spec)
    claims = {each.metadata.uid for each in cluster.store.claims(apps.namespace.slug)}
    gone = await delete(apps)

    restored = await restore(apps, gone)

    assert claims == {each.metadata.uid for each in cluster.store.claims(apps.namespace.slug, restored.id)}


async def test_a_job_comes_back_and_is_not_run_again(apps: Apps, cluster: Cluster) -> None:
    await apps.deploy(replace(SECRETIVE, name="job", kind=WorkloadKind.JOB, port=None))
    gone = await delete(apps, "job")

    await restore(apps, gone)

    assert None is not await cluster.get(Kind.SECRET, apps.namespace.slug, "job-secrets")
    assert None is await cluster.get(Kind.JOB, apps.namespace.slug, "job-1")


@only_embedded
async def test_a_name_that_was_taken_meanwhile_is_a_refusal(apps: Apps) -> None:
    await apps.deploy(SECRETIVE)
    gone = await delete(apps)
    await apps.deploy(WEB)

    with pytest.raises(NameTaken, match="another app named web") as refused:
        await restore(apps, gone)

    assert ("id",) == refused.value.path
    assert [gone] == await deleted(apps)
    assert WEB.replicas == (await apps.get()).spec.replicas


@only_embedded
async def test_of_two_who_bring_it_back_at_once_one_does(apps: Apps) -> None:
    await apps.deploy(SECRETIVE)
    gone = await delete(apps)

    outcomes = await asyncio.gather(restore(apps, gone), restore(apps, gone), return_exceptions=True)

    (restored,) = [each for each in outcomes if isinstance(each, Workload)]
    (refused,) = [each for each in outcomes if not isinstance(each, Workload)]
    assert gone.id == restored.id
    assert isinstance(refused, NotThere | NotFound)
    assert [] == await deleted(apps)
    assert 1 == [each.kind for each in await timeline(apps)].count(TimelineKind.RESTORED)


@only_embedded
async def test_who_comes_while_another_brings_it_back_is_told_that_it_is_back(apps: Apps, proxy: FaultyProxy) -> None:
    """What stands in the way by then is the app itself, not another app of its name."""
    await apps.deploy(SECRETIVE)
    gone = await delete(apps)
    proxy.fail_creation(3, Fault.LATE)
    first = asyncio.create_task(restore(apps, gone), name="first restore")
    await proxy.until_held()
    proxy.seen.clear()
    second = asyncio.create_task(restore(apps, gone), name="second restore")
    await proxy.until_seen(lambda request: request.dry_run)

    proxy.heal()

    assert gone.id == (await first).id
    with pytest.raises(NotThere, match="brought back already") as refused:
        await second
    assert ("id",) == refused.value.path


async def test_until_what_was_before_is_removed_a_new_one_is_told_to_wait(apps: Apps, somebody: Client) -> None:
    """An operator cleans up after the Service: it is the app's own, and not somebody else's."""
    await apps.deploy(SECRETIVE)
    place = f"/api/v1/namespaces/{apps.namespace.slug}/services/web"
    await somebody.patch(place, {"metadata": {"finalizers": ["example.com/cleaning"]}})
    gone = await delete(apps)

    for again in (lambda: restore(apps, gone), lambda: apps.deploy(SECRETIVE)):
        with pytest.raises(NameTaken, match="still being removed"):
            await again()

    await somebody.patch(place, {"metadata": {"finalizers": []}})
    assert gone.id == (await restore(apps, gone)).id


async def test_what_no_longer_fits_the_quota_stays_deleted(apps: Apps, cluster: Cluster) -> None:
    large = replace(SECRETIVE, size=WorkloadSize.XL, replicas=2)
    await apps.deploy(large)
    gone = await delete(apps)
    await until(cluster, apps.namespace.slug, lambda: _is_free(cluster, apps))
    await apps.deploy_until_ready(replace(large, name="other"))

    with pytest.raises(QuotaExceeded):
        await restore(apps, gone)

    assert [gone] == await deleted(apps)


@only_embedded
@pytest.mark.parametrize("number", [1, 2, 3])
async def test_a_restoring_that_fails_half_way_leaves_nothing(
    apps: Apps, cluster: Cluster, proxy: FaultyProxy, number: int
) -> None:
    await apps.deploy_until_ready(SECRETIVE)
    gone = await delete(apps)
    proxy.fail_creation(number, Fault.DENIED)

    with pytest.raises(MoorageError):
        await restore(apps, gone)

    assert [gone] == await deleted(apps)
    for kind in (Kind.SECRET, Kind.SERVICE, Kind.DEPLOYMENT):
        assert [] == await cluster.list(kind, apps.namespace.slug)
    proxy.heal()
    assert gone.id == (await restore(apps, gone)).id


@only_embedded
async def test_after_a_day_it_cannot_be_brought_back_and_its_secrets_are_forgotten(
    apps: Apps, database: Database
) -> None:
    await apps.deploy(SECRETIVE)
    gone = await delete(apps)
    async with database.session() as session:
        long_ago = gone.deleted_at - RESTORABLE_FOR - timedelta(minutes=1)
        await session.execute(update(WorkloadRow).values(deleted_at=long_ago))

    with pytest.raises(NotThere, match="24 hours"):
        await restore(apps, gone)
    async with database.session() as session:
        await WorkloadRepository(session).forget(deleted_before=gone.deleted_at - RESTORABLE_FOR)
        assert [] == list(await session.scalars(select(RevisionRow)))
    assert "web" in {each.details.app for each in await timeline(apps)}


@only_embedded
async def test_a_token_that_may_only_write_restores(apps: Apps) -> None:
    await apps.deploy_until_ready(SECRETIVE)
    gone = await delete(apps)
    writer = replace(apps.principal, scopes=frozenset({Scope.WRITE}))

    restored = await apps.workloads.restoring.restore(writer, apps.namespace.slug, gone.id)

    assert gone.id == restored.id


async def test_nobody_restores_or_sees_what_is_another_s(apps: Apps, eve: Principal) -> None:
    await apps.deploy(SECRETIVE)
    gone = await delete(apps)

    with pytest.raises(NotFound) as theirs:
        await apps.workloads.restoring.restore(eve, apps.namespace.slug, gone.id)
    with pytest.raises(NotFound) as nothing:
        await apps.workloads.restoring.restore(eve, "nothing-x2y3z4", uuid4())
    assert str(nothing.value) == str(theirs.value)
    with pytest.raises(NotFound):
        await apps.workloads.restoring.deleted(eve, apps.namespace, PageRequest(first=100))
