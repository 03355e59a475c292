"""graphql-transport-ws: what the suites of graphql-ws and strawberry try beside what test_websocket does.

conformance.toml says which of their cases is tried by which test.
"""

from __future__ import annotations

import asyncio
import json
import os
from base64 import b64encode
from contextlib import AsyncExitStack
from typing import Any

import pytest
from starlette.types import ASGIApp
from websockets.asyncio.client import ClientConnection
from websockets.typing import Subprotocol

from tests.graphql_schema.serving import served
from tests.graphql_schema.transport.conftest import Signals
from tests.graphql_schema.transport.test_websocket import (
    PROTOCOL,
    acknowledged,
    close_of,
    heard,
    opened,
    subscribe,
    tell,
)

SECONDS = 5
DOCUMENT = "query a { hello } query b { who }"


async def settled(socket: ClientConnection) -> list[dict[str, Any]]:
    """Every message up to the answer of a ping that is sent now: what is not among them was not sent."""
    await tell(socket, type="ping", payload={"settled": True})
    messages: list[dict[str, Any]] = []
    while (message := await heard(socket)) != {"type": "pong", "payload": {"settled": True}}:
        messages.append(message)
    return messages


def running() -> list[asyncio.Task[Any]]:
    return [task for task in asyncio.all_tasks() if task.get_name().startswith("graphql-ws")]


async def test_of_several_protocols_that_are_offered_ours_is_chosen(address: str) -> None:
    offered = [Subprotocol("graphql-ws"), Subprotocol("gibberish"), PROTOCOL]
    async with opened(address, subprotocols=offered) as socket:
        assert socket.subprotocol == PROTOCOL


@pytest.mark.parametrize(
    "frame",
    [
        "not JSON",
        '{"notType": null}',
        '{"type": "NOT_A_MESSAGE_TYPE"}',
        '{"type": "next", "id": "1", "payload": {}}',
        '{"type": "ping", "payload": "x"}',
        b'{"type": "connection_init"}',
    ],
)
async def test_a_frame_that_is_no_message_closes_4400_before_the_init_too(address: str, frame: str | bytes) -> None:
    async with opened(address) as socket:
        await socket.send(frame)

        assert 4400 == (await close_of(socket))[0]


async def test_binary_frames_are_not_read_after_text_ones_either(address: str) -> None:
    async with acknowledged(address) as socket:
        await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": {"query": "{ hello }"}}).encode())

        assert (4400, "Messages must be text") == await close_of(socket)


async def test_a_message_in_several_frames_is_one_message(address: str) -> None:
    async with opened(address) as socket:
        await socket.send(iter(['{"type": "conn', 'ection_init"}']))

        assert {"type": "connection_ack"} == await heard(socket)


async def test_a_second_init_right_behind_the_first_closes_4429(address: str) -> None:
    async with opened(address) as socket:
        await tell(socket, type="connection_init")
        await tell(socket, type="connection_init")

        assert (4429, "Too many initialisation requests") == await close_of(socket)


async def test_a_pong_that_nobody_asked_for_changes_nothing(address: str) -> None:
    async with acknowledged(address) as socket:
        await tell(socket, type="pong", payload={"unasked": True})

        assert [] == await settled(socket)


async def test_completing_what_is_not_there_changes_nothing(address: str) -> None:
    async with acknowledged(address) as socket:
        await tell(socket, type="complete", id="never")

        assert [] == await settled(socket)


async def test_a_mutation_is_answered_once(address: str) -> None:
    async with acknowledged(address) as socket:
        await subscribe(socket, 'mutation { write(text: "x") }')

        assert {"id": "1", "type": "next", "payload": {"data": {"write": "x"}}} == await heard(socket)
        assert {"id": "1", "type": "complete"} == await heard(socket)


