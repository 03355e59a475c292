"""Pauses between tries."""

from __future__ import annotations

import time

from api.clusters.backoff import Backoff


def test_pauses_double_up_to_a_bound_that_holds_for_ever() -> None:
    backoff = Backoff()

    pauses = [backoff.next() for _ in range(5000)]

    bounds = [0.1, 0.2, 0.4, 0.8, 1.6] + [3.0] * 4995
    assert all(bound / 2 <= pause <= bound for pause, bound in zip(pauses, bounds, strict=True))


def test_many_do_not_march_in_step() -> None:
    firsts = [Backoff().next() for _ in range(100)]

    assert max(firsts) - min(firsts) > 0.02


def test_after_a_success_pauses_are_short_again() -> None:
    backoff = Backoff()
    for _ in range(10):
        backoff.next()

    backoff.reset()

    assert backoff.next() <= 0.1


async def test_a_try_that_took_longer_than_the_pause_is_followed_at_once() -> None:
    before = time.monotonic()

    await Backoff(longest=0.2).pause(spent=1)

    assert time.monotonic() - before < 0.05
