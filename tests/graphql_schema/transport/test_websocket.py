"""graphql-transport-ws: the protocol's letter, its close codes, and what one connection may do."""

from __future__ import annotations

import asyncio
import gc
import json
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from api.authorization.vigils import HAS_ENDED
from graphql_schema.transport.connection import Connection
from tests.graphql_schema.transport.conftest import Signals, SignedIn

PROTOCOL = Subprotocol("graphql-transport-ws")


@asynccontextmanager
async def opened(address: str, **options: Any) -> AsyncIterator[ClientConnection]:
    options = {"subprotocols": [PROTOCOL]} | options
    async with asyncio.timeout(10), connect(f"ws://{address}/graphql", **options) as socket:
        yield socket


@asynccontextmanager
async def acknowledged(address: str, payload: object = None) -> AsyncIterator[ClientConnection]:
    async with opened(address) as socket:
        await tell(socket, type="connection_init", payload=payload)
        assert {"type": "connection_ack"} == await heard(socket)
        yield socket


async def tell(socket: ClientConnection, **message: object) -> None:
    await socket.send(json.dumps(message))


async def subscribe(socket: ClientConnection, query: str, id: str = "1", **payload: object) -> None:
    await tell(socket, id=id, type="subscribe", payload={"query": query, **payload})


async def heard(socket: ClientConnection) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(await socket.recv())
    return message


async def close_of(socket: ClientConnection) -> tuple[int, str]:
    """The code and the reason that the server closes with; messages before them are passed over."""
    with suppress(ConnectionClosed):
        async for _ in socket:
            pass
    assert socket.close_code is not None
    return socket.close_code, socket.close_reason or ""


@pytest.mark.parametrize("payload", [None, {}, {"authorization": "Bearer ada"}])
async def test_an_init_with_or_without_payload_is_acknowledged(address: str, payload: object) -> None:
    async with acknowledged(address, payload):
        pass


async def test_a_subscription_is_followed_to_its_end(address: str) -> None:
    async with acknowledged(address) as socket:
        await subscribe(socket, "subscription { count(to: 2) }")

        messages = [await heard(socket) for _ in range(3)]

    assert [
        {"id": "1", "type": "next", "payload": {"data": {"count": 0}}},
        {"id": "1", "type": "next", "payload": {"data": {"count": 1}}},
        {"id": "1", "type": "complete"},
    ] == messages


async def test_a_query_is_answered_once_as_the_token_s_owner(address: str) -> None:
    async with acknowledged(address, {"authorization": "Bearer ada"}) as socket:
        await subscribe(socket, "query ($t: String!) { who repeat(text: $t) }", variables={"t": "x"})

        assert {"data": {"who": "ada@example.com", "repeat": "x"}} == (await heard(socket))["payload"]
        assert {"id": "1", "type": "complete"} == await heard(socket)


async def test_an_id_is_free_again_once_its_operation_is_complete(address: str) -> None:
    async with acknowledged(address) as socket:
        for _ in range(2):
            await subscribe(socket, "{ hello }")
            assert ["next", "complete"] == [(await heard(socket))["type"], (await heard(socket))["type"]]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ ...nowhere }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ nowhere }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription ($n: Int!) { count(to: $n) }", "BAD_USER_INPUT"),
    ],
)
async def test_a_document_at_fault_ends_its_operation_and_not_the_socket(address: str, query: str, code: str) -> None:
    async with acknowledged(address) as socket:
        await subscribe(socket, query)
        message = await heard(socket)
        await subscribe(socket, "{ hello }")

        assert ("error", "1", [code]) == (
            message["type"],
            message["id"],
            [error["extensions"]["code"] for error in message["payload"]],
        )
        assert {"data": {"hello": "world"}} == (await heard(socket))["payload"]


async def test_a_stream_that_breaks_is_masked_and_ends_alone(address: str) -> None:
    async with acknowledged(address) as socket:
        await subscribe(socket, "subscription { broken }")
        await heard(socket)
        message = await heard(socket)
        await subscribe(socket, "{ hello }")

        assert ("error", "INTERNAL_SERVER_ERROR") == (message["type"], message["payload"][0]["extensions"]["code"])
        assert "hunter2" not in json.dumps(message)
        assert "next" == (await heard(socket))["type"]


