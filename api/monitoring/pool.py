"""The connections to PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable

from api.monitoring.calls import Calls
from api.monitoring.instruments import Instruments
from api.monitoring.tracing import Tracing


class Statements:
    """What is asked of PostgreSQL, and over how many connections."""

    def __init__(self, instruments: Instruments, tracing: Tracing) -> None:
        self.calls = Calls(
            instruments,
            tracing,
            name="moorage_database_statement",
            what="statements to PostgreSQL",
            labels=("operation",),
        )
        self._connections = instruments.gauge(
            "moorage_database_connections", "Connections of the pool, by whether they are in use.", ("state",)
        )
        self._most = instruments.gauge("moorage_database_connections_max", "Connections that the pool may open.")

    def follow(self, *, used: Callable[[], int], idle: Callable[[], int], most: int) -> None:
        """Where the figures of the pool come from; they are asked on a thread of their own, at each scrape."""
        self._connections.labels("used").set_function(used)
        self._connections.labels("idle").set_function(idle)
        self._most.set(most)
