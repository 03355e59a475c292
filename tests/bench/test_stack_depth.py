"""A namespace page from several depths of the Python stack, beside graphql-core alone on data that lie ready.

Both have room for their frames, as a server of Moorage has (`api.eventloop`).

The page is cold: authorized, read and executed each time, as no answer is kept. The cluster does not change meanwhile,
so that what is derived from it is there. It waits for PostgreSQL, and graphql-core for nobody: what is compared is
processor time, and the page's own milliseconds stand beside it.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from api.eventloop import run
from tests.bench.bare import Bare
from tests.bench.depth import deep
from tests.bench.graph import Graph, filled_graph
from tests.bench.namespace import PAGE, count_leaves
from tests.bench.table import table

pytestmark = pytest.mark.bench

DEPTHS = (*range(0, 90, 10), 100, 200, 400)
"""As far as a chunk of frames reaches, and further."""
ROUNDS = 25
MOST = 1.5
"""Times what it costs where it costs least."""
OF_BARE = 1.3

Answer = Callable[[], Awaitable[bytes]]


@dataclass(slots=True)
class Side:
    """What an answer took from one depth, in milliseconds."""

    processor: list[float] = field(default_factory=list)
    """Of this process."""
    elapsed: list[float] = field(default_factory=list)

    @property
    def least(self) -> float:
        return min(self.processor)

    @property
    def median(self) -> float:
        return statistics.median(self.processor)


Measured = Mapping[int, tuple[Side, Side]]
"""By depth: the page, and graphql-core alone."""


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    """In a loop of its own, begun as that of a server is."""
    return run(compared(tmp_path_factory.mktemp("depth")))


def test_no_depth_makes_a_page_much_dearer(measured: Measured) -> None:
    least = [page.least for page, _ in measured.values()]

    assert max(least) <= MOST * min(least)


def test_a_cold_page_costs_little_more_than_graphql_core_alone(measured: Measured) -> None:
    rows = [row(depth, page, bare) for depth, (page, bare) in measured.items()]
    header = ["calls down", "page, CPU ms", "(least)", "elapsed", "graphql-core", "(least)", "ratio"]
    print(table("A cold page (medians), beside graphql-core alone", header, rows))
    ratios = [page.median / bare.median for page, bare in measured.values()]
    print(
        f"ratio: median over depths {statistics.median(ratios):.2f}x, at worst {max(ratios):.2f}x, asked for {OF_BARE}x"
    )
    assert statistics.median(ratios) <= OF_BARE


async def compared(folder: Path) -> Measured:
    async with filled_graph(folder) as (graph, slug):
        return await taken(graph, slug)


async def taken(graph: Graph, slug: str) -> Measured:
    """Both sides in turn, round after round, from each depth."""
    data = await graph.data(PAGE, slug=slug)
    assert 950 == count_leaves(data)
    bare = Bare(PAGE, data)

    async def page() -> bytes:
        return (await graph.reply(PAGE, slug=slug)).encoded

    async def alone() -> bytes:
        return bare.answer(slug=slug)

    assert await page() == await alone()
    measured = {depth: (Side(), Side()) for depth in DEPTHS}
    for _ in range(ROUNDS):
        for depth, sides in measured.items():
            for answer, side in zip((page, alone), sides, strict=True):
                await take(answer, depth, side)
    return measured


async def take(answer: Callable[[], Awaitable[bytes]], depth: int, side: Side) -> None:
    async def asked() -> None:
        await answer()

    with deep(depth):
        began, used = time.perf_counter(), time.process_time()
        await asyncio.create_task(asked(), name="page")
        side.processor.append((time.process_time() - used) * 1000)
        side.elapsed.append((time.perf_counter() - began) * 1000)


def row(depth: int, page: Side, bare: Side) -> list[str]:
    figures = [page.median, page.least, statistics.median(page.elapsed), bare.median, bare.least]
    return [str(depth), *(f"{each:.1f}" for each in figures), f"{page.median / bare.median:.2f}x"]