async def test_a_client_that_is_behind_reads_everything_once_and_in_order_however_it_is_sent(
    address: str, signals: Signals
) -> None:
    """What the outlet takes while the client is behind is waited for before anything else is sent."""
    async with opened(address, max_queue=1, compression=None) as socket:
        await tell(socket, type="connection_init")
        await heard(socket)
        query = "subscription ($to: Int!) { passed(to: $to, size: 50000) }"
        await subscribe(socket, query, variables={"to": 300})
        await subscribe(socket, "{ hello }", id="2")

        texts, others = [], []
        while {"id": "1", "type": "complete"} not in others:
            message = await heard(socket)
            if message["type"] == "next" and message["id"] == "1":
                texts.append(message["payload"]["data"]["passed"])
            else:
                others.append(message)

    assert [f"{number}:".ljust(50_000, "x") for number in range(300)] == texts
    assert 300 == signals.passed + signals.told
    assert signals.passed > 1
    assert signals.told > 1


async def test_a_client_that_takes_nothing_of_what_the_outlet_took_is_given_up(address: str, signals: Signals) -> None:
    async with opened(address, max_queue=1, compression=None) as socket:
        await tell(socket, type="connection_init")
        await heard(socket)
        await subscribe(socket, "subscription { passed(to: 300, size: 50000) }")

        await asyncio.wait_for(signals.cancelled.wait(), 5)
        socket.transport.abort()

    assert signals.passed + signals.told < 300


async def test_completing_an_operation_stops_its_work(address: str, signals: Signals) -> None:
    async with acknowledged(address) as socket:
        await subscribe(socket, "subscription { forever }")
        await heard(socket)

        await tell(socket, id="1", type="complete")

        await asyncio.wait_for(signals.cancelled.wait(), 5)


async def test_closing_the_socket_stops_all_of_its_work(address: str, signals: Signals) -> None:
    async with acknowledged(address) as socket:
        await subscribe(socket, "subscription { forever }")
        await heard(socket)

    await asyncio.wait_for(signals.cancelled.wait(), 5)


async def test_what_a_socket_had_in_memory_goes_with_it(address: str, signals: Signals) -> None:
    """Not with the next garbage collection, which comes late where many sockets are open."""
    gone = asyncio.Event()
    gc.collect()
    gc.disable()
    try:
        async with acknowledged(address) as socket:
            await subscribe(socket, "subscription { forever }")
            await asyncio.wait_for(signals.started.wait(), 5)
            weakref.finalize(only_connection(), gone.set)

        await asyncio.wait_for(gone.wait(), 5)
    finally:
        gc.enable()


def only_connection() -> Connection:
    (found,) = (each for each in gc.get_objects() if type(each) is Connection)
    return found


async def test_pings_are_answered_before_and_after_the_init(address: str) -> None:
    async with opened(address) as socket:
        await tell(socket, type="ping")
        assert {"type": "pong"} == await heard(socket)
        await tell(socket, type="connection_init")
        await heard(socket)
        await tell(socket, type="pong")
        await tell(socket, type="ping", payload={"at": 1})

        assert {"type": "pong", "payload": {"at": 1}} == await heard(socket)


@pytest.mark.parametrize(
    "frame",
    ["null", "1", '"x"', "[]", "{}", '{"type": 1}', '{"type": "nonsense"}', "{", "[" * 1_000, b"\x00\x01"],
)
async def test_a_frame_that_is_no_message_closes_4400(address: str, frame: str | bytes) -> None:
    async with acknowledged(address) as socket:
        await socket.send(frame)

        assert 4400 == (await close_of(socket))[0]


@pytest.mark.parametrize(
    "message",
    [
        {"type": "subscribe", "payload": {"query": "{ hello }"}},
        {"type": "subscribe", "id": "", "payload": {"query": "{ hello }"}},
        {"type": "subscribe", "id": "1"},
        {"type": "subscribe", "id": "1", "payload": []},
        {"type": "subscribe", "id": "1", "payload": {"query": 1}},
        {"type": "subscribe", "id": "1", "payload": {"query": "{ hello }", "variables": []}},
        {"type": "complete"},
    ],
)
async def test_a_message_without_its_parts_closes_4400(address: str, message: dict[str, object]) -> None:
    async with acknowledged(address) as socket:
        await tell(socket, **message)

        assert 4400 == (await close_of(socket))[0]


async def test_a_long_close_reason_is_cut_to_what_a_frame_carries(address: str) -> None:
    async with acknowledged(address) as socket:
        await tell(socket, type="ü" * 200)

        code, reason = await close_of(socket)

    assert 4400 == code
    assert reason.startswith("Unknown message type: ü")
    assert len(reason.encode()) <= 123


async def test_a_subscribe_before_the_init_closes_4401(address: str) -> None:
    async with opened(address) as socket:
        await subscribe(socket, "{ hello }")

        assert (4401, "Unauthorized") == await close_of(socket)


