"""One replica at a time reconciles, and what one leaves undone the next one ends."""

from __future__ import annotations

import os
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from api.authorization.authorizer import Authorizer
from api.authorization.vigils import Vigils
from api.clusters.cluster import Cluster
from api.clusters.election import LeadershipLost
from api.clusters.models import Kubeconfig
from api.clusters.objects import Kind
from api.database.database import Database
from api.database.encryption import Encryption
from api.database.tables import RevisionRow, WorkloadRow
from api.namespaces.models import NamespaceLimits
from api.namespaces.service import NamespaceService
from api.workloads.applying import MANAGED
from api.workloads.models import RevisionState
from api.workloads.reconciler.repairs import Repairer
from api.workloads.service import WorkloadService
from api.workloads.timeline import TimelineKind
from tests.api.clusters.embedded.client import Client
from tests.api.people import SignedIn
from tests.api.proxy import FaultyProxy
from tests.api.servers import PATIENT, ApiServer, only_embedded, write_kubeconfig
from tests.api.workloads.apps import WEB, Apps
from tests.api.workloads.reconciler.conftest import campaigning, told

pytestmark = only_embedded


async def scale_by_somebody(apps: Apps, somebody: Client, replicas: int) -> None:
    path = f"{Kind.DEPLOYMENT.prefix}/namespaces/{apps.namespace.slug}/deployments/web"
    assert 200 == (await somebody.patch(path, {"spec": {"replicas": replicas}})).status


async def test_what_was_changed_while_nobody_led_is_repaired_by_who_leads_next(
    apps: Apps, cluster: Cluster, somebody: Client, lease: str
) -> None:
    await apps.deploy_until_ready(WEB)
    async with campaigning(apps.workloads, cluster, lease):
        await scale_by_somebody(apps, somebody, 7)
        await told(apps, TimelineKind.REPAIRED)
    await scale_by_somebody(apps, somebody, 5)

    async with campaigning(apps.workloads, cluster, lease):
        [latest, _] = await told(apps, TimelineKind.REPAIRED, times=2)

    assert ["5"] == [each.before for each in latest.details.objects[0].changes]


async def test_while_one_replica_leads_another_repairs_nothing(
    *,
    apps: Apps,
    cluster: Cluster,
    database: Database,
    api_server: ApiServer,
    somebody: Client,
    lease: str,
    tmp_path: Path,
) -> None:
    await apps.deploy_until_ready(WEB)
    async with AsyncExitStack() as stack:
        wire = await stack.enter_async_context(FaultyProxy.open(api_server.url, api_server.tls))
        kubeconfig = write_kubeconfig(tmp_path / "other", wire.url, api_server.token)
        other_cluster = await stack.enter_async_context(Cluster.open(Kubeconfig(kubeconfig), limit=PATIENT))
        namespaces = NamespaceService(database, other_cluster, Authorizer(), NamespaceLimits())
        other = WorkloadService(
            database, other_cluster, namespaces, Encryption(os.urandom(32)), vigils=Vigils(SignedIn())
        )
        async with campaigning(apps.workloads, cluster, lease):
            await scale_by_somebody(apps, somebody, 7)
            await told(apps, TimelineKind.REPAIRED)
            async with campaigning(other, other_cluster, lease):
                await scale_by_somebody(apps, somebody, 5)
                await told(apps, TimelineKind.REPAIRED, times=2)
        written = [each for each in wire.seen if each.method != "GET" and "/deployments/" in each.path]

    assert [] == written


async def test_a_deploy_that_a_lost_process_cut_in_two_is_undone(
    apps: Apps, cluster: Cluster, database: Database, lease: str
) -> None:
    """kill -9 between apply and commit; nobody deploys again, and no server is started."""
    await apps.deploy_until_ready(WEB)
    await apps.deploy(replace(WEB, image="registry.example/web:2"))
    (second, _) = await apps.revisions()
    async with database.session() as session:
        row = await session.get_one(RevisionRow, second.id)
        row.state = RevisionState.PENDING.value
        row.created_at -= timedelta(minutes=10)
        (await session.get_one(WorkloadRow, second.workload_id)).current_revision = 1

    async with campaigning(apps.workloads, cluster, lease):
        [entry] = await told(apps, TimelineKind.REVISION_FAILED)

    assert 2 == entry.details.revision
    deployment = await cluster.get(Kind.DEPLOYMENT, apps.namespace.slug, "web")
    assert deployment is not None
    assert WEB.image == deployment["spec"]["template"]["spec"]["containers"][0]["image"]


async def test_once_its_term_is_over_nothing_is_written(
    apps: Apps, cluster: Cluster, namespaces: NamespaceService, somebody: Client, proxy: FaultyProxy
) -> None:
    """Also where the event loop stood still, and nobody could cancel the work in time."""
    await apps.deploy_until_ready(WEB)
    await scale_by_somebody(apps, somebody, 7)
    app = next(key for key in cluster.store.owners(MANAGED) if key[0] == apps.namespace.slug and key[1])
    repairer: Repairer = apps.workloads.repairer
    written = len([each for each in proxy.seen if each.is_write])

    def over() -> None:
        raise LeadershipLost("the term is over")

    for key in (app, (apps.namespace.slug, None)):
        with pytest.raises(LeadershipLost):
            await repairer.look_at(key, over)

    assert written == len([each for each in proxy.seen if each.is_write])
