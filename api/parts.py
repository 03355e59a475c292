"""Opens the parts that the settings name: a database, a cluster, a metrics source, and the services over them."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from api.authentication.passwords import Passwords
from api.authentication.service import AuthenticationService
from api.authorization.authorizer import Authorizer
from api.authorization.vigils import Vigils
from api.clusters.cluster import Cluster
from api.clusters.election import Term
from api.clusters.models import ClusterKind, ClusterSource, Embedded, InCluster, Kubeconfig
from api.database import migrate
from api.database.database import Database
from api.database.embedded import embedded_postgres
from api.database.encryption import Encryption, load_or_create_key, parse_key
from api.database.installation import installation_id
from api.errors import Unavailable
from api.manifests.exposures.presets import exposures_of
from api.manifests.exposures.profiles import Exposures
from api.manifests.namespace import MAX_OBJECTS
from api.metrics.metrics_api import MetricsApiSource
from api.metrics.prometheus import PrometheusSource
from api.metrics.service import MetricsService
from api.monitoring.telemetry import Telemetry
from api.namespaces.models import NamespaceLimits
from api.namespaces.service import NamespaceService
from api.settings import Settings
from api.users.service import UserService
from api.webhooks.observer import WorkloadObserver
from api.workloads.following import Following
from api.workloads.service import WorkloadService

NAMESPACES_SECONDS = 15.0
"""Between two looks at which namespaces there are, for where they have to be followed one by one."""
SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount/token")
"""Where the kubelet puts the token of a pod's service account."""

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that is open while the application serves."""

    database: Database
    encryption: Encryption
    cluster: Cluster
    authentication: AuthenticationService
    users: UserService
    namespaces: NamespaceService
    workloads: WorkloadService
    metrics: MetricsService
    following: Following

    async def check_cluster(self) -> None:
        """Raises Unavailable where the cluster does not answer."""
        if not self.cluster.reachable:
            raise Unavailable(self.cluster.message or "The cluster does not answer.", part="cluster")


@asynccontextmanager
async def opened(settings: Settings, telemetry: Telemetry | None = None) -> AsyncIterator[Parts]:
    """The parts, closed in reverse at the end. Raises ConfigurationError where a setting is wrong."""
    telemetry = telemetry or Telemetry()
    async with AsyncExitStack() as stack:
        database = await _open_database(settings, telemetry, stack)
        cluster = await stack.enter_async_context(Cluster.open(cluster_source(settings), telemetry=telemetry))
        passwords = stack.enter_context(Passwords.open())
        authorizer = Authorizer()
        exposures = exposures_of(settings, is_demo=cluster.kind is ClusterKind.EMBEDDED)
        authentication = AuthenticationService(database, passwords, registration_open=settings.registration == "open")
        namespaces = NamespaceService(database, cluster, authorizer, _limits(settings, exposures))
        stack.push_async_callback(namespaces.close)
        encryption = Encryption(_key(settings))
        workloads = WorkloadService(
            database,
            cluster,
            namespaces,
            encryption,
            vigils=Vigils.relying_on(authentication),
            exposures=exposures,
            telemetry=telemetry,
        )
        stack.push_async_callback(workloads.close)
        metrics = await _open_metrics(settings, telemetry, cluster, stack)
        following = await stack.enter_async_context(
            Following.open(
                database,
                cluster,
                namespaces,
                metrics,
                changes=workloads.rows,
                still_valid=authentication.still_valid,
            )
        )
        parts = Parts(
            database=database,
            encryption=encryption,
            cluster=cluster,
            authentication=authentication,
            users=UserService(database, authorizer),
            namespaces=namespaces,
            workloads=workloads,
            metrics=metrics,
            following=following,
        )
        await namespaces.follow()
        await _sweep(parts)
        await workloads.prerequisites.look()
        async with _reconciling(parts, settings.system_namespace):
            yield parts


@asynccontextmanager
async def _reconciling(parts: Parts, namespace: str) -> AsyncIterator[None]:
    """For as long as this replica leads, it holds the cluster to what is recorded, and looks at apps for webhooks;
    another takes over at its end."""
    name = f"reconciler-{await installation_id(parts.database)}"
    observer = WorkloadObserver(parts.database, parts.cluster, parts.workloads)

    async def lead(term: Term) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(parts.workloads.reconciler.lead(term), name="reconcile")
            tasks.create_task(observer.lead(term), name="observe for webhooks")

    work = {
        "reconciler": parts.cluster.lead(lead, name=name, namespace=namespace),
        "namespaces": _follow_namespaces(parts.namespaces),
        "prerequisites": parts.workloads.prerequisites.keep_looking(),
    }
    tasks = [asyncio.create_task(each, name=called) for called, each in work.items()]
    for task in tasks:
        task.add_done_callback(_report)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _follow_namespaces(namespaces: NamespaceService) -> None:
    """Until cancelled: other replicas make and delete some too."""
    while True:
        await asyncio.sleep(NAMESPACES_SECONDS)
        try:
            await namespaces.follow()
        except Unavailable as error:
            _logger.info("which namespaces there are is not known just now: %s", error.message)
        except Exception:
            _logger.exception("which namespaces there are could not be read; it is tried again")


def _report(task: asyncio.Task[None]) -> None:
    """That work of the background ends is always an error."""
    if not task.cancelled():
        _logger.error("the work %s has ended", task.get_name(), exc_info=task.exception())


async def _open_database(settings: Settings, telemetry: Telemetry, stack: AsyncExitStack) -> Database:
    if settings.database_url is not None:
        url = settings.database_url.get_secret_value()
    else:
        url = await stack.enter_async_context(embedded_postgres(settings.data_dir / "postgres"))
    await migrate.upgrade(url)
    return await stack.enter_async_context(Database.open(url, statements=telemetry.statements))


def cluster_source(settings: Settings) -> ClusterSource:
    """Which cluster to run on: the one that is named, the one that this process is a pod of, or the embedded one."""
    if settings.cluster == "auto" and settings.kubeconfig is not None:
        return Kubeconfig(settings.kubeconfig)
    if settings.cluster == "auto" and "KUBERNETES_SERVICE_HOST" in os.environ and SERVICE_ACCOUNT.exists():
        return InCluster()
    return Embedded(settings.data_dir / "cluster")


def _limits(settings: Settings, exposures: Exposures) -> NamespaceLimits:
    return NamespaceLimits(
        load_balancers=MAX_OBJECTS if exposures.uses_load_balancers else 0,
        cpu=settings.namespace_cpu,
        memory=settings.namespace_memory,
        pods=settings.namespace_pods,
        storage=settings.namespace_storage,
        per_user=settings.namespaces_per_user,
    )


def _key(settings: Settings) -> bytes:
    if settings.encryption_key is not None:
        return parse_key(settings.encryption_key.get_secret_value())
    return load_or_create_key(settings.data_dir / "encryption.key")


async def _open_metrics(
    settings: Settings, telemetry: Telemetry, cluster: Cluster, stack: AsyncExitStack
) -> MetricsService:
    """Prometheus where one is named, else metrics.k8s.io of the cluster; the embedded one is sampled more often, as
    nobody waits for a demonstration."""
    if settings.prometheus_url is not None:
        source = PrometheusSource.open(settings.prometheus_url, calls=telemetry.prometheus)
        return MetricsService(stack.enter_context(source))
    interval = timedelta(seconds=5 if cluster.kind is ClusterKind.EMBEDDED else 15)
    return MetricsService(
        await stack.enter_async_context(MetricsApiSource.open(cluster.pod_metrics, interval=interval))
    )


async def _sweep(parts: Parts) -> None:
    """Mend what a process that was killed left half-done. A cluster that does not answer now is no reason to stop."""
    try:
        await parts.namespaces.sweep()
        await parts.workloads.sweep()
    except Unavailable as error:
        _logger.warning("what the last run may have left half-done is not mended yet: %s", error.message)
