"""Server-Sent Events by graphql-sse's "distinct connections mode": the bytes, the limits, and every way to end."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import msgspec
import pytest

from tests.graphql_schema.transport.conftest import Signals, SignedIn
from tests.graphql_schema.transport.test_websocket import acknowledged, heard, opened, subscribe, tell

EVENTS = {"accept": "text/event-stream"}
ADA = {"authorization": "Bearer ada"}
COMPLETE = ("complete", None)

Event = tuple[str, Any]


@pytest.fixture
async def client(address: str) -> AsyncIterator[httpx.AsyncClient]:
    async with asyncio.timeout(20), httpx.AsyncClient(base_url=f"http://{address}", headers=EVENTS) as client:
        yield client


async def ask(client: httpx.AsyncClient, query: str, headers: dict[str, str] | None = None) -> httpx.Response:
    """The whole answer, once the server has ended it."""
    return await client.post("/graphql", json={"query": query}, headers=headers)


@asynccontextmanager
async def followed(
    client: httpx.AsyncClient, query: str, headers: dict[str, str] | None = None
) -> AsyncIterator[AsyncIterator[str]]:
    """The blocks of a stream, as they come."""
    async with client.stream("POST", "/graphql", json={"query": query}, headers=headers) as response:
        assert 200 == response.status_code
        yield _blocks(response)


async def _blocks(response: httpx.Response) -> AsyncIterator[str]:
    held = ""
    async for text in response.aiter_text():
        *blocks, held = (held + text).split("\n\n")
        for block in blocks:
            yield block


def events(text: str) -> list[Event]:
    """The events of a whole stream; comments are passed over."""
    return [event(block) for block in text.split("\n\n") if block not in {"", ":"}]


def event(block: str) -> Event:
    name, data = block.split("\n")
    value = data.removeprefix("data:").strip()
    return name.removeprefix("event: "), json.loads(value) if value else None


async def next_event(blocks: AsyncIterator[str]) -> Event:
    return event(await anext(block async for block in blocks if block != ":"))


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["extensions"]["code"] for error in payload["errors"]]


def tasks() -> list[asyncio.Task[Any]]:
    return [task for task in asyncio.all_tasks() if task.get_name().startswith("graphql-sse")]


async def test_a_query_is_answered_by_one_event_and_the_end(client: httpx.AsyncClient) -> None:
    response = await ask(client, "{ hello }")

    assert 200 == response.status_code
    assert ':\n\nevent: next\ndata: {"data":{"hello":"world"}}\n\nevent: complete\ndata:\n\n' == response.text


async def test_nothing_on_the_way_is_told_to_keep_compress_or_hold_back_a_stream(client: httpx.AsyncClient) -> None:
    response = await ask(client, "{ hello }", {"accept-encoding": "gzip, br"})

    expected = {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store, no-transform",
        "x-accel-buffering": "no",
    }
    assert expected == {name: response.headers[name] for name in expected}
    assert "content-encoding" not in response.headers


async def test_a_subscription_is_followed_to_its_end(client: httpx.AsyncClient) -> None:
    response = await ask(client, "subscription { count(to: 3) }")

    counted = [("next", {"data": {"count": number}}) for number in range(3)]
    assert [*counted, COMPLETE] == events(response.text)


async def test_a_mutation_is_answered_as_the_token_s_owner(client: httpx.AsyncClient) -> None:
    wrote = await ask(client, 'mutation { write(text: "x") }', ADA)
    who = await ask(client, "{ who }", ADA)

    assert [("next", {"data": {"write": "x"}}), COMPLETE] == events(wrote.text)
    assert [("next", {"data": {"who": "ada@example.com"}}), COMPLETE] == events(who.text)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nowhere }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription ($n: Int!) { count(to: $n) }", "BAD_USER_INPUT"),
        ("{" + " ".join(f"a{i}: hello" for i in range(11)) + "}", "DOCUMENT_TOO_LARGE"),
    ],
)
async def test_a_document_at_fault_is_told_by_the_stream(client: httpx.AsyncClient, query: str, code: str) -> None:
    response = await ask(client, query)

    (name, payload), end = events(response.text)
    assert (200, "next", [code], COMPLETE) == (response.status_code, name, codes(payload), end)
    assert "data" not in payload


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"{", {}, 400, "BAD_REQUEST"),
        (b"null", {}, 400, "BAD_REQUEST"),
        (b"{}", {}, 400, "BAD_REQUEST"),
        (b'[{"query": "{ hello }"}]', {}, 400, "BAD_REQUEST"),
        (b'{"query": ["{ hello }"]}', {}, 400, "BAD_REQUEST"),
        (b'{"query": "{ hello }", "variables": []}', {}, 400, "BAD_REQUEST"),
        (b'{"query": "{ hello }", "extensions": []}', {}, 400, "BAD_REQUEST"),
        (b'{"query": "{ hello }"}', {"content-type": "text/plain"}, 415, "BAD_REQUEST"),
        (b'{"query": "{ hello }"}', {"authorization": "Bearer eve"}, 401, "UNAUTHENTICATED"),
    ],
)
async def test_a_request_that_cannot_be_read_or_allowed_has_its_status_and_no_stream(
    client: httpx.AsyncClient, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    headers = {"content-type": "application/json"} | headers

    response = await client.post("/graphql", content=body, headers=headers)

    assert (status, [code]) == (response.status_code, codes(response.json()))
    assert "application/json; charset=utf-8" == response.headers["content-type"]


async def test_no_stream_is_opened_by_get(client: httpx.AsyncClient) -> None:
    response = await client.get("/graphql", params={"query": "{ hello }"})

    assert (405, "POST") == (response.status_code, response.headers["allow"])


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("text/event-stream; charset=utf-8", "text/event-stream"),
        ("TEXT/EVENT-STREAM", "text/event-stream"),
        ("text/event-stream, multipart/mixed", "text/event-stream"),
        ("text/event-stream, application/json", "text/event-stream"),
        ("application/json, text/event-stream", "application/json"),
        ("application/graphql-response+json, application/json, text/event-stream", "application/graphql-response+json"),
        ("text/event-stream;q=0, application/json", "application/json"),
        ("*/*", "application/json"),
    ],
)
async def test_the_first_type_that_is_accepted_is_answered(
    client: httpx.AsyncClient, accept: str, content_type: str
) -> None:
    response = await ask(client, "{ hello }", {"accept": accept})

    assert content_type == response.headers["content-type"].partition(";")[0]


async def test_a_value_of_several_lines_is_one_line_of_data(client: httpx.AsyncClient) -> None:
    text = "one\ntwo\r\nthree\n\nevent: complete\n\n\u2028four"
    body = {"query": "query ($text: String!) { repeat(text: $text) }", "variables": {"text": text}}

    response = await client.post("/graphql", json=body)

    assert [("next", {"data": {"repeat": text}}), COMPLETE] == events(response.text)


async def test_a_large_reply_comes_whole(client: httpx.AsyncClient) -> None:
    text = "x" * 128 * 1024
    body = {"query": "query ($text: String!) { repeat(text: $text) }", "variables": {"text": text}}

    response = await client.post("/graphql", json=body)

    assert [("next", {"data": {"repeat": text}}), COMPLETE] == events(response.text)


async def test_the_last_event_s_id_is_not_read_and_none_is_given(client: httpx.AsyncClient) -> None:
    response = await ask(client, "{ hello }", {"last-event-id": "7"})

    assert [("next", {"data": {"hello": "world"}}), COMPLETE] == events(response.text)
    assert "id:" not in response.text


async def test_an_error_of_one_event_does_not_end_the_stream(client: httpx.AsyncClient) -> None:
    response = await ask(client, "subscription { flawed }")

    first, (name, failed), last, end = events(response.text)
    assert [("next", {"data": {"flawed": 0}}), ("next", {"data": {"flawed": 2}}), COMPLETE] == [first, last, end]
    assert ("next", None, [["flawed"]]) == (name, failed["data"], [error["path"] for error in failed["errors"]])


async def test_a_stream_that_breaks_is_masked_and_ends(client: httpx.AsyncClient) -> None:
    response = await ask(client, "subscription { broken }")

    _, (name, payload), end = events(response.text)
    assert ("next", ["INTERNAL_SERVER_ERROR"], COMPLETE) == (name, codes(payload), end)
    assert "hunter2" not in response.text


async def test_at_the_deadline_a_query_is_told_so(client: httpx.AsyncClient, signals: Signals) -> None:
    response = await ask(client, "{ endless }")

    (_, payload), end = events(response.text)
    assert (["DEADLINE_EXCEEDED"], COMPLETE) == (codes(payload), end)
    assert signals.cancelled.is_set()


async def test_a_silent_stream_has_heartbeats(client: httpx.AsyncClient) -> None:
    async with followed(client, "subscription { silent }") as blocks:
        assert [":"] * 3 == [await anext(blocks) for _ in range(3)]


async def test_a_client_that_leaves_cancels_the_operation_and_leaves_no_task(
    client: httpx.AsyncClient, signals: Signals
) -> None:
    async with followed(client, "subscription { forever }") as blocks:
        await next_event(blocks)
        running = tasks()

    await asyncio.wait_for(signals.cancelled.wait(), 5)
    _, left = await asyncio.wait(running, timeout=5)
    assert (3, set(), []) == (len(running), left, tasks())


async def test_a_client_that_leaves_before_the_first_event_cancels_the_operation(
    client: httpx.AsyncClient, signals: Signals
) -> None:
    async with followed(client, "subscription { silent }"):
        await asyncio.wait_for(signals.started.wait(), 5)

    await asyncio.wait_for(signals.cancelled.wait(), 5)


async def test_a_viewer_who_signed_out_is_told_so_and_the_stream_ends(
    client: httpx.AsyncClient, signals: Signals, signed_in: SignedIn
) -> None:
    async with followed(client, "subscription { forever }", ADA) as blocks, asyncio.timeout(2):
        await next_event(blocks)

        signed_in.tokens.clear()

        name, payload = await next_event(blocks)
        assert ("next", ["UNAUTHENTICATED"]) == (name, codes(payload))
        assert COMPLETE == await next_event(blocks)
        assert signals.cancelled.is_set()
        assert [] == [block async for block in blocks]


async def test_a_stranger_s_stream_goes_on_whoever_signs_out(client: httpx.AsyncClient, signed_in: SignedIn) -> None:
    async with followed(client, "subscription { forever }") as blocks:
        await next_event(blocks)

        signed_in.tokens.clear()

        assert [":"] * 2 == [await anext(blocks) for _ in range(2)]


async def test_a_server_that_stops_ends_its_streams_without_completing_them(
    client: httpx.AsyncClient, signals: Signals, stopping: asyncio.Event
) -> None:
    """What is complete nobody comes back to."""
    async with followed(client, "subscription { forever }") as blocks, asyncio.timeout(2):
        await next_event(blocks)

        stopping.set()

        assert [] == [block async for block in blocks if block != ":"]
        assert signals.cancelled.is_set()


async def test_a_server_that_stops_waits_for_a_reply_that_is_on_its_way(
    client: httpx.AsyncClient, signals: Signals, stopping: asyncio.Event
) -> None:
    silent, live = "subscription { silent }", "subscription { forever }"
    async with followed(client, silent) as blocks, followed(client, live) as others, asyncio.timeout(5):
        await next_event(others)

        stopping.set()
        assert [] == [block async for block in others if block != ":"]
        signals.proceed.set()

        assert ("next", {"data": {"silent": 0}}) == await next_event(blocks)


async def test_a_server_that_stops_does_not_wait_for_a_silent_stream_for_long(
    client: httpx.AsyncClient, signals: Signals, stopping: asyncio.Event
) -> None:
    async with followed(client, "subscription { silent }") as blocks, asyncio.timeout(5):
        await asyncio.wait_for(signals.started.wait(), 5)

        stopping.set()

        assert [] == [block async for block in blocks if block != ":"]


async def test_connections_of_a_user_are_counted_with_sockets(client: httpx.AsyncClient, address: str) -> None:
    async with acknowledged(address, ADA), followed(client, "subscription { forever }", ADA) as blocks:
        await next_event(blocks)

        refused = await ask(client, "{ hello }", ADA)
        stranger = await ask(client, "{ hello }")
        async with opened(address) as other:
            await tell(other, type="connection_init", payload=ADA)
            await other.wait_closed()

    assert (429, ["RATE_LIMITED"], "1") == (
        refused.status_code,
        codes(refused.json()),
        refused.headers["retry-after"],
    )
    assert (200, 4429) == (stranger.status_code, other.close_code)


async def test_operations_of_a_user_are_counted_with_those_of_sockets(client: httpx.AsyncClient, address: str) -> None:
    async with acknowledged(address, ADA) as socket:
        for id in "ab":
            await subscribe(socket, "subscription { forever }", id=id)
            await heard(socket)

        async with followed(client, "subscription { forever }", ADA) as blocks:
            await next_event(blocks)
            await subscribe(socket, "{ hello }", id="c")
            refused = await heard(socket)

    assert ("error", ["RATE_LIMITED"]) == (refused["type"], codes({"errors": refused["payload"]}))


async def test_a_place_is_free_again_once_a_stream_has_ended(client: httpx.AsyncClient) -> None:
    statuses = [(await ask(client, "{ hello }", ADA)).status_code for _ in range(5)]

    assert [200] * 5 == statuses


async def test_a_reader_that_takes_nothing_holds_up_its_source_and_is_given_up(address: str, signals: Signals) -> None:
    body = msgspec.json.encode({"query": "subscription { flood }"})
    head = "POST /graphql HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\ncontent-type: application/json\r\n"
    request = f"{head}content-length: {len(body)}\r\n\r\n".encode() + body
    host, _, port = address.partition(":")
    with socket.socket() as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.setblocking(False)
        await asyncio.get_running_loop().sock_connect(reader, (host, int(port)))
        await asyncio.get_running_loop().sock_sendall(reader, request)

        await asyncio.wait_for(signals.cancelled.wait(), 10)

    assert signals.told * 10_000 < 8 * 1024 * 1024
