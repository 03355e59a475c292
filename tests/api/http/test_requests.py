"""What every request passes on its way in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.requests import BodyLimit, RequestIds, TrustedHosts, hostname


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with what arrived."""
    request = Request(scope, receive)
    answer = {"bytes": len(await request.body()), "request_id": getattr(request.state, "request_id", None)}
    await JSONResponse(answer)(scope, receive, send)


def client_of(app: ASGIApp) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost:8080")


async def test_each_request_has_an_id_of_its_own_in_state_and_answer() -> None:
    async with client_of(RequestIds(echo)) as client:
        first, second = await client.get("/"), await client.get("/")

    assert first.json()["request_id"] == first.headers["x-request-id"]
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8080", 200),
        ("LOCALHOST", 200),
        ("[::1]:8080", 200),
        ("evil.example", 421),
        ("localhost.evil.example:8080", 421),
        ("", 421),
    ],
)
async def test_only_names_of_ours_are_answered_under(host: str, status: int) -> None:
    app = TrustedHosts(echo, hosts=["localhost", "[::1]"], open_paths=["/healthz"])
    async with client_of(app) as client:
        assert status == (await client.get("/graphql", headers={"host": host})).status_code
        assert 200 == (await client.get("/healthz", headers={"host": host})).status_code


@pytest.mark.parametrize(
    ("host", "name"), [("a.example", "a.example"), ("A.example:80", "a.example"), ("[::1]:80", "[::1]"), ("", "")]
)
def test_a_host_header_is_read_without_its_port(host: str, name: str) -> None:
    assert name == hostname(host)


async def chunks(*sizes: int) -> AsyncIterator[bytes]:
    for size in sizes:
        yield b"x" * size


@pytest.mark.parametrize(("sizes", "status"), [((100,), 200), ((101,), 413), ((60, 40), 200), ((60, 41), 413)])
async def test_a_body_of_the_most_is_read_and_one_byte_more_is_refused(sizes: tuple[int, ...], status: int) -> None:
    async with client_of(BodyLimit(echo, most=100)) as client:
        declared = await client.post("/", content=b"x" * sum(sizes))
        streamed = await client.post("/", content=chunks(*sizes))

    assert (status, status) == (declared.status_code, streamed.status_code)
    if status == 200:
        assert sum(sizes) == streamed.json()["bytes"]


async def test_a_compressed_body_is_not_read() -> None:
    async with client_of(BodyLimit(echo)) as client:
        response = await client.post("/", content=b"x", headers={"content-encoding": "gzip"})

    assert (415, "application/problem+json") == (response.status_code, response.headers["content-type"])


@pytest.mark.parametrize("length", ["-1", "1e9", "x"])
async def test_a_length_that_is_no_number_is_refused(length: str) -> None:
    async with client_of(BodyLimit(echo)) as client:
        response = await client.post("/", content=b"x", headers={"content-length": length})

    assert 413 == response.status_code


async def test_a_body_that_never_ends_is_given_up() -> None:
    sent: list[Message] = []

    async def never() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
    await BodyLimit(echo, seconds=0.01)(scope, never, send)

    assert 408 == sent[0]["status"]
    assert (b"connection", b"close") in sent[0]["headers"]
