"""How CPython collects what refers to itself, in a server with many open streams.

A collection stops everything, for about a millisecond per thousand objects that it walks: of the young ones that came
since the last, of the middle-aged that survived one, or of all that are alive, which with 5,000 open sockets are a
million. CPython begins one of the young once so many more came than went. But with thousands of sockets as many come as
go, of what they wait with, so that there are 50,000 young ones before one is begun. So it is begun each second too.

A full one is put off: what is for long in a server and refers to itself is let go by hand, where it ends.
"""

from __future__ import annotations

import asyncio
import gc

THRESHOLDS = (10_000, 1, 2_000)
"""By how many more objects came than went until the young ones are collected; such collections until the middle-aged
are; those until all are. https://docs.python.org/3/library/gc.html#gc.set_threshold"""
EVERY_SECONDS = 1.0
_YOUNG_AND_MIDDLE_AGED = 1


def settle(every: float = EVERY_SECONDS) -> None:
    """Once everything is open: modules, schema and mappings stay for good, and are walked by no collection.

    From then on the young are collected each `every` seconds, for as long as the running event loop does.
    """
    gc.set_threshold(*THRESHOLDS)
    gc.collect()
    gc.freeze()
    _collect_young_later(every)


def _collect_young_later(every: float) -> None:
    asyncio.get_running_loop().call_later(every, _collect_young, every)


def _collect_young(every: float) -> None:
    gc.collect(_YOUNG_AND_MIDDLE_AGED)
    _collect_young_later(every)
