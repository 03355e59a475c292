"""Mutations of namespaces."""

from __future__ import annotations

from typing import Annotated

import strawberry

from graphql_schema.context import Info
from graphql_schema.cost import Cost
from graphql_schema.errors import ERRORS, UserError
from graphql_schema.idempotency import RepeatableInput, asked_by
from graphql_schema.namespaces.types import Namespace
from graphql_schema.nodes import encode_id
from graphql_schema.payloads import answers_with


@strawberry.input(description="What a namespace shall be.")
class CreateNamespaceInput(RepeatableInput):
    name: str = strawberry.field(description="Its name, unique among the viewer's own; its slug is made from it.")


@strawberry.type(description="The namespace that was created, or why it was not.")
class CreateNamespacePayload:
    namespace: Namespace | None = strawberry.field(
        default=None, description="The namespace; null where it was not created."
    )
    errors: list[UserError] = strawberry.field(default_factory=list, description=ERRORS)


@strawberry.input(description="What is to be another of a namespace; what is left out stays.")
class UpdateNamespaceInput:
    slug: str = strawberry.field(description="The namespace's name in the cluster.")
    reconciliation_paused: bool | None = strawberry.field(
        default=None, description="Whether what others change of it in the cluster is left as it is."
    )


@strawberry.type(description="The namespace as it is now, or why it is not.")
class UpdateNamespacePayload:
    namespace: Namespace | None = strawberry.field(
        default=None, description="The namespace; null where nothing was done."
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
    @strawberry.mutation(
        description="Create a namespace, with its quota and its policies, or nothing at all.",
        directives=[Cost(weight="20")],
    )
    @answers_with(CreateNamespacePayload)
    async def create_namespace(
        self,
        info: Info,
        input: Annotated[CreateNamespaceInput, strawberry.argument(description="What the namespace shall be.")],
    ) -> CreateNamespacePayload | None:
        principal, services = info.context.principal, info.context.services
        namespace = await services.workloads.once.namespace(
            principal,
            asked_by(info, input),
            lambda claim: services.namespaces.create(principal, input.name, claim=claim),
        )
        return CreateNamespacePayload(namespace=Namespace.from_model(namespace))

    @strawberry.mutation(description="Change the settings of a namespace.", directives=[Cost(weight="5")])
    @answers_with(UpdateNamespacePayload, absent="slug")
    async def update_namespace(
        self,
        info: Info,
        input: Annotated[UpdateNamespaceInput, strawberry.argument(description="What is to be another.")],
    ) -> UpdateNamespacePayload | None:
        principal, services = info.context.principal, info.context.services
        if input.reconciliation_paused is None:
            namespace = await services.namespaces.get(principal, input.slug)
        else:
            service = services.workloads.reconciliation
            namespace = await service.pause(principal, input.slug, paused=input.reconciliation_paused)
        return UpdateNamespacePayload(namespace=Namespace.from_model(namespace))

    @strawberry.mutation(description="Delete a namespace and everything in it.", directives=[Cost(weight="20")])
    @answers_with(DeleteNamespacePayload, absent="slug")
    async def delete_namespace(
        self,
        info: Info,
        input: Annotated[DeleteNamespaceInput, strawberry.argument(description="The namespace to delete.")],
    ) -> DeleteNamespacePayload | None:
        namespace = await info.context.services.namespaces.delete(info.context.principal, input.slug)
        return DeleteNamespacePayload(deleted_id=encode_id("Namespace", namespace.id))
