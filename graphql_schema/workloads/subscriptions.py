"""Subscriptions to an app."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

import strawberry

from graphql_schema.context import Info
from graphql_schema.cost import Cost
from graphql_schema.sharing import SHARED
from graphql_schema.workloads.updates import AfterCursor, DeploymentUpdate


@strawberry.type
class WorkloadSubscriptions:
    @strawberry.subscription(
        description="A snapshot of an app first, then every change of it; or what changed since `after`.",
        metadata=SHARED,
        directives=[Cost(weight="5")],
    )
    async def deployment_updated(
        self,
        info: Info,
        namespace: Annotated[str, strawberry.argument(description="The slug of the namespace it is in.")],
        name: Annotated[str, strawberry.argument(description="The app's name.")],
        after: AfterCursor = None,
    ) -> AsyncGenerator[DeploymentUpdate, None]:
        context, sink = info.context, DeploymentUpdate.sink(info.context)
        stream = context.services.workloads.watch(context.principal, namespace, name, after, sink)
        async with aclosing(stream) as updates:
            async for update in updates:
                yield DeploymentUpdate.from_model(update)
