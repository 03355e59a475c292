"""What the watch cache of 10,000 pods takes, and that one namespace costs the same however many others there are."""

from __future__ import annotations

import asyncio
import gc
import os
import time
import tracemalloc
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import NAMESPACE_DNS, uuid5

import msgspec
import pytest
from sqlalchemy import insert

from api.authorization.authorizer import Authorizer
from api.authorization.models import Principal
from api.authorization.vigils import Vigils
from api.clusters.cluster import Cluster
from api.clusters.models import Kubeconfig
from api.clusters.objects import Kind, Pod
from api.clusters.store import Store
from api.clusters.wire import ObjectList
from api.database import migrate
from api.database.database import Database
from api.database.encryption import Encryption
from api.database.pages import PageRequest
from api.database.tables import NamespaceRow, RevisionRow, WorkloadRow
from api.manifests.models import WorkloadSpec
from api.namespaces.models import NamespaceLimits
from api.namespaces.service import NamespaceService
from api.workloads import specs
from api.workloads.service import WorkloadService
from tests.api.servers import write_kubeconfig
from tests.bench.crowd import Lists, Object, Objects, namespace, objects_of, slug_of, workload_of
from tests.bench.manager import app, signed_up
from tests.bench.measures import Bars, Times
from tests.garbage import frozen

pytestmark = pytest.mark.bench

PODS = 10_000
"""In the Store; of a relist as many are listed as are forgotten."""
PAGE = 500
APPS, PODS_EACH = 20, 1
FEW, MANY = 50, 500
RELISTS, ROUNDS = 6, 60
PATIENCE = 60.0


def test_a_pod_takes_little_memory(bars: Bars) -> None:
    pages = [msgspec.json.encode({"metadata": {}, "items": part}) for part in parts(crowd_of_pods(), PAGE)]
    page_of, pod_of = msgspec.json.Decoder(ObjectList), msgspec.json.Decoder(Pod)
    store = Store()
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()

    for page in pages:
        for item in page_of.decode(page).items or ():
            store.put(Kind.POD, pod_of.decode(item))

    gc.collect()
    taken = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    on_the_wire = sum(map(len, pages)) / PODS / 1024
    bars.held(
        f"store, a pod of {PODS:,} (tracemalloc)",
        taken / PODS / 1024,
        2.5,
        " KiB",
        f"{on_the_wire:.1f} KiB on the wire",
    )
    assert [] == bars.missed()


async def test_a_relist_blocks_nobody(bars: Bars, tmp_path: Path) -> None:
    """By the processor's time between two turns of another task, as the machine may take us off it at any moment."""
    halves = [crowd_of_pods(2 * PODS)[start::2] for start in (0, 1)]
    async with Lists.open({Kind.POD: halves[0]}, page=PAGE) as lists, opened_on(lists, tmp_path) as cluster:
        turns = Times()
        with frozen():
            for number in range(1, RELISTS + 1):
                version = lists.prepare(Kind.POD, halves[number % 2])  # the other half is gone each time
                turns.seconds.append(await longest_turn(cluster, lists, version))

    longest = max(turns.seconds) * 1000
    bars.held(
        f"relist of {PODS:,} pods, longest turn", longest, 20, " ms", f"median of {RELISTS}: {turns.median:.1f} ms"
    )
    assert [] == bars.missed()


async def longest_turn(cluster: Cluster, lists: Lists, version: str) -> float:
    """Seconds: while everything is listed again."""
    longest, over = 0.0, asyncio.Event()

    async def heart() -> None:
        nonlocal longest
        last = time.thread_time()
        while not over.is_set():
            await asyncio.sleep(0)
            now = time.thread_time()
            longest, last = max(longest, now - last), now

    beating = asyncio.create_task(heart(), name="heart")
    lists.drop()
    assert await cluster.store.wait_until_seen(Kind.POD, version, timeout=PATIENCE)
    over.set()
    await beating
    return longest


@dataclass(frozen=True, slots=True)
class World:
    """Services on a cluster and a database of so many namespaces; Ada's has the number 0."""

    workloads: WorkloadService
    namespaces: NamespaceService
    ada: Principal


