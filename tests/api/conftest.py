"""What tests of the services stand on: a cluster over real HTTP behind a proxy that can fail, and signed-in people."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import aiohttp
import pytest
import yaml
from sqlalchemy import insert

from api.authorization.authorizer import Authorizer
from api.authorization.models import Principal, Role, Scope
from api.authorization.vigils import Vigils
from api.clusters.cluster import Cluster
from api.clusters.embedded import EmbeddedCluster
from api.clusters.models import Kubeconfig
from api.database.database import Database
from api.database.encryption import Encryption
from api.database.tables import UserRow
from api.manifests.exposures.profiles import NOT_EXPOSED, Exposures
from api.manifests.namespace import MAX_OBJECTS
from api.namespaces.models import NamespaceLimits
from api.namespaces.service import NamespaceService
from api.workloads.service import WorkloadService
from tests.api.clusters.embedded.client import Client
from tests.api.people import SignedIn, SignUp
from tests.api.proxy import FaultyProxy
from tests.api.servers import PATIENT, ApiServer, server_of, write_kubeconfig
from tests.devcluster_fixture import DevCluster

PACE = 0.02


@pytest.fixture(
    params=[pytest.param("embedded"), pytest.param("devcluster", marks=pytest.mark.devcluster)],
)
async def api_server(request: pytest.FixtureRequest) -> AsyncIterator[ApiServer]:
    """The embedded cluster, and then the real one: what is promised holds on both."""
    if request.param == "embedded":
        async with EmbeddedCluster.open(pace=PACE) as embedded:
            yield ApiServer(embedded.url, embedded.token)
    else:
        cluster: DevCluster = request.getfixturevalue("devcluster")
        yield server_of(yaml.safe_load(cluster.kubeconfig.read_text()))


@pytest.fixture
async def proxy(api_server: ApiServer) -> AsyncIterator[FaultyProxy]:
    """The wire between Moorage and the API server."""
    async with FaultyProxy.open(api_server.url, api_server.tls) as proxy:
        yield proxy


@pytest.fixture
def call_seconds() -> float:
    """How long Moorage waits for an answer of the API server."""
    return PATIENT


@pytest.fixture
async def cluster(
    api_server: ApiServer, proxy: FaultyProxy, tmp_path: Path, call_seconds: float
) -> AsyncIterator[Cluster]:
    """Moorage's hold on the API server."""
    kubeconfig = write_kubeconfig(tmp_path / "kubeconfig", proxy.url, api_server.token)
    async with Cluster.open(Kubeconfig(kubeconfig), limit=call_seconds) as cluster:
        yield cluster


@pytest.fixture
async def somebody(api_server: ApiServer) -> AsyncIterator[Client]:
    """Another client of the same API server, which keeps to none of our rules."""
    connector = aiohttp.TCPConnector(ssl=api_server.tls or False)
    headers = {"Authorization": f"Bearer {api_server.token}"}
    async with aiohttp.ClientSession(api_server.url, headers=headers, connector=connector) as session:
        yield Client(session)


@pytest.fixture
def sign_up(database: Database) -> SignUp:
    """Makes a user and gives the principal that they would have when signed in."""

    async def make(name: str, *, role: Role = Role.MEMBER, scopes: frozenset[Scope] = frozenset(Scope)) -> Principal:
        principal = Principal(user_id=uuid4(), email=f"{name}@example.com", role=role, scopes=scopes)
        values = {"id": principal.user_id, "email": principal.email, "display_name": name, "role": role.value}
        async with database.session() as session:
            await session.execute(insert(UserRow).values(values))
        return principal

    return make


@pytest.fixture
async def ada(sign_up: SignUp) -> Principal:
    """A developer."""
    return await sign_up("ada")


@pytest.fixture
async def eve(sign_up: SignUp) -> Principal:
    """Another developer, who has no business with what is Ada's."""
    return await sign_up("eve")


@pytest.fixture
async def administrator(sign_up: SignUp) -> Principal:
    return await sign_up("root", role=Role.ADMINISTRATOR)


@pytest.fixture
def exposures() -> Exposures:
    """What the installation offers beside the inside of a namespace."""
    return NOT_EXPOSED


@pytest.fixture
def namespaces(database: Database, cluster: Cluster, exposures: Exposures) -> NamespaceService:
    load_balancers = MAX_OBJECTS if exposures.uses_load_balancers else 0
    return NamespaceService(database, cluster, Authorizer(), NamespaceLimits(per_user=3, load_balancers=load_balancers))


@pytest.fixture
def signed_in() -> SignedIn:
    return SignedIn()


@pytest.fixture
def encryption() -> Encryption:
    return Encryption(os.urandom(32))


@pytest.fixture
async def workloads(
    *,
    database: Database,
    cluster: Cluster,
    namespaces: NamespaceService,
    encryption: Encryption,
    signed_in: SignedIn,
    exposures: Exposures,
) -> AsyncIterator[WorkloadService]:
    workloads = WorkloadService(
        database, cluster, namespaces, encryption, vigils=Vigils(signed_in), exposures=exposures
    )
    yield workloads
    await workloads.close()
