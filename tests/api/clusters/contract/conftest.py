"""What is promised of a Cluster holds on both API servers: a namespace of ours on each, and somebody else beside us."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from tests.api.clusters.contract.manifests import namespace_object
from tests.api.clusters.embedded.client import Client
from tests.api.waiting import PATIENCE


@pytest.fixture
async def namespace(request: pytest.FixtureRequest, cluster: Cluster) -> AsyncIterator[str]:
    """A namespace that Moorage made, and knows of: its own creation is no news to a test any more.

    Labels of it are the fixture's parameter: to those that come later the API server's admission is blind for a moment.
    """
    name, labels = f"contract-{uuid4().hex[:8]}", getattr(request, "param", {})
    created = (await cluster.create(namespace_object(name, **labels))).object["metadata"]["resourceVersion"]
    assert await cluster.wait_until_seen(Kind.NAMESPACE, created, timeout=PATIENCE)
    yield name
    await cluster.delete(Kind.NAMESPACE, None, name)


@pytest.fixture
async def ready_for_pods(somebody: Client, namespace: str) -> None:
    """Pods are refused until the namespace has its first service account."""
    await somebody.until(f"/api/v1/namespaces/{namespace}/serviceaccounts", "default", lambda _: True)
