"""`rateLimit`: what the operation was charged, and what the viewer may still spend."""

from __future__ import annotations

from datetime import datetime

import strawberry

from graphql_schema.allowances import Balance, Charge
from graphql_schema.context import Info
from graphql_schema.enums import Period


@strawberry.type(description="What the viewer's credential may spend in one window of time, in points.")
class RateLimitWindow:
    period: Period = strawberry.field(description="Over how long it is counted.")
    limit: int = strawberry.field(description="What may be spent at once, and comes back over the period.")
    used: int = strawberry.field(description="What is spent, and has not come back yet.")
    remaining: int = strawberry.field(description="What can be spent now.")
    reset_at: datetime = strawberry.field(description="When all of it is there again, if nothing is spent meanwhile.")

    @classmethod
    def from_model(cls, balance: Balance) -> RateLimitWindow:
        return cls(
            period=balance.period,
            limit=balance.limit,
            used=balance.used,
            remaining=balance.remaining,
            reset_at=balance.reset_at,
        )


@strawberry.type(
    description="What an operation was charged, and what is left: in all windows, and in the one that has least left."
)
class RateLimit:
    cost: int = strawberry.field(description="What this operation was charged before it was executed.")
    limit: int = strawberry.field(description="What may be spent in the window that has least left.")
    used: int = strawberry.field(description="What is spent in it, this operation included.")
    remaining: int = strawberry.field(description="What can be spent in it now.")
    reset_at: datetime = strawberry.field(description="When it is full again, if nothing is spent meanwhile.")
    windows: list[RateLimitWindow] = strawberry.field(description="Each of the windows.")

    @classmethod
    def from_model(cls, charge: Charge) -> RateLimit:
        tightest = charge.tightest
        return cls(
            cost=charge.cost,
            limit=tightest.limit,
            used=tightest.used,
            remaining=tightest.remaining,
            reset_at=tightest.reset_at,
            windows=[RateLimitWindow.from_model(balance) for balance in (charge.minute, charge.hour)],
        )


@strawberry.type
class RateLimitQueries:
    @strawberry.field(
        description="What this operation costs, and what the viewer's token or session may still spend; null where "
        "nobody is signed in."
    )
    def rate_limit(self, info: Info) -> RateLimit | None:
        charge = info.context.charge
        return RateLimit.from_model(charge) if charge is not None else None
