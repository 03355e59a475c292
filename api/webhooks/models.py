"""Webhooks: where somebody wants to be told of what happens in a namespace, and what became of telling it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from api.workloads.models import WorkloadPhase


class WebhookEvent(StrEnum):
    """What a webhook may be told of."""

    WORKLOAD_CREATED = "workload_created"
    """The first revision of an app was taken by the cluster."""
    WORKLOAD_DELETED = "workload_deleted"
    WORKLOAD_RESTORED = "workload_restored"
    WORKLOAD_REPAIRED = "workload_repaired"
    """Somebody had changed or deleted objects of an app in the cluster: they are again as recorded."""
    WORKLOAD_PHASE_CHANGED = "workload_phase_changed"
    DEPLOYMENT_STARTED = "deployment_started"
    """A revision was taken by the cluster."""
    DEPLOYMENT_FINISHED = "deployment_finished"
    """A revision is rolled out: the cluster says so."""
    DEPLOYMENT_FAILED = "deployment_failed"
    """A revision was not taken, or its rollout does not move."""
    RUN_STARTED = "run_started"
    """Somebody had a job run."""
    PING = "ping"
    """A trial that the owner asked for."""


SEEN_IN_THE_CLUSTER = frozenset(
    {WebhookEvent.WORKLOAD_PHASE_CHANGED, WebhookEvent.DEPLOYMENT_FINISHED, WebhookEvent.DEPLOYMENT_FAILED}
)
"""Events that the replica which leads sees by looking at apps; the others are read from the timeline."""


@dataclass(frozen=True, slots=True)
class WebhookLimits:
    """How much of it one tenant may have, and how long somebody who does not answer is tried."""

    per_namespace: int = 10
    waiting: int = 1_000
    """Deliveries of one webhook that wait; what comes beyond is recorded as failed, to be redelivered by hand."""
    kept: int = 1_000
    """Deliveries of one webhook that are through, beside those that wait."""
    kept_for: timedelta = timedelta(days=14)
    disabled_after: timedelta = timedelta(days=5)
    """A webhook to which nothing could be delivered for so long is switched off."""


@dataclass(frozen=True, slots=True)
class WebhookDraft:
    """What its owner says of a webhook. `variables` are those of the query that no event fills in."""

    url: str
    query: str
    events: frozenset[WebhookEvent]
    variables: Mapping[str, Any] = field(default_factory=dict)
    active: bool = True


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook of one user's in one namespace.

    `token_id` is the API token that it was made with: it ends with that. `disabled_reason` says why Moorage itself
    switched it off; `failing_since` is when the first of the latest failures in a row was.
    """

    id: UUID
    namespace_id: UUID
    user_id: UUID
    token_id: UUID | None
    url: str
    query: str
    variables: Mapping[str, Any]
    events: frozenset[WebhookEvent]
    active: bool
    created_at: datetime
    updated_at: datetime
    disabled_reason: str | None
    failing_since: datetime | None

    @property
    def draft(self) -> WebhookDraft:
        """What its owner said of it."""
        return WebhookDraft(self.url, self.query, self.events, self.variables, self.active)


class Occurrence(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that happened, as it is kept with each delivery. `app` is the app's name at that time."""

    event: WebhookEvent
    at: datetime
    workload_id: UUID | None = None
    app: str | None = None
    revision: int | None = None
    phase: WorkloadPhase | None = None
    previous_phase: WorkloadPhase | None = None
    message: str | None = None


class DeliveryState(StrEnum):
    """What became of a delivery."""

    PENDING = "pending"
    """To be tried, for the first time or again."""
    DELIVERED = "delivered"
    FAILED = "failed"
    """Given up; it can be redelivered."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one webhook. `attempts` counts all of them, `tries` those since it was last asked for; the
    response is that of the last attempt, its body cut short."""

    id: UUID
    webhook_id: UUID
    occurrence: Occurrence
    state: DeliveryState
    attempts: int
    tries: int
    created_at: datetime
    next_attempt_at: datetime | None
    last_attempt_at: datetime | None
    response_status: int | None
    response_body: str | None
    error: str | None
    duration_ms: int | None
