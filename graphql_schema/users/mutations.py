"""Mutations of API tokens. Registration and sign-in are REST, under `/auth`."""

from __future__ import annotations

from typing import Annotated

import strawberry

from api.errors import NotFound
from graphql_schema.context import Info
from graphql_schema.cost import Cost
from graphql_schema.enums import Scope
from graphql_schema.errors import ERRORS, UserError
from graphql_schema.nodes import decode_uuid
from graphql_schema.payloads import answers_with
from graphql_schema.users.types import ApiToken


@strawberry.input(description="What an API token shall be.")
class CreateApiTokenInput:
    name: str = strawberry.field(description="What to call it.")
    scopes: list[Scope] = strawberry.field(description="What it may be used for.")
    expires_in_days: int = strawberry.field(default=90, description="When it ceases to work, in days from now.")


@strawberry.type(description="The token that was made, or why it was not.")
class CreateApiTokenPayload:
    api_token: ApiToken | None = strawberry.field(default=None, description="The token; null where it was not made.")
    secret: str | None = strawberry.field(default=None, description="The secret. It is shown this once.")
    errors: list[UserError] = strawberry.field(default_factory=list, description=ERRORS)


@strawberry.input(description="The API token to revoke.")
class RevokeApiTokenInput:
    id: strawberry.ID = strawberry.field(description="The token's id.")


@strawberry.type(description="The token that was revoked, or why it was not.")
class RevokeApiTokenPayload:
    api_token: ApiToken | None = strawberry.field(
        default=None, description="The token as it was; null where it was not revoked."
    )
    errors: list[UserError] = strawberry.field(default_factory=list, description=ERRORS)


@strawberry.type
class UserMutations:
    @strawberry.mutation(description="Make an API token for the viewer.", directives=[Cost(weight="20")])
    @answers_with(CreateApiTokenPayload)
    async def create_api_token(
        self,
        info: Info,
        input: Annotated[CreateApiTokenInput, strawberry.argument(description="What the token shall be.")],
    ) -> CreateApiTokenPayload | None:
        token, secret = await info.context.services.authentication.create_api_token(
            info.context.principal,
            name=input.name,
            scopes=frozenset(input.scopes),
            expires_in_days=input.expires_in_days,
        )
        return CreateApiTokenPayload(api_token=ApiToken.from_model(token), secret=secret)

    @strawberry.mutation(
        description="Revoke one of the viewer's API tokens; open sockets of it are closed.",
        directives=[Cost(weight="5")],
    )
    @answers_with(RevokeApiTokenPayload, absent="id")
    async def revoke_api_token(
        self,
        info: Info,
        input: Annotated[RevokeApiTokenInput, strawberry.argument(description="The token to revoke.")],
    ) -> RevokeApiTokenPayload | None:
        principal = info.context.principal
        token_id = decode_uuid(input.id, "ApiToken")
        if token_id is None:
            raise NotFound("There is no such API token.")
        token = await info.context.services.authentication.revoke_api_token(principal, token_id)
        return RevokeApiTokenPayload(api_token=ApiToken.from_model(token))
