"""GraphQL over HTTP: what a body must be, and which status and media type answer it."""

from __future__ import annotations

import gc
import logging
import tracemalloc
from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest
from starlette.types import ASGIApp

from graphql_schema.transport.http import LatestOperations
from tests.graphql_schema.transport.conftest import Signals

GRAPHQL_RESPONSE = "application/graphql-response+json"


@pytest.fixture
async def client(app: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        yield client


async def send(client: httpx.AsyncClient, query: str, **headers: str) -> httpx.Response:
    return await client.post("/graphql", json={"query": query}, headers=headers)


def codes_of(response: httpx.Response) -> list[str]:
    return [error["extensions"]["code"] for error in response.json()["errors"]]


async def test_a_query_is_answered(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json={"query": "{ hello }", "variables": None, "operationName": None})

    assert (200, {"data": {"hello": "world"}}) == (response.status_code, response.json())
    assert "application/json; charset=utf-8" == response.headers["content-type"]
    assert "no-store" == response.headers["cache-control"]


async def test_the_bearer_of_a_token_is_the_viewer_and_a_bad_one_is_nobody_at_all(client: httpx.AsyncClient) -> None:
    signed_in = await send(client, "{ who }", authorization="Bearer ada")
    stranger = await send(client, "{ who }")
    forged = await send(client, "{ who }", authorization="Bearer eve")

    assert {"data": {"who": "ada@example.com"}} == signed_in.json()
    assert {"data": {"who": None}} == stranger.json()
    assert (401, ["UNAUTHENTICATED"], "Bearer") == (
        forged.status_code,
        codes_of(forged),
        forged.headers["www-authenticate"],
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"1",
        b'"x"',
        b"{",
        b"\xff",
        b"NaN",
        b"[" * 100_000,
        b'{"query": "{ hello }", "variables": ' + b'{"a":' * 40 + b"1" + b"}" * 40 + b"}",
        b'[{"query": "{ hello }"}]',
        b'{"notquery": "{ hello }"}',
        b'{"query": ""}',
        b'{"query": 1}',
        b'{"query": "{ hello }", "variables": []}',
        b'{"query": "{ hello }", "variables": "x"}',
        b'{"query": "{ hello }", "operationName": 1}',
        b'{"query": "{ hello }", "extensions": false}',
    ],
)
async def test_a_body_that_is_no_request_is_refused(client: httpx.AsyncClient, body: bytes) -> None:
    response = await client.post("/graphql", content=body, headers={"content-type": "application/json"})

    assert (400, ["BAD_REQUEST"]) == (response.status_code, codes_of(response))


async def test_brackets_inside_of_strings_are_not_nesting(client: httpx.AsyncClient) -> None:
    text = "[" * 100 + '\\"' + "{" * 100
    body = {"query": "query ($text: String!) { repeat(text: $text) }", "variables": {"text": text}}

    response = await client.post("/graphql", json=body)

    assert {"data": {"repeat": text}} == response.json()


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD", "OPTIONS"])
async def test_only_post_is_served(client: httpx.AsyncClient, method: str) -> None:
    response = await client.request(method, "/graphql?query={hello}")

    assert (405, "POST") == (response.status_code, response.headers["allow"])


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""])
async def test_only_json_is_read(client: httpx.AsyncClient, content_type: str) -> None:
    response = await client.post("/graphql", content=b'{"query":"{hello}"}', headers={"content-type": content_type})

    assert 415 == response.status_code


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        (GRAPHQL_RESPONSE, GRAPHQL_RESPONSE),
        (f"{GRAPHQL_RESPONSE}, application/json;q=0.9", GRAPHQL_RESPONSE),
        ("text/html, application/*", "application/json"),
    ],
)
async def test_the_media_type_is_negotiated(client: httpx.AsyncClient, accept: str, media_type: str) -> None:
    response = await send(client, "{ hello }", accept=accept)

    assert (200, f"{media_type}; charset=utf-8") == (response.status_code, response.headers["content-type"])


