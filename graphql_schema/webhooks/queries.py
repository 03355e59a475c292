"""Finding webhooks and deliveries by their ids."""

from __future__ import annotations

from uuid import UUID

from api.errors import Forbidden, NotFound
from graphql_schema.context import Context
from graphql_schema.webhooks.types import Webhook, WebhookDelivery


async def find_webhook(context: Context, webhook_id: UUID) -> Webhook | None:
    """The viewer's webhook of an id; None where there is none."""
    try:
        return Webhook.from_model(await context.services.webhooks.get(context.principal, webhook_id))
    except (NotFound, Forbidden):
        return None


async def find_delivery(context: Context, delivery_id: UUID) -> WebhookDelivery | None:
    """A delivery of one of the viewer's webhooks; None where there is none."""
    try:
        delivery = await context.services.webhooks.deliveries.get(context.principal, delivery_id)
    except (NotFound, Forbidden):
        return None
    return WebhookDelivery.from_model(delivery)
