"""That nothing keeps the event loop from everybody else for long, whatever is asked of it at once.

Of the longest wait, what counts is the processor time that the loop's thread took meanwhile: client and server share
two cores, and the machine may take either off at any moment.
"""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest

from tests.allowances import UNLIMITED
from tests.bench.client import Client
from tests.bench.followed import cluster, followed
from tests.bench.load import asking, request
from tests.bench.measures import Bars
from tests.bench.namespace import PAGE, ROOM, filled_namespace
from tests.bench.sending import sending
from tests.bench.sockets import following
from tests.bench.table import table
from tests.bench.test_following import SHARED, at_rest, maker, told
from tests.bench.test_namespace_page import environment
from tests.bench.turns import Turns
from tests.bench.watched import watched_up

pytestmark = pytest.mark.bench

MOST = 50
"""Milliseconds."""
SECONDS = 8
CONNECTIONS = 16
DIFFERENT = 400
"""Pages that are asked for in turn: each is out of memory by the time that it comes again."""
FOLLOWERS, EVENTS = 5_000, 6
GONE = "all go at once"


async def test_pages_keep_nobody_waiting(bars: Bars, tmp_path: Path) -> None:
    with (
        cluster(tmp_path) as kubeconfig,
        watched_up(tmp_path / "data", MOORAGE_KUBECONFIG=str(kubeconfig), **environment(ROOM), **UNLIMITED) as (
            link,
            process,
            turns,
        ),
    ):
        async with Client.registered(link) as client:
            slug = await filled_namespace(client.data)
            await at_rest(process)
            parts = urlsplit(link)
            cold, again = (
                [
                    request("/graphql", page(slug, number), Host=parts.netloc, **client.sent_headers)
                    for number in range(count)
                ]
                for count in (DIFFERENT, 1)
            )
            address = (parts.hostname or "", parts.port or 0)
            found = {}
            for name, texts in (
                ("cold pages", cold),
                ("a page that did not change", again),
                ("both", cold[:9] + again),
            ):
                turns()
                async with asking(address, *texts, connections=CONNECTIONS) as answers:
                    await asyncio.sleep(SECONDS)
                    found[f"{name}, {answers() / SECONDS:,.0f}/s"] = turns()
    show("pages", found, bars)
    assert [] == bars.missed()


@pytest.mark.timeout(400)
async def test_thousands_who_follow_keep_nobody_waiting(bars: Bars, tmp_path: Path) -> None:
    found = {}
    with followed(tmp_path) as (server, process, scale):
        scale.turns()
        async with following(FOLLOWERS, ("127.0.0.1", server.port), maker(server, SHARED)) as followers:
            found[f"{FOLLOWERS:,} sockets open"] = scale.turns()
            await at_rest(process)
            found["they rest"] = scale.turns()
            for number in range(EVENTS):
                replicas = 3 + number % 2
                sighting = await told(followers, b'"replicas":%d' % replicas, partial(scale, replicas))
                await at_rest(process)
            found[f"{EVENTS} rollouts told to them"] = scale.turns()
        await at_rest(process)
        gone = scale.turns()
    (tmp_path / "message").write_bytes(sighting.text)
    beside = await bare(tmp_path / "message")
    show("followers", found | {GONE: gone}, bars)
    show("a server that only sends", beside)
    assert [] == bars.missed()


def page(slug: str, number: int) -> bytes:
    """One of many that differ in a variable that nobody reads."""
    return msgspec.json.encode({"query": PAGE, "variables": {"slug": slug, "number": number}})


async def bare(message: Path) -> dict[str, Turns]:
    """The same of a server that does nothing but send, in one turn: what of the figures is the server's own."""
    found = {}
    with sending(message) as (server, process, scale):
        scale.turns()
        async with following(FOLLOWERS, ("127.0.0.1", server.port), maker(server, SHARED)) as followers:
            found[f"{FOLLOWERS:,} sockets open"] = scale.turns()
            for number in range(EVENTS):
                await told(followers, b'"replicas":%d' % (3 + number % 2), partial(scale, 3 + number % 2))
            found[f"{EVENTS} texts sent to them"] = scale.turns()
        await at_rest(process)
        found[GONE] = scale.turns()
    return found


def show(what: str, found: dict[str, Turns], bars: Bars | None = None) -> None:
    rows = [
        [
            name,
            *(f"{each:.1f}" for each in (turns.longest, turns.processor, turns.p99, turns.collection)),
            str(turns.generation),
        ]
        for name, turns in found.items()
    ]
    header = ["", "longest wait, ms", "of it at work", "p99", "longest collection", "generation"]
    print(table(f"The event loop: {what}", header, rows))
    for name, turns in found.items():
        print(f"  {name}: {'; '.join(turns.seen) or 'nothing took long'}")
        if bars is not None:
            bars.held(f"longest turn, {name}", turns.processor, MOST, " ms")
