"""A deploy does what its plan promised, once, or nothing at all: what the plan was made for may have moved."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.database.database import Database
from api.database.tables import PlanRow
from api.errors import (
    NameTaken,
    NotFound,
    PlanConflict,
    PlanExpired,
)
from api.workloads.models import WorkloadPhase
from tests.api.servers import only_embedded
from tests.api.workloads.apps import SECRETIVE, WEB, Apps, service_of_somebody_else


async def test_a_plan_made_before_another_deploy_is_refused(apps: Apps) -> None:
    await apps.deploy()
    stale = await apps.workloads.plan(apps.principal, apps.namespace.slug, replace(WEB, replicas=1))
    await apps.deploy(replace(WEB, replicas=2))

    with pytest.raises(PlanConflict) as refusal:
        await apps.workloads.deploy(apps.principal, stale.id, None)

    assert ("replicas",) == refusal.value.changes
    assert ("plan_id",) == refusal.value.path
    assert 2 == (await apps.get()).spec.replicas


async def test_a_plan_is_not_made_of_what_was_written_from_an_older_revision(apps: Apps) -> None:
    await apps.deploy()
    await apps.deploy(replace(WEB, replicas=2))

    with pytest.raises(PlanConflict, match="Revision 2 of web was deployed since revision 1") as refusal:
        await apps.workloads.plan(apps.principal, apps.namespace.slug, WEB, base_revision=1)

    assert (("base_revision",), ("replicas",)) == (refusal.value.path, refusal.value.changes)
    await apps.workloads.plan(apps.principal, apps.namespace.slug, WEB, base_revision=2)


@pytest.mark.parametrize(
    ("deployed", "base_revision", "told"),
    [(True, 0, "There is an app named web already"), (False, 3, "The app web was deleted since revision 3")],
)
async def test_what_is_new_and_what_is_gone_are_told_apart(
    apps: Apps, deployed: bool, base_revision: int, told: str
) -> None:
    if deployed:
        await apps.deploy()

    with pytest.raises(PlanConflict, match=told) as refusal:
        await apps.workloads.plan(apps.principal, apps.namespace.slug, WEB, base_revision=base_revision)

    assert ("name",) == refusal.value.changes


async def test_what_is_new_may_be_said_to_be(apps: Apps) -> None:
    await apps.workloads.plan(apps.principal, apps.namespace.slug, WEB, base_revision=0)


async def test_a_plan_is_refused_when_somebody_changed_the_cluster_and_names_what_moved(
    apps: Apps, cluster: Cluster
) -> None:
    await apps.deploy()
    stale = await apps.workloads.plan(apps.principal, apps.namespace.slug, replace(WEB, replicas=1))
    (service,) = await cluster.list(Kind.SERVICE, apps.namespace.slug)
    await cluster.delete(Kind.SERVICE, apps.namespace.slug, service["metadata"]["name"])

    with pytest.raises(PlanConflict) as refusal:
        await apps.workloads.deploy(apps.principal, stale.id, None)

    assert ("Service/web",) == refusal.value.changes


async def test_a_plan_still_holds_when_only_the_status_moved(apps: Apps) -> None:
    """Pods become ready all the time, and resourceVersions with them: no conflict."""
    await apps.deploy()
    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, replace(WEB, replicas=1))
    await apps.reach("web", WorkloadPhase.READY)

    workload, _ = await apps.workloads.deploy(apps.principal, plan.id, None)

    assert 1 == workload.spec.replicas


@only_embedded
async def test_a_plan_is_for_one_deploy(apps: Apps) -> None:
    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, WEB)
    await apps.workloads.deploy(apps.principal, plan.id, None)

    with pytest.raises(PlanExpired):
        await apps.workloads.deploy(apps.principal, plan.id, None)


@only_embedded
async def test_a_plan_is_too_old_after_15_minutes(apps: Apps, database: Database) -> None:
    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, WEB)
    async with database.session() as session:
        row = await session.get_one(PlanRow, plan.id)
        lifetime = row.expires_at - row.created_at
        row.expires_at = row.created_at

    with pytest.raises(PlanExpired, match="15 minutes"):
        await apps.workloads.deploy(apps.principal, plan.id, None)
    assert 15 == round(lifetime.total_seconds() / 60)


@only_embedded
async def test_of_many_deploys_of_one_plan_one_wins(apps: Apps) -> None:
    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, WEB)

    outcomes = await asyncio.gather(
        *(apps.workloads.deploy(apps.principal, plan.id, None) for _ in range(6)), return_exceptions=True
    )

    assert 1 == sum(isinstance(outcome, tuple) for outcome in outcomes)
    assert 5 == sum(isinstance(outcome, PlanConflict | PlanExpired) for outcome in outcomes), outcomes
    assert [1] == [revision.number for revision in await apps.revisions()]


@only_embedded
async def test_of_many_plans_for_one_revision_one_wins(apps: Apps) -> None:
    """No lost update: what the winner deployed is what runs."""
    await apps.deploy()
    plans = [
        await apps.workloads.plan(apps.principal, apps.namespace.slug, replace(WEB, replicas=count))
        for count in (1, 2, 4, 5)
    ]

    outcomes = await asyncio.gather(
        *(apps.workloads.deploy(apps.principal, plan.id, None) for plan in plans), return_exceptions=True
    )

    (winner,) = [outcome for outcome in outcomes if isinstance(outcome, tuple)]
    assert 3 == sum(isinstance(outcome, PlanConflict) for outcome in outcomes), outcomes
    assert winner[0].spec.replicas == (await apps.get()).spec.replicas
    assert [2, 1] == [revision.number for revision in await apps.revisions()]


@only_embedded
async def test_an_object_that_turned_up_after_the_plan_is_not_taken_over_and_nothing_is_left(
    apps: Apps, cluster: Cluster
) -> None:
    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, SECRETIVE)
    await cluster.create(service_of_somebody_else(apps.namespace.slug))

    with pytest.raises(NameTaken):
        await apps.workloads.deploy(apps.principal, plan.id, None)

    await apps.workloads.settled()
    assert await cluster.get(Kind.SERVICE, apps.namespace.slug, "web") is not None
    assert [] == await cluster.list(Kind.SECRET, apps.namespace.slug)
    with pytest.raises(NotFound):
        await apps.get()
