"""Logs of containers, read and followed, on both API servers."""

from __future__ import annotations

import asyncio

import pytest

from api.clusters.cluster import Cluster
from api.clusters.objects import Pod
from api.clusters.pod_logs import LogQuery
from api.errors import ClusterRefused, NotThere
from api.logs.models import LogSource
from api.logs.reading import LogReader
from tests.api.clusters.contract.manifests import pod
from tests.api.waiting import until


@pytest.fixture
async def web(cluster: Cluster, namespace: str, ready_for_pods: None) -> LogSource:
    """A container that runs."""
    await cluster.create(pod(namespace))
    await until(cluster, namespace, lambda: any(map(_is_running, cluster.store.pods(namespace))))
    [found] = cluster.store.pods(namespace)
    return LogSource(namespace, found.metadata.name, found.metadata.uid, "app")


def _is_running(found: Pod) -> bool:
    return any(status.state.running for status in found.status.container_statuses)


def query(source: LogSource) -> LogQuery:
    return LogQuery(namespace=source.namespace, pod=source.pod, container=source.container, timestamps=True)


async def test_a_log_is_followed_from_its_first_line(cluster: Cluster, web: LogSource) -> None:
    async with asyncio.timeout(10), cluster.pod_logs.follow(query(web)) as pieces:
        first = await anext(aiter(pieces))

    assert first.splitlines()[0] in await cluster.pod_logs.read(query(web))


async def test_lines_behind_a_place_are_read_from_there(cluster: Cluster, web: LogSource) -> None:
    reader = LogReader(cluster.pod_logs)
    whole = await reader.behind(web, None)

    rest = await reader.behind(web, whole.lines[0].position)

    assert whole.lines[1:] == rest.lines[: len(whole.lines) - 1]
    assert rest.has_found
    assert rest.gap is None


async def test_the_last_lines_have_the_places_that_the_whole_log_gives_them(cluster: Cluster, web: LogSource) -> None:
    reader = LogReader(cluster.pod_logs)

    last = (await reader.tail(web, 1)).lines[-1]

    assert last in (await reader.behind(web, None)).lines


async def test_a_pod_that_is_not_there_has_no_log(cluster: Cluster, web: LogSource) -> None:
    with pytest.raises(NotThere):
        await cluster.pod_logs.read(LogQuery(namespace=web.namespace, pod="other", container="app"))


async def test_a_container_that_is_not_there_has_no_log(cluster: Cluster, web: LogSource) -> None:
    with pytest.raises(ClusterRefused):
        await cluster.pod_logs.read(LogQuery(namespace=web.namespace, pod=web.pod, container="other"))
