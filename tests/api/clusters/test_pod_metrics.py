"""What metrics.k8s.io tells, read from its bytes."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from api.clusters.cluster import Cluster
from api.clusters.connection import Connection
from api.clusters.metrics_api import pod_metrics
from api.clusters.models import ClusterKind, PodMetrics
from api.errors import Unavailable
from tests.api.clusters.scripted_api import ScriptedApi


def told(*usages: dict[str, str]) -> bytes:
    """The answer for one pod with a container for each of `usages`."""
    containers = [{"name": f"c{number}", "usage": usage} for number, usage in enumerate(usages)]
    metadata = {"name": "web-1", "namespace": "shop"}
    pod: dict[str, Any] = {"metadata": metadata, "timestamp": "2026-11-23T12:00:00Z", "containers": containers}
    return json.dumps({"kind": "PodMetricsList", "items": [pod]}).encode()


def test_containers_are_summed_to_their_pod_in_cores_and_bytes() -> None:
    found = pod_metrics(told({"cpu": "500000000n", "memory": "2Mi"}, {"cpu": "250m", "memory": "1000Ki"}, {"cpu": "2"}))

    at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert [PodMetrics("shop", "web-1", at, 2.75, 2 * 2**20 + 1000 * 2**10)] == found


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b"[]", b'{"items": null}', told({"cpu": "a lot"}), told({"cpu": "1"}).replace(b"2026", b"x")],
)
def test_what_is_no_metrics_is_told_as_a_source_that_is_away(content: bytes) -> None:
    with pytest.raises(Unavailable, match=r"metrics\.k8s\.io answers cannot be read") as raised:
        pod_metrics(content)

    assert "metrics" == raised.value.part


async def test_a_cluster_without_metrics_says_what_to_install(api: ScriptedApi, connection: Connection) -> None:
    asked = asyncio.create_task(Cluster(connection, ClusterKind.KUBERNETES).pod_metrics())
    (await api.request()).refuse(404)

    with pytest.raises(Unavailable, match="install metrics-server, or set MOORAGE_PROMETHEUS_URL") as told:
        await asked

    assert "metrics" == told.value.part
