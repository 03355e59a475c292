"""A Cluster over its life: opened before its API server answers, cut off in between, and closed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api.clusters.cluster import Cluster
from api.clusters.models import ClusterKind, Embedded, Kubeconfig
from api.clusters.objects import Kind
from api.errors import ConfigurationError, Unavailable
from tests.api.clusters.contract.manifests import deployment, namespace_object
from tests.api.proxy import Fault, FaultyProxy
from tests.api.servers import ApiServer, only_embedded, write_kubeconfig
from tests.api.waiting import PATIENCE, until

NAMESPACE = "shop"


@pytest.fixture
def source(api_server: ApiServer, proxy: FaultyProxy, tmp_path: Path) -> Kubeconfig:
    kubeconfig = write_kubeconfig(tmp_path / "kubeconfig", proxy.url, api_server.token)
    return Kubeconfig(kubeconfig)


@pytest.fixture
async def other(source: Kubeconfig) -> AsyncIterator[Cluster]:
    """Another replica's hold on the same cluster, with the namespace `shop`."""
    async with Cluster.open(source) as other:
        await other.create(namespace_object(NAMESPACE))
        yield other


@only_embedded
async def test_a_server_that_does_not_answer_yet_is_opened_and_found_later(
    source: Kubeconfig, proxy: FaultyProxy
) -> None:
    proxy.fail_when(lambda _: True, Fault.REFUSED)
    async with Cluster.open(source) as cluster:
        with pytest.raises(Unavailable, match="The cluster has a problem of its own") as refused:
            cluster.require_reachable()
        at_first = (cluster.reachable, cluster.store.synced, cluster.version)

        proxy.heal()
        await until(cluster, NAMESPACE, lambda: cluster.reachable)

        cluster.require_reachable()
        assert "cluster" == refused.value.part
        assert ((False, False, None), True) == (at_first, cluster.store.synced)


@only_embedded
async def test_what_happens_while_all_connections_are_broken_is_known_afterwards(
    source: Kubeconfig, other: Cluster, proxy: FaultyProxy
) -> None:
    await other.create(deployment(NAMESPACE, "before"))
    async with Cluster.open(source) as cluster:
        proxy.fail_when(lambda seen: seen.watches, Fault.REFUSED)
        proxy.break_connections()
        await until(cluster, NAMESPACE, lambda: not cluster.reachable)
        await other.delete(Kind.DEPLOYMENT, NAMESPACE, "before")
        await other.create(deployment(NAMESPACE, "after"))

        proxy.heal()

        await until(
            cluster,
            NAMESPACE,
            lambda: ["after"] == [each.metadata.name for each in cluster.store.deployments(NAMESPACE)],
        )


@only_embedded
async def test_those_who_follow_are_told_when_the_cluster_goes_away_and_comes_back(
    source: Kubeconfig, other: Cluster, proxy: FaultyProxy
) -> None:
    told = []
    with other.store.subscribe("a namespace without any change") as changes:
        async with asyncio.timeout(PATIENCE):
            proxy.fail_when(lambda seen: seen.watches, Fault.REFUSED)
            proxy.break_connections()
            await anext(changes)
            told.append(other.reachable)
            proxy.heal()
            await anext(changes)
            told.append(other.reachable)

    assert [False, True] == told


@only_embedded
async def test_a_closed_cluster_asks_nothing_more(source: Kubeconfig) -> None:
    async with Cluster.open(source):
        during = {task.get_name() for task in asyncio.all_tasks()}

    after = {task.get_name() for task in asyncio.all_tasks()}
    assert {"informer pods", "informer events"} <= during
    assert set() == {name for name in after if name.startswith(("informer", "cluster"))}


async def test_a_folder_that_another_process_uses_is_named_as_the_setting(tmp_path: Path) -> None:
    async with Cluster.open(Embedded(tmp_path)) as cluster:
        with pytest.raises(ConfigurationError) as refused:
            async with Cluster.open(Embedded(tmp_path)):
                pass

        assert ("MOORAGE_DATA_DIR", ClusterKind.EMBEDDED) == (refused.value.setting, cluster.kind)
