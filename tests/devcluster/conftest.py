"""A namespace of its own for each test, and kubectl in it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.devcluster.kubectl import Kubectl
from tests.devcluster_fixture import DevCluster


@pytest.fixture
def kubectl(devcluster: DevCluster) -> Iterator[Kubectl]:
    namespace = f"test-{uuid4().hex[:8]}"
    cluster_wide = Kubectl(devcluster, "default")
    cluster_wide("create", "namespace", namespace)
    yield Kubectl(devcluster, namespace)
    cluster_wide("delete", "namespace", namespace, "--wait=false")
