"""The process itself: its build, and whether its event loop keeps up."""

from __future__ import annotations

import asyncio
import platform

from prometheus_client import GCCollector, ProcessCollector

from api.monitoring.build import build
from api.monitoring.instruments import Instruments

_TICK_SECONDS = 0.25
_LAG_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0)


class Process:
    """Beside these there are the usual `process_…` and `python_gc_…`."""

    def __init__(self, instruments: Instruments) -> None:
        self._lag = instruments.histogram(
            "moorage_event_loop_lag_seconds", "How late the event loop woke who slept.", buckets=_LAG_SECONDS
        ).labels()
        info = instruments.gauge("moorage_build_info", "1, with what was built as labels.", ("version", "python"))
        info.labels(build(), platform.python_version()).set(1)
        ProcessCollector(registry=instruments.registry)
        GCCollector(registry=instruments.registry)

    async def keep_measuring(self) -> None:
        """Until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + _TICK_SECONDS
            await asyncio.sleep(_TICK_SECONDS)
            self._lag.observe(max(0.0, loop.time() - due))