async def test_a_media_type_that_is_not_served_is_not_acceptable(client: httpx.AsyncClient) -> None:
    assert 406 == (await send(client, "{ hello }", accept="text/html")).status_code


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{" * 999, "GRAPHQL_PARSE_FAILED"),
        ("{ nowhere }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ ...nowhere }", "GRAPHQL_VALIDATION_FAILED"),
        ("query ($text: String!) { repeat(text: $text) }", "BAD_USER_INPUT"),
        ("query a { hello } query b { hello }", "BAD_USER_INPUT"),
        ("subscription { forever }", "BAD_REQUEST"),
        ("{" + " hello" * 1_000 + "}", "GRAPHQL_PARSE_FAILED"),
        ("{" + " ".join(f"a{i}: hello" for i in range(11)) + "}", "DOCUMENT_TOO_LARGE"),
    ],
)
async def test_a_request_error_has_a_code_no_data_and_the_status_of_its_media_type(
    client: httpx.AsyncClient, query: str, code: str
) -> None:
    plain = await send(client, query)
    graphql = await send(client, query, accept=GRAPHQL_RESPONSE)

    assert (200, 400) == (plain.status_code, graphql.status_code)
    assert {code} == set(codes_of(graphql))
    assert "data" not in graphql.json()


async def test_a_bug_is_masked_and_logged_under_the_request_s_id(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "graphql_schema"):
        response = await send(client, "{ bug hello }", accept=GRAPHQL_RESPONSE)

    body: dict[str, Any] = response.json()
    assert (200, {"bug": None, "hello": "world"}) == (response.status_code, body["data"])
    assert {"code": "INTERNAL_SERVER_ERROR", "requestId": "request-1"} == body["errors"][0]["extensions"]
    assert "hunter2" not in response.text
    assert "request-1" in caplog.text
    assert "hunter2" in caplog.text


async def test_a_known_failure_keeps_its_message_and_code(client: httpx.AsyncClient) -> None:
    response = await send(client, "{ refused }")

    error = response.json()["errors"][0]
    assert ("That will not do.", "BAD_USER_INPUT", ["refused"]) == (
        error["message"],
        error["extensions"]["code"],
        error["path"],
    )


async def test_at_the_deadline_the_work_is_cancelled(client: httpx.AsyncClient, signals: Signals) -> None:
    response = await send(client, "{ endless }")

    assert ["DEADLINE_EXCEEDED"] == codes_of(response)
    assert signals.cancelled.is_set()


async def test_a_document_of_several_operations_runs_the_one_that_is_named(client: httpx.AsyncClient) -> None:
    body = {"query": "query a { hello } query b { who }", "operationName": "b"}

    response = await client.post(
        "/graphql", content=msgspec.json.encode(body), headers={"content-type": "application/json"}
    )

    assert {"data": {"who": None}} == response.json()


@pytest.mark.parametrize(
    "body",
    [
        {"query": "mutation Rotate($secret: String!) { rotate(secret: $secret) }", "variables": {"secret": "s3cret"}},
        {"documentId": "sha256:" + "0" * 64, "variables": {"secret": "s3cret"}},
    ],
    ids=["by its text", "by its id"],
)
def test_no_mutation_is_kept_with_its_secrets(body: dict[str, Any]) -> None:
    """Its word need not be in the bytes: the document may go by an id, or be written with escapes."""
    operations = LatestOperations()
    sent = msgspec.json.encode(body)
    escaped = sent.replace(b"mutation", rb"mut\u0061tion")

    assert operations.of(sent) is not operations.of(sent)
    assert operations.of(escaped) is not operations.of(escaped)


def test_a_query_that_is_sent_again_is_read_once() -> None:
    operations, body = LatestOperations(), msgspec.json.encode({"query": "{ hello }", "variables": {"a": 1}})

    assert operations.of(body) is operations.of(body)


def test_what_strangers_send_is_kept_only_where_that_takes_little_memory() -> None:
    """Read, 16 KiB of brackets take 350 KiB; a thousand of them are kept."""
    operations = LatestOperations()
    body = msgspec.json.encode({"query": "{ hello }", "variables": {"all": [{}] * 5_000}})

    assert operations.of(body) is not operations.of(body)


async def test_long_headers_are_read_and_not_kept(client: httpx.AsyncClient) -> None:
    """The server in front sets no limit to one: a thousand are not to be held."""
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for number in range(20):
        long = f"text/x-{number}{'x' * 1_000_000}, {GRAPHQL_RESPONSE}"
        response = await send(client, "{ hello }", accept=long)
        refused = await send(client, "{ hello }", **{"content-type": long})
    gc.collect()  # connections that were closed refer to themselves
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert (200, 415) == (response.status_code, refused.status_code)
    assert after - before < 20_000_000
