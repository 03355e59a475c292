"""The Cluster Manager beside what anybody else would do with the same API server: one table of one run.

Ratios are medians of many rounds in which both sides take turns, so that what else the machine does meets both alike.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import NAMESPACE_DNS, UUID, uuid5

import pytest

from api.clusters.objects import MANAGER
from api.database.database import Database
from api.manifests.builder import build
from api.manifests.models import WorkloadSpec
from api.manifests.secrets import without_values
from tests.bench.manager import Manager, Object, app, opened
from tests.bench.measures import Bars, Times
from tests.devcluster_fixture import DevCluster

pytestmark = [pytest.mark.bench, pytest.mark.devcluster]

ROUNDS = 15
PLANS = 40
DRY_RUN = {"dryRun": "All"}


@pytest.fixture
async def manager(devcluster: DevCluster, database: Database, tmp_path: Path) -> AsyncIterator[Manager]:
    async with opened(devcluster, database, tmp_path) as manager:
        yield manager


async def test_a_plan_takes_three_dry_runs_at_most(manager: Manager, bars: Bars) -> None:
    """Each beside one dry run of the Deployment that it is about, made or changed alike, by a connected client."""
    await deploy(manager, app("planned"))
    app_id = (await manager.workloads.get(manager.ada, manager.namespace.slug, "planned")).id
    making, new, changing, changed = Times(), Times(), Times(), Times()
    deployment = objects(manager, app("dry"))[-1]
    for number in range(PLANS):
        spec = app("planned", image=f"ghcr.io/ada/engine:{number}")
        change = objects(manager, spec, workload_id=app_id)[-1]
        with making.taken():
            await manager.api.apply(deployment, **DRY_RUN)
        with new.taken():
            await plan(manager, app(f"new-{number}"))
        with changing.taken():
            await manager.api.apply(change, **DRY_RUN, fieldManager=MANAGER)
        with changed.taken():
            await plan(manager, spec)

    for what, side, dry_run in (("a new app", new, making), ("a change", changed, changing)):
        beside = f"{side.median:.1f} ms / {dry_run.median:.1f} ms"
        bars.held(f"plan of {what} / one dry run of it", side.median / dry_run.median, 3, "x", beside)
    assert [] == bars.missed()


async def test_a_deploy_is_about_as_fast_as_kubectl(manager: Manager, bars: Bars) -> None:
    sides = {name: Times() for name in ("ours", "kubectl", "bare", "ours again", "kubectl again", "bare again")}
    for number in range(ROUNDS):
        for suffix, image in (("", "ghcr.io/ada/engine:1"), (" again", "ghcr.io/ada/engine:2")):
            spec = app(f"ours-{number}", image=image)
            ready = await manager.workloads.plan(manager.ada, manager.namespace.slug, spec)
            with sides[f"ours{suffix}"].taken():
                await manager.workloads.deploy(manager.ada, ready.id, None)
            theirs = objects(manager, app(f"theirs-{number}", image=image))
            manager.kubectl.write(theirs)
            with sides[f"kubectl{suffix}"].taken():
                await asyncio.to_thread(manager.kubectl.apply)
            bare = objects(manager, app(f"bare-{number}", image=image))
            with sides[f"bare{suffix}"].taken():
                for manifest in bare:
                    await manager.api.apply(manifest)
        await manager.workloads.delete(manager.ada, manager.namespace.slug, f"ours-{number}")
        for manifest in (*theirs, *bare):
            await manager.api.delete(manifest)

    for suffix, what in (("", "deploy of a new app"), (" again", "deploy of a change")):
        ours, kubectl, bare_client = (sides[f"{name}{suffix}"].median for name in ("ours", "kubectl", "bare"))
        bars.held(f"{what} / kubectl apply", ours / kubectl, 1.2, "x", f"{ours:.1f} ms / {kubectl:.1f} ms")
        bars.told(f"{what} / bare applies", f"{ours / bare_client:.2f}x", f"{ours:.1f} ms / {bare_client:.1f} ms")
    assert [] == bars.missed()


async def plan(manager: Manager, spec: WorkloadSpec) -> None:
    await manager.workloads.plan(manager.ada, manager.namespace.slug, spec)


async def deploy(manager: Manager, spec: WorkloadSpec) -> None:
    ready = await manager.workloads.plan(manager.ada, manager.namespace.slug, spec)
    await manager.workloads.deploy(manager.ada, ready.id, None)


def objects(manager: Manager, spec: WorkloadSpec, *, workload_id: UUID | None = None) -> list[Object]:
    """What the builder makes of it."""
    return build(
        without_values(spec),
        namespace=manager.namespace.slug,
        workload_id=workload_id or uuid5(NAMESPACE_DNS, spec.name),
        revision=1,
        template_revision=1,
        secret_values={each.name: each.value or "" for each in spec.secrets},
    )
