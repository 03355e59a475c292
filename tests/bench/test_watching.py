"""From a change in the API server to whoever follows the app, with 1,500 pods in the Store.

Both begin when the change is sent; what a bare watch takes is the API server's own time, and the rest is ours.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from api.clusters.connection import path
from api.clusters.objects import MANAGED_BY, MANAGER, Kind
from api.database.database import Database
from tests.bench.manager import Manager, Object, app, opened
from tests.bench.measures import Bars, Times
from tests.devcluster_fixture import DevCluster

pytestmark = [pytest.mark.bench, pytest.mark.devcluster]

CROWD = "crowd-of-others"
PODS = 1_500
ROUNDS, CHANGES = 4, 50
REST = 0.12
"""Between changes. What controllers answer to one may come right before the next, which is told 0.04 s later then."""
PATIENCE = 30.0
AT_ONCE = 16


@pytest.fixture
async def manager(devcluster: DevCluster, database: Database, tmp_path: Path) -> AsyncIterator[Manager]:
    """With a namespace of 1,500 pods, and an app of one pod that everybody looks at."""
    async with opened(devcluster, database, tmp_path) as manager:
        await crowd(manager)
        await deploy(manager)
        yield manager
        await manager.api.delete(namespace_object())


async def test_a_change_reaches_subscribers_within_milliseconds(manager: Manager, bars: Bars) -> None:
    ours, bare = Times(), Times()
    pod = await pod_that_runs(manager)
    for _ in range(ROUNDS):
        await through_the_service(manager, pod, ours)
        await through_a_bare_watch(manager, pod, bare)

    known = len(manager.cluster.store.pods(CROWD))
    for name, percent, most in (("p50", 50, 10), ("p99", 99, 50)):
        seen, told = ours.percentile(percent), bare.percentile(percent)
        beside = f"{seen:.1f} ms - {told:.1f} ms"
        bars.held(f"watch event → subscriber, {known:,} pods, {name}", seen - told, most, " ms", beside)
    assert PODS == known
    assert [] == bars.missed()


async def through_the_service(manager: Manager, pod: Object, times: Times) -> None:
    """From sending a change to the update of the service's stream that shows it."""
    stream = manager.workloads.watch(manager.ada, manager.namespace.slug, "followed")
    async with aclosing(stream) as updates, asyncio.timeout(PATIENCE):
        await anext(updates)
        for _ in range(CHANGES):
            reason, began = f"Reason{time.monotonic_ns()}", time.perf_counter()
            change = asyncio.create_task(make_trouble(manager, pod, reason))
            async for update in updates:
                if update.workload and reason in {cell.reason for cell in update.workload.rollout.cells}:
                    break
            times.seconds.append(time.perf_counter() - began)
            await change
            await asyncio.sleep(REST)


async def through_a_bare_watch(manager: Manager, pod: Object, times: Times) -> None:
    """From sending a change to the line that tells of it, in a client that does nothing else."""
    place = path(Kind.POD, manager.namespace.slug)
    live = await manager.cluster.get(Kind.POD, manager.namespace.slug, pod["metadata"]["name"])
    assert live is not None
    version = live["metadata"]["resourceVersion"]
    async with manager.api.watch(place, resourceVersion=version) as lines, asyncio.timeout(PATIENCE):
        for _ in range(CHANGES):
            reason, began = f"Reason{time.monotonic_ns()}", time.perf_counter()
            change = asyncio.create_task(make_trouble(manager, pod, reason))
            while reason.encode() not in await lines.readline():
                pass
            times.seconds.append(time.perf_counter() - began)
            await change
            await asyncio.sleep(REST)


async def make_trouble(manager: Manager, pod: Object, reason: str) -> None:
    """Say of the pod's container, as the kubelet does, that it ended for this reason."""
    status = {
        **pod["status"]["containerStatuses"][0],
        "ready": False,
        "state": {"terminated": {"exitCode": 1, "reason": reason}},
    }
    place = path(Kind.POD, manager.namespace.slug, pod["metadata"]["name"], "status")
    await manager.api.patch(place, {"status": {"containerStatuses": [status]}})


async def deploy(manager: Manager) -> None:
    plan = await manager.workloads.plan(manager.ada, manager.namespace.slug, app("followed", replicas=1))
    await manager.workloads.deploy(manager.ada, plan.id, None)


async def pod_that_runs(manager: Manager) -> Object:
    """The app's one pod, once the (simulated) kubelet has told of its container."""
    slug, store = manager.namespace.slug, manager.cluster.store
    with store.subscribe(slug) as changes:
        async with asyncio.timeout(PATIENCE):
            while not any(pod.status.container_statuses for pod in store.pods(slug)):
                await anext(changes)
    live = await manager.cluster.get(Kind.POD, slug, store.pods(slug)[0].metadata.name)
    assert live is not None
    return live


async def crowd(manager: Manager) -> None:
    """Pods that nobody schedules, so that nothing happens to them."""
    await manager.api.post(path(Kind.NAMESPACE), namespace_object())
    left = iter(range(PODS))

    async def fill() -> None:
        for number in left:
            await manager.api.post(path(Kind.POD, CROWD), idle_pod(f"idle-{number}"))

    async with asyncio.TaskGroup() as tasks:
        for _ in range(AT_ONCE):
            tasks.create_task(fill())
    with manager.cluster.store.subscribe(CROWD) as changes:
        async with asyncio.timeout(PATIENCE):
            while len(manager.cluster.store.pods(CROWD)) < PODS:
                await anext(changes)


def namespace_object() -> Object:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": CROWD, "labels": {MANAGED_BY: MANAGER}}}


def idle_pod(name: str) -> Object:
    container = {"name": "app", "image": "registry.example/web:1"}
    spec = {"schedulerName": "nobody", "automountServiceAccountToken": False, "containers": [container]}
    metadata = {"name": name, "labels": {MANAGED_BY: MANAGER}}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}
