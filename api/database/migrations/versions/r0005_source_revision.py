"""Rollbacks name the revision that they take up again, from the plan on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TABLES = ("plans", "revisions")


def upgrade() -> None:
    for table in _TABLES:
        op.add_column(table, sa.Column("source_revision", sa.Integer(), nullable=True))


def downgrade() -> None:
    for table in _TABLES:
        op.drop_column(table, "source_revision")
