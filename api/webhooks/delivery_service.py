"""What became of deliveries, and having them made again; for the webhook's maker."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from api.authorization.authorizer import Verb
from api.authorization.models import Principal
from api.database.database import Database
from api.database.pages import Page, PageRequest
from api.errors import InvalidInput, QuotaExceeded
from api.namespaces.service import NamespaceService
from api.webhooks.access import WebhookAccess, absent_webhook
from api.webhooks.models import Delivery, Occurrence, Webhook, WebhookEvent, WebhookLimits
from api.webhooks.outbox import Outbox
from api.workloads.service import WorkloadService


class DeliveryService:
    """Every method authorizes first, through the webhook."""

    def __init__(
        self,
        database: Database,
        namespaces: NamespaceService,
        workloads: WorkloadService,
        access: WebhookAccess,
        limits: WebhookLimits,
    ) -> None:
        self._database = database
        self._namespaces = namespaces
        self._workloads = workloads
        self._access = access
        self._limits = limits

    async def ping(self, principal: Principal, webhook_id: UUID) -> Delivery:
        """Queue a trial, about the namespace's first app where it has one. Raises QuotaExceeded where too much waits,
        and InvalidInput for a webhook that is switched off."""
        webhook = await self._access.webhook(principal, webhook_id, Verb.WRITE)
        _require_active(webhook, field="id")
        occurrence = await self._trial(principal, webhook)
        async with self._database.session() as session:
            outbox = Outbox(session)
            self._require_room(await outbox.waiting(webhook_id))
            return await outbox.add(webhook_id, occurrence)

    async def redeliver(self, principal: Principal, delivery_id: UUID) -> Delivery:
        """Make a delivery again, at once and under the same message id, with what the query gives by then. Raises
        InvalidInput for a webhook that is switched off."""
        webhook, delivery = await self._access.delivery(principal, delivery_id, Verb.WRITE)
        _require_active(webhook, field="delivery_id")
        async with self._database.session() as session:
            outbox = Outbox(session)
            await outbox.again(delivery_id)
            return await outbox.by_id(delivery_id) or delivery

    async def get(self, principal: Principal, delivery_id: UUID) -> Delivery:
        """A delivery of one of the principal's webhooks."""
        return (await self._access.delivery(principal, delivery_id))[1]

    async def list(self, principal: Principal, webhook: Webhook, page: PageRequest) -> Page[Delivery]:
        """The deliveries of a webhook that was authorized where it was read; the latest event first."""
        if webhook.user_id != principal.user_id:
            raise absent_webhook()
        async with self._database.autocommit() as session:
            return await Outbox(session).page(webhook.id, page)

    async def _trial(self, principal: Principal, webhook: Webhook) -> Occurrence:
        namespace = await self._namespaces.get_by_id(principal, webhook.namespace_id, Verb.WRITE)
        app = next(iter(await self._workloads.all_of(namespace)), None)
        return Occurrence(
            WebhookEvent.PING,
            at=datetime.now(UTC),
            workload_id=app.id if app else None,
            app=app.name if app else None,
            revision=app.rollout.revision if app else None,
            phase=app.status.phase if app else None,
        )

    def _require_room(self, waiting: int) -> None:
        if waiting >= self._limits.waiting:
            raise QuotaExceeded(
                "Too many deliveries of this webhook wait already. Try again once they are through.",
                resource="webhookDeliveries",
                used=str(waiting),
                requested="1",
                limit=str(self._limits.waiting),
            )


def _require_active(webhook: Webhook, *, field: str) -> None:
    if not webhook.active:
        raise InvalidInput("The webhook is switched off. Switch it on first, by updateWebhook.", path=(field,))
