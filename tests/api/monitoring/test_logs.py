"""One record is one line, whatever it carries, and no secret is in it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, get_args

import pytest

from api.monitoring import logs
from api.monitoring.logs import MAX_CHARACTERS, ConsoleFormatter, JSONFormatter, Style, configure

FORMATTERS: dict[Style, Callable[[], logging.Formatter]] = {"json": JSONFormatter, "console": ConsoleFormatter}
HOSTILE = "signed in\n2026-11-23 error forged\r\x1b[2J\x9b1m\u2028\u202e\ud800 end"


def line(style: Style, message: str = "hello", *arguments: object, error: Exception | None = None, **extra: Any) -> str:
    info = (type(error), error, error.__traceback__) if error is not None else None
    record = logging.LogRecord("api.test", logging.INFO, __file__, 1, message, arguments, info)
    record.__dict__ |= extra
    return FORMATTERS[style]().format(record)


def raised(message: str) -> Exception:
    with pytest.raises(ValueError) as caught:
        int(message)
    caught.value.args = (message,)
    return caught.value


@pytest.fixture(params=get_args(Style))
def style(request: pytest.FixtureRequest) -> Style:
    style: Style = request.param
    return style


@pytest.mark.parametrize(
    "write",
    [
        lambda style: line(style, HOSTILE),
        lambda style: line(style, "from %s", HOSTILE),
        lambda style: line(style, name_of_the_app=HOSTILE),
        lambda style: line(style, error=raised(HOSTILE)),
    ],
    ids=["message", "argument", "field", "error"],
)
def test_nothing_in_a_record_ends_its_line_or_moves_the_cursor(style: Style, write: Callable[[Style], str]) -> None:
    written = write(style)

    assert "end" in written
    assert written.isprintable()
    assert 1 == len(written.splitlines())


@pytest.mark.parametrize(
    "write",
    [
        lambda style: line(style, "password=canary-7f3a"),
        lambda style: line(style, "header %s", "Bearer canary-7f3a"),
        lambda style: line(style, admin_token="canary-7f3a"),
        lambda style: line(style, error=raised("postgresql://ada:canary-7f3a@db/moorage")),
    ],
    ids=["message", "argument", "field", "error"],
)
def test_a_secret_is_nowhere_in_a_record(style: Style, write: Callable[[Style], str]) -> None:
    assert "canary-7f3a" not in write(style)


def test_json_carries_what_a_machine_needs() -> None:
    fields = json.loads(line("json", "deployed %s", "shop", replicas=3, error=raised("boom")))

    assert "deployed shop" == fields["message"]
    assert ("info", "api.test", 3) == (fields["level"], fields["logger"], fields["replicas"])
    assert ("ValueError", "boom") == (fields["error"]["type"], fields["error"]["message"])
    assert "in raised" in fields["error"]["traceback"]


def test_a_field_cannot_pass_for_one_of_ours() -> None:
    assert "info" == json.loads(line("json", level="critical"))["level"]


def test_the_console_says_where_an_error_came_from() -> None:
    assert "ValueError('boom') at test_logs.py" in line("console", error=raised("boom"))


@pytest.mark.parametrize("variable", [logs.request_id, logs.client], ids=lambda variable: variable.name)
def test_a_record_names_its_request_and_whom_that_came_from(style: Style, variable: ContextVar[str | None]) -> None:
    token = variable.set("7d1f")
    try:
        assert "7d1f" in line(style)
    finally:
        variable.reset(token)

    assert "7d1f" not in line(style)


def test_wrong_arguments_lose_no_record(style: Style) -> None:
    assert "deployed %s in %d s" in line(style, "deployed %s in %d s", "shop")


def test_a_record_is_bounded(style: Style) -> None:
    assert MAX_CHARACTERS + 200 > len(line(style, "x" * 1_000_000))


@pytest.fixture
def root_logger() -> Iterator[logging.Logger]:
    """The root logger, put back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield root
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)


def test_configuring_takes_every_logger_of_the_least_level(root_logger: logging.Logger) -> None:
    stream = io.StringIO()

    configure(level="warning", style="json", stream=stream)
    logging.getLogger("uvicorn.error").warning("seen")
    logging.getLogger("api.anything").info("not seen")

    assert ["seen"] == [json.loads(written)["message"] for written in stream.getvalue().splitlines()]
