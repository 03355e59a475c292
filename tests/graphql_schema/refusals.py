"""How long what is refused takes to be refused, printed at the end of a run."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest


@dataclass(slots=True)
class Refusals:
    """Rows of limit, transport, and seconds; the bar of SECURITY.md is 50 ms."""

    rows: list[tuple[str, str, float]] = field(default_factory=list)

    def note(self, limit: str, transport: str, seconds: float) -> None:
        self.rows.append((limit, transport, seconds))

    def lines(self) -> list[str]:
        """The table."""
        limits = max(len(limit) for limit, _, _ in self.rows)
        transports = max(len(transport) for _, transport, _ in self.rows)
        return [
            f"{limit:<{limits}}  {transport:<{transports}}  {seconds * 1_000:6.1f} ms"
            for limit, transport, seconds in self.rows
        ]


REFUSALS = pytest.StashKey[Refusals]()
