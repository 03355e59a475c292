"""What a metrics source is asked, and how it says that it is down or has nothing of the sort."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from api.errors import Unavailable
from api.metrics.models import MetricName, MetricScope, MetricsSource, MetricsWindow

Samples = Mapping[datetime, float]
"""Values by time."""


class SourceDown(Unavailable):
    """The source does not answer."""

    def __init__(self, message: str) -> None:
        super().__init__(message, part="metrics")


class Source(Protocol):
    """Where values come from."""

    @property
    def kind(self) -> MetricsSource:
        """What it is."""

    async def check(self) -> None:
        """Raises SourceDown where it is known not to answer."""

    def lacks(self, name: MetricName) -> str | None:
        """Why it never has this metric; None where it may."""

    async def read(
        self, name: MetricName, scopes: Collection[MetricScope], window: MetricsWindow
    ) -> Mapping[MetricScope, Samples]:
        """The values of each scope that has any, in one call. Raises SourceDown."""
