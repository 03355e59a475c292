"""How often something may happen."""

from __future__ import annotations

import time


class Rate:
    """A token bucket: `per_second` times a second on average, as many at once."""

    def __init__(self, per_second: int) -> None:
        self._per_second = per_second
        self._left = float(per_second)
        self._at = time.monotonic()

    def allows(self) -> bool:
        """Whether it may happen now; if so, it counts."""
        now = time.monotonic()
        self._left = min(self._per_second, self._left + (now - self._at) * self._per_second)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
