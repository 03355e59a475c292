"""Metrics as the real Prometheus has them, which scrapes the nodes of the development cluster."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest

from api.metrics.models import (
    MetricName,
    MetricNoData,
    MetricResult,
    MetricScope,
    MetricSeries,
    MetricSourceDown,
    MetricUnit,
)
from api.metrics.prometheus import PrometheusSource
from api.metrics.service import MetricsService
from api.metrics.window import MAX_POINTS, MIN_STEP, window_of
from tests.devcluster_fixture import DevCluster

pytestmark = [pytest.mark.devcluster, pytest.mark.prometheus]

WINDOW = window_of(timedelta(minutes=5), timedelta(seconds=5))
RATES = timedelta(seconds=10)
"""Five scrapes: rates rise to their value as this fills."""
SCRAPES = timedelta(seconds=60)


@pytest.fixture
def service(devcluster: DevCluster) -> Iterator[MetricsService]:
    if devcluster.prometheus is None:
        pytest.skip("Prometheus is not installed")
    with PrometheusSource.open(devcluster.prometheus, rate_window=RATES) as source:
        yield MetricsService(source)


@pytest.fixture
def namespace(devcluster: DevCluster) -> Iterator[str]:
    """Three pods of a known usage: two of the app `engine`, one of `loom`."""
    with running(
        devcluster, {"engine-7c9f-abcde": "250m", "engine-7c9f-fghij": "250m", "loom-5d6e-klmno": "500m"}
    ) as name:
        yield name


@pytest.fixture
def another(devcluster: DevCluster) -> Iterator[str]:
    """One pod of the app `engine`."""
    with running(devcluster, {"engine-7c9f-abcde": "250m"}) as name:
        yield name


async def test_usage_of_apps_and_of_their_namespace_is_right(service: MetricsService, namespace: str) -> None:
    engine, loom, whole = MetricScope(namespace, "engine"), MetricScope(namespace, "loom"), MetricScope(namespace)
    scopes = [engine, loom, whole]

    async with asyncio.timeout(SCRAPES.total_seconds()):
        results = await service.read(scopes, [MetricName.CPU, MetricName.MEMORY], WINDOW)
        while latest(results[whole, MetricName.CPU]) < 0.95:
            await asyncio.sleep(1)  # Prometheus tells nobody of new samples
            results = await service.read(scopes, [MetricName.CPU, MetricName.MEMORY], WINDOW)

    assert MetricUnit.CORES == results[whole, MetricName.CPU].unit
    assert pytest.approx(0.5, rel=0.1) == latest(results[engine, MetricName.CPU])
    assert pytest.approx(0.5, rel=0.1) == latest(results[loom, MetricName.CPU])
    assert pytest.approx(1.0, rel=0.1) == latest(results[whole, MetricName.CPU])
    assert 2 * 64 * 2**20 == latest(results[engine, MetricName.MEMORY])
    assert 3 * 64 * 2**20 == latest(results[whole, MetricName.MEMORY])


async def test_apps_of_the_same_name_in_several_namespaces_are_told_apart_in_one_call(
    service: MetricsService, namespace: str, another: str
) -> None:
    scopes = [MetricScope(namespace, "engine"), MetricScope(another, "engine"), MetricScope(another)]
    expected = [128 * 2**20, 64 * 2**20, 64 * 2**20]

    async with asyncio.timeout(SCRAPES.total_seconds()):
        while (found := await memory(service, scopes)) != expected:  # noqa: ASYNC110
            await asyncio.sleep(1)  # Prometheus tells nobody of new samples

    assert expected == found


async def test_the_most_points_that_may_be_asked_for_are_given(service: MetricsService) -> None:
    scope = MetricScope("default")

    results = await service.read([scope], [MetricName.CPU], window_of(MAX_POINTS * MIN_STEP, MIN_STEP))

    assert not isinstance(results[scope, MetricName.CPU], MetricSourceDown)


async def test_a_metric_that_nobody_scrapes_is_no_data(service: MetricsService, namespace: str) -> None:
    scope = MetricScope(namespace)

    results = await service.read([scope], [MetricName.RESTARTS, MetricName.NETWORK_RECEIVE], WINDOW)

    assert all(isinstance(result, MetricNoData) for result in results.values())


@pytest.mark.parametrize("name", ['"} or vector(1) or up{a="', "a\\", ".*", "(", "a\nb"])
async def test_a_hostile_name_is_a_name_like_any_other(service: MetricsService, name: str) -> None:
    scope = MetricScope(name, name)

    results = await service.read([scope], [MetricName.CPU], WINDOW)

    assert isinstance(results[scope, MetricName.CPU], MetricNoData)


async def memory(service: MetricsService, scopes: Sequence[MetricScope]) -> list[float]:
    results = await service.read(scopes, [MetricName.MEMORY], WINDOW)
    return [latest(results[scope, MetricName.MEMORY]) for scope in scopes]


def latest(result: MetricResult) -> float:
    return (result.latest or 0.0) if isinstance(result, MetricSeries) else 0.0


@contextmanager
def running(cluster: DevCluster, pods: Mapping[str, str]) -> Iterator[str]:
    """A namespace with these pods, by name and CPU that they use."""
    name = f"test-{uuid4().hex[:8]}"
    kubectl(cluster, "create", "namespace", name)
    for pod, cpu in pods.items():
        kubectl(cluster, "create", "-n", name, "-f", "-", given=json.dumps(annotated(pod, cpu)))
    yield name
    kubectl(cluster, "delete", "namespace", name, "--wait=false")


def annotated(name: str, cpu: str) -> dict[str, object]:
    usage = {"kwok.x-k8s.io/usage-cpu": cpu, "kwok.x-k8s.io/usage-memory": "64Mi"}
    container = {"name": "app", "image": "registry.example/app:1"}
    metadata = {"name": name, "annotations": usage}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": [container]}}


def kubectl(cluster: DevCluster, *arguments: str, given: str | None = None) -> None:
    command = [str(cluster.kubectl), f"--kubeconfig={cluster.kubeconfig}", *arguments]
    subprocess.run(command, input=given, capture_output=True, text=True, timeout=60, check=True)
