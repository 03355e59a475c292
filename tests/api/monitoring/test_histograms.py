"""Our histograms are exposed as the library's are."""

from __future__ import annotations

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client import Histogram as LibraryHistogram
from prometheus_client.exposition import generate_latest

from api.monitoring.histograms import Histogram
from api.monitoring.instruments import Instruments

BUCKETS = (0.001, 0.5, 1, 10)
AMOUNTS = (0, 0.0005, 0.001, 0.0011, 0.5, 3, 10, 10.5)


def exposed(registry: CollectorRegistry) -> list[str]:
    """What a scrape is given, but for when each series was made."""
    lines = generate_latest(registry).decode().splitlines()
    return [line for line in lines if "_created" not in line]


@pytest.mark.parametrize("labels", [(), ("Page", 'a "quoted" query')])
def test_they_are_exposed_as_the_library_exposes_its_own(labels: tuple[str, ...]) -> None:
    names = ("operation", "type")[: len(labels)]
    theirs = LibraryHistogram("berth_seconds", "Time.", names, registry=CollectorRegistry(), buckets=BUCKETS)
    ours = Instruments()
    counted = ours.histogram("berth_seconds", "Time.", names, buckets=BUCKETS).labels(*labels)
    registry = CollectorRegistry()
    registry.register(theirs)

    for amount in AMOUNTS:
        (theirs.labels(*labels) if labels else theirs).observe(amount)
        counted.observe(amount)

    assert exposed(registry) == exposed(ours.registry)


def test_equal_labels_are_one_series() -> None:
    histogram = Histogram("berth_seconds", "Time.", ("operation",), BUCKETS)

    histogram.labels("Page").observe(1)

    assert ([0, 0, 1, 1, 1], 1) == histogram.labels("Page").so_far()
