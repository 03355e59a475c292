"""Whoever changes a row that others hold in memory tells them so, in the same transaction."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# What an identical notification of the same transaction would say is said once by PostgreSQL itself.
_OF_A_NAMESPACE = """
CREATE FUNCTION moorage_namespace_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed record := COALESCE(NEW, OLD);
    namespace uuid;
BEGIN
    CASE TG_TABLE_NAME
        WHEN 'namespaces' THEN namespace := changed.id;
        WHEN 'revisions' THEN SELECT namespace_id INTO namespace FROM workloads WHERE id = changed.workload_id;
        ELSE namespace := changed.namespace_id;
    END CASE;
    IF namespace IS NOT NULL THEN
        PERFORM pg_notify('moorage_rows', 'namespace ' || namespace);
    END IF;
    RETURN NULL;
END $$
"""
_OF_A_CREDENTIAL = """
CREATE FUNCTION moorage_credential_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('moorage_rows', TG_ARGV[0] || ' ' || OLD.id);
    RETURN NULL;
END $$
"""
_NAMESPACE_TABLES = ("namespaces", "workloads", "revisions", "timeline")
# By table: what it is called, and the columns that matter to who holds it. That it was used does not.
_CREDENTIAL_TABLES = {
    "sessions": ("session", "expires_at, secret_hash"),
    "api_tokens": ("token", "expires_at, revoked_at, scopes, secret_hash"),
    "users": ("user", "email, role"),
}


def upgrade() -> None:
    op.execute(_OF_A_NAMESPACE)
    op.execute(_OF_A_CREDENTIAL)
    for table in _NAMESPACE_TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_changed AFTER INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION moorage_namespace_changed()"
        )
    for table, (subject, columns) in _CREDENTIAL_TABLES.items():
        op.execute(
            f"CREATE TRIGGER {table}_changed AFTER UPDATE OF {columns} OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION moorage_credential_changed('{subject}')"
        )


def downgrade() -> None:
    for table in (*_NAMESPACE_TABLES, *_CREDENTIAL_TABLES):
        op.execute(f"DROP TRIGGER {table}_changed ON {table}")
    op.execute("DROP FUNCTION moorage_namespace_changed()")
    op.execute("DROP FUNCTION moorage_credential_changed()")