@pytest.mark.parametrize(("name", "data"), [("a", {"hello": "world"}), ("b", {"who": None})])
async def test_of_several_operations_the_one_that_is_named_runs(address: str, name: str, data: dict[str, Any]) -> None:
    async with acknowledged(address) as socket:
        await subscribe(socket, DOCUMENT, operationName=name)

        assert {"data": data} == (await heard(socket))["payload"]


@pytest.mark.parametrize(
    ("query", "name"), [(DOCUMENT, None), (DOCUMENT, "c"), ("fragment f on Query { hello }", None), ("# nothing", None)]
)
async def test_a_document_without_the_operation_ends_as_an_error(address: str, query: str, name: str | None) -> None:
    async with acknowledged(address) as socket:
        await subscribe(socket, query, operationName=name)

        assert ["error"] == [message["type"] for message in [await heard(socket), *await settled(socket)]]


async def test_what_a_payload_has_beside_the_operation_is_passed_over(address: str) -> None:
    async with acknowledged(address) as socket:
        await subscribe(socket, "{ hello }", extensions={"some": "thing"}, other=1)

        assert {"data": {"hello": "world"}} == (await heard(socket))["payload"]


async def test_a_failed_field_is_a_value_like_any_other(address: str) -> None:
    async with acknowledged(address) as socket:
        await subscribe(socket, "{ refused }")
        message, end = await heard(socket), await heard(socket)

    assert ("next", {"refused": None}) == (message["type"], message["payload"]["data"])
    assert [["refused"]] == [error["path"] for error in message["payload"]["errors"]]
    assert {"id": "1", "type": "complete"} == end


async def test_an_error_of_one_event_does_not_end_the_subscription(address: str) -> None:
    async with acknowledged(address) as socket:
        await subscribe(socket, "subscription { flawed }")
        messages = [await heard(socket) for _ in range(4)]

    assert ["next", "next", "next", "complete"] == [message["type"] for message in messages]
    assert [False, True, False] == ["errors" in message["payload"] for message in messages[:3]]


@pytest.mark.parametrize("query", ["{ nowhere }", "subscription { nowhere }", "{ ... @defer { hello } }"])
async def test_nothing_follows_the_error_of_an_operation(address: str, query: str) -> None:
    async with acknowledged(address) as socket:
        await subscribe(socket, query)

        assert ["error"] == [message["type"] for message in [await heard(socket), *await settled(socket)]]


async def test_nothing_follows_the_error_of_a_subscription_that_broke(address: str) -> None:
    async with acknowledged(address) as socket:
        await subscribe(socket, "subscription { broken }")
        await heard(socket)

        assert ["error"] == [message["type"] for message in [await heard(socket), *await settled(socket)]]


async def test_a_query_can_be_completed_before_it_is_answered(address: str, signals: Signals) -> None:
    async with acknowledged(address) as socket:
        await subscribe(socket, "{ endless }")
        await asyncio.wait_for(signals.started.wait(), SECONDS)

        await tell(socket, id="1", type="complete")

        await asyncio.wait_for(signals.cancelled.wait(), SECONDS)
        assert [] == await settled(socket)


async def test_nothing_is_sent_of_a_subscription_that_the_client_completed(address: str, signals: Signals) -> None:
    async with acknowledged(address) as socket:
        await subscribe(socket, "subscription { silent }")
        await asyncio.wait_for(signals.started.wait(), SECONDS)

        await tell(socket, id="1", type="complete")
        assert [] == await settled(socket)
        signals.proceed.set()

        assert [] == await settled(socket)


async def test_an_id_that_the_client_completed_is_free_at_once(address: str) -> None:
    async with acknowledged(address) as socket:
        await subscribe(socket, "subscription { forever }")
        await heard(socket)
        await tell(socket, id="1", type="complete")
        await subscribe(socket, "{ hello }")

        assert {"data": {"hello": "world"}} == (await heard(socket))["payload"]


