"""What operations are charged, and what a client is told of it: over HTTP in headers, everywhere in `rateLimit`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from graphql_schema.allowances import Allowance, Allowances
from tests.graphql_schema.transport.harbour import Log, anybody, served_harbour
from tests.graphql_schema.transport.wires import WIRES, by_post, opened_socket

BALANCE = "rateLimit { cost limit used remaining resetAt windows { period limit used remaining } }"


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
async def address(log: Log) -> AsyncIterator[str]:
    """The harbour, where what is spent does not come back."""
    async with served_harbour(log, allowances=Allowances(clock=lambda: 0.0)) as address:
        yield address


@pytest.mark.parametrize("transport", WIRES)
async def test_an_operation_is_told_what_it_costs_and_what_is_left(address: str, transport: str) -> None:
    token = anybody()

    answers = [
        await WIRES[transport](address, token, {"query": "{ berth { one hundred } " + BALANCE + " }"}) for _ in range(2)
    ]

    balances = [answer.payload["data"]["rateLimit"] for answer in answers]
    assert [(102, 600, 102, 498), (102, 600, 204, 396)] == [
        (each["cost"], each["limit"], each["used"], each["remaining"]) for each in balances
    ]
    assert [
        {"period": "MINUTE", "limit": 600, "used": 204, "remaining": 396},
        {"period": "HOUR", "limit": 5_000, "used": 204, "remaining": 4_796},
    ] == balances[1]["windows"]


async def test_strangers_are_not_counted(address: str) -> None:
    async with httpx.AsyncClient(base_url=f"http://{address}") as client:
        response = await client.post("/graphql", json={"query": "{ berth { hundred } rateLimit { cost } }"})

    assert {"berth": {"hundred": 100}, "rateLimit": None} == response.json()["data"]
    assert not [name for name in response.headers if name.startswith("x-ratelimit")]


async def test_an_answer_over_http_has_the_balance_in_its_headers(address: str) -> None:
    answer = await by_post(address, anybody(), {"query": "{ berth { hundred } rateLimit { resetAt } }"})

    told = {name: int(answer.headers[f"x-ratelimit-{name}"]) for name in ("limit", "remaining", "cost")}
    assert {"limit": 600, "remaining": 499, "cost": 101} == told
    reset_at = datetime.fromisoformat(answer.payload["data"]["rateLimit"]["resetAt"])
    assert reset_at.timestamp() == pytest.approx(int(answer.headers["x-ratelimit-reset"]), abs=2)
    assert 10.1 == pytest.approx((reset_at - datetime.now(UTC)).total_seconds(), abs=2)
    assert "retry-after" not in answer.headers


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
async def test_what_is_refused_for_its_cost_says_when_to_come_back(address: str, accept: str) -> None:
    headers = {"authorization": f"Bearer {anybody()}", "accept": accept}
    async with httpx.AsyncClient(base_url=f"http://{address}", headers=headers) as client:
        for _ in range(5):
            await client.post("/graphql", json={"query": "{ berth { hundred } }"})
        refused = await client.post("/graphql", json={"query": "{ berth { hundred } }"})

    error = refused.json()["errors"][0]
    assert (429, "1", "101", "95") == (
        refused.status_code,
        refused.headers["retry-after"],
        refused.headers["x-ratelimit-cost"],
        refused.headers["x-ratelimit-remaining"],
    )
    assert {"code": "RATE_LIMITED", "retryAfter": 1} == error["extensions"]
    assert "Try again in 1 s" in error["message"]
    assert "data" not in refused.json()


async def test_what_costs_more_than_there_ever_is_never_passes_and_says_so(address: str) -> None:
    token = anybody()
    dear = "{ berth { berths(first: 6) { edges { node { hundred } } } } }"

    refused = await by_post(address, token, {"query": dear})

    assert {"DOCUMENT_TOO_LARGE"} == refused.codes
    assert (
        "costs 601 points, most of them by `berth.berths.hundred`; at most 600 can be spent at once"
        in refused.errors[0]["message"]
    )
    assert "599" == refused.headers["x-ratelimit-remaining"]


@pytest.mark.parametrize("query", ["{", "{ nowhere }", "{ berths { totalCount } }"])
@pytest.mark.parametrize("transport", WIRES)
async def test_a_document_that_is_refused_costs_one_point(address: str, transport: str, query: str) -> None:
    token = anybody()
    await WIRES[transport](address, token, {"query": query})

    answer = await WIRES[transport](address, token, {"query": "{ rateLimit { used } }"})

    assert {"rateLimit": {"used": 2}} == answer.payload["data"]


async def test_all_transports_spend_of_one_account(address: str) -> None:
    token = anybody()

    answers = [await send(address, token, {"query": "{ rateLimit { used } }"}) for send in WIRES.values()]

    assert list(range(1, len(WIRES) + 1)) == [answer.payload["data"]["rateLimit"]["used"] for answer in answers]


async def test_opening_a_stream_is_charged_and_its_events_are_not(address: str) -> None:
    token = anybody()
    async with opened_socket(address, token) as socket:
        await socket.send(subscription("{ moored(times: 20) { name } }"))
        for _ in range(20):
            await socket.recv()

        answer = await by_post(address, token, {"query": "{ rateLimit { used } }"})

    assert {"rateLimit": {"used": 6 + 1}} == answer.payload["data"]


async def test_events_that_call_somebody_are_charged_and_wait_until_they_can_be_paid(log: Log) -> None:
    """Of 6,000 points a minute 100 come back in a second, which is what an event costs here."""
    allowances = Allowances(token=Allowance(per_minute=6_000, per_hour=1_000_000))
    async with served_harbour(log, allowances=allowances) as address, opened_socket(address, anybody()) as socket:
        await socket.send(subscription("{ moored(times: 62) { hundred } }"))
        times = []
        async with asyncio.timeout(30):
            for _ in range(62):
                await socket.recv()
                times.append(asyncio.get_running_loop().time())

    assert times[-1] - times[-2] > 0.5


def subscription(selection: str) -> str:
    return json.dumps({"id": "1", "type": "subscribe", "payload": {"query": f"subscription {selection}"}})
