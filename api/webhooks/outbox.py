"""Deliveries as rows: queued in the transaction that tells of an event, claimed by one replica at a time.

A delivery is made at least once. Whoever makes it holds a claim for a while; a process that is killed meanwhile loses
it, and another tries again. An event is queued once for each webhook, by whoever does so first (a unique key).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.database.pages import Page, PageRequest
from api.database.paging import keyset_page
from api.database.tables import NamespaceRow, WebhookDeliveryRow, WebhookRow
from api.webhooks.models import Delivery, DeliveryState, Occurrence, Webhook, WebhookLimits
from api.webhooks.repository import webhook_of

CLAIM = timedelta(seconds=30)
"""An attempt takes 16 s at most: 10 for the query, 6 for the receiver."""
AT_ONCE_PER_USER = 4
"""Deliveries of one user's that are under way, so that slow receivers of one hold up nobody else's."""

_ENQUEUE = text("""
    INSERT INTO webhook_deliveries (id, webhook_id, event_id, occurrence, state, error)
    SELECT gen_random_uuid(), w.id, :event_id, CAST(:occurrence AS jsonb),
           CASE WHEN queue.waiting < :most THEN 'pending' ELSE 'failed' END,
           CASE WHEN queue.waiting < :most THEN NULL ELSE :full END
    FROM webhooks w, LATERAL (
        SELECT count(*) AS waiting FROM webhook_deliveries d WHERE d.webhook_id = w.id AND d.state = 'pending'
    ) queue
    WHERE w.namespace_id = :namespace_id AND w.active AND :event = ANY(w.events) AND w.listening_since <= :since
    ON CONFLICT (webhook_id, event_id) DO NOTHING
""")
_FULL = "Too many deliveries waited at that time. Redeliver it once they are through."
_CLAIM = text("""
    WITH due AS (
        SELECT DISTINCT ON (w.user_id) d.id
        FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id
        WHERE d.state = 'pending' AND d.next_attempt_at <= now() AND w.active
          AND (d.claimed_until IS NULL OR d.claimed_until < now())
          AND NOT EXISTS (
              SELECT FROM webhook_deliveries other
              WHERE other.webhook_id = d.webhook_id AND other.state = 'pending' AND other.claimed_until >= now())
          AND :per_user > (
              SELECT count(*) FROM webhook_deliveries other JOIN webhooks theirs ON theirs.id = other.webhook_id
              WHERE theirs.user_id = w.user_id AND other.state = 'pending' AND other.claimed_until >= now())
        ORDER BY w.user_id, d.next_attempt_at, d.id
    ), taken AS (
        SELECT d.id FROM webhook_deliveries d
        WHERE d.id IN (SELECT id FROM due) AND d.state = 'pending'
          AND (d.claimed_until IS NULL OR d.claimed_until < now())
        ORDER BY d.next_attempt_at LIMIT :most FOR UPDATE SKIP LOCKED
    )
    UPDATE webhook_deliveries d
    SET claim = :claim, claimed_until = now() + :lease, attempts = attempts + 1, tries = tries + 1,
        last_attempt_at = now()
    FROM taken WHERE d.id = taken.id RETURNING d.id
""")
_FORGET = text("""
    DELETE FROM webhook_deliveries WHERE id IN (
        SELECT id FROM (
            SELECT id, created_at,
                   row_number() OVER (PARTITION BY webhook_id ORDER BY created_at DESC, id DESC) AS place
            FROM webhook_deliveries WHERE state <> 'pending'
        ) through WHERE place > :kept OR created_at < :before
    )
