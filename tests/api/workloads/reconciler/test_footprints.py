"""What tells the reconciler that something was edited, added or deleted, without a call of the cluster."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import msgspec
import pytest

from api.clusters.objects import WATCHED, WORKLOAD_ID, Deployment, HorizontalPodAutoscaler, Kind, ResourceQuota, Watched
from api.clusters.store import Store
from api.namespaces.provisioning import GUARDS
from api.workloads.applying import MANAGED
from api.workloads.reconciler.repairs import REPAIRED_KINDS

APP = str(uuid4())
META = {"namespace": "shop", "uid": "u", "creationTimestamp": "2026-01-01T00:00:00Z", "labels": {WORKLOAD_ID: APP}}


def secret(version: str, **metadata: object) -> Watched:
    return msgspec.convert(
        {"metadata": {"name": "a", "resourceVersion": version, **META, **metadata}}, Watched, strict=False
    )


def deployment(version: str, generation: int, ready: int = 0, **metadata: object) -> Deployment:
    meta = {"name": "web", "resourceVersion": version, "generation": generation, **META, **metadata}
    return msgspec.convert({"metadata": meta, "spec": {}, "status": {"readyReplicas": ready}}, Deployment, strict=False)


def quota(version: str, hard: str, used: str) -> ResourceQuota:
    meta = {**META, "name": "quota", "resourceVersion": version, "labels": {}}
    return msgspec.convert(
        {"metadata": meta, "spec": {"hard": {"pods": hard}}, "status": {"used": {"pods": used}}},
        ResourceQuota,
        strict=False,
    )


def autoscaler(version: str, percent: int, replicas: int) -> HorizontalPodAutoscaler:
    resource = {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": percent}}
    item = {
        "metadata": {"name": "web", "resourceVersion": version, **META},
        "spec": {"maxReplicas": 3, "metrics": [{"type": "Resource", "resource": resource}]},
        "status": {"desiredReplicas": replicas},
    }
    return msgspec.convert(item, HorizontalPodAutoscaler, strict=False)


@pytest.fixture
def store() -> Store:
    return Store()


def footprint(store: Store) -> object:
    return store.footprint(MANAGED, "shop", APP)


def test_every_kind_that_is_repaired_is_watched() -> None:
    assert set() == set(REPAIRED_KINDS) - set(WATCHED)


def test_edits_additions_and_deletions_leave_another_footprint(store: Store) -> None:
    store.put(Kind.SECRET, secret("1"))
    store.put(Kind.DEPLOYMENT, deployment("2", 1))
    prints = [footprint(store)]

    for kind, item in (
        (Kind.SECRET, secret("3")),
        (Kind.DEPLOYMENT, deployment("4", 2)),
        (Kind.DEPLOYMENT, deployment("5", 2, annotations={"a": "b"})),
        (Kind.SERVICE, secret("6", uid="service")),
    ):
        store.put(kind, item)
        prints.append(footprint(store))
    store.remove(Kind.SECRET, secret("3"))
    prints.append(footprint(store))

    assert all(before != after for number, before in enumerate(prints) for after in prints[number + 1 :])


def test_a_change_of_status_leaves_the_same_footprint(store: Store) -> None:
    store.put(Kind.DEPLOYMENT, deployment("1", 1))
    store.put(Kind.RESOURCE_QUOTA, quota("1", "30", "0"))
    before = footprint(store), store.footprint(GUARDS, "shop", None)

    store.put(Kind.DEPLOYMENT, deployment("2", 1, ready=3))
    store.put(Kind.RESOURCE_QUOTA, quota("2", "30", "3"))

    assert before == (footprint(store), store.footprint(GUARDS, "shop", None))
    store.put(Kind.RESOURCE_QUOTA, quota("3", "3000", "3"))
    assert before[1] != store.footprint(GUARDS, "shop", None)


def test_what_an_autoscaler_reports_leaves_the_same_footprint(store: Store) -> None:
    store.put(Kind.HORIZONTAL_POD_AUTOSCALER, autoscaler("1", 80, 1))
    before = footprint(store)

    store.put(Kind.HORIZONTAL_POD_AUTOSCALER, autoscaler("2", 80, 3))

    assert before == footprint(store)
    store.put(Kind.HORIZONTAL_POD_AUTOSCALER, autoscaler("3", 70, 3))
    assert before != footprint(store)


async def test_whoever_listens_is_told_of_each_app_once(store: Store) -> None:
    with store.touched() as touched:
        store.put(Kind.SECRET, secret("1"))
        store.put(Kind.DEPLOYMENT, deployment("2", 1))
        store.put(Kind.RESOURCE_QUOTA, quota("3", "30", "0"))
        async with asyncio.timeout(5):
            assert {("shop", APP), ("shop", None)} == await touched.take()
        store.put(Kind.SECRET, secret("4"))
        async with asyncio.timeout(5):
            assert {("shop", APP)} == await touched.take()
