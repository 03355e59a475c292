"""How CPython collects what refers to itself, in a server with many open streams.

A collection walks what has survived since the last one, and a full one everything that is alive: with 5,000 open
sockets that is a million objects, and stops everything for most of a second. By CPython's own thresholds one was due
after seven messages to all of them: what a stream waits with lives from one message to the next, so that each message
had 35,000 objects survive. Here the young ones are looked at so much less often that these have gone by their reference
counts before. What refers to itself waits longer to be found: of each socket that was closed some 60 objects, most of
them the server's and graphql-core's.
"""

from __future__ import annotations

import gc

THRESHOLDS = (50_000, 2, 12)
"""By how many more objects came than went until the young ones are collected; such collections until the middle-aged
are; those until all are. https://docs.python.org/3/library/gc.html#gc.set_threshold"""


def settle() -> None:
    """Once everything is open: modules, schema and mappings stay for good, and are walked by no collection."""
    gc.set_threshold(*THRESHOLDS)
    gc.collect()
    gc.freeze()
