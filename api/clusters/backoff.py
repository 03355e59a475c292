"""Pauses between tries."""

from __future__ import annotations

import asyncio
import random

_FIRST = 0.1
_LONGEST = 3.0
_DOUBLINGS = 10


class Backoff:
    """Each pause is twice as long as the last, up to `longest` seconds, and jittered, so that many do not march in
    step."""

    def __init__(self, *, longest: float = _LONGEST) -> None:
        self._longest = longest
        self._tries = 0

    def reset(self) -> None:
        """It went well: begin with short pauses again."""
        self._tries = 0

    def next(self) -> float:
        """How long the next pause is, in seconds."""
        longest = min(_FIRST * 2.0**self._tries, self._longest)
        self._tries = min(self._tries + 1, _DOUBLINGS)
        return longest * random.uniform(0.5, 1)  # noqa: S311 - no secret

    async def pause(self, *, spent: float = 0.0) -> None:
        """Sleep until the next try is due: where the last one took long itself (`spent` seconds), it is due sooner."""
        await asyncio.sleep(max(0.0, self.next() - spent))
