"""The whole graph over real parts: PostgreSQL, the embedded cluster at a quick pace, the services as they are."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from graphql import GraphQLSchema
from graphql import build_schema as build_from_sdl

from api.authentication.passwords import Passwords
from api.authentication.registration import Registration
from api.authentication.service import AuthenticationService
from api.authorization.authorizer import Authorizer
from api.authorization.models import Principal, Scope
from api.authorization.vigils import Vigils
from api.clusters.cluster import Cluster
from api.clusters.models import Embedded
from api.database.database import Database
from api.database.encryption import Encryption
from api.manifests.exposures.profiles import NOT_EXPOSED, Exposures
from api.metrics.metrics_api import MetricsApiSource
from api.metrics.service import MetricsService
from api.metrics.sources import Source
from api.namespaces.models import NamespaceLimits
from api.namespaces.service import NamespaceService
from api.users.service import UserService
from api.workloads.following import Following
from api.workloads.service import WorkloadService
from graphql_schema.context import Context
from graphql_schema.execution import Executor, Operation
from graphql_schema.limits import Limits
from graphql_schema.replies import Reply
from graphql_schema.schema import build_schema, print_sdl
from graphql_schema.services import Services
from tests.allowances import unlimited
from tests.api.servers import PATIENT
from tests.graphql_schema.refusals import REFUSALS, Refusals
from tests.graphql_schema.webhooks.over import webhooks_over

PACE = 0.02
PASSWORD = "harbour-cedar-violin-tuesday"


@dataclass(frozen=True, slots=True)
class Graph:
    """Executes operations as anybody."""

    executor: Executor
    services: Services

    async def reply(self, query: str, viewer: Principal | None, **variables: Any) -> Reply:
        context = Context(services=self.services, viewer=viewer, request_id="test")
        return await self.executor.execute(Operation(query, variables), context)

    async def data(self, query: str, viewer: Principal | None, **variables: Any) -> dict[str, Any]:
        """The data of a reply without errors."""
        payload = (await self.reply(query, viewer, **variables)).payload
        assert "errors" not in payload, payload["errors"]
        data: dict[str, Any] = payload["data"]
        return data

    async def codes(self, query: str, viewer: Principal | None, **variables: Any) -> list[str]:
        """The codes of a reply's errors."""
        payload = (await self.reply(query, viewer, **variables)).payload
        return [error["extensions"]["code"] for error in payload.get("errors", [])]

    async def sign_up(self, name: str) -> Principal:
        """A new user, signed in."""
        registration = Registration(email=f"{name}@example.com", password=PASSWORD, display_name=name.capitalize())
        signed_in = await self.services.authentication.register(registration, address="127.0.0.1")
        principal = await self.services.authentication.authenticate(session_secret=signed_in.session_secret)
        assert principal is not None
        return principal


def reader(principal: Principal) -> Principal:
    """The same user by a credential that may only read."""
    return replace(principal, scopes=frozenset({Scope.READ}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    refusals = config.stash.get(REFUSALS, None)
    if refusals is None or not refusals.rows:
        return
    terminalreporter.section(f"refusals: how long they took (load of the machine {os.getloadavg()[0]:.1f})")
    for line in refusals.lines():
        terminalreporter.write_line(line)


@pytest.fixture
def refusals(pytestconfig: pytest.Config) -> Refusals:
    """Where a test notes how long a refusal took."""
    return pytestconfig.stash.setdefault(REFUSALS, Refusals())


@pytest.fixture(scope="session")
def schema() -> GraphQLSchema:
    """The schema as clients read it."""
    return build_from_sdl(print_sdl(build_schema()))


@pytest.fixture
async def cluster() -> AsyncIterator[Cluster]:
    async with Cluster.open(Embedded(pace=PACE), limit=PATIENT) as cluster:
        yield cluster


@pytest.fixture
async def metrics_source(cluster: Cluster) -> AsyncIterator[MetricsApiSource]:
    async with MetricsApiSource.open(cluster.pod_metrics, interval=timedelta(seconds=1)) as source:
        yield source


@pytest.fixture
def exposures() -> Exposures:
    """What the installation offers beside the inside of a namespace."""
    return NOT_EXPOSED


@pytest.fixture
def executor() -> Executor:
    # Documents that are made from the whole schema are larger than clients' are.
    limits = Limits(tokens=20_000, aliases=100)
    return Executor(build_schema(), open_to_strangers=True, limits=limits, allowances=unlimited(), deadline=30)


@pytest.fixture
def encryption() -> Encryption:
    return Encryption(uuid4().bytes + uuid4().bytes)


@pytest.fixture
async def services(
    *,
    database: Database,
    cluster: Cluster,
    metrics_source: Source,
    exposures: Exposures,
    encryption: Encryption,
    executor: Executor,
) -> AsyncIterator[Services]:
    authorizer = Authorizer()
    with Passwords.open(memory_kib=1024, passes=1) as passwords:
        authentication = AuthenticationService(database, passwords)
        namespaces = NamespaceService(database, cluster, authorizer, NamespaceLimits(load_balancers=5))
        workloads = WorkloadService(
            database,
            cluster,
            namespaces,
            encryption,
            vigils=Vigils.relying_on(authentication),
            exposures=exposures,
        )
        metrics = MetricsService(metrics_source)
        opened = Following.open(
            database, cluster, namespaces, metrics, changes=workloads.rows, still_valid=authentication.still_valid
        )
        async with opened as following:
            yield Services(
                authentication=authentication,
                users=UserService(database, authorizer),
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
        await workloads.close()


@pytest.fixture
def graph(services: Services, executor: Executor) -> Graph:
    return Graph(executor, services)
