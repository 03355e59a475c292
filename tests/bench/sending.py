"""What the server alone takes to send: `python -m tests.bench.sending FILE` serves sockets that are all sent one text.

It is spoken to as `tests.bench.followed` is: a line with a number has every socket sent what is in FILE, with that many
replicas in it; an empty one has it print how long its event loop kept others waiting since.
"""

from __future__ import annotations

import asyncio
import re
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import psutil
import uvicorn
from starlette.types import Receive, Scope, Send

from api import garbage
from api.cli import _server_options
from api.eventloop import run
from tests.bench.followed import Followed, Scale, spoken_to
from tests.bench.turns import Watch


@contextmanager
def sending(file: Path) -> Iterator[tuple[Followed, psutil.Process, Scale]]:
    """The server, its process, and what has it send."""
    with spoken_to("tests.bench.sending", file) as server:
        yield server


class Sockets:
    """An ASGI app that takes whoever shakes hands, and sends its text once it was told `connection_init` and
    `subscribe`."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._sends: set[Send] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept", "subprotocol": "graphql-transport-ws"})
        await receive()
        await receive()
        await send({"type": "websocket.send", "text": self._text})
        self._sends.add(send)
        while (await receive())["type"] != "websocket.disconnect":
            pass
        self._sends.discard(send)

    async def send(self, replicas: int) -> None:
        text = re.sub('"replicas":[0-9]+', f'"replicas":{replicas}', self._text)
        for send in tuple(self._sends):
            await send({"type": "websocket.send", "text": text})


async def main(text: str) -> None:
    sockets, watch = Sockets(text), Watch()
    with socket.create_server(("127.0.0.1", 0), backlog=1_000) as listener:
        server = uvicorn.Server(uvicorn.Config(sockets, **_server_options(), lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[listener]), name="server")
        garbage.settle()
        print(msgspec.json.encode(Followed(listener.getsockname()[1], "none", "none")).decode(), flush=True)
        with watch.watching():
            while line := await asyncio.to_thread(sys.stdin.readline):
                if line.strip():
                    await sockets.send(int(line))
                else:
                    print(msgspec.json.encode(watch.told()).decode(), flush=True)
        server.should_exit = server.force_exit = True
        await serving


if __name__ == "__main__":
    run(main(Path(sys.argv[1]).read_text()))
