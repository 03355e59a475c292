"""The graph in this process, and a namespace full of apps in it, on a cluster in a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

from api.authentication.registration import Registration
from api.authorization.models import Principal
from api.parts import Parts, opened
from api.settings import Settings
from api.workloads.models import WorkloadPhase
from graphql_schema.context import Context
from graphql_schema.execution import Executor, Operation
from graphql_schema.replies import Reply
from graphql_schema.schema import build_schema
from tests.allowances import unlimited
from tests.bench.followed import cluster
from tests.bench.namespace import APPS, ROOM, filled_namespace
from tests.garbage import frozen
from tests.graphql_schema.webhooks.over import services_over

PATIENCE = 120


class Graph:
    """Executes operations of one user. No answer is kept for who asks the same again."""

    def __init__(self, parts: Parts, viewer: Principal) -> None:
        self._executor = Executor(build_schema(), open_to_strangers=True, allowances=unlimited(), kept_seconds=0)
        self._viewer = viewer
        self._services = services_over(self._executor, parts)

    async def reply(self, query: str, **variables: Any) -> Reply:
        context = Context(services=self._services, viewer=self._viewer, request_id="bench")
        return await self._executor.execute(Operation(query, variables), context)

    async def data(self, query: str, **variables: Any) -> dict[str, Any]:
        """The `data` of an answer without errors."""
        payload = (await self.reply(query, **variables)).payload
        assert "errors" not in payload, payload["errors"]
        data: dict[str, Any] = payload["data"]
        return data


@asynccontextmanager
async def filled_graph(folder: Path) -> AsyncIterator[tuple[Graph, str]]:
    """With the slug of its namespace, in which every app is ready."""
    with cluster(folder) as kubeconfig:
        settings = Settings.model_validate({"data_dir": folder, "kubeconfig": kubeconfig, **ROOM})
        async with _filled(settings) as filled:
            yield filled


@asynccontextmanager
async def _filled(settings: Settings) -> AsyncIterator[tuple[Graph, str]]:
    async with opened(settings) as parts:
        viewer = await _signed_up(parts)
        graph = Graph(parts, viewer)
        slug = await filled_namespace(graph.data)
        await _until_ready(parts, viewer, slug)
        with frozen():
            yield graph, slug


async def _signed_up(parts: Parts) -> Principal:
    who = Registration(email="ada@example.com", password="harbour-cedar-violin", display_name="Ada")
    signed_in = await parts.authentication.register(who, address="127.0.0.1")
    viewer = await parts.authentication.authenticate(session_secret=signed_in.session_secret)
    assert viewer is not None
    return viewer


async def _until_ready(parts: Parts, viewer: Principal, slug: str) -> None:
    ready = set()
    async with asyncio.timeout(PATIENCE), aclosing(parts.workloads.watch_namespace(viewer, slug)) as updates:
        async for update in updates:
            if update.workload is not None and update.workload.status.phase is WorkloadPhase.READY:
                ready.add(update.workload_id)
            if len(ready) == APPS:
                return
