"""How CPython collects what refers to itself, in a server with many open streams.

A collection stops everything, for about a millisecond per thousand objects that it walks: of the young ones that came
since the last, of the middle-aged that survived one, or of all that are alive, which with 5,000 open sockets are a
million. CPython begins one of the young once so many more came than went. But with thousands of sockets as many come as
go, of what they wait with, so that there are 50,000 young ones before one is begun. So it is begun by the clock too.

A full one is put off: what is in a server when the young are collected, be it for long or by chance, must not refer to
itself, or has to be let go by hand where it ends.
"""

from __future__ import annotations

import asyncio
import gc

THRESHOLDS = (2_500, 2, 25_000)
"""By how many more objects came than went until the young ones are collected; such collections until the middle-aged
are; those until all are, of which those by the clock count too: after forty minutes at the latest all are, if a quarter
has come since. https://docs.python.org/3/library/gc.html#gc.set_threshold
What each object costs is the same however often they are collected: a page took 4.5 ms of processor time with these,
and 4.4 with 10,000 and 1. How long a collection takes is not: 5 to 14 ms at most while 5,000 sockets were
opened, and 31 to 48."""
EVERY_SECONDS = 0.1
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
