"""Whether the cluster answers, from what the informers of several kinds find."""

from __future__ import annotations

import asyncio

import pytest

from api.clusters.health import Health
from api.clusters.objects import Kind


class Changed:
    """Counts what is told."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


@pytest.fixture
def changed() -> Changed:
    return Changed()


@pytest.fixture
def health(changed: Changed) -> Health:
    return Health([Kind.POD, Kind.EVENT], changed)


def test_a_cluster_that_was_not_heard_of_yet_is_not_well(health: Health) -> None:
    assert "The cluster has not answered yet." == health.message


def test_it_is_well_once_every_kind_is(health: Health) -> None:
    health.well(Kind.POD)
    before = health.message
    health.well(Kind.EVENT)

    assert ("The cluster has not answered yet.", None) == (before, health.message)


def test_one_kind_in_trouble_is_the_trouble_of_the_cluster(health: Health) -> None:
    health.well(Kind.POD)
    health.well(Kind.EVENT)

    health.trouble(Kind.EVENT, "It cannot list events.")

    assert "It cannot list events." == health.message


def test_only_what_turns_well_to_ill_or_back_is_told(health: Health, changed: Changed) -> None:
    for kind in (Kind.POD, Kind.EVENT, Kind.POD):
        health.well(kind)
    at_first = changed.times
    for message in ("one", "another"):
        health.trouble(Kind.POD, message)
    health.trouble(Kind.EVENT, "one")
    health.well(Kind.POD)
    in_trouble = changed.times
    health.well(Kind.EVENT)

    assert (1, 2, 3) == (at_first, in_trouble, changed.times)


async def test_whoever_waits_for_the_first_finding_is_woken_by_a_trouble(health: Health) -> None:
    waiting = asyncio.create_task(health.wait_until_found())
    health.well(Kind.POD)
    await asyncio.sleep(0)
    too_early = waiting.done()

    health.trouble(Kind.EVENT, "It cannot list events.")

    async with asyncio.timeout(1):
        await waiting
    assert not too_early


async def test_whoever_waits_for_the_first_finding_is_woken_when_all_is_well(health: Health) -> None:
    health.well(Kind.POD)
    health.well(Kind.EVENT)

    async with asyncio.timeout(1):
        await health.wait_until_found()
