"""Queries about namespaces."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import strawberry

from api.errors import NotFound
from graphql_schema.connections import After, Before, Connection, First, Last, page_request
from graphql_schema.context import Context, Info
from graphql_schema.namespaces.filters import Namespaces, NamespacesBy, namespace_filter, namespace_order
from graphql_schema.namespaces.types import Namespace
from graphql_schema.sharing import PER_VIEWER


@strawberry.type
class NamespaceQueries:
    @strawberry.field(
        description="A namespace by slug; null where there is none that the viewer may see.", metadata=PER_VIEWER
    )
    async def namespace(
        self,
        info: Info,
        slug: Annotated[str, strawberry.argument(description="The namespace's name in the cluster.")],
    ) -> Namespace | None:
        principal = info.context.principal
        try:
            return Namespace.from_model(await info.context.services.namespaces.get(principal, slug))
        except NotFound:
            return None

    @strawberry.field(description="The namespaces that the viewer may see, by name unless another order is asked for.")
    async def namespaces(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        *,
        filter: Namespaces = None,
        order_by: NamespacesBy = None,
    ) -> Connection[Namespace] | None:
        page = page_request("namespaces", first=first, after=after, last=last, before=before)
        namespaces = await info.context.services.namespaces.list(
            info.context.principal, page, filter=namespace_filter(filter), order=namespace_order(order_by)
        )
        return Connection.from_page(namespaces, Namespace.from_model)


async def find_namespace(context: Context, namespace_id: UUID) -> Namespace | None:
    """The namespace of an id; None where there is none that the viewer may see."""
    try:
        return Namespace.from_model(await context.services.namespaces.get_by_id(context.principal, namespace_id))
    except NotFound:
        return None
