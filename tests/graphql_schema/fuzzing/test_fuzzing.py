"""Whatever is asked, the graph answers: no bug shows, in no operation, for documents that schemathesis makes up.

Each operation gets MOORAGE_TEST_FUZZING (200) documents. Making them up takes most of the time, so that two processes
do, each for every second operation.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest
from graphql import build_schema
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from api.authentication.registration import Registration
from api.authorization.models import Principal
from graphql_schema.print import SDL_FILE
from graphql_schema.transport.backend import Backend
from graphql_schema.transport.http import HTTPEndpoint
from tests.graphql_schema.conftest import PASSWORD, Graph
from tests.graphql_schema.serving import served
from tests.graphql_schema.world import World, namespaced, settle

EXAMPLES = os.environ.get("MOORAGE_TEST_FUZZING", "200")
HOOKS = Path(__file__).with_name("hooks.py")
SECONDS = 1_500


class Always:
    """Everybody is Ada."""

    def __init__(self, ada: Principal) -> None:
        self._ada = ada

    async def of_request(self, _request: Request) -> Principal | None:
        return self._ada

    async def of_socket(self, _socket: WebSocket, _bearer: str | None) -> Principal | None:
        return self._ada

    async def still_valid(self, _principal: Principal) -> bool:
        return True

    @property
    def tells_of_changes(self) -> bool:
        return False

    def following(self, _principal: Principal, _told: Callable[[], None]) -> AbstractContextManager[None]:
        return nullcontext()


class Watched:
    """Serves `app`, and keeps what was asked where the answer tells of a bug."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.answers = 0
        self.bugs: list[tuple[str, str]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked, answered = bytearray(), bytearray()

        async def received() -> Message:
            message = await receive()
            asked.extend(message.get("body", b""))
            return message

        async def sent(message: Message) -> None:
            answered.extend(message.get("body", b""))
            await send(message)

        scope.setdefault("state", {})["request_id"] = "fuzzing"
        await self._app(scope, received, sent)
        self.answers += 1
        if b"INTERNAL_SERVER_ERROR" in answered or not is_response(answered):
            self.bugs.append((asked.decode(), answered.decode()))


def is_response(body: bytes | bytearray) -> bool:
    """Whether it is a response of GraphQL: data, or errors that each have a message and a code."""
    answer = json.loads(body)
    errors = answer.get("errors", [])
    return ("data" in answer or bool(errors)) and all(
        error["message"] and error["extensions"]["code"] for error in errors
    )


@pytest.fixture
async def world(graph: Graph) -> World:
    # To schemathesis what is forbidden is a failure, and some fields are for administrators.
    token = await graph.services.authentication.ensure_administrator_token()
    registration = Registration(email="ada@example.com", password=PASSWORD, display_name="Ada", admin_token=token)
    signed_in = await graph.services.authentication.register(registration, address="127.0.0.1")
    ada = await graph.services.authentication.authenticate(session_secret=signed_in.session_secret)
    assert ada is not None
    return await settle(graph, ada, await namespaced(graph, ada, "adas-team"))


@pytest.fixture
async def watched(graph: Graph, world: World) -> AsyncIterator[tuple[Watched, str]]:
    watched = Watched(HTTPEndpoint(Backend.of(graph.executor, graph.services, Always(world.ada))))
    async with served(watched) as address:
        yield watched, f"http://{address}/graphql"


@pytest.mark.timeout(SECONDS + 60)
async def test_no_document_finds_a_bug(world: World, watched: tuple[Watched, str], tmp_path: Path) -> None:
    server, url = watched
    there = {"slug": world.slug, "namespace": world.slug, "name": world.app, "id": world.workload_id}

    names = operations()
    runs = await asyncio.gather(*(fuzzed(part, url, there, tmp_path) for part in (names[::2], names[1::2])))

    print(*(printed[-3000:] for _, printed in runs), server.answers)
    assert [] == server.bugs
    for code, printed in runs:
        assert code == 0, printed


def operations() -> list[str]:
    """The queries and mutations, by the names that schemathesis gives them."""
    schema = build_schema(SDL_FILE.read_text())
    roots = filter(None, (schema.query_type, schema.mutation_type))
    return [f"{root.name}.{name}" for root in roots for name in root.fields]


async def fuzzed(names: Sequence[str], url: str, there: dict[str, str], folder: Path) -> tuple[int | None, str]:
    """What schemathesis finds in some operations: its exit code, and what it prints."""
    command = ["run", str(SDL_FILE), "--url", url, "-m", "all", "-n", EXAMPLES, "--phases", "fuzzing", "--no-color"]
    command += ["--include-name-regex", f"^({'|'.join(map(re.escape, names))})$"]
    command += ["--exclude-checks", "positive_data_acceptance"]  # a cursor, a selector: types do not say what is one

    ran = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("schemathesis")),
        *command,
        cwd=folder,
        env={**os.environ, "SCHEMATHESIS_HOOKS": str(HOOKS), "MOORAGE_TEST_THERE": json.dumps(there)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(SECONDS):
        printed, _ = await ran.communicate()
    return ran.returncode, printed.decode()
