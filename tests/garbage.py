"""What is loaded stays, and is walked by no collection: of thousands of tests in a process, that stopped some for
seconds."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def freeze() -> None:
    """Keep all that is alive out of collections from now on."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


@contextmanager
def frozen() -> Iterator[None]:
    """What is there by now is kept out of collections, as a server keeps what it made at start; what of it is gone
    afterwards is let go."""
    freeze()
    try:
        yield
    finally:
        freeze()
