"""Queries about users."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import strawberry

from api.errors import Forbidden, NotFound
from graphql_schema.connections import After, Before, Connection, First, Last, page_request
from graphql_schema.context import Context, Info
from graphql_schema.nodes import decode_uuid
from graphql_schema.users.filters import Users, UsersBy, user_filter, user_order
from graphql_schema.users.types import ApiToken, User


@strawberry.type
class UserQueries:
    @strawberry.field(description="Who is signed in; null where nobody is.")
    async def viewer(self, info: Info) -> User | None:
        if info.context.viewer is None:
            return None
        return await find_user(info.context, info.context.viewer.user_id)

    @strawberry.field(description="A user by id; null where there is none that the viewer may see.")
    async def user(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The user's id.")]
    ) -> User | None:
        user_id = decode_uuid(id, "User")
        _ = info.context.principal
        return None if user_id is None else await find_user(info.context, user_id)

    @strawberry.field(description="All users, by registration unless another order is asked for. Administrators only.")
    async def users(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        *,
        filter: Users = None,
        order_by: UsersBy = None,
    ) -> Connection[User] | None:
        page = page_request("users", first=first, after=after, last=last, before=before)
        users = await info.context.services.users.list(
            info.context.principal, page, filter=user_filter(filter), order=user_order(order_by)
        )
        return Connection.from_page(users, User.from_model)


async def find_user(context: Context, user_id: UUID) -> User | None:
    """The user of an id; None where there is none that the viewer may see."""
    try:
        user = await context.services.users.get(context.principal, user_id)
    except (NotFound, Forbidden):
        return None
    return User.from_model(user)


async def find_api_token(context: Context, token_id: UUID) -> ApiToken | None:
    """The viewer's API token of an id; None where there is none."""
    try:
        token = await context.services.authentication.get_api_token(context.principal, token_id)
    except (NotFound, Forbidden):
        return None
    return ApiToken.from_model(token)
