"""The tables of every domain. Times are timestamptz in UTC, keys are UUIDs of ours."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import DateTime, ForeignKey, Index, LargeBinary, MetaData, String, UniqueConstraint, false, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Constraints have names of a pattern, so that migrations can speak of them."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[dict[str, Any]]: JSONB,
        list[str]: ARRAY(String),
        bytes: LargeBinary,
    }


def _cascade(column: str) -> ForeignKey:
    return ForeignKey(column, ondelete="CASCADE")


class UserRow(Base):
    """A registered developer. `email` is normalised: trimmed, and lower case."""

    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    email: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    role: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class CredentialRow(Base):
    """A user's password, as argon2id writes it (algorithm, parameters, salt and hash in one string)."""

    __tablename__ = "credentials"

    user_id: Mapped[UUID] = mapped_column(_cascade("users.id"), primary_key=True)
    password_hash: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class SessionRow(Base):
    """A browser's session; of its secret only the SHA-256 is kept."""

    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(_cascade("users.id"), index=True)
    secret_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]


class ApiTokenRow(Base):
    """A credential for programs; of its secret only the SHA-256 and the first characters are kept."""

    __tablename__ = "api_tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(_cascade("users.id"), index=True)
    name: Mapped[str]
    prefix: Mapped[str]
    secret_hash: Mapped[bytes] = mapped_column(unique=True)
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class AdministratorTokenRow(Base):
    """The one-time token that makes the first administrator: one row at most."""

    __tablename__ = "administrator_token"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    secret_hash: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class LoginFailureRow(Base):
    """One failed log-in. `account` is a hash of the address tried, so that unknown ones are counted alike."""

    __tablename__ = "login_failures"
    __table_args__ = (Index(None, "account", "failed_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account: Mapped[bytes]
    address: Mapped[str]
    failed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class NamespaceRow(Base):
    """A namespace: `name` is its owner's, `slug` the one in the cluster."""

    __tablename__ = "namespaces"
    __table_args__ = (UniqueConstraint("owner_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    owner_id: Mapped[UUID] = mapped_column(_cascade("users.id"))
    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    phase: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    reconciliation_paused: Mapped[bool] = mapped_column(server_default=false())
    """Whether what others change in the cluster is left as it is."""


class WorkloadRow(Base):
    """An app. `current_revision` is the number of the revision last applied."""

    __tablename__ = "workloads"
    __table_args__ = (
        Index(
            "uq_workloads_namespace_id_name",
            "namespace_id",
            "name",
            unique=True,
            postgresql_where=text("deleted_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    namespace_id: Mapped[UUID] = mapped_column(_cascade("namespaces.id"))
    name: Mapped[str]
    kind: Mapped[str]
    current_revision: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    deleted_at: Mapped[datetime | None]


class RevisionRow(Base):
    """An immutable description of an app. Secret values are in `secrets`, encrypted, and never in `spec`."""

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("workload_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    workload_id: Mapped[UUID] = mapped_column(_cascade("workloads.id"))
    number: Mapped[int]
    template_revision: Mapped[int]
    """The revision that the pod template was last changed by: scaling makes no new pods."""
    cause: Mapped[str]
    state: Mapped[str]
    spec: Mapped[dict[str, Any]]
    secrets: Mapped[bytes | None]
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    message: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    changes: Mapped[list[dict[str, Any]]]
    source_revision: Mapped[int | None]
    """The number of the revision that a rollback took up again; NULL too of those made before it was kept."""


class PlanRow(Base):
    """What a deploy would do, waiting to be deployed; forgotten once it is too old."""

    __tablename__ = "plans"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    namespace_id: Mapped[UUID] = mapped_column(_cascade("namespaces.id"))
    workload_name: Mapped[str]
    principal_id: Mapped[UUID] = mapped_column(_cascade("users.id"))
    spec: Mapped[dict[str, Any]]
    secrets: Mapped[bytes | None]
    base_revision: Mapped[int | None]
    fingerprint: Mapped[str]
    base: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'::jsonb"))
    """The objects that it was made for, in the fields that its fingerprint is of; which is of what it applies too."""
    action: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    source_revision: Mapped[int | None]
    """The number of the revision that it takes up again, of a rollback."""


class InstallationRow(Base):
    """Who this database belongs to: one row, so that two Moorages on one cluster tell themselves apart."""

    __tablename__ = "installation"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())


class IdempotencyKeyRow(Base):
    """A request that a client may send again. `result` has the ids of what was made, once that is on record."""

    __tablename__ = "idempotency_keys"

    user_id: Mapped[UUID] = mapped_column(_cascade("users.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    operation: Mapped[str]
    fingerprint: Mapped[bytes]
    token: Mapped[UUID]
    """Whose claim it is: that of whoever works on it, or did last."""
    claimed_until: Mapped[datetime]
    result: Mapped[dict[str, Any] | None]
    finished_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class TimelineRow(Base):
    """One thing that happened to a namespace or to an app in it. `details` depend on `kind`; they name the app, which
    may be gone for good."""

    __tablename__ = "timeline"
    __table_args__ = (
        Index(None, "namespace_id", "at"),
        Index(None, "workload_id", "at"),
        Index("ix_timeline_unannounced", "at", postgresql_where=text("NOT announced")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    namespace_id: Mapped[UUID] = mapped_column(_cascade("namespaces.id"))
    workload_id: Mapped[UUID | None] = mapped_column(ForeignKey("workloads.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    kind: Mapped[str]
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    details: Mapped[dict[str, Any]]
    announced: Mapped[bool] = mapped_column(server_default=false())
    """Whether the webhooks that listen to it have it queued."""


class WebhookRow(Base):
    """Where a user wants to be told of what happens in a namespace. `secrets` signs what is sent, and is encrypted."""

    __tablename__ = "webhooks"
    __table_args__ = (Index(None, "namespace_id", "created_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    namespace_id: Mapped[UUID] = mapped_column(_cascade("namespaces.id"))
    user_id: Mapped[UUID] = mapped_column(_cascade("users.id"))
    token_id: Mapped[UUID | None] = mapped_column(_cascade("api_tokens.id"))
    url: Mapped[str]
    query: Mapped[str]
    variables: Mapped[dict[str, Any]]
    events: Mapped[list[str]]
    active: Mapped[bool]
    secrets: Mapped[bytes]
    former_secret_until: Mapped[datetime | None]
    """Until when the secret before signs too."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    listening_since: Mapped[datetime] = mapped_column(server_default=func.now())
    """What happened before is none of its concern."""
    disabled_reason: Mapped[str | None]
    failing_since: Mapped[datetime | None]


class WebhookDeliveryRow(Base):
    """One event for one webhook. Whoever delivers it holds `claim` until `claimed_until`, or is taken for lost."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("webhook_id", "event_id"),
        Index(None, "webhook_id", "created_at", "id"),
        Index(
            "ix_webhook_deliveries_pending",
            "next_attempt_at",
            postgresql_where=text("state = 'pending'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    webhook_id: Mapped[UUID] = mapped_column(_cascade("webhooks.id"))
    event_id: Mapped[UUID]
    occurrence: Mapped[dict[str, Any]]
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    next_attempt_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_attempt_at: Mapped[datetime | None]
    claim: Mapped[UUID | None]
    claimed_until: Mapped[datetime | None]
    response_status: Mapped[int | None]
    response_body: Mapped[str | None]
    error: Mapped[str | None]
    duration_ms: Mapped[int | None]


class WorkloadSightingRow(Base):
    """How webhooks were last told that an app is; so that each change of it is told once, whoever leads."""

    __tablename__ = "workload_sightings"
    __table_args__ = (Index(None, "namespace_id"),)

    workload_id: Mapped[UUID] = mapped_column(_cascade("workloads.id"), primary_key=True)
    namespace_id: Mapped[UUID] = mapped_column(_cascade("namespaces.id"))
    revision: Mapped[int | None]
    phase: Mapped[str]
    outcome: Mapped[str | None]
    """What became of that revision's rollout, once that is told."""
