"""A namespace page from several depths of the Python stack.

CPython keeps frames in chunks of 16 KiB; where one ends below a function that calls others a thousand times, each call
maps a chunk and unmaps it again. So a figure from one depth says little about another.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Coroutine, Generator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from api.authentication.registration import Registration
from api.authorization.models import Principal
from api.parts import Parts, opened
from api.settings import Settings
from api.workloads.models import WorkloadPhase
from graphql_schema.context import Context
from graphql_schema.execution import Executor, Operation
from graphql_schema.schema import build_schema
from graphql_schema.services import Services
from tests.allowances import unlimited
from tests.bench.namespace import APPS, PAGE, ROOM, count_leaves, filled_namespace
from tests.bench.table import table
from tests.graphql_schema.webhooks.over import webhooks_over

pytestmark = pytest.mark.bench

DEPTHS = range(0, 100, 10)
ROUNDS = 20
MOST = 3
"""Times what it costs where it costs least."""
PATIENCE = 120


class Deep(Coroutine[Any, Any, Any]):
    """A coroutine whose every step runs `depth` calls further down."""

    def __init__(self, coroutine: Coroutine[Any, Any, Any], depth: int) -> None:
        self._coroutine = coroutine
        self._depth = depth

    def __await__(self) -> Generator[Any, Any, Any]:
        return (yield from self._coroutine.__await__())

    def send(self, value: Any) -> Any:
        return self._down(self._depth, value)

    def throw(self, *error: Any) -> Any:
        return self._coroutine.throw(*error)

    def close(self) -> None:
        self._coroutine.close()

    def _down(self, further: int, value: Any) -> Any:
        return self._down(further - 1, value) if further else self._coroutine.send(value)


class Graph:
    """Executes operations of one user in this process."""

    def __init__(self, parts: Parts, viewer: Principal) -> None:
        self._executor = Executor(build_schema(), open_to_strangers=True, allowances=unlimited(), kept_seconds=0)
        self._viewer = viewer
        self._services = Services(
            authentication=parts.authentication,
            users=parts.users,
            namespaces=parts.namespaces,
            workloads=parts.workloads,
            metrics=parts.metrics,
            following=parts.following,
            cluster=parts.cluster,
            webhooks=webhooks_over(
                self._executor,
                parts.database,
                namespaces=parts.namespaces,
                workloads=parts.workloads,
                encryption=parts.encryption,
            ),
        )

    async def data(self, query: str, **variables: Any) -> dict[str, Any]:
        context = Context(services=self._services, viewer=self._viewer, request_id="bench")
        payload = (await self._executor.execute(Operation(query, variables), context)).payload
        assert "errors" not in payload, payload["errors"]
        data: dict[str, Any] = payload["data"]
        return data


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Parts]:
    """Moorage on what comes with it: the Store and the rows are those of any cluster."""
    async with opened(Settings.model_validate({"data_dir": tmp_path, "cluster": "embedded", **ROOM})) as parts:
        yield parts


@pytest.fixture
async def viewer(parts: Parts) -> Principal:
    who = Registration(email="ada@example.com", password="harbour-cedar-violin", display_name="Ada")
    signed_in = await parts.authentication.register(who, address="127.0.0.1")
    viewer = await parts.authentication.authenticate(session_secret=signed_in.session_secret)
    assert viewer is not None
    return viewer


async def test_no_depth_makes_a_page_several_times_as_dear(parts: Parts, viewer: Principal) -> None:
    graph = Graph(parts, viewer)
    slug = await filled_namespace(graph.data)
    await until_ready(parts, viewer, slug)
    assert 950 == count_leaves(await graph.data(PAGE, slug=slug))

    seconds: dict[int, list[float]] = {depth: [] for depth in DEPTHS}
    for _ in range(ROUNDS):
        for depth in DEPTHS:
            seconds[depth].append(await timed(graph, slug, depth))

    rows = [
        [f"{depth} calls down", f"{min(each) * 1000:.1f}", f"{statistics.median(each) * 1000:.1f}"]
        for depth, each in seconds.items()
    ]
    print(table("The page's execution, in this process", ["", "CPU ms (least)", "CPU ms (median)"], rows))
    least = [min(each) for each in seconds.values()]
    assert max(least) <= MOST * min(least)


async def timed(graph: Graph, slug: str, depth: int) -> float:
    """Seconds of this process's CPU."""
    began = time.process_time()
    await asyncio.create_task(Deep(graph.data(PAGE, slug=slug), depth), name="page")
    return time.process_time() - began


async def until_ready(parts: Parts, viewer: Principal, slug: str) -> None:
    ready = set()
    async with asyncio.timeout(PATIENCE), aclosing(parts.workloads.watch_namespace(viewer, slug)) as updates:
        async for update in updates:
            if update.workload is not None and update.workload.status.phase is WorkloadPhase.READY:
                ready.add(update.workload_id)
            if len(ready) == APPS:
                return
