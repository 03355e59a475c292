"""Tells of every statement that an engine sends, and of its pool."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import QueuePool

from api.monitoring.calls import Call
from api.monitoring.pool import Statements

_OPERATIONS = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
_OTHER = "OTHER"
_UNDER_WAY = "statement under way"


def count_statements(engine: AsyncEngine, statements: Statements, *, most: int) -> None:
    """From now on. Their text is told with placeholders, and no value; `most` is what the pool may open."""

    def begin(connection: Connection, _cursor: object, text: str, *_: object) -> None:
        attributes = {"db.system.name": "postgresql", "db.query.text": text} if statements.calls.traced else {}
        call = statements.calls.to(_operation(text), attributes=attributes)
        connection.info[_UNDER_WAY] = call.__enter__()

    def end(connection: Connection, *_: object) -> None:
        _end(connection.info, None)

    def fail(context: ExceptionContext) -> None:
        if context.connection is not None:
            _end(context.connection.info, context.original_exception)

    event.listen(engine.sync_engine, "before_cursor_execute", begin)
    event.listen(engine.sync_engine, "after_cursor_execute", end)
    event.listen(engine.sync_engine, "handle_error", fail)
    pool = engine.sync_engine.pool
    if isinstance(pool, QueuePool):
        statements.follow(used=pool.checkedout, idle=pool.checkedin, most=most)


def _end(info: dict[Any, Any], error: BaseException | None) -> None:
    call: Call | None = info.pop(_UNDER_WAY, None)
    if call is None:
        return
    if (state := getattr(error, "sqlstate", None)) is not None:
        call.answered(str(state), failed=True)
        error = None
    call.__exit__(type(error) if error is not None else None, error, None)


def _operation(text: str) -> str:
    """https://opentelemetry.io/docs/specs/semconv/database/ calls it so."""
    word = text.lstrip()[:6].upper()
    return word if word in _OPERATIONS else _OTHER
