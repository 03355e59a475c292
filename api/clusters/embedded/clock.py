"""Time: what the embedded cluster writes into timestamps, and how fast its visible life goes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the wall-clock time."""

    def now(self) -> datetime:
        """The time now, with a time zone."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Pace:
    """Scales the visible durations: 1.0 is a believable cluster, 0.01 suits tests."""

    factor: float = 1.0

    def seconds(self, seconds: float) -> float:
        return seconds * self.factor

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds * self.factor)


def timestamp(moment: datetime) -> str:
    """`metav1.Time`: RFC 3339 in UTC, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_timestamp(text: str) -> datetime:
    """Reads RFC 3339; raises ValueError."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
