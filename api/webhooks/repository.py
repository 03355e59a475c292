"""The rows of webhooks, within one transaction of the caller's."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.database.pages import Page, PageRequest
from api.database.paging import keyset_page
from api.database.tables import NamespaceRow, WebhookRow, WorkloadSightingRow
from api.namespaces.models import Namespace
from api.namespaces.repository import COLUMNS as NAMESPACE_COLUMNS
from api.namespaces.repository import namespace_of
from api.webhooks.models import SEEN_IN_THE_CLUSTER, Webhook, WebhookDraft, WebhookEvent

_SEEN = sorted(SEEN_IN_THE_CLUSTER)


class WebhookRepository:
    """Reads and writes webhooks; signing secrets come sealed."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock_namespace(self, namespace_id: UUID) -> None:
        """Keep other transactions from changing who listens in the namespace until the present one ends."""
        statement = select(NamespaceRow.id).where(NamespaceRow.id == namespace_id)
        await self._session.execute(statement.with_for_update(key_share=True))

    async def count(self, namespace_id: UUID) -> int:
        """How many webhooks the namespace has."""
        counted = select(func.count()).select_from(WebhookRow).where(WebhookRow.namespace_id == namespace_id)
        return await self._session.scalar(counted) or 0

    async def add(
        self,
        draft: WebhookDraft,
        *,
        webhook_id: UUID,
        namespace_id: UUID,
        user_id: UUID,
        token_id: UUID | None,
        secrets: bytes,
    ) -> Webhook:
        """Record a webhook of that user's."""
        row = WebhookRow(
            id=webhook_id,
            namespace_id=namespace_id,
            user_id=user_id,
            token_id=token_id,
            secrets=secrets,
            **_said(draft),
        )
        self._session.add(row)
        await self._session.flush()
        await self._session.refresh(row)
        return webhook_of(row)

    async def by_id(self, webhook_id: UUID) -> Webhook | None:
        row = await self._session.scalar(select(WebhookRow).where(WebhookRow.id == webhook_id))
        return webhook_of(row) if row is not None else None

    async def page(self, namespace_id: UUID, user_id: UUID, request: PageRequest) -> Page[Webhook]:
        """The user's webhooks in the namespace, the oldest first."""
        statement = select(WebhookRow).where(WebhookRow.namespace_id == namespace_id, WebhookRow.user_id == user_id)
        key = [WebhookRow.created_at, WebhookRow.id]
        return await keyset_page(
            self._session, statement, read=lambda row: webhook_of(row[0]), key=key, request=request
        )

    async def write(self, webhook_id: UUID, draft: WebhookDraft, *, token_id: UUID | None, listens: bool) -> None:
        """Record what its owner says of it now; `listens`: to something else than before, from now on."""
        now = datetime.now(UTC)
        values = {**_said(draft), "token_id": token_id, "updated_at": now}
        if draft.active:
            values["disabled_reason"] = None
        if listens:
            values |= {"listening_since": now, "failing_since": None}
        await self._set(webhook_id, **values)

    async def locked_secrets(self, webhook_id: UUID) -> bytes | None:
        """What signs, sealed, kept from every other writer until the present transaction ends."""
        statement = select(WebhookRow.secrets).where(WebhookRow.id == webhook_id)
        return await self._session.scalar(statement.with_for_update())

    async def rotate(self, webhook_id: UUID, secrets: bytes, *, former_until: datetime) -> None:
        """Sign with other secrets."""
        await self._set(webhook_id, secrets=secrets, former_secret_until=former_until, updated_at=datetime.now(UTC))

    async def failing(self, webhook_id: UUID) -> datetime:
        """Note a failure; when the first of those in a row was."""
        since = func.coalesce(WebhookRow.failing_since, func.now())
        statement = update(WebhookRow).where(WebhookRow.id == webhook_id).values(failing_since=since)
        return await self._session.scalar(statement.returning(WebhookRow.failing_since)) or datetime.now(UTC)

    async def answered(self, webhook_id: UUID) -> None:
        """Note that something was delivered."""
        statement = update(WebhookRow).where(WebhookRow.id == webhook_id, WebhookRow.failing_since.is_not(None))
        await self._session.execute(statement.values(failing_since=None))

    async def disable(self, webhook_id: UUID, reason: str) -> None:
        """Switch it off by Moorage's own doing."""
        statement = update(WebhookRow).where(WebhookRow.id == webhook_id, WebhookRow.active)
        values = {"active": False, "disabled_reason": reason, "updated_at": datetime.now(UTC)}
        await self._session.execute(statement.values(values))

    async def delete(self, webhook_id: UUID) -> None:
        """Forget it, with its deliveries."""
        await self._session.execute(delete(WebhookRow).where(WebhookRow.id == webhook_id))

    async def observed(self) -> list[Namespace]:
        """The namespaces of which somebody wants to be told how the cluster shows their apps."""
        wanted = select(WebhookRow.namespace_id).where(WebhookRow.active, WebhookRow.events.overlap(_SEEN))
        statement = select(*NAMESPACE_COLUMNS).where(NamespaceRow.id.in_(wanted))
        return [namespace_of(row) for row in await self._session.execute(statement)]

    async def forget_sightings_unless_observed(self, namespace_id: UUID, *, beside: UUID) -> None:
        """Where nobody else has them kept up, forget what the apps of a namespace were like: it is long ago."""
        others = select(WebhookRow.id).where(
            WebhookRow.namespace_id == namespace_id,
            WebhookRow.id != beside,
            WebhookRow.active,
            WebhookRow.events.overlap(_SEEN),
        )
        statement = delete(WorkloadSightingRow).where(WorkloadSightingRow.namespace_id == namespace_id)
        await self._session.execute(statement.where(~others.exists()))

    async def _set(self, webhook_id: UUID, **values: Any) -> None:
        await self._session.execute(update(WebhookRow).where(WebhookRow.id == webhook_id).values(values))


def _said(draft: WebhookDraft) -> dict[str, Any]:
    return {
        "url": draft.url,
        "query": draft.query,
        "variables": dict(draft.variables),
        "events": _values(draft.events),
        "active": draft.active,
    }


def _values(events: Collection[WebhookEvent]) -> list[str]:
    return sorted(event.value for event in events)


def webhook_of(row: WebhookRow) -> Webhook:
    """The webhook of a row."""
    return Webhook(
        id=row.id,
        namespace_id=row.namespace_id,
        user_id=row.user_id,
        token_id=row.token_id,
        url=row.url,
        query=row.query,
        variables=row.variables,
        events=frozenset(WebhookEvent(event) for event in row.events),
        active=row.active,
        created_at=row.created_at,
        updated_at=row.updated_at,
        disabled_reason=row.disabled_reason,
        failing_since=row.failing_since,
    )
