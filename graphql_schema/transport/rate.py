"""How often something may happen, and how much of something one user may hold."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from graphql_schema.allowances import Bucket, Clock


class Rate:
    """`per_second` times a second on average, as many at once."""

    def __init__(self, per_second: int, *, clock: Clock = time.monotonic) -> None:
        self._bucket = Bucket(per_second, per_second=per_second, clock=clock)

    def allows(self) -> bool:
        """Whether it may happen now; if so, it counts."""
        return self._bucket.take(1)


class Holdings:
    """How many of something each user holds at once; `most` is what one may."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._held: Counter[UUID] = Counter()

    @contextmanager
    def one(self, user_id: UUID | None) -> Iterator[bool]:
        """Hold one more until the block is left; False where that is one too many. Strangers are not counted."""
        if user_id is None:
            yield True
            return
        self._held[user_id] += 1
        try:
            yield self._held[user_id] <= self.most
        finally:
            self._held[user_id] -= 1
            if not self._held[user_id]:
                del self._held[user_id]
