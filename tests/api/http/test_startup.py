"""A start that fails by a wrong setting says so in one line; one that fails by a bug keeps its traceback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.applications import Starlette
from starlette.types import Message

from api.errors import ConfigurationError
from api.http.startup import PlainStartupFailures


async def started(failure: Exception) -> Message:
    """What the server is told of an application that fails to start."""
    sent: list[Message] = []

    def fail() -> None:
        raise failure

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        fail()
        yield

    async def receive() -> Message:
        return {"type": "lifespan.startup"}

    async def send(message: Message) -> None:
        sent.append(message)

    with pytest.raises(type(failure)):
        await PlainStartupFailures(Starlette(lifespan=lifespan))({"type": "lifespan", "app": None}, receive, send)
    return sent[-1]


async def test_a_wrong_setting_is_told_in_one_line() -> None:
    message = await started(ConfigurationError("cannot use the database", setting="MOORAGE_DATABASE_URL"))

    assert "lifespan.startup.failed" == message["type"]
    assert "cannot use the database (setting: MOORAGE_DATABASE_URL)" == message["message"]


async def test_a_bug_keeps_its_traceback() -> None:
    message = await started(LookupError("a bug"))

    assert "Traceback" in message["message"]
