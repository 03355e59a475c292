"""Timelines are of what is there."""

from __future__ import annotations

from uuid import uuid4

import pytest

from api.database.database import Database
from api.errors import NotFound
from api.workloads.timeline import Details, TimelineKind, TimelineRepository


async def test_nothing_is_written_of_a_namespace_that_was_deleted_meanwhile(database: Database) -> None:
    """As the reconciler would, which may still be at it: for its log that is no error."""
    async with database.session() as session:
        written = TimelineRepository(session).add(
            TimelineKind.REPAIRED, Details(), namespace_id=uuid4(), workload_id=None
        )
        with pytest.raises(NotFound, match="gone by now"):
            await written