async def test_a_second_init_closes_4429(address: str) -> None:
    async with acknowledged(address) as socket:
        await tell(socket, type="connection_init")

        assert (4429, "Too many initialisation requests") == await close_of(socket)


async def test_an_id_in_use_closes_4409(address: str) -> None:
    async with acknowledged(address) as socket:
        await subscribe(socket, "subscription { forever }")
        await subscribe(socket, "{ hello }")

        assert (4409, "Subscriber for 1 already exists") == await close_of(socket)


async def test_no_init_in_time_closes_4408(address: str) -> None:
    async with opened(address) as socket:
        assert (4408, "Connection initialisation timeout") == await close_of(socket)


@pytest.mark.parametrize(
    ("authorization", "reason"),
    [
        ("Bearer eve", "The token is not valid."),
        ("Basic ada", "Send an API token as `Bearer …` in `authorization`."),
        ("ada", "Send an API token as `Bearer …` in `authorization`."),
        (1, "Send an API token as `Bearer …` in `authorization`."),
    ],
)
async def test_a_credential_that_does_not_do_closes_4403(address: str, authorization: object, reason: str) -> None:
    async with opened(address) as socket:
        await tell(socket, type="connection_init", payload={"authorization": authorization})

        assert (4403, reason) == await close_of(socket)


@pytest.mark.parametrize("payload", [1, "x", []])
async def test_an_init_payload_that_is_no_object_closes_4400(address: str, payload: object) -> None:
    async with opened(address) as socket:
        await tell(socket, type="connection_init", payload=payload)

        assert 4400 == (await close_of(socket))[0]


async def test_a_viewer_who_signed_out_is_closed_4403_while_a_stream_lives(address: str, signed_in: SignedIn) -> None:
    async with acknowledged(address, {"authorization": "Bearer ada"}) as socket:
        await subscribe(socket, "subscription { forever }")
        await heard(socket)

        signed_in.tokens.clear()

        async with asyncio.timeout(2):
            assert (4403, HAS_ENDED) == await close_of(socket)


async def test_the_operation_beyond_the_most_is_refused_and_the_others_go_on(address: str) -> None:
    async with acknowledged(address) as socket:
        for id in "abc":
            await subscribe(socket, "subscription { forever }", id=id)
            assert id == (await heard(socket))["id"]

        await subscribe(socket, "{ hello }", id="d")

        message = await heard(socket)
        assert ("error", "d", "RATE_LIMITED") == (
            message["type"],
            message["id"],
            message["payload"][0]["extensions"]["code"],
        )


async def test_one_user_s_operations_are_counted_over_all_connections(address: str) -> None:
    payload = {"authorization": "Bearer ada"}
    async with acknowledged(address, payload) as first, acknowledged(address, payload) as second:
        for id, socket in zip("abc", (first, first, second), strict=True):
            await subscribe(socket, "subscription { forever }", id=id)
            assert "next" == (await heard(socket))["type"]

        await subscribe(second, "{ hello }", id="e")
        assert "RATE_LIMITED" == (await heard(second))["payload"][0]["extensions"]["code"]

        await tell(first, id="a", type="complete")
        await subscribe(first, "{ hello }", id="f")
        assert "next" == (await heard(first))["type"]


async def test_a_user_s_connection_beyond_the_most_is_closed_4429(address: str) -> None:
    payload = {"authorization": "Bearer ada"}
    async with acknowledged(address, payload), acknowledged(address, payload), opened(address) as third:
        await tell(third, type="connection_init", payload=payload)

        assert (4429, "Too many connections") == await close_of(third)


async def test_a_message_of_more_than_64_kib_closes_1009(address: str) -> None:
    async with acknowledged(address) as socket:
        await socket.send("x" * (64 * 1024 + 1))

        assert 1009 == (await close_of(socket))[0]


async def test_messages_beyond_the_rate_close_4429(address: str) -> None:
    async with acknowledged(address) as socket:
        for _ in range(120):
            await tell(socket, type="pong")

        assert (4429, "Too many messages") == await close_of(socket)


@pytest.mark.parametrize("protocols", [None, [Subprotocol("graphql-ws")]])
async def test_no_other_protocol_is_spoken(address: str, protocols: list[Subprotocol] | None) -> None:
    async with opened(address, subprotocols=protocols) as socket:
        assert (4406, "Subprotocol not acceptable") == await close_of(socket)


async def test_a_handshake_that_its_credentials_refuse_is_answered_403(address: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with opened(address, origin=Origin("https://evil.example")):
            pass

    assert 403 == refused.value.response.status_code
