"""Moorage's services on the real cluster in this process, and another client of the same API server beside them."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import yaml
from sqlalchemy import insert

from api.authorization.authorizer import Authorizer
from api.authorization.models import Principal, Role, Scope
from api.authorization.vigils import Vigils
from api.clusters.cluster import Cluster
from api.clusters.connection import path
from api.clusters.models import Kubeconfig
from api.clusters.objects import Kind
from api.database.database import Database
from api.database.encryption import Encryption
from api.database.tables import UserRow
from api.manifests.models import EnvironmentVariable, SecretVariable, WorkloadSpec
from api.namespaces.models import Namespace, NamespaceLimits
from api.namespaces.service import NamespaceService
from api.workloads.service import WorkloadService
from tests.api.servers import server_of
from tests.devcluster_fixture import DevCluster

Object = dict[str, Any]

ROOM = NamespaceLimits(cpu="400", memory="800Gi", pods=2_000, per_user=10)
CONFLICT = 409
QUOTA_MOVED = 'on resourcequotas "quota": the object has been modified'
"""What the API server says where it counted for somebody else at the same moment: the request is to be sent again."""
APPLY = {"fieldManager": "bench", "force": "true", "fieldValidation": "Strict"}


class Api:
    """A client of the API server that stays connected, and does nothing but what it is told."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def post(self, place: str, manifest: Object, **query: str) -> Object:
        async with self._session.post(place, json=manifest, params=query) as answer:
            return await _told(answer)

    async def patch(self, place: str, patch: Object, **query: str) -> Object:
        headers = {"Content-Type": "application/merge-patch+json"}
        async with self._session.patch(place, json=patch, params=query, headers=headers) as answer:
            return await _told(answer)

    async def apply(self, manifest: Object, **query: str) -> Object:
        """Server-side apply."""
        metadata, headers = manifest["metadata"], {"Content-Type": "application/apply-patch+yaml"}
        place = path(Kind.of(manifest), metadata.get("namespace"), metadata["name"])
        while True:
            async with self._session.patch(place, json=manifest, params={**APPLY, **query}, headers=headers) as answer:
                if not (answer.status == CONFLICT and QUOTA_MOVED in await answer.text()):
                    return await _told(answer)

    async def delete(self, manifest: Object) -> None:
        metadata = manifest["metadata"]
        place = path(Kind.of(manifest), metadata.get("namespace"), metadata["name"])
        async with self._session.delete(place, params={"propagationPolicy": "Background"}) as answer:
            await _told(answer)

    @asynccontextmanager
    async def watch(self, place: str, **query: str) -> AsyncIterator[aiohttp.StreamReader]:
        """The lines of a watch."""
        unlimited = aiohttp.ClientTimeout(total=None)
        async with self._session.get(place, params={"watch": "1", **query}, timeout=unlimited) as answer:
            yield answer.content


async def _told(answer: aiohttp.ClientResponse) -> Object:
    told: Object = await answer.json()
    assert answer.ok, told.get("message")
    return told


@dataclass(frozen=True, slots=True)
class Manager:
    """Everything that a bench of the Cluster Manager needs."""

    cluster: Cluster
    workloads: WorkloadService
    ada: Principal
    namespace: Namespace
    api: Api
    kubectl: Kubectl


class Kubectl:
    """The command, as somebody runs it: a process each time. What it learns of the API server it keeps in `cache`."""

    def __init__(self, devcluster: DevCluster, cache: Path) -> None:
        self._command = [str(devcluster.kubectl), f"--kubeconfig={devcluster.kubeconfig}", f"--cache-dir={cache}"]
        self._file = cache / "objects.json"

    def write(self, manifests: list[Object]) -> None:
        """What the next `apply` applies."""
        self._file.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": manifests}))

    def apply(self) -> None:
        """`kubectl apply --server-side` of what was written."""
        command = [*self._command, "apply", "--server-side", "--force-conflicts", "-f", str(self._file)]
        while True:
            ran = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
            if QUOTA_MOVED not in ran.stderr:
                break
        assert ran.returncode == 0, ran.stderr


@asynccontextmanager
async def opened(devcluster: DevCluster, database: Database, folder: Path) -> AsyncIterator[Manager]:
    """The services, with one namespace of Ada's that has room for everything."""
    server = server_of(yaml.safe_load(devcluster.kubeconfig.read_text()))
    async with AsyncExitStack() as stack:
        cluster = await stack.enter_async_context(Cluster.open(Kubeconfig(devcluster.kubeconfig)))
        connector = aiohttp.TCPConnector(ssl=server.tls or False)
        headers = {"Authorization": f"Bearer {server.token}"}
        session = aiohttp.ClientSession(server.url, headers=headers, connector=connector)
        api = Api(await stack.enter_async_context(session))
        ada = await signed_up(database)
        namespaces = NamespaceService(database, cluster, Authorizer(), ROOM)
        namespace = await namespaces.create(ada, "shop")
        stack.push_async_callback(namespaces.delete, ada, namespace.slug)
        workloads = WorkloadService(database, cluster, namespaces, Encryption(os.urandom(32)), vigils=Vigils(_always))
        yield Manager(cluster, workloads, ada, namespace, api, Kubectl(devcluster, folder))


async def signed_up(database: Database) -> Principal:
    """A developer."""
    ada = Principal(user_id=uuid4(), email="ada@example.com", role=Role.MEMBER, scopes=frozenset(Scope))
    values = {"id": ada.user_id, "email": ada.email, "display_name": "Ada", "role": ada.role.value}
    async with database.session() as session:
        await session.execute(insert(UserRow).values(values))
    return ada


async def _always(_: Principal) -> bool:
    return True


def app(name: str, *, image: str = "ghcr.io/ada/engine:1.4", replicas: int = 2) -> WorkloadSpec:
    """A web service as most are: a Secret, a Service, a PodDisruptionBudget and a Deployment."""
    environment = tuple(EnvironmentVariable(f"SETTING_{number}", f"value-{number}") for number in range(6))
    secrets = tuple(SecretVariable(key, f"{name}-of-ada") for key in ("DATABASE_URL", "SESSION_KEY"))
    return WorkloadSpec(name=name, image=image, port=8080, replicas=replicas, environment=environment, secrets=secrets)
