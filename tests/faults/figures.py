"""What the fault suite measured, printed at its end."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest


@dataclass(slots=True)
class Figures:
    """Rows of promise, fault, and what was seen."""

    rows: list[tuple[int, str, str]] = field(default_factory=list)

    def note(self, promise: int, fault: str, seen: str) -> None:
        """`promise` is the line of SECURITY.md that this is a figure of."""
        self.rows.append((promise, fault, seen))

    def lines(self) -> list[str]:
        """The table."""
        width = max(len(fault) for _, fault, _ in self.rows)
        return [f"{promise}  {fault:<{width}}  {seen}" for promise, fault, seen in sorted(self.rows)]


FIGURES = pytest.StashKey[Figures]()
