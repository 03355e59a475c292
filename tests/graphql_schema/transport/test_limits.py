"""N is accepted and N + 1 refused, before any resolver runs and over every transport: each limit that a client meets.

How long each refusal took is printed at the end of the run.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from api.error_codes import ErrorCode
from graphql_schema.allowances import Allowance, Allowances
from graphql_schema.transport.backend import ConnectionLimits
from graphql_schema.transport.rate import Rate
from tests.graphql_schema.refusals import Refusals
from tests.graphql_schema.transport.harbour import Log, anybody, served_harbour
from tests.graphql_schema.transport.wires import WIRES, Answer, opened_socket, unacknowledged

KIB = 1024
MANY_MESSAGES = ConnectionLimits(messages_per_second=10_000)


@dataclass(frozen=True, slots=True)
class Case:
    """A request at a limit, one beyond it, and the code that refuses that."""

    accepted: str
    refused: str
    code: ErrorCode
    variables: Mapping[str, Any] | None = None
    refused_variables: Mapping[str, Any] | None = None


def nested(levels: int) -> str:
    return "{" + " berth {" * (levels - 1) + " name" + " }" * levels


def introspected(levels: int) -> str:
    return "{ __schema { types {" + " ofType {" * (levels - 3) + " name" + " }" * levels


def within(fields: str) -> str:
    return "{ berth { " + fields + " } }"


def aliased(count: int, field: str) -> str:
    return " ".join(f"a{i}: {field}" for i in range(count))


def directed(count: int) -> str:
    pairs, odd = divmod(count, 2)
    return within(
        "... @include(if: true) @skip(if: false) { " * pairs + "name" + " @skip(if: false)" * odd + " }" * pairs
    )


def listed(count: int) -> str:
    """So many tokens, most of them ids."""
    return "{ nodes(ids: [" + "1 " * (count - 12) + "]) { name } }"


def paged(arguments: str, inside: str = "totalCount") -> str:
    return "{ berths" + arguments + " { " + inside + " } }"


SIZED = "query ($n: Int) { berths(first: $n) { totalCount } }"
PAGES = "{ berths(first: 50) { edges { node { berths(first: 99) { totalCount } } } } %s }"
DEAREST = aliased(5, "hundred") + " berths(first: 99) { edges { node { one } } }"
"""Costs 599 points."""

TOO_LARGE, INPUT = ErrorCode.DOCUMENT_TOO_LARGE, ErrorCode.BAD_USER_INPUT
DOCUMENTS: Mapping[str, Case] = {
    "depth 15": Case(nested(15), nested(16), TOO_LARGE),
    "depth of introspection 20": Case(introspected(20), introspected(21), TOO_LARGE),
    "aliases 15": Case(within(aliased(15, "name")), within(aliased(16, "name")), TOO_LARGE),
    "root fields 10": Case("{" + aliased(10, "__typename") + "}", "{" + aliased(11, "__typename") + "}", TOO_LARGE),
    "directives 50": Case(directed(50), directed(51), TOO_LARGE),
    "one field 20 times": Case(within("name " * 20), within("... { name } " * 21), TOO_LARGE),
    "tokens 1,000": Case(listed(1_000), listed(1_001), ErrorCode.GRAPHQL_PARSE_FAILED),
    "first at most 100": Case(paged("(first: 100)"), paged("(first: 101)"), INPUT),
    "first at least 1": Case(paged("(first: 1)"), paged("(first: 0)"), INPUT),
    "last at most 100": Case(paged("(last: 100)"), paged("(last: 101)"), INPUT),
    "last at least 1": Case(paged("(last: 1)"), paged("(last: 0)"), INPUT),
    "first or last": Case(paged("(first: 1)"), paged(""), INPUT),
    "not first and last": Case(paged("(last: 1)"), paged("(first: 1, last: 1)"), INPUT),
    "first by a variable": Case(SIZED, SIZED, INPUT, {"n": 100}, {"n": 101}),
    "first by no variable": Case(SIZED, SIZED, INPUT, {"n": 1}, {}),
    "items 5,000": Case(PAGES % "", PAGES % "nodes(ids: [1]) { name }", TOO_LARGE),
    "cost at once 600": Case(within(DEAREST), within(DEAREST + " one"), TOO_LARGE),
}

transports = pytest.mark.parametrize("transport", WIRES)


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
async def address(log: Log) -> AsyncIterator[str]:
    """The harbour, where what is spent does not come back."""
    async with served_harbour(log, allowances=Allowances(clock=lambda: 0.0), limits=MANY_MESSAGES) as address:
        yield address


def is_refused(answer: Answer, code: ErrorCode) -> bool:
    return answer.codes == {code} and "data" not in answer.payload


@transports
@pytest.mark.parametrize("limit", DOCUMENTS)
async def test_a_document_at_a_limit_is_executed_and_one_beyond_it_is_not(
    address: str, log: Log, refusals: Refusals, limit: str, transport: str
) -> None:
    case, send = DOCUMENTS[limit], WIRES[transport]

    accepted = await send(address, anybody(), {"query": case.accepted, "variables": case.variables})
    log.ran.clear()
    refused = await send(address, anybody(), {"query": case.refused, "variables": case.refused_variables})

    assert [] == accepted.errors
    assert is_refused(refused, case.code)
    assert [] == log.ran
    refusals.note(limit, transport, refused.seconds)


DEAREST_OF_AN_HOUR = "berths(first: 49) { edges { node { hundred } } } b: berths(first: 98) { edges { node { one } } }"
"""Costs 4,999 points."""
WINDOWS: Mapping[str, tuple[Allowance, str]] = {
    "cost 600 a minute": (Allowance(), DEAREST),
    "cost 5,000 an hour": (Allowance(per_minute=1_000_000), DEAREST_OF_AN_HOUR),
}


@transports
@pytest.mark.parametrize("limit", WINDOWS)
async def test_points_are_spent_to_the_last_and_what_costs_one_more_is_refused(
    log: Log, refusals: Refusals, limit: str, transport: str
) -> None:
    token, send = anybody(), WIRES[transport]
    allowance, dearest = WINDOWS[limit]
    allowances = Allowances(token=allowance, clock=lambda: 0.0)
    async with served_harbour(log, allowances=allowances) as address:
        spent = await send(address, token, {"query": "{ rateLimit { remaining } berth { " + dearest + " } }"})
        log.ran.clear()
        refused = await send(address, token, {"query": within("name")})
        another = await send(address, anybody(), {"query": within("name")})

    assert 0 == spent.payload["data"]["rateLimit"]["remaining"]
    assert is_refused(refused, ErrorCode.RATE_LIMITED)
    assert 1 == refused.errors[0]["extensions"]["retryAfter"]
    assert ["berth"] == log.ran
    assert [] == another.errors
    refusals.note(limit, transport, refused.seconds)


def deep_request(levels: int, *, around: int = 0) -> dict[str, Any]:
    """A request that is so deep as JSON, with `around` levels of what it is sent in."""
    inside = levels - around - 2
    value = json.loads("[" * inside + "]" * inside)
    return {"query": "query ($v: JSON!) { echo(value: $v) }", "variables": {"v": value}}


class TestOverHTTP:
    async def test_json_is_32_levels_deep(self, address: str, log: Log, refusals: Refusals) -> None:
        accepted = await WIRES["POST"](address, anybody(), deep_request(32))
        log.ran.clear()
        refused = await WIRES["POST"](address, anybody(), deep_request(33))

        assert {"echo": True} == accepted.payload["data"]
        assert (400, True) == (refused.status, is_refused(refused, ErrorCode.BAD_REQUEST))
        assert [] == log.ran
        refusals.note("JSON depth 32", "POST", refused.seconds)

    async def test_an_operation_is_sent_alone(self, address: str, log: Log, refusals: Refusals) -> None:
        response, seconds = await post(address, b'[{"query": "{ berth { name } }"}]')

        assert (400, ErrorCode.BAD_REQUEST) == (response.status_code, code_of(response))
        assert [] == log.ran
        refusals.note("no batches", "POST", seconds)

    async def test_a_body_has_256_kib(self, address: str, log: Log, refusals: Refusals) -> None:
        body = b'{"query": "{ berth { name } }"}'.ljust(256 * KIB)

        accepted, _ = await post(address, body)
        log.ran.clear()
        refused, seconds = await post(address, body + b" ")

        assert {"data": {"berth": {"name": "north"}}} == accepted.json()
        assert (413, ErrorCode.PAYLOAD_TOO_LARGE) == (refused.status_code, refused.json()["code"])
        assert [] == log.ran
        refusals.note("body 256 KiB", "POST", seconds)

    async def test_a_compressed_body_is_not_read(self, address: str, log: Log, refusals: Refusals) -> None:
        refused, seconds = await post(address, b"\x1f\x8b", **{"content-encoding": "gzip"})

        assert (415, ErrorCode.UNSUPPORTED_MEDIA_TYPE) == (refused.status_code, refused.json()["code"])
        assert [] == log.ran
        refusals.note("no compressed bodies", "POST", seconds)


async def post(address: str, body: bytes, **headers: str) -> tuple[httpx.Response, float]:
    async with httpx.AsyncClient(base_url=f"http://{address}") as client:
        start = time.perf_counter()
        headers = {"content-type": "application/json", "authorization": f"Bearer {anybody()}", **headers}
        response = await client.post("/graphql", content=body, headers=headers)
        return response, time.perf_counter() - start


def code_of(response: httpx.Response) -> str:
    code: str = response.json()["errors"][0]["extensions"]["code"]
    return code


class TestOverWebSockets:
    async def test_json_is_32_levels_deep(self, address: str, log: Log, refusals: Refusals) -> None:
        async with opened_socket(address, anybody()) as socket:
            await subscribe(socket, deep_request(32, around=1))
            assert ["next", "complete"] == [(await heard(socket))["type"] for _ in range(2)]
            log.ran.clear()

            await subscribe(socket, deep_request(33, around=1), id="2")
            code, seconds = await close_of(socket)

        assert 4400 == code
        assert [] == log.ran
        refusals.note("JSON depth 32", "WebSocket", seconds)

    async def test_an_operation_is_sent_alone(self, address: str, log: Log, refusals: Refusals) -> None:
        async with opened_socket(address, anybody()) as socket:
            await socket.send(
                json.dumps({"id": "1", "type": "subscribe", "payload": [{"query": "{ berth { name } }"}]})
            )
            code, seconds = await close_of(socket)

        assert 4400 == code
        assert [] == log.ran
        refusals.note("no batches", "WebSocket", seconds)

    async def test_a_message_has_64_kib(self, address: str, log: Log, refusals: Refusals) -> None:
        message = json.dumps({"id": "1", "type": "subscribe", "payload": {"query": "{ berth { name } }"}})
        async with opened_socket(address, anybody()) as socket:
            await socket.send(message.ljust(64 * KIB))
            assert ["next", "complete"] == [(await heard(socket))["type"] for _ in range(2)]
            log.ran.clear()

            await socket.send(message.replace('"1"', '"2"').ljust(64 * KIB + 1))
            code, seconds = await close_of(socket)

        assert 1009 == code
        assert [] == log.ran
        refusals.note("message 64 KiB", "WebSocket", seconds)

    async def test_a_connection_is_initialised_in_time(self, log: Log, refusals: Refusals) -> None:
        limits = ConnectionLimits(init_wait=0.2)
        async with served_harbour(log, limits=limits) as address, unacknowledged(address) as silent:
            code, seconds = await close_of(silent)

        assert 4408 == code
        assert 5.0 == ConnectionLimits().init_wait
        refusals.note("init within 5 s (past the wait)", "WebSocket", seconds - limits.init_wait)

    async def test_a_connection_has_50_operations(self, address: str, log: Log, refusals: Refusals) -> None:
        async with opened_socket(address, anybody()) as socket:
            await open_streams(socket, 50)
            log.ran.clear()

            start = time.perf_counter()
            await subscribe(socket, {"query": "{ berth { name } }"}, id="one more")
            message = await heard(socket)
            seconds = time.perf_counter() - start

        assert ("error", "RATE_LIMITED") == (message["type"], message["payload"][0]["extensions"]["code"])
        assert [] == log.ran
        refusals.note("operations 50 a connection", "WebSocket", seconds)

    async def test_a_user_has_100_subscriptions(self, address: str, log: Log, refusals: Refusals) -> None:
        user = anybody()
        async with AsyncExitStack() as stack:
            sockets = [await stack.enter_async_context(opened_socket(address, f"{user}/{i}")) for i in range(3)]
            await open_streams(sockets[0], 50)
            await open_streams(sockets[1], 50)
            log.ran.clear()

            start = time.perf_counter()
            await subscribe(sockets[2], {"query": "subscription { moored { name } }"})
            message = await heard(sockets[2])
            seconds = time.perf_counter() - start

        assert ("error", "RATE_LIMITED") == (message["type"], message["payload"][0]["extensions"]["code"])
        assert [] == log.ran
        refusals.note("subscriptions 100 a user", "WebSocket", seconds)

    async def test_a_user_has_20_connections(self, address: str, refusals: Refusals) -> None:
        user = anybody()
        async with AsyncExitStack() as stack:
            for _ in range(20):
                await stack.enter_async_context(opened_socket(address, user))

            start = time.perf_counter()
            socket = await stack.enter_async_context(unacknowledged(address))
            init = {"type": "connection_init", "payload": {"authorization": f"Bearer {user}"}}
            await socket.send(json.dumps(init))
            code, _ = await close_of(socket)
            seconds = time.perf_counter() - start

        assert 4429 == code
        refusals.note("connections 20 a user", "WebSocket", seconds)

    async def test_who_comes_back_opens_all_of_their_operations_at_once(self, log: Log) -> None:
        async with served_harbour(log) as address, opened_socket(address, anybody()) as socket:
            for number in range(50):
                await subscribe(socket, {"query": "subscription { moored { name } }"}, id=str(number))

            assert {"next"} == {(await heard(socket))["type"] for _ in range(50)}

    async def test_a_connection_has_81_messages_at_once(self, log: Log, refusals: Refusals) -> None:
        async with served_harbour(log) as address, opened_socket(address, anybody()) as socket:
            for _ in range(80):  # the init was the first
                await socket.send('{"type":"ping"}')
            assert [{"type": "pong"}] * 80 == [await heard(socket) for _ in range(80)]

            for _ in range(120):  # some come back meanwhile
                await socket.send('{"type":"ping"}')
            code, seconds = await close_of(socket)

        assert 4429 == code
        refusals.note("messages 81 at once", "WebSocket", seconds)

    def test_30_messages_a_second_come_back(self) -> None:
        now, limits = [0.0], ConnectionLimits()
        rate = Rate(limits.messages_per_second, at_once=limits.messages_at_once, clock=lambda: now[0])

        assert [True] * 81 + [False] == [rate.allows() for _ in range(82)]
        now[0] = 1.0
        assert [True] * 30 + [False] == [rate.allows() for _ in range(31)]


async def subscribe(socket: ClientConnection, request: Mapping[str, Any], id: str = "1") -> None:
    await socket.send(json.dumps({"id": id, "type": "subscribe", "payload": request}))


async def open_streams(socket: ClientConnection, count: int) -> None:
    for number in range(count):
        await subscribe(socket, {"query": "subscription { moored { name } }"}, id=str(number))
        assert {"data": {"moored": {"name": "north"}}} == (await heard(socket))["payload"]


async def heard(socket: ClientConnection) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(await socket.recv())
    return message


async def close_of(socket: ClientConnection) -> tuple[int | None, float]:
    """The code that the server closes with, and after how long."""
    start = time.perf_counter()
    with suppress(ConnectionClosed):
        async for _ in socket:
            pass
    return socket.close_code, time.perf_counter() - start
