"""What happened to namespaces and apps, namespaces that are not reconciled, and whose database this is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "namespaces",
        sa.Column("reconciliation_paused", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.execute("INSERT INTO installation DEFAULT VALUES")
    op.create_table(
        "timeline",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("namespace_id", sa.Uuid(), nullable=False),
        sa.Column("workload_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_timeline_author_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["namespace_id"], ["namespaces.id"], name=op.f("fk_timeline_namespace_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workload_id"], ["workloads.id"], name=op.f("fk_timeline_workload_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timeline")),
    )
    op.create_index(op.f("ix_timeline_namespace_id_at"), "timeline", ["namespace_id", "at"], unique=False)
    op.create_index(op.f("ix_timeline_workload_id_at"), "timeline", ["workload_id", "at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_timeline_workload_id_at"), table_name="timeline")
    op.drop_index(op.f("ix_timeline_namespace_id_at"), table_name="timeline")
    op.drop_table("timeline")
    op.drop_table("installation")
    op.drop_column("namespaces", "reconciliation_paused")
