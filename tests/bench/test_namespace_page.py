"""One namespace page from the watch cache, beside the two raw lists of the same API server that hold the same facts.

The page asks for what the list of apps in the web app shows. The lists are read and thrown away: what a client would do
to understand them is not counted. Bytes are counted uncompressed on both sides.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
import yaml

from tests.allowances import UNLIMITED
from tests.api.proxy import FaultyProxy, Seen
from tests.api.servers import server_of, write_kubeconfig
from tests.bench.client import Client
from tests.bench.namespace import APPS, PAGE, PODS_EACH, ROOM, count_leaves, filled_namespace
from tests.bench.table import table
from tests.devcluster_fixture import DevCluster
from tests.moorage_process import moorage_up

pytestmark = [pytest.mark.bench, pytest.mark.devcluster]

ROUNDS = 12
SECONDS_EACH = 1.0
CONCURRENCIES = (1, 8)
LEASES = "/apis/coordination.k8s.io/"
DISCOVERED = 3
"""Slashes of the path of a group's version."""
QUIET_SECONDS = 6.0
"""In which who leads says so at least once."""
PATIENCE = 120.0

Ask = Callable[[], Awaitable[int]]
"""One page; gives the bytes of its answers."""


@dataclass(frozen=True, slots=True)
class Site:
    """A namespace full of apps, reachable through Moorage and past it."""

    page: Ask
    lists: Ask
    first_answer: Mapping[str, Any]
    wire: FaultyProxy


@dataclass(slots=True)
class Measured:
    """What one side took, over all rounds."""

    rates: list[float] = field(default_factory=list)
    """Pages a second, a figure for each round."""
    latencies: list[float] = field(default_factory=list)
    """Seconds, a figure for each page."""
    size: int = 0
    """Bytes of a page's answers, before compression."""

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)

    @property
    def milliseconds(self) -> float:
        return statistics.median(self.latencies) * 1000


@pytest.fixture(scope="module")
async def site(devcluster: DevCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """50 apps of 3 pods each, all of them ready."""
    folder = tmp_path_factory.mktemp("page")
    server = server_of(yaml.safe_load(devcluster.kubeconfig.read_text()))
    async with AsyncExitStack() as stack:
        wire = await stack.enter_async_context(FaultyProxy.open(server.url, server.tls))
        kubeconfig = write_kubeconfig(folder / "kubeconfig", wire.url, server.token)
        link = await asyncio.to_thread(
            stack.enter_context,
            moorage_up(folder / "data", MOORAGE_KUBECONFIG=str(kubeconfig), **environment(ROOM), **UNLIMITED),
        )
        client = await stack.enter_async_context(Client.registered(link))
        slug = await filled_namespace(client.data)
        await asyncio.to_thread(until_available, devcluster, slug)

        connector = aiohttp.TCPConnector(ssl=server.tls or False)
        session = await stack.enter_async_context(aiohttp.ClientSession(server.url, connector=connector))

        async def page() -> int:
            return len(await client.send(PAGE, slug=slug))

        async def lists() -> int:
            return sum(await asyncio.gather(*(raw_list(session, server.token, path) for path in raw_paths(slug))))

        site = Site(page, lists, await client.data(PAGE, slug=slug), wire)
        await until_quiet(site)
        yield site


async def until_quiet(site: Site) -> None:
    """The reconciler has looked at every app once; from then on it asks for nothing until something is edited."""
    async with asyncio.timeout(PATIENCE):
        leads, asks = False, True
        while asks or not leads:
            site.wire.seen.clear()
            await asyncio.sleep(QUIET_SECONDS)
            leads = any(request.path.startswith(LEASES) and request.method != "GET" for request in site.wire.seen)
            asks = any(not is_background(request) for request in site.wire.seen)


async def test_a_page_of_950_fields_beats_the_two_lists_it_stands_for(site: Site) -> None:
    fields = count_leaves(site.first_answer)
    assert 950 == fields
    site.wire.seen.clear()
    results = {concurrency: await compare(site, concurrency) for concurrency in CONCURRENCIES}
    calls = [request.path for request in site.wire.seen if not is_background(request)]

    rows = [row for concurrency, sides in results.items() for row in rows_of(concurrency, *sides)]
    title = f"A namespace page: {APPS} apps, {APPS * PODS_EACH} pods, {fields} fields; {len(calls)} calls of Kubernetes"
    header = ["", "at once", "pages/s", "ms (median)", "bytes", "throughput", "fewer bytes"]
    print(table(title, header, rows))

    assert [] == calls
    for ours, theirs in results.values():
        assert ours.rate >= 1.5 * theirs.rate
        assert theirs.size >= 50 * ours.size


async def compare(site: Site, concurrency: int) -> tuple[Measured, Measured]:
    """Both sides in turn, round after round, so that what else the machine does meets both alike."""
    ours, theirs = Measured(), Measured()
    for _ in range(ROUNDS):
        await measure(site.page, ours, concurrency)
        await measure(site.lists, theirs, concurrency)
    return ours, theirs


async def measure(ask: Ask, measured: Measured, concurrency: int) -> None:
    """One round: `concurrency` clients ask again and again for a while."""
    latencies: list[float] = []
    started = time.perf_counter()

    async def client() -> None:
        while (asked := time.perf_counter()) - started < SECONDS_EACH:
            measured.size = await ask()
            latencies.append(time.perf_counter() - asked)

    await asyncio.gather(*(client() for _ in range(concurrency)))
    measured.rates.append(len(latencies) / (time.perf_counter() - started))
    measured.latencies += latencies


def rows_of(concurrency: int, ours: Measured, theirs: Measured) -> list[list[str]]:
    def row(name: str, side: Measured, *ratios: str) -> list[str]:
        figures = [str(concurrency), f"{side.rate:.1f}", f"{side.milliseconds:.1f}", f"{side.size:,}"]
        return [name, *figures, *ratios]

    ratios = f"{ours.rate / theirs.rate:.2f}x", f"{theirs.size / ours.size:.0f}x"
    return [row("the page, from the cache", ours, *ratios), row("two raw lists", theirs, "", "")]


def environment(settings: Mapping[str, object]) -> dict[str, str]:
    return {f"MOORAGE_{name.upper()}": str(value) for name, value in settings.items()}


def until_available(cluster: DevCluster, slug: str) -> None:
    waiting = ["wait", "--for=condition=Available", "deployment", "--all", f"--namespace={slug}", "--timeout=120s"]
    subprocess.run([cluster.kubectl, f"--kubeconfig={cluster.kubeconfig}", *waiting], check=True, capture_output=True)


def is_background(request: Seen) -> bool:
    """What Moorage asks whether anybody reads or not: watches that are made again, samples of usage, who leads, and
    which extensions are served."""
    is_discovery = request.path.startswith("/apis/") and request.path.count("/") == DISCOVERED
    return request.watches or is_discovery or request.path.startswith(("/apis/metrics.k8s.io/", LEASES))


def raw_paths(slug: str) -> tuple[str, str]:
    return f"/apis/apps/v1/namespaces/{slug}/deployments", f"/api/v1/namespaces/{slug}/pods"


async def raw_list(session: aiohttp.ClientSession, token: str, path: str) -> int:
    """The bytes of a list."""
    async with session.get(path, headers={"Authorization": f"Bearer {token}"}) as answer:
        answer.raise_for_status()
        return len(await answer.read())
