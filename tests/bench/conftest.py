"""One table for all that the Cluster Manager is held to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.bench.measures import Bars
from tests.bench.table import table


@pytest.fixture(scope="session")
def bars() -> Iterator[Bars]:
    """Filled by the tests, and printed once everything is measured."""
    bars = Bars()
    yield bars
    print(table("The Cluster Manager (medians)", ["", "measured", "beside", "bar"], bars.rows))
