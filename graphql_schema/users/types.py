"""Users and their API tokens."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import strawberry

from api.authentication.models import ApiToken as ApiTokenModel
from api.users import models
from graphql_schema.connections import After, Before, Connection, First, Last, page_request
from graphql_schema.context import Info
from graphql_schema.enums import Role, Scope
from graphql_schema.lazy import LazyNamespace
from graphql_schema.namespaces import types as namespace_types
from graphql_schema.namespaces.filters import Namespaces, NamespacesBy, namespace_filter, namespace_order
from graphql_schema.nodes import Node, encode_id
from graphql_schema.rights import ViewerCan
from graphql_schema.sharing import PER_VIEWER


@strawberry.type(description="A registered developer.")
class User(Node):
    email: str = strawberry.field(description="Where the user is reached, and the name they sign in with.")
    display_name: str = strawberry.field(description="How the user wants to be called.")
    role: Role = strawberry.field(description="What the user is for the whole installation.")
    created_at: datetime = strawberry.field(description="When the user registered.")
    user_id: strawberry.Private[UUID]

    @classmethod
    def from_model(cls, user: models.User) -> User:
        return cls(
            id=encode_id("User", user.id),
            email=user.email,
            display_name=user.display_name,
            role=user.role,
            created_at=user.created_at,
            user_id=user.id,
        )

    @strawberry.field(description="What the viewer may do to the user: nobody deletes one yet.", metadata=PER_VIEWER)
    def viewer_can(self, info: Info) -> ViewerCan:
        return replace(ViewerCan.on(info, owner_id=self.user_id), delete=False)

    @strawberry.field(description="The viewer's own API tokens, newest first; empty for any other user.")
    async def api_tokens(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[ApiToken] | None:
        page = page_request("apiTokens", first=first, after=after, last=last, before=before)
        principal = info.context.principal
        if principal.user_id != self.user_id:
            return Connection.empty()
        tokens = await info.context.services.authentication.list_api_tokens(principal, page)
        return Connection.from_page(tokens, ApiToken.from_model)

    @strawberry.field(description="The namespaces that the user owns, by name unless another order is asked for.")
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
    ) -> Connection[LazyNamespace] | None:
        page = page_request("namespaces", first=first, after=after, last=last, before=before)
        owned = await info.context.services.namespaces.list(
            info.context.principal,
            page,
            owner_id=self.user_id,
            filter=namespace_filter(filter),
            order=namespace_order(order_by),
        )
        return Connection.from_page(owned, namespace_types.Namespace.from_model)


@strawberry.type(description="A credential for programs. Its secret is shown once, when it is made.")
class ApiToken(Node):
    name: str = strawberry.field(description="What its owner calls it.")
    prefix: str = strawberry.field(description="The beginning of the secret, to tell tokens apart.")
    scopes: list[Scope] = strawberry.field(description="What it may be used for.")
    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime = strawberry.field(description="When it ceases to work.")
    last_used_at: datetime | None = strawberry.field(description="When it was last used, to the minute; null: never.")

    @classmethod
    def from_model(cls, token: ApiTokenModel) -> ApiToken:
        return cls(
            id=encode_id("ApiToken", token.id),
            name=token.name,
            prefix=token.prefix,
            scopes=sorted(token.scopes),
            created_at=token.created_at,
            expires_at=token.expires_at,
            last_used_at=token.last_used_at,
        )

    @strawberry.field(description="What the viewer may do to it: revoke it; nobody changes one.", metadata=PER_VIEWER)
    def viewer_can(self, info: Info) -> ViewerCan:
        # The tokens of others are shown to nobody.
        return replace(ViewerCan.on(info, owner_id=info.context.principal.user_id), write=False)
