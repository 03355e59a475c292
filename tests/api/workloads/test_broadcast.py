"""Signals that rows changed."""

from __future__ import annotations

from uuid import uuid4

from api.workloads.broadcast import Broadcaster


def test_wakes_the_subscribers_of_the_namespace_and_nobody_else() -> None:
    broadcaster, mine, others = Broadcaster(), uuid4(), uuid4()

    with (
        broadcaster.subscribe(mine) as first,
        broadcaster.subscribe(mine) as second,
        broadcaster.subscribe(others) as other,
    ):
        broadcaster.written(mine)

        assert (True, True, False) == (first.is_set(), second.is_set(), other.is_set())


def test_forgets_a_subscriber_that_left() -> None:
    broadcaster, namespace_id = Broadcaster(), uuid4()

    with broadcaster.subscribe(namespace_id) as signal:
        pass
    broadcaster.written(namespace_id)

    assert not signal.is_set()
