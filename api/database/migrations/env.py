"""What Alembic runs: on the connection that `api.database.migrate` opened, inside its transaction."""

from __future__ import annotations

from alembic import context

from api.database.migrate import VERSION_TABLE
from api.database.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    compare_type=True,
    compare_server_default=True,
    transactional_ddl=True,
)
context.run_migrations()
