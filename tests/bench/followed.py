"""Moorage with one app that thousands may follow, in a process of its own: `python -m tests.bench.followed FOLDER`.

It is the server of `moorage up` with room for many sockets of one user; it prints where it serves, and a token. A line
with a number has the app scaled to that; an empty one has it print how long its event loop kept others waiting since.
"""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec
import psutil
import uvicorn

from api import garbage
from api.authentication.registration import Registration
from api.authentication.requests import RequestAuthenticator
from api.authorization.models import Scope
from api.cli import _server_options
from api.eventloop import run
from api.manifests.models import WorkloadSpec
from api.monitoring.telemetry import Telemetry
from api.parts import Parts, opened
from api.settings import Settings
from graphql_schema.observed import ObservedExecutor
from graphql_schema.schema import build_schema
from graphql_schema.transport.backend import Backend, ConnectionLimits
from graphql_schema.transport.websocket import WebSocketEndpoint
from tests.allowances import unlimited
from tests.bench.namespace import ROOM
from tests.bench.turns import Turns, Watch
from tests.graphql_schema.webhooks.over import services_over

ROOT = Path(__file__).parents[2]
ROOMY = ConnectionLimits(connections_per_user=20_000, operations_per_user=20_000)
PATIENCE = {"ws_ping_timeout": 300}
"""Who reads nothing answers no ping, and is measured here, however slow the machine, and not given up meanwhile."""


class Followed(msgspec.Struct):
    """A running server."""

    port: int
    token: str
    slug: str


class Scale:
    """Has the app scaled."""

    def __init__(self, asked: IO[str], told: IO[str]) -> None:
        self._asked = asked
        self._told = told

    def __call__(self, replicas: int) -> None:
        print(replicas, file=self._asked, flush=True)

    def turns(self) -> Turns:
        """Of the server's event loop, since this was asked last."""
        print(file=self._asked, flush=True)
        return msgspec.json.decode(self._told.readline(), type=Turns)


@contextmanager
def followed(folder: Path, *, stock: bool = False) -> Iterator[tuple[Followed, psutil.Process, Scale]]:
    """The server, its process, and what has the app scaled. Where it is `stock`, graphql-core's own executor executes
    what is told."""
    module = "tests.bench.followed_stock" if stock else "tests.bench.followed"
    with spoken_to(module, folder) as server:
        yield server


@contextmanager
def spoken_to(module: str, path: Path) -> Iterator[tuple[Followed, psutil.Process, Scale]]:
    """A module that serves, and reads lines."""
    command = [sys.executable, "-m", module, str(path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        told = msgspec.json.decode(server.stdout.readline(), type=Followed)
        try:
            yield told, psutil.Process(server.pid), Scale(server.stdin, server.stdout)
        finally:
            server.stdin.close()
            server.wait(60)


@contextmanager
def cluster(folder: Path) -> Iterator[Path]:
    """The kubeconfig of an embedded cluster in a process of its own, as no cluster shares one with Moorage."""
    command = [sys.executable, "-m", "api.clusters.embedded"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        told = (line.removeprefix("kubeconfig: ") for line in server.stdout if line.startswith("kubeconfig: "))
        file = folder / "kubeconfig"
        file.write_text(next(told))
        try:
            yield file
        finally:
            server.terminate()
            server.wait(60)


async def main(folder: Path) -> None:
    with cluster(folder) as kubeconfig:
        settings = Settings.model_validate({"data_dir": folder, "kubeconfig": kubeconfig, **ROOM})
        await serve(settings)


async def serve(settings: Settings) -> None:
    async with opened(settings) as parts:
        who = Registration(email="ada@example.com", password="harbour-cedar-violin", display_name="Ada")
        signed_in = await parts.authentication.register(who, address="127.0.0.1")
        ada = await parts.authentication.authenticate(session_secret=signed_in.session_secret)
        assert ada is not None
        _, token = await parts.authentication.create_api_token(
            ada, name="bench", scopes=frozenset({Scope.READ}), expires_in_days=1
        )
        namespace = await parts.namespaces.create(ada, "shop")
        plan = await parts.workloads.plan(ada, namespace.slug, WorkloadSpec(name="web", image="nginx:1", replicas=1))
        await parts.workloads.deploy(ada, plan.id, None)
        with socket.create_server(("127.0.0.1", 0), backlog=1_000) as listener:
            server = uvicorn.Server(uvicorn.Config(endpoint(parts), **_server_options() | PATIENCE, lifespan="off"))
            serving = asyncio.create_task(server.serve(sockets=[listener]), name="server")
            garbage.settle()
            print(msgspec.json.encode(Followed(listener.getsockname()[1], token, namespace.slug)).decode(), flush=True)
            watch = Watch()
            with watch.watching():
                while line := await asyncio.to_thread(sys.stdin.readline):
                    if line.strip():
                        await parts.workloads.scale(ada, namespace.slug, "web", int(line))
                    else:
                        print(msgspec.json.encode(watch.told()).decode(), flush=True)
            server.should_exit = server.force_exit = True
            await serving


def endpoint(parts: Parts) -> WebSocketEndpoint:
    authenticator = RequestAuthenticator(parts.authentication, origins=frozenset())
    executor = ObservedExecutor(
        build_schema(), open_to_strangers=False, allowances=unlimited(), observer=Telemetry().operations
    )
    return WebSocketEndpoint(Backend.of(executor, services_over(executor, parts), authenticator, limits=ROOMY))


if __name__ == "__main__":
    run(main(Path(sys.argv[1])))
