"""How often something may happen, and how much of something one user may hold."""

from __future__ import annotations

import time
from collections import Counter
from uuid import UUID

from graphql_schema.allowances import Bucket, Clock


class Rate:
    """`per_second` times a second on average, `at_once` at most."""

    def __init__(self, per_second: int, *, at_once: int, clock: Clock = time.monotonic) -> None:
        self._bucket = Bucket(at_once, per_second=per_second, clock=clock)

    def allows(self) -> bool:
        """Whether it may happen now; if so, it counts."""
        return self._bucket.take(1)


class Holdings:
    """How many of something each user holds at once; `most` is what one may."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._held: Counter[UUID] = Counter()

    def one(self, user_id: UUID | None) -> Holding:
        """Hold one more until the block is left; False where that is one too many. Strangers are not counted."""
        return Holding(self, user_id)

    def take(self, user_id: UUID) -> bool:
        """One more; False where that is one too many, which counts all the same."""
        self._held[user_id] += 1
        return self._held[user_id] <= self.most

    def give_back(self, user_id: UUID) -> None:
        """One less."""
        self._held[user_id] -= 1
        if not self._held[user_id]:
            del self._held[user_id]


class Holding:
    """One of what a user holds, for the length of a `with` block. A class, as thousands are open for hours: a generator
    takes five times the memory."""

    __slots__ = ("_holdings", "_user_id")

    def __init__(self, holdings: Holdings, user_id: UUID | None) -> None:
        self._holdings = holdings
        self._user_id = user_id

    def __enter__(self) -> bool:
        return self._user_id is None or self._holdings.take(self._user_id)

    def __exit__(self, *error: object) -> None:
        if self._user_id is not None:
            self._holdings.give_back(self._user_id)
