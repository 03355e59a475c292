"""When the news arrived that a stream is just telling: from there on its delay is counted."""

from __future__ import annotations

from contextvars import ContextVar

changed_at: ContextVar[float | None] = ContextVar("changed_at", default=None)
"""The moment, by `time.monotonic`, at which the oldest change arrived that the running task's stream tells now; None
where it tells of none: a snapshot, or the rows of PostgreSQL."""
