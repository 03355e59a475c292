"""The front door of webhooks: who may have which, and what they say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from api.authorization.authorizer import Verb
from api.authorization.models import Principal
from api.database.database import Database
from api.database.encryption import DecryptionFailed, Encryption
from api.database.pages import Page, PageRequest
from api.errors import QuotaExceeded
from api.namespaces.models import Namespace
from api.namespaces.service import NamespaceService, require_open
from api.webhooks.access import WebhookAccess, absent_webhook
from api.webhooks.checking import DraftCheck
from api.webhooks.delivery_service import DeliveryService
from api.webhooks.documents import Documents
from api.webhooks.models import SEEN_IN_THE_CLUSTER, Webhook, WebhookDraft, WebhookLimits
from api.webhooks.outbox import Outbox
from api.webhooks.repository import WebhookRepository
from api.webhooks.seal import SigningSeal, SigningSecrets
from api.webhooks.targets import Targets
from api.workloads.service import WorkloadService

FORMER_SECRET = timedelta(hours=24)
"""How long the secret before signs too, so that receivers can be given the new one."""
_SWITCHED_OFF = "The webhook was switched off."

Edit = Callable[[WebhookDraft], WebhookDraft]


class WebhookService:
    """Every method authorizes first. A webhook is its maker's alone: to anybody else it is not there (NotFound)."""

    def __init__(
        self,
        database: Database,
        namespaces: NamespaceService,
        workloads: WorkloadService,
        encryption: Encryption,
        *,
        documents: Documents,
        targets: Targets,
        limits: WebhookLimits | None = None,
    ) -> None:
        self._database = database
        self._namespaces = namespaces
        self._limits = limits or WebhookLimits()
        self._seal = SigningSeal(encryption)
        self._check = DraftCheck(documents, targets)
        self._access = WebhookAccess(database, namespaces)
        self.deliveries = DeliveryService(database, namespaces, workloads, self._access, self._limits)

    async def create(self, principal: Principal, slug: str, draft: WebhookDraft) -> tuple[Webhook, str]:
        """A webhook of the principal's, and the secret that signs its deliveries, which is not shown again.

        Raises InvalidInputs on paths `url`, `query`, `variables` and `events`, QuotaExceeded, NamespaceTerminating, and
        Forbidden for a credential that may not also read: deliveries do.
        """
        namespace = await self._namespaces.get(principal, slug, Verb.WRITE)
        self._namespaces.require(principal, namespace, Verb.READ)
        require_open(namespace)
        self._check.require(draft)
        webhook_id, secrets = uuid4(), SigningSecrets()
        sealed = self._seal.seal(secrets, namespace_id=namespace.id, webhook_id=webhook_id)
        async with self._database.session() as session:
            webhooks = WebhookRepository(session)
            await self._require_room(webhooks, namespace)
            webhook = await webhooks.add(
                draft,
                webhook_id=webhook_id,
                namespace_id=namespace.id,
                user_id=principal.user_id,
                token_id=principal.token_id,
                secrets=sealed,
            )
            await webhooks.forget_sightings_unless_observed(namespace.id, beside=webhook_id)
        return webhook, secrets.current

    async def update(self, principal: Principal, webhook_id: UUID, edit: Edit) -> Webhook:
        """The webhook as `edit` leaves what its owner said of it; from now on it ends with the credential of this call.

        What it listens to anew it is told of from now on; switched off, what waits for it is given up. Raises as
        `create` does.
        """
        found = await self._access.webhook(principal, webhook_id, Verb.WRITE)
        await self._namespaces.get_by_id(principal, found.namespace_id, Verb.READ)
        draft = edit(found.draft)
        self._check.require(draft)
        async with self._database.session() as session:
            webhooks = WebhookRepository(session)
            await webhooks.lock_namespace(found.namespace_id)
            former = await webhooks.by_id(webhook_id)
            if former is None:
                raise absent_webhook()
            listens = draft.active and (draft.active, draft.events) != (former.active, former.events)
            if listens and not _is_observing(former):
                await webhooks.forget_sightings_unless_observed(found.namespace_id, beside=webhook_id)
            await webhooks.write(webhook_id, draft, token_id=principal.token_id, listens=listens)
            if not draft.active:
                await Outbox(session).give_up(webhook_id, _SWITCHED_OFF)
        return await self._access.webhook(principal, webhook_id)

    async def delete(self, principal: Principal, webhook_id: UUID) -> Webhook:
        """Forget the webhook and its deliveries; gives it as it was."""
        webhook = await self._access.webhook(principal, webhook_id, Verb.DELETE)
        async with self._database.session() as session:
            await WebhookRepository(session).delete(webhook_id)
        return webhook

    async def rotate_secret(self, principal: Principal, webhook_id: UUID) -> tuple[Webhook, str]:
        """Sign with a new secret, which is answered and not shown again; with the one before too for 24 hours."""
        webhook = await self._access.webhook(principal, webhook_id, Verb.WRITE)
        async with self._database.session() as session:
            webhooks = WebhookRepository(session)
            sealed = await webhooks.locked_secrets(webhook_id)
            if sealed is None:
                raise absent_webhook()
            secrets = self._rotated(sealed, webhook)
            fresh = self._seal.seal(secrets, namespace_id=webhook.namespace_id, webhook_id=webhook_id)
            await webhooks.rotate(webhook_id, fresh, former_until=datetime.now(UTC) + FORMER_SECRET)
        return webhook, secrets.current

    async def get(self, principal: Principal, webhook_id: UUID) -> Webhook:
        """The principal's webhook of that id."""
        return await self._access.webhook(principal, webhook_id)

    async def list(self, principal: Principal, namespace: Namespace, page: PageRequest) -> Page[Webhook]:
        """The principal's own webhooks in a namespace, the oldest first."""
        self._namespaces.require(principal, namespace)
        async with self._database.autocommit() as session:
            return await WebhookRepository(session).page(namespace.id, principal.user_id, page)

    def _rotated(self, sealed: bytes, webhook: Webhook) -> SigningSecrets:
        """New secrets; without the former one where that cannot be read any more."""
        try:
            return self._seal.unseal(sealed, namespace_id=webhook.namespace_id, webhook_id=webhook.id).rotated()
        except DecryptionFailed:
            return SigningSecrets()

    async def _require_room(self, webhooks: WebhookRepository, namespace: Namespace) -> None:
        await webhooks.lock_namespace(namespace.id)
        count, most = await webhooks.count(namespace.id), self._limits.per_namespace
        if count >= most:
            raise QuotaExceeded(
                f"The namespace has {count} webhooks, and may have {most}. Delete one that is not needed.",
                resource="webhooks",
                used=str(count),
                requested="1",
                limit=str(most),
            )


def _is_observing(webhook: Webhook) -> bool:
    """Whether the apps of its namespace are looked at for its sake."""
    return webhook.active and not webhook.events.isdisjoint(SEEN_IN_THE_CLUSTER)
