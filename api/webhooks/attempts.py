"""One attempt at one delivery: whose rights, which payload, what was answered, and what follows from that."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.authorization.models import Principal
from api.database.database import Database
from api.database.encryption import DecryptionFailed
from api.errors import MoorageError, NotFound, Unavailable
from api.namespaces.service import NamespaceService
from api.webhooks.backoff import MOST_TRIES, pause_after
from api.webhooks.documents import Payloads
from api.webhooks.models import DeliveryState, WebhookLimits
from api.webhooks.outbox import Claimed, Outbox, Outcome
from api.webhooks.repository import WebhookRepository
from api.webhooks.seal import SigningSeal
from api.webhooks.sending import Answer, NotSent, Sender
from api.webhooks.signing import signed_headers

MOST_PAYLOAD_BYTES = 256 * 1024
GONE = 410
"""By which a receiver says, as the Standard Webhooks have it, that it wants no more."""
USER_AGENT = "Moorage-Webhooks"

_logger = logging.getLogger(__name__)


class ReaderFor(Protocol):
    """A user as they are now, to read for them; None where they, or the token that they asked with, are no more."""

    def __call__(self, user_id: UUID, *, token_id: UUID | None) -> Awaitable[Principal | None]: ...


class Disabled(Exception):
    """The webhook has to be switched off; `reason` is for its owner."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Attempts:
    """Makes attempts, and writes down what became of them."""

    def __init__(
        self,
        database: Database,
        namespaces: NamespaceService,
        seal: SigningSeal,
        sender: Sender,
        *,
        reader_for: ReaderFor,
        payloads: Payloads,
        limits: WebhookLimits,
    ) -> None:
        self._database = database
        self._namespaces = namespaces
        self._seal = seal
        self._sender = sender
        self._reader_for = reader_for
        self._payloads = payloads
        self._limits = limits

    async def make(self, claimed: Claimed) -> None:
        """Try to deliver, and settle it. Raises Unavailable where the database does not answer: the claim runs out."""
        try:
            answer = await self._deliver(claimed)
        except Disabled as end:
            await self._disable(claimed, Outcome(DeliveryState.FAILED, error=end.reason), end.reason)
        except NotSent as failure:
            await self._fail(claimed, error=failure.reason, duration_ms=failure.duration_ms)
        except Unavailable:
            raise
        except Exception:
            _logger.exception("delivery %s failed on this side", claimed.delivery.id)
            await self._fail(claimed, error="Something went wrong on the server; its log has the cause.")
        else:
            await self._settle(claimed, answer)

    async def _deliver(self, claimed: Claimed) -> Answer:
        if claimed.delivery.tries > MOST_TRIES:
            raise NotSent("It was begun too often, and never came to an end.")
        principal = await self._reader(claimed)
        body = await self._payload(principal, claimed)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": USER_AGENT,
            **signed_headers(
                self._signing(claimed),
                message_id=f"msg_{claimed.delivery.id.hex}",
                timestamp=int(time.time()),
                body=body,
            ),
        }
        return await self._sender.post(claimed.webhook.url, body, headers)

    async def _reader(self, claimed: Claimed) -> Principal:
        """The webhook's maker with the rights that they have now; Disabled where these do not reach so far."""
        webhook = claimed.webhook
        principal = await self._reader_for(webhook.user_id, token_id=webhook.token_id)
        if principal is None:
            raise Disabled("The API token that it was made with works no more.")
        try:
            await self._namespaces.get_by_id(principal, webhook.namespace_id)
        except NotFound as error:
            raise Disabled("Its maker may not read the namespace any more.") from error
        return principal

    async def _payload(self, principal: Principal, claimed: Claimed) -> bytes:
        try:
            body = await self._payloads.of(principal, claimed.webhook, claimed.delivery, slug=claimed.slug)
        except MoorageError as error:
            raise NotSent(f"The query could not be run. {error.message}") from error
        if len(body) > MOST_PAYLOAD_BYTES:
            raise NotSent(f"The result of the query has {len(body)} bytes; at most {MOST_PAYLOAD_BYTES} are sent.")
        return body

    def _signing(self, claimed: Claimed) -> list[str]:
        webhook = claimed.webhook
        try:
            secrets = self._seal.unseal(claimed.secrets, namespace_id=webhook.namespace_id, webhook_id=webhook.id)
        except DecryptionFailed as error:
            raise Disabled("Its secret cannot be read any more. Rotate it, and switch the webhook on.") from error
        until = claimed.former_secret_until
        if secrets.former is not None and until is not None and until > datetime.now(UTC):
            return [secrets.current, secrets.former]
        return [secrets.current]

    async def _settle(self, claimed: Claimed, answer: Answer) -> None:
        if not answer.accepted:
            await self._refused(claimed, answer)
            return
        outcome = Outcome(
            DeliveryState.DELIVERED, status=answer.status, body=answer.body, duration_ms=answer.duration_ms
        )
        async with self._database.session() as session:
            if await Outbox(session).settle(claimed, outcome):
                await WebhookRepository(session).answered(claimed.webhook.id)

    async def _refused(self, claimed: Claimed, answer: Answer) -> None:
        if answer.status == GONE:
            reason = "The receiver answered 410 Gone: it wants no more deliveries."
            outcome = Outcome(DeliveryState.FAILED, answer.status, answer.body, reason, answer.duration_ms)
            await self._disable(claimed, outcome, reason)
            return
        error = f"The receiver answered {answer.status}; 2xx would say that it has it."
        await self._fail(claimed, error=error, duration_ms=answer.duration_ms, answer=answer)

    async def _fail(
        self, claimed: Claimed, *, error: str, duration_ms: int | None = None, answer: Answer | None = None
    ) -> None:
        """To be tried again, where there are tries left; one that has failed for days is switched off."""
        tries, retry_after = claimed.delivery.tries, answer.retry_after if answer else None
        is_last = tries >= MOST_TRIES
        outcome = Outcome(
            DeliveryState.FAILED if is_last else DeliveryState.PENDING,
            status=answer.status if answer else None,
            body=answer.body if answer else None,
            error=error,
            duration_ms=duration_ms,
            retry_in=None if is_last else pause_after(tries, retry_after),
        )
        async with self._database.session() as session:
            if not await Outbox(session).settle(claimed, outcome):
                return
            since = await WebhookRepository(session).failing(claimed.webhook.id)
            if datetime.now(UTC) - since > self._limits.disabled_after:
                days = self._limits.disabled_after.days
                await _switch_off(session, claimed.webhook.id, f"Nothing could be delivered for {days} days.")

    async def _disable(self, claimed: Claimed, outcome: Outcome, reason: str) -> None:
        async with self._database.session() as session:
            await Outbox(session).settle(claimed, outcome)
            await _switch_off(session, claimed.webhook.id, reason)


async def _switch_off(session: AsyncSession, webhook_id: UUID, reason: str) -> None:
    """By Moorage itself, with what waits."""
    _logger.info("webhook %s is switched off: %s", webhook_id, reason)
    await WebhookRepository(session).disable(webhook_id, reason)
    await Outbox(session).give_up(webhook_id, reason)
