"""Allowances that tests of other things never come to the end of."""

from __future__ import annotations

from graphql_schema.allowances import Allowance, Allowances

_PLENTY = 1_000_000_000
UNLIMITED = {
    f"MOORAGE_{whose}COST_PER_{period}": str(_PLENTY) for whose in ("", "SESSION_") for period in ("MINUTE", "HOUR")
}
"""The same, as settings of a process."""


def unlimited() -> Allowances:
    """For an executor of this process."""
    plenty = Allowance(per_minute=_PLENTY, per_hour=_PLENTY)
    return Allowances(token=plenty, session=plenty)
