"""SECURITY 29. A server that is told to stop, as Kubernetes tells it: what runs is ended in order."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from urllib.parse import urlsplit

import aiohttp
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from api.authorization.models import Principal
from graphql_schema.nodes import encode_id
from tests.api.proxy import Fault, FaultyProxy
from tests.api.servers import only_embedded
from tests.api.workloads.apps import SECRETIVE, Apps
from tests.faults.figures import Figures
from tests.faults.replicas import Process, Site, processes, replica, send
from tests.faults.test_killed import DEPLOY
from tests.moorage_process import STOP_SECONDS

pytestmark = only_embedded

SOCKETS = 1_000
AT_ONCE = 50
STREAMS = 10
FOLLOW = "subscription ($slug: String!) { deploymentUpdated(namespace: $slug, name: %s) { kind } }"
COMPLETE = b"event: complete\ndata:\n\n"


@pytest.fixture
async def server(site: Site) -> AsyncIterator[Process]:
    async with processes(site, 1) as (server,):
        yield server


@pytest.fixture
async def apps(site: Site, ada: Principal) -> AsyncIterator[Apps]:
    """What Ada does by another replica."""
    async with replica(site) as other:
        yield Apps(other.workloads, ada, await other.namespaces.create(ada, "shop"))


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def sockets(server: Process) -> AsyncIterator[list[ClientConnection]]:
    """A thousand that are acknowledged."""
    places = asyncio.Semaphore(AT_ONCE)
    async with AsyncExitStack() as stack:
        yield await asyncio.gather(*(_acknowledged(server, places, stack) for _ in range(SOCKETS)))


async def _acknowledged(server: Process, places: asyncio.Semaphore, stack: AsyncExitStack) -> ClientConnection:
    async with places:
        address = f"{server.origin.replace('http', 'ws', 1)}/graphql"
        protocols = [Subprotocol("graphql-transport-ws")]
        socket = await stack.enter_async_context(connect(address, subprotocols=protocols, open_timeout=60))
        await socket.send(json.dumps({"type": "connection_init"}))
        assert {"type": "connection_ack"} == json.loads(await socket.recv())
        return socket


async def closed(socket: ClientConnection) -> int | None:
    with suppress(ConnectionClosed):
        await socket.recv()
    return socket.close_code


async def followed(session: aiohttp.ClientSession, server: Process, secret: str, apps: Apps) -> aiohttp.ClientResponse:
    """A stream whose first event has come."""
    headers = {"Authorization": f"Bearer {secret}", "Accept": "text/event-stream"}
    body = {"query": FOLLOW % json.dumps(SECRETIVE.name), "variables": {"slug": apps.namespace.slug}}
    response = await session.post(f"{server.origin}/graphql", json=body, headers=headers)
    assert b":\n\n" == await response.content.readuntil(b"\n\n")
    assert (await response.content.readuntil(b"\n\n")).startswith(b"event: next\n")
    return response


async def refused(server: Process) -> None:
    """Once nothing new is taken any more."""
    address = urlsplit(server.origin)
    with suppress(ConnectionRefusedError, ConnectionResetError):
        while True:
            _, writer = await asyncio.open_connection(address.hostname, address.port)
            writer.close()
            await writer.wait_closed()


async def test_a_server_with_a_thousand_sockets_stops_in_order(
    *,
    server: Process,
    sockets: list[ClientConnection],
    session: aiohttp.ClientSession,
    secret: str,
    apps: Apps,
    proxy: FaultyProxy,
    figures: Figures,
) -> None:
    await apps.deploy(SECRETIVE)
    plan = await apps.workloads.plan(
        apps.principal, apps.namespace.slug, replace(SECRETIVE, image="registry.example/a:2")
    )
    streams = [await followed(session, server, secret, apps) for _ in range(STREAMS)]
    proxy.fail_when(lambda request: request.is_write and "/deployments/" in request.path, Fault.LATE)
    deploy = send(session, server, secret, DEPLOY, input={"planId": encode_id("WorkloadPlan", plan.id)})
    deploying = asyncio.create_task(deploy, name="deploying")
    await proxy.until_held()

    began = time.monotonic()
    server.process.terminate()
    await asyncio.wait_for(refused(server), 1)
    unready = time.monotonic() - began
    proxy.heal()
    codes = await asyncio.wait_for(asyncio.gather(*map(closed, sockets)), 10)
    gone = time.monotonic() - began
    ends = await asyncio.gather(*(stream.content.read() for stream in streams))
    answer = (await deploying)["data"]["deployWorkload"]
    status = await asyncio.to_thread(server.process.wait, STOP_SECONDS)
    took = time.monotonic() - began

    assert {1012: SOCKETS} == Counter(codes)
    assert [False] * STREAMS == [COMPLETE in end for end in ends]  # else their clients would not come back
    assert ([], {"number": 2, "state": "APPLIED"}) == (answer["errors"], answer["revision"])
    assert 0 == status
    assert took < 15
    ended = f"{SOCKETS} sockets closed 1012 after {gone:.2f} s, {STREAMS} streams ended, the deploy answered"
    figures.note(29, "SIGTERM", f"not ready after {unready:.2f} s, {ended}, exit 0 after {took:.2f} s")
