"""Whoever changes an app again and again is repaired in growing intervals."""

from __future__ import annotations

from api.workloads.reconciler.patience import Patience


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_rests_double_up_to_the_longest() -> None:
    patience = Patience(longest=3)

    assert [0.5, 1, 2, 3, 3] == [patience.rest("web") for _ in range(5)]


def test_a_rest_is_of_its_key_alone_and_passes() -> None:
    clock = Clock()
    patience = Patience(longest=3, clock=clock)
    patience.rest("web")

    assert (0.5, 0) == (patience.left("web"), patience.left("other"))
    clock.now = 0.4
    assert 0 < patience.left("web") < 0.2
    clock.now = 0.6
    assert 0 == patience.left("web")


def test_after_some_calm_it_begins_anew() -> None:
    clock = Clock()
    patience = Patience(longest=3, clock=clock)
    patience.rest("web")
    patience.rest("web")

    clock.now = 600

    assert 0.5 == patience.rest("web")
