"""The way to a webhook: through its namespace, which says who may, and to its own maker only."""

from __future__ import annotations

from uuid import UUID

from api.authorization.authorizer import Verb
from api.authorization.models import Principal
from api.database.database import Database
from api.errors import NotFound
from api.namespaces.service import NamespaceService
from api.webhooks.models import Delivery, Webhook
from api.webhooks.outbox import Outbox
from api.webhooks.repository import WebhookRepository


class WebhookAccess:
    """Finds webhooks and deliveries for a principal. Absent and somebody else's look alike: the same NotFound."""

    def __init__(self, database: Database, namespaces: NamespaceService) -> None:
        self._database = database
        self._namespaces = namespaces

    async def webhook(self, principal: Principal, webhook_id: UUID, verb: Verb = Verb.READ) -> Webhook:
        """The principal's webhook of that id, in a namespace that they may still read."""
        async with self._database.autocommit() as session:
            found = await WebhookRepository(session).by_id(webhook_id)
        if found is None or found.user_id != principal.user_id:
            raise absent_webhook()
        try:
            await self._namespaces.get_by_id(principal, found.namespace_id, verb)
        except NotFound as error:
            raise absent_webhook() from error
        return found

    async def delivery(
        self, principal: Principal, delivery_id: UUID, verb: Verb = Verb.READ
    ) -> tuple[Webhook, Delivery]:
        """A delivery of one of the principal's webhooks."""
        async with self._database.autocommit() as session:
            found = await Outbox(session).by_id(delivery_id)
        if found is None:
            raise _absent_delivery()
        try:
            return await self.webhook(principal, found.webhook_id, verb), found
        except NotFound as error:
            raise _absent_delivery() from error


def absent_webhook() -> NotFound:
    """What everybody is told of a webhook that is not theirs, or is not there."""
    return NotFound("There is no such webhook.")


def _absent_delivery() -> NotFound:
    return NotFound("There is no such delivery.")