""")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is this process's to make, with all that it takes; `slug` is the namespace's."""

    claim: UUID
    delivery: Delivery
    webhook: Webhook
    slug: str
    secrets: bytes
    former_secret_until: datetime | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt; `retry_in` is None for the last one."""

    state: DeliveryState
    status: int | None = None
    body: str | None = None
    error: str | None = None
    duration_ms: int | None = None
    retry_in: timedelta | None = None


class Outbox:
    """Reads and writes deliveries, within one transaction of the caller's."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def enqueue(
        self, occurrence: Occurrence, *, event_id: UUID, namespace_id: UUID, since: datetime, limits: WebhookLimits
    ) -> None:
        """Queue an event for every webhook of the namespace that has listened to it since `since`."""
        values = {
            "event_id": event_id,
            "occurrence": msgspec.json.encode(occurrence).decode(),
            "namespace_id": namespace_id,
            "event": occurrence.event.value,
            "since": since,
            "most": limits.waiting,
            "full": _FULL,
        }
        await self._session.execute(_ENQUEUE, values)

    async def add(self, webhook_id: UUID, occurrence: Occurrence) -> Delivery:
        """Queue an event for one webhook alone."""
        row = WebhookDeliveryRow(
            webhook_id=webhook_id,
            event_id=uuid4(),
            occurrence=msgspec.to_builtins(occurrence),
            state=DeliveryState.PENDING.value,
        )
        self._session.add(row)
        await self._session.flush()
        await self._session.refresh(row)
        return delivery_of(row)

    async def waiting(self, webhook_id: UUID) -> int:
        """How many deliveries of the webhook wait."""
        statement = select(func.count()).where(
            WebhookDeliveryRow.webhook_id == webhook_id, WebhookDeliveryRow.state == DeliveryState.PENDING.value
        )
        return await self._session.scalar(statement) or 0

    async def claim(self, most: int) -> list[Claimed]:
        """Take deliveries that are due, `most` at once: one of a webhook at a time, a few of a user."""
        claim = uuid4()
        values = {"claim": claim, "lease": CLAIM, "most": most, "per_user": AT_ONCE_PER_USER}
        ids = list(await self._session.scalars(_CLAIM, values))
        if not ids:
            return []
        statement = (
            select(WebhookDeliveryRow, WebhookRow, NamespaceRow.slug)
            .join(WebhookRow, WebhookRow.id == WebhookDeliveryRow.webhook_id)
            .join(NamespaceRow, NamespaceRow.id == WebhookRow.namespace_id)
            .where(WebhookDeliveryRow.id.in_(ids))
        )
        return [
            Claimed(claim, delivery_of(row), webhook_of(webhook), slug, webhook.secrets, webhook.former_secret_until)
            for row, webhook, slug in await self._session.execute(statement)
        ]

    async def settle(self, claimed: Claimed, outcome: Outcome) -> bool:
        """Write down what became of an attempt; False where another holds the claim by now."""
        values: dict[str, Any] = {
            "state": outcome.state.value,
            "response_status": outcome.status,
            "response_body": outcome.body,
            "error": outcome.error,
            "duration_ms": outcome.duration_ms,
            "claim": None,
            "claimed_until": None,
        }
        if outcome.retry_in is not None:
            values["next_attempt_at"] = datetime.now(UTC) + outcome.retry_in
        statement = (
            update(WebhookDeliveryRow)
            .where(WebhookDeliveryRow.id == claimed.delivery.id, WebhookDeliveryRow.claim == claimed.claim)
            .values(values)
            .returning(WebhookDeliveryRow.id)
        )
        return await self._session.scalar(statement) is not None

    async def give_up(self, webhook_id: UUID, reason: str) -> None:
        """End what waits for a webhook that was switched off."""
        statement = update(WebhookDeliveryRow).where(
            WebhookDeliveryRow.webhook_id == webhook_id, WebhookDeliveryRow.state == DeliveryState.PENDING.value
        )
        values = {"state": DeliveryState.FAILED.value, "error": reason, "claim": None, "claimed_until": None}
        await self._session.execute(statement.values(values))

    async def again(self, delivery_id: UUID) -> None:
        """Make a delivery again as soon as can be, with all its tries before it; one under way goes on meanwhile."""
        values = {"state": DeliveryState.PENDING.value, "tries": 0, "next_attempt_at": datetime.now(UTC)}
        statement = update(WebhookDeliveryRow).where(WebhookDeliveryRow.id == delivery_id)
        await self._session.execute(statement.values(values))

    async def by_id(self, delivery_id: UUID) -> Delivery | None:
        row = await self._session.scalar(
            select(WebhookDeliveryRow)
            .where(WebhookDeliveryRow.id == delivery_id)
            .execution_options(populate_existing=True)
        )
        return delivery_of(row) if row is not None else None

    async def page(self, webhook_id: UUID, request: PageRequest) -> Page[Delivery]:
        """The deliveries of a webhook, the latest event first."""
        statement = select(WebhookDeliveryRow).where(WebhookDeliveryRow.webhook_id == webhook_id)
        key = [WebhookDeliveryRow.created_at, WebhookDeliveryRow.id]
        return await keyset_page(
            self._session,
            statement,
            read=lambda row: delivery_of(row[0]),
            key=key,
            request=request,
            descending=True,
        )

    async def forget(self, limits: WebhookLimits) -> None:
        """Let go of deliveries that are through and old, or too many."""
        before = datetime.now(UTC) - limits.kept_for
        await self._session.execute(_FORGET, {"kept": limits.kept, "before": before})


def delivery_of(row: WebhookDeliveryRow) -> Delivery:
    """The delivery of a row."""
    pending = row.state == DeliveryState.PENDING.value
    return Delivery(
        id=row.id,
        webhook_id=row.webhook_id,
        occurrence=msgspec.convert(row.occurrence, Occurrence),
        state=DeliveryState(row.state),
        attempts=row.attempts,
        tries=row.tries,
        created_at=row.created_at,
        next_attempt_at=row.next_attempt_at if pending else None,
        last_attempt_at=row.last_attempt_at,
        response_status=row.response_status,
        response_body=row.response_body,
        error=row.error,
        duration_ms=row.duration_ms,
    )
