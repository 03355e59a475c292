"""By what a list is sorted, where the caller may choose."""

from __future__ import annotations

from enum import Enum

import strawberry


@strawberry.enum(description="Which end of a list comes first.")
class OrderDirection(Enum):
    ASC = strawberry.enum_value("asc", description="From A to Z, the oldest first.")
    DESC = strawberry.enum_value("desc", description="From Z to A, the latest first.")


DIRECTION = "Which end comes first."
ORDERED_BY = "By what to sort; left out: as the list says. Cursors are good for the order that they came with alone."
FILTERED = "What is to be shown; left out: everything."
ANY = "One of these; left out or empty: any."
