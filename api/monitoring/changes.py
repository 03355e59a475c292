"""What became of plans and changes of apps, and of the reconciler's looks at them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from api.monitoring.calls import OK, SECONDS, code_of
from api.monitoring.instruments import Instruments

FAILED = "failed"
"""Of a look: the cluster or the database did not answer, or refused."""


class Changes:
    """Plans, deploys and what else changes an app, by how they ended: `ok`, or the class of the failure."""

    def __init__(self, instruments: Instruments) -> None:
        self._duration = instruments.histogram(
            "moorage_change_duration_seconds", "Time a plan or a change of an app took.", ("change",), buckets=SECONDS
        )
        self._ended = instruments.counter(
            "moorage_changes_total", "Plans and changes of apps, by how they ended.", ("change", "outcome")
        )

    @contextmanager
    def of(self, change: str) -> Iterator[None]:
        """One, for the length of the block."""
        began, outcome = perf_counter(), OK
        try:
            yield
        except BaseException as error:
            outcome = code_of(type(error))
            raise
        finally:
            self._duration.labels(change).observe(perf_counter() - began)
            self._ended.labels(change, outcome).inc()


class Reconciling:
    """Whether this replica leads, and what it finds."""

    def __init__(self, instruments: Instruments) -> None:
        self._leading = instruments.gauge("moorage_reconciler_leading", "Whether this replica leads: 1 or 0.")
        self._terms = instruments.counter("moorage_reconciler_terms_total", "Terms that this replica began to lead.")
        self._looks = instruments.counter(
            "moorage_reconciler_looks_total", "Looks at an app, or at what guards a namespace.", ("outcome",)
        )
        for outcome in ("settled", "repaired", "busy", FAILED):
            self._looks.labels(outcome)

    @contextmanager
    def term(self) -> Iterator[None]:
        """It leads meanwhile."""
        self._terms.inc()
        with self._leading.track_inprogress():
            yield

    def looked(self, outcome: str) -> None:
        self._looks.labels(outcome).inc()
