"""A receiver on loopback, and the way there: allowed by the setting that installations have for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from api.authentication.passwords import Passwords
from api.authentication.service import AuthenticationService
from api.authorization.models import Principal
from api.clusters.embedded import EmbeddedCluster
from api.database.database import Database
from api.database.encryption import Encryption
from api.namespaces.models import Namespace
from api.namespaces.service import NamespaceService
from api.webhooks.addresses import Address
from api.webhooks.attempts import Attempts
from api.webhooks.models import WebhookLimits
from api.webhooks.opening import Reach
from api.webhooks.seal import SigningSeal
from api.webhooks.service import WebhookService
from api.workloads.service import WorkloadService
from tests.api.conftest import PACE
from tests.api.servers import ApiServer
from tests.api.webhooks.hooks import Hooks, PlainGraph
from tests.api.webhooks.receiver import HOST, Authority, Receiver, receiving

LOOPBACK = ip_network("127.0.0.0/8")


@pytest.fixture
async def api_server() -> AsyncIterator[ApiServer]:
    """The embedded cluster alone: what webhooks are about is the same on a real one."""
    async with EmbeddedCluster.open(pace=PACE) as embedded:
        yield ApiServer(embedded.url, embedded.token)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.in_folder(tmp_path_factory.mktemp("authority"))


@pytest.fixture
async def receiver(authority: Authority, tmp_path: Path) -> AsyncIterator[Receiver]:
    async with receiving(authority.context_for(tmp_path, HOST)) as receiver:
        yield receiver


@pytest.fixture
def reach(receiver: Receiver, authority: Authority) -> Reach:
    return Reach(networks=(LOOPBACK,), ports=(receiver.port,), certificates=authority.file, timeout=2)


async def look_up_loopback(name: str) -> list[Address]:
    """Every name is this machine's."""
    return [ip_address("127.0.0.1")]


@pytest.fixture
def graph() -> PlainGraph:
    return PlainGraph()


@pytest.fixture
def limits() -> WebhookLimits:
    return WebhookLimits(per_namespace=3, waiting=5, kept=4)


@pytest.fixture
async def shop(namespaces: NamespaceService, ada: Principal) -> Namespace:
    return await namespaces.create(ada, "shop")


@pytest.fixture
async def authentication(database: Database) -> AsyncIterator[AuthenticationService]:
    with Passwords.open(memory_kib=1024, passes=1) as passwords:
        yield AuthenticationService(database, passwords)


@pytest.fixture
def hooks(
    *,
    database: Database,
    namespaces: NamespaceService,
    workloads: WorkloadService,
    encryption: Encryption,
    authentication: AuthenticationService,
    reach: Reach,
    receiver: Receiver,
    graph: PlainGraph,
    limits: WebhookLimits,
    ada: Principal,
    shop: Namespace,
) -> Hooks:
    service = WebhookService(
        database, namespaces, workloads, encryption, documents=graph, targets=reach.targets, limits=limits
    )
    attempts = Attempts(
        database,
        namespaces,
        SigningSeal(encryption),
        reach.sender(look_up_loopback),
        reader_for=authentication.reader_for,
        payloads=graph,
        limits=limits,
    )
    return Hooks(database, service, attempts, limits, graph, ada, shop, receiver.url)
