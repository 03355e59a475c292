"""Subscriptions to a namespace."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

import strawberry

from graphql_schema.context import Info
from graphql_schema.cost import Cost
from graphql_schema.sharing import SHARED
from graphql_schema.workloads.updates import AfterCursor, NamespaceUpdate


@strawberry.type
class NamespaceSubscriptions:
    @strawberry.subscription(
        description="A snapshot of every app of a namespace, then every change of any; or what changed since `after`.",
        metadata=SHARED,
        directives=[Cost(weight="5")],
    )
    async def namespace_updated(
        self,
        info: Info,
        slug: Annotated[str, strawberry.argument(description="The namespace's name in the cluster.")],
        after: AfterCursor = None,
    ) -> AsyncGenerator[NamespaceUpdate, None]:
        context, sink = info.context, NamespaceUpdate.sink(info.context)
        stream = context.services.workloads.watch_namespace(context.principal, slug, after, sink)
        async with aclosing(stream) as updates:
            async for update in updates:
                yield NamespaceUpdate.from_model(update)
