"""Structured logs: one record a line, as JSON for machines or as text for people, and never a secret.

Nothing that a record carries can end its line or move the terminal's cursor: control characters are escaped, those of
Unicode that reorder text too. Secrets are taken out of messages, fields and tracebacks alike.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TextIO

from api.monitoring.redaction import REDACTED, names_a_secret, redacted

Style = Literal["json", "console"]

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The request that the running task serves; every record made meanwhile names it."""
client: ContextVar[str | None] = ContextVar("client", default=None)
"""The address from which that request came."""
MAX_CHARACTERS = 16 * 1024
"""Of one text of a record; longer ones are cut."""
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName", "color_message"}
"""What no one gave as `extra`; `color_message` is uvicorn's message over again, in colours."""
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_FRAMES = 6


def configure(*, level: str, style: Style, stream: TextIO = sys.stderr) -> None:
    """Send the logs of the whole process to `stream`, warnings included; replaces what was configured before."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JSONFormatter() if style == "json" else ConsoleFormatter())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.captureWarnings(True)
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)  # names each of its own at every start


class JSONFormatter(logging.Formatter):
    """A JSON object a record: `time`, `level`, `logger`, `message`, `error`, and what came as `extra`; of a record made
    while a request was served `request_id` and `client` too."""

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, Any] = {
            "time": _time(record).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        fields |= {var.name: value for var in (request_id, client) if (value := var.get()) is not None}
        if (error := _error(record)) is not None:
            fields["error"] = {
                "type": type(error).__name__,
                "message": _clean(str(error)),
                "traceback": _clean("".join(traceback.format_exception(error))),
            }
        # ASCII only: every control character is escaped, those that Unicode adds too.
        return json.dumps(fields | {name: value for name, value in _extra(record) if name not in fields}, default=str)


class ConsoleFormatter(logging.Formatter):
    """Time, level and message; then fields as `name=value`, and of an error where it came from, all in one line."""

    def format(self, record: logging.LogRecord) -> str:
        parts = [f"{_time(record).astimezone():%H:%M:%S} {record.levelname.lower():<7} {_message(record)}"]
        parts += [f"{name}={value}" for name, value in _extra(record)]
        if (error := _error(record)) is not None:
            parts.append(f"{_clean(repr(error))} at {_origin(error)}")
        if (request := request_id.get()) is not None:
            parts.append(f"request={request}")
        if (address := client.get()) is not None:
            parts.append(f"client={address}")
        return escaped("  ".join(parts))


def escaped(text: str) -> str:
    """`text` in one line, with nothing in it that a terminal would obey."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def _time(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _message(record: logging.LogRecord) -> str:
    """The message, and never an exception: a record with wrong arguments is still worth its text."""
    try:
        return _clean(record.getMessage())
    except (TypeError, ValueError):
        return _clean(str(record.msg))


def _extra(record: logging.LogRecord) -> Iterator[tuple[str, object]]:
    for name, value in record.__dict__.items():
        if name not in _STANDARD:
            yield name, REDACTED if names_a_secret(name) else _field(value)


def _field(value: object) -> object:
    """Numbers and the like as they are, everything else as text."""
    return value if value is None or isinstance(value, bool | int | float) else _clean(str(value))


def _error(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if isinstance(record.exc_info, tuple) else None


def _origin(error: BaseException) -> str:
    """The innermost frames, innermost first: `passwords.py:84 _verify < service.py:81 log_in`."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:][::-1]
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames) or "nowhere"


def _clean(text: str) -> str:
    return redacted(text if len(text) <= MAX_CHARACTERS else text[:MAX_CHARACTERS] + "…")