async def test_one_namespace_costs_the_same_in_a_large_cluster(
    bars: Bars, database: Database, empty_database_url: str, tmp_path: Path
) -> None:
    await migrate.upgrade(empty_database_url)
    async with AsyncExitStack() as stack:
        another = await stack.enter_async_context(Database.open(empty_database_url))
        small = await stack.enter_async_context(world(FEW, database, tmp_path))
        large = await stack.enter_async_context(world(MANY, another, tmp_path))
        few, many = Times(), Times()
        for _ in range(ROUNDS):
            with few.taken():
                await look(small)
            with many.taken():
                await look(large)

    beside = f"{many.median:.1f} ms / {few.median:.1f} ms"
    bars.held(f"{APPS} apps among {MANY} namespaces / among {FEW}", many.median / few.median, 1.1, "x", beside)
    assert [] == bars.missed()


async def look(world: World) -> None:
    """A stream's snapshot, and a page with the pods of every app."""
    async with aclosing(world.workloads.watch_namespace(world.ada, slug_of(0))) as updates:
        for _ in range(APPS):
            await anext(updates)
    found = await world.namespaces.get(world.ada, slug_of(0))
    page = await world.workloads.list(world.ada, found, PageRequest(first=APPS))
    pods = [world.workloads.pods_of(each, PageRequest(first=10)) for each in page.items]
    assert APPS * PODS_EACH == sum(len(each.items) for each in pods)


@asynccontextmanager
async def world(others: int, database: Database, folder: Path) -> AsyncIterator[World]:
    ada = await signed_up(database)
    objects: dict[Kind, list[Object]] = {Kind.NAMESPACE: [], Kind.DEPLOYMENT: [], Kind.POD: []}
    for number in range(others + 1):
        slug = slug_of(number)
        objects[Kind.NAMESPACE].append(namespace(slug))
        for spec in apps():
            add(objects, objects_of(slug, spec, pods=PODS_EACH))
    await fill(database, ada, others + 1)
    async with Lists.open(objects, page=PAGE) as lists, opened_on(lists, folder) as cluster:
        namespaces = NamespaceService(database, cluster, Authorizer(), NamespaceLimits())
        workloads = WorkloadService(database, cluster, namespaces, Encryption(os.urandom(32)), vigils=Vigils(_always))
        yield World(workloads, namespaces, ada)


async def fill(database: Database, ada: Principal, count: int) -> None:
    """The rows of so many namespaces with all their apps."""
    slugs = [slug_of(number) for number in range(count)]
    owner = {"owner_id": ada.user_id, "phase": "active"}
    places = [{**owner, "id": uuid5(NAMESPACE_DNS, slug), "name": slug, "slug": slug} for slug in slugs]
    workloads, revisions = [], []
    for slug in slugs:
        for spec in apps():
            workload_id, place = workload_of(slug, spec.name), uuid5(NAMESPACE_DNS, slug)
            named = {"name": spec.name, "kind": spec.kind.value, "current_revision": 1}
            workloads.append({"id": workload_id, "namespace_id": place, **named})
            made = {"number": 1, "template_revision": 1, "cause": "deploy", "state": "applied", "changes": []}
            revisions.append({"workload_id": workload_id, "spec": specs.to_json(spec), **made})
    async with database.session() as session:
        await session.execute(insert(NamespaceRow), places)
        await session.execute(insert(WorkloadRow), workloads)
        await session.execute(insert(RevisionRow), revisions)


@asynccontextmanager
async def opened_on(lists: Lists, folder: Path) -> AsyncIterator[Cluster]:
    kubeconfig = write_kubeconfig(folder / "kubeconfig", lists.url, "token")
    async with Cluster.open(Kubeconfig(kubeconfig)) as cluster:
        assert cluster.store.synced
        yield cluster


async def _always(_: Principal) -> bool:
    return True


def crowd_of_pods(count: int = PODS) -> Sequence[Object]:
    return objects_of(slug_of(0), app("web"), pods=count)[Kind.POD]


def apps() -> list[WorkloadSpec]:
    return [app(f"app-{number}", replicas=PODS_EACH) for number in range(APPS)]


def add(objects: dict[Kind, list[Object]], more: Objects) -> None:
    for kind, each in more.items():
        objects[kind] += each


def parts(objects: Sequence[Object], size: int) -> list[Sequence[Object]]:
    return [objects[start : start + size] for start in range(0, len(objects), size)]
