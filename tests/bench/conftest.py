"""One table for all that the Cluster Manager is held to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping

import pytest
import uvloop

from tests.bench.measures import Bars
from tests.bench.table import table


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Everything is measured on the event loop that the server runs on."""
    return {"uvloop": uvloop.new_event_loop}


@pytest.fixture(scope="session")
def bars() -> Iterator[Bars]:
    """Filled by the tests, and printed once everything is measured."""
    bars = Bars()
    yield bars
    print(table("The Cluster Manager (medians)", ["", "measured", "beside", "bar"], bars.rows))
