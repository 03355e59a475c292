"""An app, and somebody who can bring it into trouble."""

from __future__ import annotations

import pytest

from api.clusters.cluster import Cluster
from api.workloads.models import Workload
from tests.api.clusters.embedded.client import Client
from tests.api.workloads.apps import Apps
from tests.api.workloads.diagnosis.ward import ONE, Ward


@pytest.fixture
def ward(apps: Apps, cluster: Cluster, somebody: Client) -> Ward:
    return Ward(apps, cluster, somebody)


@pytest.fixture
async def web(apps: Apps) -> Workload:
    """The app, up with one pod."""
    return await apps.deploy_until_ready(ONE)
