"""Webhooks of one developer, and the steps by which they are delivered, one after the other as a test wants them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import text

from api.authorization.models import Principal
from api.database.database import Database
from api.database.pages import PageRequest
from api.errors import MoorageError
from api.namespaces.models import Namespace
from api.webhooks.announcing import announce
from api.webhooks.attempts import Attempts
from api.webhooks.models import Delivery, Occurrence, Webhook, WebhookDraft, WebhookEvent, WebhookLimits
from api.webhooks.outbox import Claimed, Outbox
from api.webhooks.service import WebhookService
from api.webhooks.worker import DeliveryWorker

QUERY = "{ viewer { displayName } }"
ALL = frozenset(WebhookEvent) - {WebhookEvent.PING}


@dataclass
class PlainGraph:
    """Stands where `api.app` hands in the graph: takes any query, and answers with the event alone."""

    failure: MoorageError | None = None
    viewers: list[Principal] = field(default_factory=list)
    size: int = 0

    def check(self, query: str, variables: Mapping[str, Any]) -> None:
        if self.failure is not None:
            raise self.failure

    async def of(self, principal: Principal, webhook: Webhook, delivery: Delivery, *, slug: str) -> bytes:
        self.viewers.append(principal)
        if self.failure is not None:
            raise self.failure
        occurrence = delivery.occurrence
        event = {"type": occurrence.event.name, "app": occurrence.app, "revision": occurrence.revision, "slug": slug}
        return msgspec.json.encode({**event, "data": "x" * self.size})


@dataclass
class Hooks:
    """What Ada has, and who delivers it."""

    database: Database
    service: WebhookService
    attempts: Attempts
    limits: WebhookLimits
    graph: PlainGraph
    ada: Principal
    shop: Namespace
    url: str

    def draft(self, events: frozenset[WebhookEvent] = ALL) -> WebhookDraft:
        return WebhookDraft(url=self.url, query=QUERY, events=events)

    async def create(self, events: frozenset[WebhookEvent] = ALL) -> tuple[Webhook, str]:
        return await self.service.create(self.ada, self.shop.slug, self.draft(events))

    async def happen(self, event: WebhookEvent = WebhookEvent.WORKLOAD_CREATED, event_id: UUID | None = None) -> UUID:
        """Something happens in the namespace; its id."""
        event_id, now = event_id or uuid4(), datetime.now(UTC)
        async with self.database.session() as session:
            await Outbox(session).enqueue(
                Occurrence(event, at=now, app="web"),
                event_id=event_id,
                namespace_id=self.shop.id,
                since=now,
                limits=self.limits,
            )
        return event_id

    async def announce(self) -> int:
        async with self.database.session() as session:
            return await announce(session, self.limits)

    async def claim(self, most: int = 16) -> list[Claimed]:
        async with self.database.session() as session:
            return await Outbox(session).claim(most)

    async def turn(self) -> int:
        """Deliver what is due, once; how many that were."""
        claimed = await self.claim()
        for each in claimed:
            await self.attempts.make(each)
        return len(claimed)

    async def deliveries(self, webhook: Webhook) -> list[Delivery]:
        """What there is of a webhook, the latest first."""
        page = await self.service.deliveries.list(self.ada, webhook, PageRequest(first=100))
        return list(page.items)

    async def only(self, webhook: Webhook) -> Delivery:
        [delivery] = await self.deliveries(webhook)
        return delivery

    async def get(self, webhook: Webhook) -> Webhook:
        return await self.service.get(self.ada, webhook.id)

    async def time_passes(self, span: timedelta) -> None:
        """All that is recorded is so much older: nobody waits for it."""
        columns = {
            "webhook_deliveries": ("created_at", "next_attempt_at", "claimed_until"),
            "webhooks": ("failing_since", "former_secret_until", "listening_since"),
        }
        async with self.database.session() as session:
            for table, times in columns.items():
                moved = ", ".join(f"{name} = {name} - CAST(:span AS interval)" for name in times)
                await session.execute(text(f"UPDATE {table} SET {moved}"), {"span": span})

    async def come_due(self) -> None:
        """The pauses of all that waits are over."""
        async with self.database.session() as session:
            await session.execute(text("UPDATE webhook_deliveries SET next_attempt_at = now()"))

    def worker(self) -> DeliveryWorker:
        """A replica's."""
        return DeliveryWorker(self.database, self.attempts, limits=self.limits, poll_seconds=0.05)
