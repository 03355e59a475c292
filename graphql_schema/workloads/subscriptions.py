"""Subscriptions to an app."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

import strawberry

from api.workloads import models
from graphql_schema.context import Info
from graphql_schema.enums import UpdateKind
from graphql_schema.workloads.types import Workload


@strawberry.type(description="One message of an app's stream.")
class DeploymentUpdate:
    kind: UpdateKind = strawberry.field(description="What the message tells.")
    workload: Workload | None = strawberry.field(description="The app as it is now; null once it is deleted.")

    @classmethod
    def from_model(cls, update: models.WorkloadUpdate) -> DeploymentUpdate:
        return cls(kind=update.kind, workload=Workload.from_model(update.workload) if update.workload else None)


@strawberry.type
class WorkloadSubscriptions:
    @strawberry.subscription(description="A snapshot of an app first, then every change of it.")
    async def deployment_updated(
        self,
        info: Info,
        namespace: Annotated[str, strawberry.argument(description="The slug of the namespace it is in.")],
        name: Annotated[str, strawberry.argument(description="The app's name.")],
    ) -> AsyncGenerator[DeploymentUpdate, None]:
        stream = info.context.services.workloads.watch(info.context.principal, namespace, name)
        async with aclosing(stream) as updates:
            async for update in updates:
                yield DeploymentUpdate.from_model(update)
