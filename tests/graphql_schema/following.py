"""Following subscriptions, message by message."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

from api.authorization.models import Principal
from graphql_schema.context import Context
from graphql_schema.execution import Operation
from tests.graphql_schema.conftest import Graph
from tests.graphql_schema.world import DEPLOY, planned, ready


@asynccontextmanager
async def followed(
    graph: Graph, query: str, viewer: Principal, **variables: Any
) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
    """The messages of a subscription of one field, none of which may bear an error."""
    context = Context(services=graph.services, viewer=viewer, request_id="test")

    async def messages() -> AsyncIterator[dict[str, Any]]:
        async for reply in replies:
            assert "errors" not in reply.payload, reply.payload
            (message,) = reply.payload["data"].values()
            yield message

    async with asyncio.timeout(30), aclosing(graph.executor.stream(Operation(query, variables), context)) as replies:
        yield messages()


async def deployed(graph: Graph, viewer: Principal, slug: str, app: str = "web") -> None:
    """An app that runs, of one replica."""
    plan = await planned(graph, viewer, slug, app, replicas=1)
    assert [] == (await graph.data(DEPLOY, viewer, plan=plan))["deployWorkload"]["errors"]
    await ready(graph, viewer, slug, app)
