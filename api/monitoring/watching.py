"""How the watch cache fares: how old what it says is, and how often it had to begin anew."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime

from api.monitoring.instruments import Instruments


class Watching:
    """Of one cluster, by kind (`Pod`)."""

    def __init__(self, instruments: Instruments) -> None:
        self._age = instruments.gauge(
            "moorage_watch_cache_age_seconds",
            "Time since the cluster last told of a kind; NaN before the first.",
            ("kind",),
        )
        self._objects = instruments.gauge(
            "moorage_watch_cache_objects", "Objects that the watch cache holds.", ("kind",)
        )
        self._events = instruments.counter(
            "moorage_watch_events_total", "Watch events that came, bookmarks included.", ("kind",)
        )
        self._relists = instruments.counter(
            "moorage_watch_relists_total", "Lists of a kind that had been listed before.", ("kind",)
        )
        self._stalls = instruments.counter(
            "moorage_watch_stalls_total", "Watches that said nothing for too long, and were opened anew.", ("kind",)
        )

    def follow(self, kind: str, *, as_of: Callable[[], datetime | None], objects: Callable[[], int]) -> None:
        """Where the figures of a kind come from; both are asked on a thread of their own, at each scrape."""
        self._age.labels(kind).set_function(lambda: _age(as_of()))
        self._objects.labels(kind).set_function(objects)
        for counter in (self._events, self._relists, self._stalls):
            counter.labels(kind)  # told as 0 before the first time, so that a rate sees it

    def told(self, kind: str) -> None:
        self._events.labels(kind).inc()

    def relisted(self, kind: str) -> None:
        self._relists.labels(kind).inc()

    def stalled(self, kind: str) -> None:
        self._stalls.labels(kind).inc()


def _age(as_of: datetime | None) -> float:
    return math.nan if as_of is None else max(0.0, (datetime.now(UTC) - as_of).total_seconds())
