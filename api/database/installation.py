"""Whose database this is."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from api.database.database import Database
from api.database.tables import InstallationRow


async def installation_id(database: Database) -> UUID:
    """The id of the Moorage that this database belongs to: all its replicas share it, and no other has it."""
    async with database.autocommit() as session:
        return (await session.scalars(select(InstallationRow.id))).one()
