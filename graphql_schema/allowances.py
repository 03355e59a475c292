"""How many points each credential may spend: a full bucket for each window, which refills all the time.

The buckets are in this process's memory: each replica grants the whole allowance, and a restart fills it. That is what
such a limit needs to keep one client from taking all of a replica, and it costs no call. Strangers have no bucket:
what is open to them is read from memory, and one bucket for all of them would let anybody close the sign-in page.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple, TypeAlias
from uuid import UUID

from api.authorization.models import Principal
from api.errors import RateLimited

Clock: TypeAlias = Callable[[], float]

_MOST_ACCOUNTS = 10_000


class Bucket:
    """A token bucket: `capacity` at once, refilled by `per_second`."""

    def __init__(self, capacity: float, *, per_second: float, clock: Clock = time.monotonic) -> None:
        self.capacity = capacity
        self._per_second = per_second
        self._clock = clock
        self.last_left = capacity
        """What was left when it was looked at last."""
        self._at = clock()

    @property
    def left(self) -> float:
        now = self._clock()
        left = self.last_left + (now - self._at) * self._per_second
        self.last_left = left if left < self.capacity else self.capacity
        self._at = now
        return self.last_left

    def wait(self, amount: float) -> float:
        """In how many seconds `amount` can be taken; 0 where it can be now."""
        return max(0.0, (amount - self.left) / self._per_second)

    def take(self, amount: float) -> bool:
        """Take `amount` out, where there is so much."""
        if self.left < amount:
            return False
        self.spend(amount)
        return True

    def spend(self, amount: float) -> None:
        """Take `amount` out, which was `left` just now."""
        self.last_left -= amount

    def balance(self, period: Period, left: float, at: float) -> Balance:
        """Where `left` was left `at` that moment, in Unix time."""
        missing = self.capacity - left
        return Balance(period, int(self.capacity), int(left), at + missing / self._per_second)


class Period(StrEnum):
    """What an allowance is counted by."""

    MINUTE = "minute"
    HOUR = "hour"


@dataclass(frozen=True, slots=True)
class Allowance:
    """The points that one credential may spend: at once, and over the window as they come back."""

    per_minute: int = 600
    per_hour: int = 5_000

    @property
    def most_at_once(self) -> int:
        return min(self.per_minute, self.per_hour)


SESSION_ALLOWANCE = Allowance(per_minute=3_000, per_hour=30_000)
"""Of a browser's session: some pages open at once, each asking again each 10 seconds and following what changes."""


class Balance(NamedTuple):
    """What is left in one window. `reset` is when all of it is there again, if nothing is spent meanwhile, in seconds
    of Unix time."""

    period: Period
    limit: int
    remaining: int
    reset: float

    @property
    def reset_at(self) -> datetime:
        return datetime.fromtimestamp(self.reset, UTC)

    @property
    def used(self) -> int:
        return self.limit - self.remaining


class Charge:
    """What an operation was charged, and what was left after it. `retry_after` is in how many seconds it can be had
    where it was refused; None where it was not.

    Each request makes one, and few look at more than the tightest window: balances are worked out for who asks.
    """

    __slots__ = ("_account", "_at", "_hour_left", "_minute_left", "cost", "retry_after")

    def __init__(self, account: Account, cost: int, retry_after: int | None = None) -> None:
        self.cost = cost
        self.retry_after = retry_after
        self._account = account
        self._minute_left = account.in_minute.last_left
        self._hour_left = account.in_hour.last_left
        self._at = time.time()

    @property
    def minute(self) -> Balance:
        return self._account.in_minute.balance(Period.MINUTE, self._minute_left, self._at)

    @property
    def hour(self) -> Balance:
        return self._account.in_hour.balance(Period.HOUR, self._hour_left, self._at)

    @property
    def tightest(self) -> Balance:
        """The window that has the least left."""
        return self.minute if int(self._minute_left) <= int(self._hour_left) else self.hour


class Account:
    """The buckets of one credential."""

    def __init__(self, allowance: Allowance, clock: Clock = time.monotonic) -> None:
        self.allowance = allowance
        self.in_minute = Bucket(allowance.per_minute, per_second=allowance.per_minute / 60, clock=clock)
        self.in_hour = Bucket(allowance.per_hour, per_second=allowance.per_hour / 3_600, clock=clock)

    def take(self, points: int) -> float:
        """Take `points` from both windows, where each has so many: 0. Else in how many seconds they will."""
        if self.in_minute.left < points or self.in_hour.left < points:
            return max(self.in_minute.wait(points), self.in_hour.wait(points))
        self.in_minute.spend(points)
        self.in_hour.spend(points)
        return 0

    def charge(self, cost: int, *, paid: int = 0) -> Charge:
        """Charge what is not `paid` yet of an operation's cost; raises NotAfforded where that is not there."""
        wait = self.take(cost - paid)
        if wait > 0:
            raise NotAfforded(Charge(self, cost, math.ceil(wait)))
        return Charge(self, cost)


class NotAfforded(RateLimited):
    """An operation costs more than there is just now; `charge` is what it would have been."""

    def __init__(self, charge: Charge) -> None:
        seconds = charge.retry_after or 0
        super().__init__(
            f"It costs {charge.cost} points, and you have spent too many. Try again in {seconds} s, or ask for less; "
            "`rateLimit` tells what is left.",
            retry_after=seconds,
        )
        self.charge = charge


class Allowances:
    """The accounts of credentials: of the `most` that were used latest, as those that rest fill up again."""

    def __init__(
        self,
        *,
        token: Allowance | None = None,
        session: Allowance | None = None,
        clock: Clock = time.monotonic,
        most: int = _MOST_ACCOUNTS,
    ) -> None:
        self.token = token or Allowance()
        self.session = session or SESSION_ALLOWANCE
        self._clock = clock
        self._most = most
        self._accounts: OrderedDict[UUID, Account] = OrderedDict()

    def account(self, principal: Principal | None) -> Account | None:
        """The account of the credential that `principal` came by; None for strangers."""
        if principal is None:
            return None
        key = principal.token_id or principal.session_id or principal.user_id
        account = self._accounts.get(key)
        if account is None:
            allowance = self.token if principal.session_id is None else self.session
            account = self._accounts[key] = Account(allowance, self._clock)
            if len(self._accounts) > self._most:
                self._accounts.popitem(last=False)
        self._accounts.move_to_end(key)
        return account

    async def pay_event(self, principal: Principal | None, points: int) -> None:
        """Pay for a subscription's next event, once that can be done: nothing, but where it calls somebody.

        Changes are coalesced meanwhile, so that a stream slows down to what its reader may spend, and its next event
        is up to date; to end it would make its reader open it again, which costs more.
        """
        account = self.account(principal) if points else None
        wait = account.take(points) if account is not None else 0
        while account is not None and wait > 0:
            await asyncio.sleep(wait)
            wait = account.take(points)
