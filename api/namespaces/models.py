"""Namespaces: the place of one developer's apps, and what it may use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from api.database.pages import Order


class NamespacePhase(StrEnum):
    """Where a namespace is in its life."""

    PENDING = "pending"
    ACTIVE = "active"
    TERMINATING = "terminating"
    MISSING = "missing"
    """Ours by record, and absent from the cluster."""


@dataclass(frozen=True, slots=True)
class Namespace:
    """A namespace: `name` is its owner's, unique for the owner only; `slug` is its name in the cluster.

    While `reconciliation_paused`, what others change in the cluster is left as it is.
    """

    id: UUID
    name: str
    slug: str
    owner_id: UUID
    created_at: datetime
    phase: NamespacePhase
    reconciliation_paused: bool = False


@dataclass(frozen=True, slots=True)
class NamespaceLimits:
    """What a new namespace may use, as Kubernetes quantities, and how many of them one user may own."""

    cpu: str = "4"
    memory: str = "8Gi"
    pods: int = 30
    storage: str = "20Gi"
    per_user: int = 10
    load_balancers: int = 0
    """Services of type LoadBalancer: none, unless private addresses of this installation are such."""


@dataclass(frozen=True, slots=True)
class QuotaUsage:
    """One resource of the namespace's quota, in cores, bytes or a count."""

    resource: str
    used: float
    hard: float


class EventType(StrEnum):
    NORMAL = "normal"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Event:
    """A Kubernetes event about an object of the namespace."""

    uid: str
    namespace: str
    type: EventType
    reason: str
    message: str
    count: int
    first_seen: datetime
    last_seen: datetime
    regarding_kind: str
    regarding_name: str


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What an event has to be to be shown; what is empty asks for nothing."""

    types: frozenset[EventType] = frozenset()
    text: str = ""


EVERY_EVENT = EventFilter()


class NamespaceOrderField(StrEnum):
    """By what a list of namespaces is sorted."""

    NAME = "name"
    CREATED_AT = "created_at"


BY_NAME = Order(NamespaceOrderField.NAME)


@dataclass(frozen=True, slots=True)
class NamespaceFilter:
    """What a namespace has to be to be shown: `text` is in its name or slug."""

    text: str = ""


EVERY_NAMESPACE = NamespaceFilter()
