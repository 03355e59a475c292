"""Rest between repairs: who keeps changing an app back and forth does not keep us busy."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable

_FIRST = 0.5
_CALM_SECONDS = 300.0


class Patience:
    """Each rest is twice as long as the last one of its key, up to `longest`; after some calm it begins anew."""

    def __init__(self, *, longest: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._longest = longest
        self._clock = clock
        self._rests: dict[Hashable, tuple[float, float]] = {}

    def rest(self, key: Hashable) -> float:
        """How long to leave the key alone from now, in seconds."""
        now = self._clock()
        self._rests = {each: rest for each, rest in self._rests.items() if now - rest[1] < _CALM_SECONDS}
        last, _ = self._rests.get(key, (_FIRST / 2, now))
        seconds = min(last * 2, self._longest)
        self._rests[key] = seconds, now + seconds
        return seconds

    def left(self, key: Hashable) -> float:
        """What is left of the key's rest, in seconds; 0 where it may be looked at."""
        if key not in self._rests:
            return 0.0
        return max(0.0, self._rests[key][1] - self._clock())
