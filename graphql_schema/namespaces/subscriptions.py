"""Subscriptions to a namespace."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated
from uuid import UUID

import strawberry

from api.workloads import models
from graphql_schema.context import Info
from graphql_schema.enums import UpdateKind
from graphql_schema.nodes import encode_id
from graphql_schema.workloads.types import Workload


@strawberry.type(description="One message of a namespace's stream.")
class NamespaceUpdate:
    kind: UpdateKind = strawberry.field(description="What the message tells.")
    workload_id: strawberry.ID = strawberry.field(description="The id of the app it is about.")
    workload: Workload | None = strawberry.field(description="The app as it is now; null once it is deleted.")

    @classmethod
    def from_model(cls, workload_id: UUID, update: models.WorkloadUpdate) -> NamespaceUpdate:
        return cls(
            kind=update.kind,
            workload_id=encode_id("Workload", workload_id),
            workload=Workload.from_model(update.workload) if update.workload else None,
        )


@strawberry.type
class NamespaceSubscriptions:
    @strawberry.subscription(description="One snapshot of every app of a namespace, then every change of any.")
    async def namespace_updated(
        self,
        info: Info,
        slug: Annotated[str, strawberry.argument(description="The namespace's name in the cluster.")],
    ) -> AsyncGenerator[NamespaceUpdate, None]:
        stream = info.context.services.workloads.watch_namespace(info.context.principal, slug)
        async with aclosing(stream) as updates:
            async for workload_id, update in updates:
                yield NamespaceUpdate.from_model(workload_id, update)
