"""Where only trusted documents are executed, nothing else is: over every transport, by text and by id."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from starlette.types import Receive, Scope, Send
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from api.errors import ConfigurationError
from graphql_schema.execution import Executor
from graphql_schema.schema import build_schema
from graphql_schema.services import Services
from graphql_schema.transport.backend import Backend
from graphql_schema.transport.http import HTTPEndpoint
from graphql_schema.transport.websocket import WebSocketEndpoint
from graphql_schema.trusted import AnyDocuments, TrustedDocuments
from tests.graphql_schema.serving import served
from tests.graphql_schema.transport.conftest import SignedIn

NO_SERVICES = cast("Services", None)  # what is asked here asks none
TRUSTED = "query Nobody {\n  viewer {\n    id\n  }\n}"
FOREIGN = "query Nobody { viewer { id } }"


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


ID = f"sha256:{hash_of(TRUSTED)}"
REFUSED: list[dict[str, Any]] = [
    {"query": FOREIGN},
    {"query": f"{TRUSTED}\n"},
    {"documentId": f"sha256:{hash_of(FOREIGN)}"},
    {"documentId": "sha256:"},
    {"documentId": ID, "query": FOREIGN},
    {"query": "{ __schema { queryType { name } } }"},
]


async def address_of(trusted: AnyDocuments) -> AsyncIterator[str]:
    executor = Executor(build_schema(), open_to_strangers=True, trusted=trusted)
    backend = Backend.of(executor, NO_SERVICES, SignedIn())
    http, websocket = HTTPEndpoint(backend), WebSocketEndpoint(backend)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["request_id"] = "request-1"
        await (http if scope["type"] == "http" else websocket)(scope, receive, send)

    async with served(app) as address:
        yield address


@pytest.fixture
async def only() -> AsyncIterator[str]:
    """The address of a server that executes one document."""
    async for address in address_of(TrustedDocuments({hash_of(TRUSTED): TRUSTED})):
        yield address


@pytest.fixture
async def anything() -> AsyncIterator[str]:
    """The address of a server that executes whatever it is sent."""
    async for address in address_of(AnyDocuments()):
        yield address


async def over_http(address: str, body: dict[str, Any]) -> httpx.Response:
    accept = {"accept": "application/graphql-response+json"}
    async with httpx.AsyncClient() as client:
        return await client.post(f"http://{address}/graphql", json=body, headers=accept)


async def over_event_stream(address: str, body: dict[str, Any]) -> str:
    """The whole stream."""
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"http://{address}/graphql", json=body, headers={"accept": "text/event-stream"})
    return answer.text


async def over_websocket(address: str, payload: dict[str, Any]) -> dict[str, Any]:
    """The first message about the operation."""
    async with connect(f"ws://{address}/graphql", subprotocols=[Subprotocol("graphql-transport-ws")]) as socket:
        await socket.send(json.dumps({"type": "connection_init"}))
        await socket.recv()
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
        message: dict[str, Any] = json.loads(await socket.recv())
        return message


@pytest.mark.parametrize("body", [{"query": TRUSTED}, {"documentId": ID}, {"documentId": ID, "query": TRUSTED}])
async def test_a_trusted_document_is_executed(only: str, body: dict[str, Any]) -> None:
    response = await over_http(only, body)
    message = await over_websocket(only, body)

    assert (200, {"data": {"viewer": None}}) == (response.status_code, response.json())
    assert ("next", {"data": {"viewer": None}}) == (message["type"], message["payload"])


@pytest.mark.parametrize("body", REFUSED, ids=json.dumps)
async def test_no_other_is(only: str, body: dict[str, Any]) -> None:
    response = await over_http(only, body)
    message = await over_websocket(only, body)

    errors = response.json()["errors"]
    assert (400, ["DOCUMENT_NOT_TRUSTED"]) == (response.status_code, [each["extensions"]["code"] for each in errors])
    assert ("error", errors) == (message["type"], message["payload"])
    assert "DOCUMENT_NOT_TRUSTED" in await over_event_stream(only, body)


async def test_where_any_is_executed_an_id_is_no_document(anything: str) -> None:
    response = await over_http(anything, {"documentId": ID})

    assert (400, "BAD_REQUEST") == (response.status_code, response.json()["errors"][0]["extensions"]["code"])


@pytest.mark.parametrize("content", [None, b"[]", b"{", b'{"0123": "{ viewer { id } }"}'])
def test_a_manifest_that_is_none_stops_the_start_and_says_what_writes_one(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "trusted-documents.json"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(ConfigurationError, match="make web") as refused:
        TrustedDocuments.read(file)

    assert "MOORAGE_TRUSTED_DOCUMENTS" == refused.value.setting


def test_a_manifest_of_the_build_is_read(tmp_path: Path) -> None:
    file = tmp_path / "trusted-documents.json"
    file.write_text(json.dumps({hash_of(TRUSTED): TRUSTED}))

    assert TRUSTED == TrustedDocuments.read(file).text(None, ID)
