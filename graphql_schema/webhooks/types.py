"""Webhooks and their deliveries; each is its maker's alone."""

from __future__ import annotations

from datetime import datetime

import msgspec
import strawberry

from api.webhooks import models
from graphql_schema.connections import After, Before, Connection, First, Last, page_request
from graphql_schema.context import Info
from graphql_schema.enums import DeliveryState, WebhookEvent
from graphql_schema.lazy import LazyNamespace
from graphql_schema.namespaces import types as namespace_types
from graphql_schema.nodes import Node, encode_id
from graphql_schema.rights import ViewerCan


@strawberry.type(description="One event for one webhook, and what became of telling it.")
class WebhookDelivery(Node):
    event: WebhookEvent = strawberry.field(description="What it tells of.")
    at: datetime = strawberry.field(description="When that happened.")
    workload_id: strawberry.ID | None = strawberry.field(description="The id of the app it is about, if any.")
    state: DeliveryState = strawberry.field(description="What became of it.")
    attempts: int = strawberry.field(description="How often it was tried.")
    next_attempt_at: datetime | None = strawberry.field(description="When it is tried next; null: not any more.")
    last_attempt_at: datetime | None = strawberry.field(description="When it was last tried; null: not yet.")
    response_status: int | None = strawberry.field(
        description="The HTTP status of the last answer; null: there was none."
    )
    response_body: str | None = strawberry.field(description="The beginning of the last answer, 4 KiB at most.")
    error: str | None = strawberry.field(description="Why the last attempt failed; null where it did not.")
    duration_ms: int | None = strawberry.field(description="How long the last attempt took, in milliseconds.")

    @classmethod
    def from_model(cls, delivery: models.Delivery) -> WebhookDelivery:
        occurrence = delivery.occurrence
        return cls(
            id=encode_id("WebhookDelivery", delivery.id),
            event=occurrence.event,
            at=occurrence.at,
            workload_id=encode_id("Workload", occurrence.workload_id) if occurrence.workload_id else None,
            state=delivery.state,
            attempts=delivery.attempts,
            next_attempt_at=delivery.next_attempt_at,
            last_attempt_at=delivery.last_attempt_at,
            response_status=delivery.response_status,
            response_body=delivery.response_body,
            error=delivery.error,
            duration_ms=delivery.duration_ms,
        )


@strawberry.type(
    description="Where its maker wants to be told of what happens in a namespace, by an HTTPS POST whose body is the "
    "result of a query of their own: `data` and `errors` as in any response, with `type`, `timestamp` and `event` "
    "beside them. It is executed at each attempt, with the rights that its maker has by then to read. Signed as the "
    "Standard Webhooks specification says; at least once, in no certain order."
)
class Webhook(Node):
    url: str = strawberry.field(description="Where it is delivered to.")
    query: str = strawberry.field(description="The GraphQL query that is executed for each delivery.")
    variables: str = strawberry.field(description="The query's variables that no event fills in, as a JSON object.")
    events: list[WebhookEvent] = strawberry.field(description="What it is told of.")
    active: bool = strawberry.field(description="Whether it is told of anything.")
    disabled_reason: str | None = strawberry.field(
        description="Why Moorage itself switched it off; null where it did not."
    )
    failing_since: datetime | None = strawberry.field(
        description="When the first of the latest failures in a row was; null: the last attempt succeeded."
    )
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When its settings were last changed.")
    model: strawberry.Private[models.Webhook]

    @classmethod
    def from_model(cls, webhook: models.Webhook) -> Webhook:
        return cls(
            id=encode_id("Webhook", webhook.id),
            url=webhook.url,
            query=webhook.query,
            variables=msgspec.json.encode(webhook.variables).decode(),
            events=sorted(webhook.events),
            active=webhook.active,
            disabled_reason=webhook.disabled_reason,
            failing_since=webhook.failing_since,
            created_at=webhook.created_at,
            updated_at=webhook.updated_at,
            model=webhook,
        )

    @strawberry.field(description="What the viewer may do to it: it is its maker's alone.")
    def viewer_can(self, info: Info) -> ViewerCan:
        return ViewerCan.on(info, owner_id=self.model.user_id)

    @strawberry.field(description="The namespace that it is about.")
    async def namespace(self, info: Info) -> LazyNamespace | None:
        namespace = await info.context.loaders.namespaces_by_id.load(self.model.namespace_id)
        return namespace_types.Namespace.from_model(namespace)

    @strawberry.field(description="What it was told, the latest event first; kept for two weeks.")
    async def deliveries(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[WebhookDelivery] | None:
        page = page_request("deliveries", first=first, after=after, last=last, before=before)
        service = info.context.services.webhooks.deliveries
        return Connection.from_page(
            await service.list(info.context.principal, self.model, page), WebhookDelivery.from_model
        )
