"""How long a server's event loop kept everybody waiting, and with what: taken inside of its process."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import msgspec

EVERY = 0.005
"""Between two looks, in seconds."""
LATE = 0.025
"""How late a turn has to be for somebody to look what it is about."""
_MOST_NAMED = 4
_ROOT = str(Path(__file__).parents[2])


class Turns(msgspec.Struct):
    """What was seen of the loop since it was asked last, in milliseconds."""

    longest: float
    """How much later than it was due what had to wait longest came to its turn."""
    processor: float
    """What the loop's thread worked of that: the rest it was kept from the processor."""
    p99: float
    collection: float
    """The longest garbage collection, with its generation."""
    generation: int
    seen: list[str]
    """What ran while somebody waited for long, the most frequent first."""


class Watch:
    """Looks at the loop that it is started on."""

    def __init__(self) -> None:
        self._late: list[tuple[float, float]] = []
        self._collections: list[tuple[float, int]] = []
        self._began = 0.0
        self._seen: Counter[str] = Counter()
        self._due = float("inf")
        self._over = threading.Event()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """For as long as the context lasts."""
        beating = asyncio.create_task(self._beat(), name="watch")
        looking = threading.Thread(target=self._look, args=(threading.get_ident(),), name="watch", daemon=True)
        looking.start()
        gc.callbacks.append(self._collected)
        try:
            yield
        finally:
            gc.callbacks.remove(self._collected)
            self._over.set()
            looking.join()
            beating.cancel()

    def told(self) -> Turns:
        """What was seen since this was asked last."""
        late, self._late = sorted(self._late) or [(0.0, 0.0)], []
        collections, self._collections = max(self._collections, default=(0.0, 0)), []
        seen, self._seen = self._seen, Counter()
        return Turns(
            longest=late[-1][0] * 1000,
            processor=late[-1][1] * 1000,
            p99=late[len(late) * 99 // 100][0] * 1000,
            collection=collections[0] * 1000,
            generation=collections[1],
            seen=[f"{name} ({times})" for name, times in seen.most_common(_MOST_NAMED)],
        )

    async def _beat(self) -> None:
        while True:
            self._due, used = time.perf_counter() + EVERY, time.thread_time()
            await asyncio.sleep(EVERY)
            late = time.perf_counter() - self._due
            self._late.append((late, min(late, time.thread_time() - used)))

    def _collected(self, phase: str, told: dict[str, Any]) -> None:
        if phase == "start":
            self._began = time.perf_counter()
        else:
            self._collections.append((time.perf_counter() - self._began, told["generation"]))

    def _look(self, thread: int) -> None:
        while not self._over.wait(EVERY):
            if time.perf_counter() - self._due > LATE:
                self._seen[_named(sys._current_frames()[thread])] += 1


def _named(frame: FrameType | None) -> str:
    """The innermost function of ours, and beyond it the one that it is in."""
    innermost = frame.f_code.co_name if frame is not None else ""
    while frame is not None and not (file := frame.f_code.co_filename).startswith((f"{_ROOT}/api", f"{_ROOT}/graph")):
        frame = frame.f_back
    if frame is None:
        return innermost
    return f"{Path(file).relative_to(_ROOT)}:{frame.f_code.co_name} > {innermost}"
