"""Mutations of webhooks."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import strawberry

from api.errors import NotFound
from graphql_schema.context import Info
from graphql_schema.cost import Cost
from graphql_schema.errors import ERRORS, UserError
from graphql_schema.nodes import decode_uuid
from graphql_schema.payloads import answers_with
from graphql_schema.webhooks.inputs import CreateWebhookInput, UpdateWebhookInput
from graphql_schema.webhooks.types import Webhook, WebhookDelivery

_SECRET = "The secret that signs its deliveries (`whsec_…`). It is shown this once."  # noqa: S105 - a description


@strawberry.type(description="The webhook that was made, or why it was not.")
class CreateWebhookPayload:
    webhook: Webhook | None = strawberry.field(default=None, description="The webhook; null where it was not made.")
    secret: str | None = strawberry.field(default=None, description=_SECRET)
    errors: list[UserError] = strawberry.field(default_factory=list, description=ERRORS)


@strawberry.type(description="The webhook as it is now, or why it is not.")
class UpdateWebhookPayload:
    webhook: Webhook | None = strawberry.field(default=None, description="The webhook; null where nothing was done.")
    errors: list[UserError] = strawberry.field(default_factory=list, description=ERRORS)


@strawberry.input(description="The webhook to delete.")
class DeleteWebhookInput:
    id: strawberry.ID = strawberry.field(description="The webhook's id.")


@strawberry.type(description="The webhook that was deleted, or why it was not.")
class DeleteWebhookPayload:
    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description="The webhook's id; null where it was not deleted."
    )
    errors: list[UserError] = strawberry.field(default_factory=list, description=ERRORS)


@strawberry.input(description="The webhook that is to sign with another secret.")
class RotateWebhookSecretInput:
    id: strawberry.ID = strawberry.field(description="The webhook's id.")


@strawberry.type(description="The new secret, or why there is none.")
class RotateWebhookSecretPayload:
    webhook: Webhook | None = strawberry.field(default=None, description="The webhook; null where nothing was done.")
    secret: str | None = strawberry.field(default=None, description=_SECRET)
    errors: list[UserError] = strawberry.field(default_factory=list, description=ERRORS)


@strawberry.input(description="The webhook to try out.")
class PingWebhookInput:
    id: strawberry.ID = strawberry.field(description="The webhook's id.")


@strawberry.type(description="The trial that is being delivered, or why it is not.")
class PingWebhookPayload:
    delivery: WebhookDelivery | None = strawberry.field(
        default=None, description="The delivery, to be read again by its id; null where there is none."
    )
    errors: list[UserError] = strawberry.field(default_factory=list, description=ERRORS)


@strawberry.input(description="The delivery to make again.")
class RedeliverWebhookInput:
    delivery_id: strawberry.ID = strawberry.field(description="The delivery's id.")


@strawberry.type(description="The delivery that is being made again, or why it is not.")
class RedeliverWebhookPayload:
    delivery: WebhookDelivery | None = strawberry.field(
        default=None, description="The delivery, to be read again by its id; null where nothing was done."
    )
    errors: list[UserError] = strawberry.field(default_factory=list, description=ERRORS)


@strawberry.type
class WebhookMutations:
    @strawberry.mutation(
        description="Be told of what happens in a namespace. Needs a credential that may read too.",
        directives=[Cost(weight="5")],
    )
    @answers_with(CreateWebhookPayload, absent="namespace")
    async def create_webhook(
        self,
        info: Info,
        input: Annotated[CreateWebhookInput, strawberry.argument(description="What the webhook shall be.")],
    ) -> CreateWebhookPayload | None:
        principal, service = info.context.principal, info.context.services.webhooks
        webhook, secret = await service.create(principal, input.namespace, input.draft())
        return CreateWebhookPayload(webhook=Webhook.from_model(webhook), secret=secret)

    @strawberry.mutation(
        description="Change one of the viewer's webhooks, or switch it on or off.", directives=[Cost(weight="5")]
    )
    @answers_with(UpdateWebhookPayload, absent="id")
    async def update_webhook(
        self,
        info: Info,
        input: Annotated[UpdateWebhookInput, strawberry.argument(description="What is to be another.")],
    ) -> UpdateWebhookPayload | None:
        principal, service = info.context.principal, info.context.services.webhooks
        webhook = await service.update(principal, _webhook_id(input.id), input.edit)
        return UpdateWebhookPayload(webhook=Webhook.from_model(webhook))

    @strawberry.mutation(
        description="Delete one of the viewer's webhooks, with its deliveries.", directives=[Cost(weight="5")]
    )
    @answers_with(DeleteWebhookPayload, absent="id")
    async def delete_webhook(
        self,
        info: Info,
        input: Annotated[DeleteWebhookInput, strawberry.argument(description="The webhook to delete.")],
    ) -> DeleteWebhookPayload | None:
        principal, service = info.context.principal, info.context.services.webhooks
        await service.delete(principal, _webhook_id(input.id))
        return DeleteWebhookPayload(deleted_id=input.id)

    @strawberry.mutation(
        description="Sign with a new secret; with the one before too for 24 hours.", directives=[Cost(weight="5")]
    )
    @answers_with(RotateWebhookSecretPayload, absent="id")
    async def rotate_webhook_secret(
        self,
        info: Info,
        input: Annotated[RotateWebhookSecretInput, strawberry.argument(description="The webhook.")],
    ) -> RotateWebhookSecretPayload | None:
        principal, service = info.context.principal, info.context.services.webhooks
        webhook, secret = await service.rotate_secret(principal, _webhook_id(input.id))
        return RotateWebhookSecretPayload(webhook=Webhook.from_model(webhook), secret=secret)

    @strawberry.mutation(
        description="Deliver a trial, about the namespace's first app where it has one.", directives=[Cost(weight="10")]
    )
    @answers_with(PingWebhookPayload, absent="id")
    async def ping_webhook(
        self,
        info: Info,
        input: Annotated[PingWebhookInput, strawberry.argument(description="The webhook.")],
    ) -> PingWebhookPayload | None:
        principal, service = info.context.principal, info.context.services.webhooks.deliveries
        delivery = await service.ping(principal, _webhook_id(input.id))
        return PingWebhookPayload(delivery=WebhookDelivery.from_model(delivery))

    @strawberry.mutation(
        description="Make a delivery again, at once and under the same `webhook-id`, with what the query gives by "
        "then.",
        directives=[Cost(weight="10")],
    )
    @answers_with(RedeliverWebhookPayload, absent="deliveryId")
    async def redeliver_webhook(
        self,
        info: Info,
        input: Annotated[RedeliverWebhookInput, strawberry.argument(description="The delivery.")],
    ) -> RedeliverWebhookPayload | None:
        principal, service = info.context.principal, info.context.services.webhooks.deliveries
        delivery_id = decode_uuid(input.delivery_id, "WebhookDelivery")
        if delivery_id is None:
            raise NotFound("There is no such delivery.")
        delivery = await service.redeliver(principal, delivery_id)
        return RedeliverWebhookPayload(delivery=WebhookDelivery.from_model(delivery))


def _webhook_id(id: str) -> UUID:
    webhook_id = decode_uuid(id, "Webhook")
    if webhook_id is None:
        raise NotFound("There is no such webhook.")
    return webhook_id
