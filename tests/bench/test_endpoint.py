"""A namespace's page, asked again and again, beside a server that only sends its bytes, and the library as it comes.

Each side is asked in turn by the same client. Its rate may be the client's own limit, so that the ratios are of the
processor time that a server takes for a request.
"""

from __future__ import annotations

import asyncio
import re
import statistics
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import psutil
import pytest

from tests.allowances import UNLIMITED
from tests.bench.client import Client
from tests.bench.load import Load, load, request
from tests.bench.namespace import PAGE, ROOM, filled_namespace
from tests.bench.servers import DOCUMENT, serving
from tests.bench.table import table
from tests.bench.test_namespace_page import environment
from tests.moorage_process import moorage_up

pytestmark = pytest.mark.bench

ROUNDS = 5
SECONDS = 1.5
PATIENCE, BREATH = 60.0, 0.5
_PHASE = re.compile(rb'"phase":"(\w+)"')
OF_BARE, OF_STRAWBERRY = 0.25, 20


@dataclass(frozen=True, slots=True)
class Side:
    """A server, and what it is asked."""

    address: tuple[str, int]
    text: bytes
    process: psutil.Process


async def test_a_page_that_did_not_change_is_served_from_memory(tmp_path: Path) -> None:
    async with sides(tmp_path) as compared:
        loads: dict[str, list[Load]] = {name: [] for name in compared}
        for _ in range(ROUNDS):
            for name, side in compared.items():
                loads[name].append(await load(side.address, side.text, side.process, seconds=SECONDS))

    cost = {name: statistics.median(each.microseconds for each in found) for name, found in loads.items()}
    rows = [
        [
            name,
            f"{statistics.median(each.rate for each in found):,.0f}",
            f"{cost[name]:.0f}",
            f"{cost['bare ASGI'] / cost[name]:.0%}",
            f"{cost['stock Strawberry'] / cost[name]:.1f}x",
        ]
        for name, found in loads.items()
    ]
    header = ["", "requests/s", "µs of CPU each", "of bare ASGI", "stock Strawberry's"]
    print(table("A namespace page that did not change, authorized", header, rows))
    assert cost["bare ASGI"] >= OF_BARE * cost["Moorage"]
    assert cost["stock Strawberry"] >= OF_STRAWBERRY * cost["Moorage"]


@asynccontextmanager
async def sides(folder: Path) -> AsyncIterator[dict[str, Side]]:
    """Moorage with a namespace full of apps, and the two others with an answer of the same size."""
    with ExitStack() as stack:
        link = stack.enter_context(
            moorage_up(folder / "data", MOORAGE_CLUSTER="embedded", **environment(ROOM), **UNLIMITED)
        )
        async with Client.registered(link) as client:
            slug = await filled_namespace(client.data)
            answer = await last_page(client, slug)
            page = msgspec.json.encode({"query": PAGE, "variables": {"slug": slug}})
            parts = urlsplit(link)
            address = (parts.hostname or "", parts.port or 0)
            text = request("/graphql", page, Host=parts.netloc, **client.sent_headers)
            file = folder / "answer"
            file.write_bytes(answer)
            bare, bare_process = stack.enter_context(serving("bare", file))
            stock, stock_process = stack.enter_context(serving("strawberry", file))
            document = msgspec.json.encode({"query": DOCUMENT})
            yield {
                "Moorage": Side(address, text, moorage_process()),
                "bare ASGI": Side(bare, request("/", page, Host="localhost"), bare_process),
                "stock Strawberry": Side(stock, request("/", document, Host="localhost"), stock_process),
            }


async def last_page(client: Client, slug: str) -> bytes:
    """The page once every app is up: from then on nothing changes, and who sends its bytes sends as many."""
    async with asyncio.timeout(PATIENCE):
        while set(_PHASE.findall(page := await client.send(PAGE, slug=slug))) != {b"READY"}:  # noqa: ASYNC110
            await asyncio.sleep(BREATH)
        return page


def moorage_process() -> psutil.Process:
    """The one that `moorage_up` has started."""
    (found,) = (each for each in psutil.Process().children() if any("api.cli" in part for part in each.cmdline()))
    return found