@pytest.mark.parametrize("first", ["subscription { silent }", "{ patient }"])
@pytest.mark.parametrize("second", ["subscription { count(to: 1) }", "{ hello }"])
async def test_an_id_in_use_closes_4409_whatever_uses_it(address: str, first: str, second: str) -> None:
    async with acknowledged(address) as socket:
        await subscribe(socket, first)
        await subscribe(socket, second)

        assert (4409, "Subscriber for 1 already exists") == await close_of(socket)


async def test_a_quick_query_passes_a_slow_one(address: str, signals: Signals) -> None:
    async with acknowledged(address) as socket:
        await subscribe(socket, "{ patient }", id="slow")
        await asyncio.wait_for(signals.started.wait(), SECONDS)
        await subscribe(socket, "{ hello }", id="quick")
        quick = [await heard(socket), await heard(socket)]
        signals.proceed.set()
        slow = [await heard(socket), await heard(socket)]

    assert [("quick", "next"), ("quick", "complete")] == [(each["id"], each["type"]) for each in quick]
    assert [("slow", "next"), ("slow", "complete")] == [(each["id"], each["type"]) for each in slow]


async def test_a_deadline_is_told_as_an_error_of_the_answer(address: str) -> None:
    async with acknowledged(address) as socket:
        await subscribe(socket, "{ endless }")
        message = await heard(socket)

    assert "DEADLINE_EXCEEDED" == message["payload"]["errors"][0]["extensions"]["code"]


@pytest.mark.parametrize("ends", ["close", "abort"])
async def test_no_task_of_any_operation_outlives_its_socket(address: str, ends: str) -> None:
    async with acknowledged(address) as socket:
        for number, query in enumerate(["subscription { forever }", "subscription { forever }", "{ patient }"]):
            await subscribe(socket, query, id=str(number))
        await settled(socket)
        tasks = running()
        await (socket.close() if ends == "close" else aborted(socket))

        _, left = await asyncio.wait(tasks, timeout=SECONDS)

    assert (3, set(), []) == (len(tasks), left, running())


async def aborted(socket: ClientConnection) -> None:
    """Ended as by a process that dies: no closing handshake."""
    socket.transport.abort()


async def test_a_reader_that_takes_nothing_holds_up_its_source_and_is_given_up(address: str, signals: Signals) -> None:
    async with opened(address, max_queue=1, compression=None) as socket:
        await tell(socket, type="connection_init")
        await subscribe(socket, "subscription { flood }")

        await asyncio.wait_for(signals.cancelled.wait(), 2 * SECONDS)
        socket.transport.abort()

    assert signals.told * 10_000 < 16 * 1024 * 1024


async def test_a_socket_whose_other_end_is_away_is_pinged_and_then_closed(app: ASGIApp) -> None:
    async with served(app, ping=0.05) as address, asyncio.timeout(SECONDS):
        reader, writer = await shaken_hands(address)
        first, second = await frame(reader), await frame(reader)
        rest = await reader.read()
        writer.close()

    assert (0x89, 0x88) == (first[0], second[0])
    assert (1011).to_bytes(2) == second[1][:2]
    assert b"" == rest


async def shaken_hands(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A socket by hand, which answers nothing."""
    host, _, port = address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    headers = {
        "Host": address,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": b64encode(os.urandom(16)).decode(),
        "Sec-WebSocket-Protocol": PROTOCOL,
    }
    lines = ["GET /graphql HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    writer.write("\r\n".join(lines).encode())
    await reader.readuntil(b"\r\n\r\n")
    return reader, writer


async def frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """The first byte (the end's mark and the kind) and the content of a short frame, as servers send them: unmasked."""
    first, length = await reader.readexactly(2)
    return first, await reader.readexactly(length)


async def test_a_server_that_goes_away_closes_its_sockets_1012(app: ASGIApp, signals: Signals) -> None:
    async with AsyncExitStack() as server:
        address = await server.enter_async_context(served(app))
        async with acknowledged(address) as socket:
            await subscribe(socket, "subscription { forever }")
            await heard(socket)

            await server.aclose()

            assert 1012 == (await close_of(socket))[0]
    assert signals.cancelled.is_set()
