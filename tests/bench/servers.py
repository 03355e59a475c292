"""Servers to compare with: each serves on the server that Moorage runs on, with its options, in a process of its own.

    python -m tests.bench.servers bare|strawberry FILE

prints the port. `bare` answers every request with what is in FILE; `strawberry` is the library as it comes, with as
many fields as a page has, in memory.
"""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import strawberry
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from strawberry.asgi import GraphQL

from api.eventloop import run

ROOT = Path(__file__).parents[2]
APPS, PODS_EACH = 50, 3
DOCUMENT = """{ workloads { name image size phase readyReplicas desiredReplicas revision
  cells { podName revision isCurrent state } } }"""


@contextmanager
def serving(name: str, file: Path) -> Iterator[tuple[tuple[str, int], psutil.Process]]:
    """The server of that name; gives its address and its process."""
    command = [sys.executable, "-m", "tests.bench.servers", name, str(file)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield ("127.0.0.1", int(server.stdout.readline())), psutil.Process(server.pid)
        finally:
            server.terminate()
            server.wait(30)


def bare(body: bytes) -> ASGIApp:
    """Reads the request, and answers with bytes."""
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await receive()
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})

    return app


@strawberry.type
class Cell:
    pod_name: str
    revision: int = 1
    is_current: bool = True
    state: str = "READY"


@strawberry.type
class Workload:
    name: str
    cells: list[Cell]
    image: str = "ghcr.io/ada/engine:1.4"
    size: str = "S"
    phase: str = "READY"
    ready_replicas: int = 3
    desired_replicas: int = 3
    revision: int = 1


WORKLOADS = [
    Workload(name=f"app-{app}", cells=[Cell(pod_name=f"app-{app}-6b7f9c5d8-{pod}") for pod in range(PODS_EACH)])
    for app in range(APPS)
]


@strawberry.type
class Query:
    @strawberry.field
    def workloads(self) -> list[Workload]:
        return WORKLOADS


def main(name: str, file: Path) -> None:
    app = bare(file.read_bytes()) if name == "bare" else GraphQL[None, None](strawberry.Schema(Query))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        config = uvicorn.Config(app, http="httptools", lifespan="off", log_config=None, access_log=False)
        run(uvicorn.Server(config).serve(sockets=[listener]))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
