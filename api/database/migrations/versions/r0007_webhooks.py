"""Webhooks, what is delivered to them, and which entries of timelines they have yet to be told of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _now(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)


def _time(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(astext_type=sa.Text()), nullable=False)


def _belongs_to(table: str, column: str, referred: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{referred}.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    _mark_timeline()
    _create_webhooks()
    _create_deliveries()
    _create_sightings()


def _mark_timeline() -> None:
    """What happened before there were webhooks is none of theirs."""
    op.add_column("timeline", sa.Column("announced", sa.Boolean(), server_default=sa.text("true"), nullable=False))
    op.alter_column("timeline", "announced", server_default=sa.text("false"))
    op.create_index(
        "ix_timeline_unannounced", "timeline", ["at"], unique=False, postgresql_where=sa.text("NOT announced")
    )
    _notify_of_timeline("UPDATE OF namespace_id, workload_id, at, kind, author_id, details")


def _notify_of_timeline(update: str) -> None:
    """That an entry is marked is nothing to read again for."""
    op.execute("DROP TRIGGER timeline_changed ON timeline")
    op.execute(
        f"CREATE TRIGGER timeline_changed AFTER INSERT OR {update} OR DELETE ON timeline "
        "FOR EACH ROW EXECUTE FUNCTION moorage_namespace_changed()"
    )


def _create_webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("namespace_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_id", sa.Uuid(), nullable=True),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        _json("variables"),
        sa.Column("events", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("secrets", sa.LargeBinary(), nullable=False),
        _time("former_secret_until"),
        _now("created_at"),
        _now("updated_at"),
        _now("listening_since"),
        sa.Column("disabled_reason", sa.String(), nullable=True),
        _time("failing_since"),
        _belongs_to("webhooks", "namespace_id", "namespaces"),
        _belongs_to("webhooks", "user_id", "users"),
        _belongs_to("webhooks", "token_id", "api_tokens"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    op.create_index(
        op.f("ix_webhooks_namespace_id_created_at_id"), "webhooks", ["namespace_id", "created_at", "id"], unique=False
    )


def _create_deliveries() -> None:
    table = "webhook_deliveries"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        _json("occurrence"),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        _now("created_at"),
        _now("next_attempt_at"),
        _time("last_attempt_at"),
        sa.Column("claim", sa.Uuid(), nullable=True),
        _time("claimed_until"),
        sa.Column("response_status", sa.Integer(), nullable=True),
        sa.Column("response_body", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        _belongs_to(table, "webhook_id", "webhooks"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint("webhook_id", "event_id", name=op.f("uq_webhook_deliveries_webhook_id_event_id")),
    )
    op.create_index(
        op.f("ix_webhook_deliveries_webhook_id_created_at_id"), table, ["webhook_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_webhook_deliveries_pending",
        table,
        ["next_attempt_at"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )


def _create_sightings() -> None:
    table = "workload_sightings"
    op.create_table(
        table,
        sa.Column("workload_id", sa.Uuid(), nullable=False),
        sa.Column("namespace_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        _belongs_to(table, "workload_id", "workloads"),
        _belongs_to(table, "namespace_id", "namespaces"),
        sa.PrimaryKeyConstraint("workload_id", name=op.f("pk_workload_sightings")),
    )
    op.create_index(op.f("ix_workload_sightings_namespace_id"), table, ["namespace_id"], unique=False)


def downgrade() -> None:
    for table in ("workload_sightings", "webhook_deliveries", "webhooks"):
        op.drop_table(table)
    _notify_of_timeline("UPDATE")
    op.drop_index("ix_timeline_unannounced", table_name="timeline")
    op.drop_column("timeline", "announced")
