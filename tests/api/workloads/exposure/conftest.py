"""Both ways of exposure, of classes that nobody serves but the test itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.authorization.vigils import Vigils
from api.clusters.cluster import Cluster
from api.database.database import Database
from api.database.encryption import Encryption
from api.manifests.exposures.profiles import Exposures
from api.namespaces.service import NamespaceService
from api.workloads.service import WorkloadService
from tests.api.clusters.embedded.client import Client
from tests.api.manifests.exposures.profiles import PROFILES
from tests.api.people import SignedIn
from tests.api.workloads.apps import Apps
from tests.api.workloads.exposure.operators import Operator, Settings


@pytest.fixture
def exposures() -> Exposures:
    """Both ways, of classes that nobody here serves."""
    return Exposures(
        private=replace(PROFILES["tailscale"], class_name="vpn.example/mesh"),
        public=PROFILES["ingress without issuer"],
    )


@pytest.fixture
def operator(somebody: Client, apps: Apps) -> Operator:
    return Operator(somebody, apps.namespace.slug)


@pytest.fixture
def set_to(
    *,
    apps: Apps,
    database: Database,
    cluster: Cluster,
    namespaces: NamespaceService,
    encryption: Encryption,
    signed_in: SignedIn,
) -> Settings:
    """The same installation once its administrator has set exposure otherwise, and started it again."""

    def started(exposures: Exposures) -> Apps:
        workloads = WorkloadService(
            database, cluster, namespaces, encryption, vigils=Vigils(signed_in), exposures=exposures
        )
        return Apps(workloads, apps.principal, apps.namespace)

    return started
