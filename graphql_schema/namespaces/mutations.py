"""Mutations of namespaces."""

from __future__ import annotations

from typing import Annotated

import strawberry

from api.errors import ExpectedFailure, NotFound
from graphql_schema.context import Info
from graphql_schema.errors import ERRORS, UserError, user_errors
from graphql_schema.namespaces.types import Namespace
from graphql_schema.nodes import encode_id


@strawberry.input(description="What a namespace shall be.")
class CreateNamespaceInput:
    name: str = strawberry.field(description="Its name, unique among the viewer's own; its slug is made from it.")


@strawberry.type(description="The namespace that was created, or why it was not.")
class CreateNamespacePayload:
    namespace: Namespace | None = strawberry.field(
        default=None, description="The namespace; null where it was not created."
    )
    errors: list[UserError] = strawberry.field(default_factory=list, description=ERRORS)


@strawberry.input(description="The namespace to delete.")
class DeleteNamespaceInput:
    slug: str = strawberry.field(description="The namespace's name in the cluster.")


@strawberry.type(description="The namespace that is being deleted, or why it is not.")
class DeleteNamespacePayload:
    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description="The namespace's id; null where it is not being deleted."
    )
    errors: list[UserError] = strawberry.field(default_factory=list, description=ERRORS)


@strawberry.type
class NamespaceMutations:
    @strawberry.mutation(description="Create a namespace, with its quota and its policies, or nothing at all.")
    async def create_namespace(
        self,
        info: Info,
        input: Annotated[CreateNamespaceInput, strawberry.argument(description="What the namespace shall be.")],
    ) -> CreateNamespacePayload:
        principal = info.context.principal
        try:
            namespace = await info.context.services.namespaces.create(principal, input.name)
        except ExpectedFailure as failure:
            return CreateNamespacePayload(errors=user_errors(failure))
        return CreateNamespacePayload(namespace=Namespace.from_model(namespace))

    @strawberry.mutation(description="Delete a namespace and everything in it.")
    async def delete_namespace(
        self,
        info: Info,
        input: Annotated[DeleteNamespaceInput, strawberry.argument(description="The namespace to delete.")],
    ) -> DeleteNamespacePayload:
        principal = info.context.principal
        try:
            namespace = await info.context.services.namespaces.delete(principal, input.slug)
        except (ExpectedFailure, NotFound) as failure:
            return DeleteNamespacePayload(errors=user_errors(failure, absent="slug"))
        return DeleteNamespacePayload(deleted_id=encode_id("Namespace", namespace.id))
