"""npm's graphql-ws and graphql-sse, the clients that the protocols' author keeps, at our server."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.graphql_schema.transport.conftest import Signals

SCRIPT = Path(__file__).with_name("clients.mjs")
SECONDS = 60

HELLO = [["next", {"hello": "world", "who": "ada@example.com"}], ["complete"]]
CARRIED: dict[str, list[Any]] = {
    "query": HELLO,
    "variables": [["next", {"repeat": "a\nb"}], ["complete"]],
    "mutation": [["next", {"write": "x"}], ["complete"]],
    "subscription": [*(["next", {"count": number}] for number in range(3)), ["complete"]],
    "selection": [["next", {"who": "ada@example.com"}], ["complete"]],
    "refused": [["next", {"refused": None}, ["BAD_USER_INPUT"]], ["complete"]],
    "left": [["next", {"forever": 0}], ["complete"]],
    "afterwards": HELLO,
}
"""What comes of each case with either client."""


def at_fault(client: str, code: str) -> list[Any]:
    """How an operation ends that could not go on: a socket has a message for that, a stream tells it as a value."""
    return [["error", [code]]] if client == "graphql-ws" else [["next", None, [code]], ["complete"]]


def expected(client: str) -> dict[str, list[Any]]:
    return CARRIED | {
        "unknownField": at_fault(client, "GRAPHQL_VALIDATION_FAILED"),
        "syntax": at_fault(client, "GRAPHQL_PARSE_FAILED"),
        "broken": [["next", {"broken": 0}], *at_fault(client, "INTERNAL_SERVER_ERROR")],
    }


@pytest.fixture
async def told(node: str, node_packages: Path, address: str) -> dict[str, dict[str, Any]]:
    """What the sinks of both clients were told."""
    ran = await asyncio.create_subprocess_exec(
        node, str(SCRIPT), str(node_packages), address, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(SECONDS):
        printed, complaints = await ran.communicate()
    assert ran.returncode == 0, complaints.decode()
    results: dict[str, dict[str, Any]] = json.loads(printed)
    return results


async def test_both_clients_are_told_what_their_protocols_say(
    told: dict[str, dict[str, Any]], signals: Signals
) -> None:
    assert {client: expected(client) for client in ("graphql-ws", "graphql-sse")} == told
    assert signals.cancelled.is_set()
