"""Whether the storage class of a volume is in the cluster, as a plan tells it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from api.clusters.cluster import Cluster
from api.manifests.models import Volume, WorkloadKind, WorkloadSpec
from api.workloads.storage_classes import StorageClasses
from tests.api.proxy import FaultyProxy
from tests.api.workloads.apps import Apps

CLASSES = "/apis/storage.k8s.io/v1/storageclasses"
NO_RIGHT = 'cannot list resource "storageclasses" in API group "storage.k8s.io" at the cluster scope'
DATABASE = WorkloadSpec(
    name="db",
    image="registry.example/db:1",
    kind=WorkloadKind.STATEFUL_SERVICE,
    port=5432,
    volumes=(Volume("data", "/var/lib/data", 1, "fast"),),
)
UNNAMED = replace(DATABASE, volumes=(Volume("data", "/var/lib/data", 1),))


def listed(*names: str) -> dict[str, Any]:
    return {"kind": "StorageClassList", "items": [{"metadata": {"name": name}} for name in names]}


async def test_a_plan_warns_of_a_class_that_is_not_there(apps: Apps, proxy: FaultyProxy) -> None:
    proxy.pretend(CLASSES, listed("standard"))

    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, DATABASE)

    assert [("workload", "volumes", 0, "storage_class")] == [each.path for each in plan.findings]
    assert "It has standard" in plan.findings[0].message


async def test_where_moorage_may_not_look_a_plan_says_nothing(apps: Apps, proxy: FaultyProxy) -> None:
    proxy.deny(CLASSES, NO_RIGHT)

    plan = await apps.workloads.plan(apps.principal, apps.namespace.slug, DATABASE)

    assert () == plan.findings


async def test_a_class_that_was_made_since_is_found_at_once(cluster: Cluster, proxy: FaultyProxy) -> None:
    classes = StorageClasses(cluster)
    proxy.pretend(CLASSES, listed("standard"))
    before = await classes.for_volumes_of(DATABASE)

    proxy.pretend(CLASSES, listed("standard", "fast"))

    assert (frozenset({"standard"}), frozenset({"standard", "fast"})) == (
        before,
        await classes.for_volumes_of(DATABASE),
    )


async def test_what_was_found_is_kept_for_a_while(cluster: Cluster, proxy: FaultyProxy) -> None:
    classes = StorageClasses(cluster)
    proxy.pretend(CLASSES, listed("fast"))
    await classes.for_volumes_of(DATABASE)

    await proxy.refuse_connections()

    assert frozenset({"fast"}) == await classes.for_volumes_of(DATABASE)


async def test_without_a_class_nothing_is_asked(cluster: Cluster, proxy: FaultyProxy) -> None:
    await proxy.refuse_connections()

    assert await StorageClasses(cluster).for_volumes_of(UNNAMED) is None
