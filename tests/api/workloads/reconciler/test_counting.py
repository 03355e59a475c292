"""What a replica tells of its reconciling."""

from __future__ import annotations

import asyncio

import pytest

from api.authorization.vigils import Vigils
from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.database.database import Database
from api.database.encryption import Encryption
from api.monitoring.telemetry import Telemetry
from api.namespaces.service import NamespaceService
from api.workloads.service import WorkloadService
from tests.api.clusters.embedded.client import Client
from tests.api.people import SignedIn
from tests.api.servers import only_embedded
from tests.api.workloads.apps import WEB, Apps

pytestmark = only_embedded


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry()


@pytest.fixture
def workloads(
    *,
    telemetry: Telemetry,
    database: Database,
    cluster: Cluster,
    namespaces: NamespaceService,
    encryption: Encryption,
    signed_in: SignedIn,
) -> WorkloadService:
    return WorkloadService(database, cluster, namespaces, encryption, vigils=Vigils(signed_in), telemetry=telemetry)


def value(telemetry: Telemetry, name: str, **labels: str) -> float | None:
    return telemetry.instruments.registry.get_sample_value(name, labels)


@pytest.mark.usefixtures("reconciler")
async def test_a_repair_is_counted(apps: Apps, telemetry: Telemetry, somebody: Client) -> None:
    await apps.deploy_until_ready(WEB)

    await somebody.delete(f"{Kind.SERVICE.prefix}/namespaces/{apps.namespace.slug}/services/web")

    async with asyncio.timeout(30):
        while 1 != value(telemetry, "moorage_reconciler_looks_total", outcome="repaired"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)  # a metric tells nobody that it has changed
    assert 1 == value(telemetry, "moorage_reconciler_leading")
    assert 1 == value(telemetry, "moorage_changes_total", change="deploy", outcome="ok")


@pytest.mark.usefixtures("workloads")
async def test_who_does_not_lead_says_so(telemetry: Telemetry) -> None:
    assert 0 == value(telemetry, "moorage_reconciler_leading")
