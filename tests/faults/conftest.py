"""The whole graph behind a wire that breaks, and the figures that are printed at the end."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from api.authentication.passwords import Passwords
from api.authentication.service import AuthenticationService
from api.authorization.authorizer import Authorizer
from api.authorization.models import Principal, Scope
from api.clusters.cluster import Cluster
from api.clusters.connection import CALL_SECONDS
from api.database.database import Database
from api.database.encryption import Encryption
from api.metrics.metrics_api import MetricsApiSource
from api.metrics.service import MetricsService
from api.namespaces.models import Namespace
from api.namespaces.service import NamespaceService
from api.users.service import UserService
from api.workloads.following import Following
from api.workloads.service import WorkloadService
from graphql_schema.execution import Executor
from graphql_schema.schema import build_schema
from graphql_schema.services import Services
from tests.allowances import unlimited
from tests.api.conftest import (
    ada,
    api_server,
    cluster,
    encryption,
    eve,
    exposures,
    namespaces,
    proxy,
    sign_up,
    signed_in,
    somebody,
    workloads,
)
from tests.api.proxy import FaultyProxy
from tests.api.servers import ApiServer
from tests.api.workloads.apps import Apps
from tests.faults.figures import FIGURES, Figures
from tests.faults.replicas import Site
from tests.graphql_schema.conftest import Graph
from tests.graphql_schema.webhooks.over import webhooks_over

__all__ = [
    "ada",
    "api_server",
    "cluster",
    "encryption",
    "eve",
    "exposures",
    "namespaces",
    "proxy",
    "sign_up",
    "signed_in",
    "somebody",
    "workloads",
]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    figures = config.stash.get(FIGURES, None)
    if figures is None or not figures.rows:
        return
    terminalreporter.section(f"faults: what was seen (load of the machine {os.getloadavg()[0]:.1f})")
    for line in figures.lines():
        terminalreporter.write_line(line)


@pytest.fixture
def figures(pytestconfig: pytest.Config) -> Figures:
    """Where a test notes what it measured."""
    return pytestconfig.stash.setdefault(FIGURES, Figures())


@pytest.fixture
def call_seconds() -> float:
    """As Moorage is: what it does within its own limits is what is looked at."""
    return CALL_SECONDS


@pytest.fixture
def site(database_url: str, proxy: FaultyProxy, api_server: ApiServer, tmp_path: Path) -> Site:
    """One database and one API server, behind the wire that breaks, for replicas."""
    return Site(database_url, proxy.url, api_server.token, tmp_path)


@pytest.fixture
async def secret(database: Database, ada: Principal) -> str:
    """An API token of Ada's."""
    scopes = frozenset({Scope.READ, Scope.WRITE})
    with Passwords.open(memory_kib=1024, passes=1) as passwords:
        authentication = AuthenticationService(database, passwords)
        return (await authentication.create_api_token(ada, name="faults", scopes=scopes, expires_in_days=1))[1]


@pytest.fixture
async def shop(namespaces: NamespaceService, ada: Principal) -> Namespace:
    return await namespaces.create(ada, "shop")


@pytest.fixture
def apps(workloads: WorkloadService, ada: Principal, shop: Namespace) -> Apps:
    """What Ada does in her namespace."""
    return Apps(workloads, ada, shop)


@pytest.fixture
async def graph(
    database: Database,
    cluster: Cluster,
    namespaces: NamespaceService,
    workloads: WorkloadService,
    encryption: Encryption,
) -> AsyncIterator[Graph]:
    """The graph over the services, as it is served."""
    executor = Executor(build_schema(), open_to_strangers=True, allowances=unlimited())
    with Passwords.open(memory_kib=1024, passes=1) as passwords:
        async with MetricsApiSource.open(cluster.pod_metrics, interval=timedelta(minutes=1)) as source:
            authentication, metrics = AuthenticationService(database, passwords), MetricsService(source)
            opened = Following.open(
                database, cluster, namespaces, metrics, changes=workloads.rows, still_valid=authentication.still_valid
            )
            async with opened as following:
                services = Services(
                    authentication=authentication,
                    users=UserService(database, Authorizer()),
                    namespaces=namespaces,
                    workloads=workloads,
                    metrics=metrics,
                    following=following,
                    cluster=cluster,
                    webhooks=webhooks_over(
                        executor,
                        database,
                        namespaces=namespaces,
                        workloads=workloads,
                        encryption=encryption,
                    ),
                )
                yield Graph(executor, services)
