"""Times taken again and again, and the bars that they are held to."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Times:
    """Seconds that the same thing took, time after time."""

    seconds: list[float] = field(default_factory=list)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Take the time of what happens in the context."""
        began = time.perf_counter()
        yield
        self.seconds.append(time.perf_counter() - began)

    @property
    def median(self) -> float:
        """In milliseconds."""
        return statistics.median(self.seconds) * 1000

    def percentile(self, percent: int) -> float:
        """In milliseconds: so many of a hundred are no longer than that."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)] * 1000


@dataclass
class Bars:
    """What was measured beside what is asked for; each row is a bar, or a figure to read one by."""

    rows: list[list[str]] = field(default_factory=list)
    _missed: list[str] = field(default_factory=list)

    def told(self, what: str, measured: str, beside: str = "") -> None:
        """A figure without a bar."""
        self.rows.append([what, measured, beside, ""])

    def held(self, what: str, value: float, most: float, unit: str, beside: str = "") -> None:
        """A figure that is to be `most` at most."""
        self.rows.append([what, f"{value:.2f}{unit}", beside, f"≤ {most:g}{unit}"])
        if value > most:
            self._missed.append(f"{what}: {value:.2f}{unit}, and {most:g}{unit} are asked for")

    def missed(self) -> list[str]:
        """What was missed since this was asked last."""
        missed, self._missed = self._missed, []
        return missed
