"""`node` and `nodes`: any object by its id, through the same authorized services as every other field."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, cast
from uuid import UUID

import strawberry
from graphql import GraphQLError

from api.database.pages import MAX_PAGE_SIZE
from api.error_codes import ErrorCode
from api.errors import MoorageError
from graphql_schema.context import Context, Info
from graphql_schema.namespaces.queries import find_namespace
from graphql_schema.nodes import Node, decode_id
from graphql_schema.users.queries import find_api_token, find_user
from graphql_schema.webhooks.queries import find_delivery, find_webhook
from graphql_schema.workloads.queries import (
    find_event,
    find_pod,
    find_revision,
    find_run,
    find_timeline_entry,
    find_volume_claim,
    find_workload,
)

FINDERS_BY_UUID: Mapping[str, Callable[[Context, UUID], Awaitable[Node | None]]] = {
    "User": find_user,
    "ApiToken": find_api_token,
    "Namespace": find_namespace,
    "Workload": find_workload,
    "Revision": find_revision,
    "TimelineEntry": find_timeline_entry,
    "Webhook": find_webhook,
    "WebhookDelivery": find_delivery,
}
FINDERS_BY_UID: Mapping[str, Callable[[Context, str], Awaitable[Node | None]]] = {
    "Pod": find_pod,
    "Run": find_run,
    "VolumeClaim": find_volume_claim,
    "Event": find_event,
}


@strawberry.type
class NodeQueries:
    @strawberry.field(description="Any object by its id; null where there is none that the viewer may see.")
    async def node(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The object's id.")]
    ) -> Node | None:
        return await find_node(info.context, id)

    @strawberry.field(description="Objects by their ids, in the order of the ids; at most 100.")
    async def nodes(
        self, info: Info, ids: Annotated[list[strawberry.ID], strawberry.argument(description="The objects' ids.")]
    ) -> list[Node | None] | None:
        if len(ids) > MAX_PAGE_SIZE:
            raise GraphQLError(
                f"nodes: {len(ids)} ids; at most {MAX_PAGE_SIZE} can be asked for at once.",
                extensions={"code": ErrorCode.BAD_USER_INPUT},
            )
        _ = info.context.principal
        found = [await _found(info.context, id) for id in ids]
        # graphql-core raises an exception in its place in the list, which nulls that place alone.
        return cast("list[Node | None]", found)


async def _found(context: Context, id: str) -> Node | MoorageError | None:
    try:
        return await find_node(context, id)
    except MoorageError as error:
        return error


async def find_node(context: Context, id: str) -> Node | None:
    """The object of an id. A forged id and another tenant's are None, as an absent one is."""
    _ = context.principal
    key = decode_id(id)
    if key is None:
        return None
    if find_by_uid := FINDERS_BY_UID.get(key.type_name):
        return await find_by_uid(context, key.value)
    find_by_uuid = FINDERS_BY_UUID.get(key.type_name)
    uuid = key.uuid()
    return await find_by_uuid(context, uuid) if find_by_uuid and uuid else None
