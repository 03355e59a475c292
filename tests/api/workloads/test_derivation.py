"""What was worked out of a workload is kept while nothing that it follows from changes, and no longer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest

from api.workloads.derivation import Derivations
from api.workloads.models import WorkloadPhase
from api.workloads.observation import Observation
from tests.api.workloads.wire import WORKLOAD_ID, deployment, observe, ready_pod

OBSERVED = observe(deployment(), ready_pod("web-1"))


def test_what_rests_is_worked_out_once() -> None:
    derivations = Derivations()

    first = derivations.of(WORKLOAD_ID, OBSERVED)

    assert first is derivations.of(WORKLOAD_ID, replace(OBSERVED, spec=replace(OBSERVED.spec)))


@pytest.mark.parametrize(
    "changed",
    [
        lambda seen: replace(seen, spec=replace(seen.spec, replicas=2)),
        lambda seen: replace(seen, revision=2),
        lambda seen: replace(seen, applying=2),
        lambda seen: replace(seen, replicated=deployment()),
        lambda seen: replace(seen, replicated=None),
        lambda seen: replace(seen, pods=(ready_pod("web-1"),)),
        lambda seen: replace(seen, pods=()),
        lambda seen: replace(seen, pods=(*seen.pods, ready_pod("web-2"))),
        lambda seen: replace(seen, unreachable="it does not answer"),
    ],
    ids=["spec", "revision", "applying", "deployment", "no deployment", "pod", "no pod", "another pod", "unreachable"],
)
def test_any_change_is_taken_in(changed: Callable[[Observation], Observation]) -> None:
    derivations = Derivations()
    former = derivations.of(WORKLOAD_ID, OBSERVED)

    derived = derivations.of(WORKLOAD_ID, changed(OBSERVED))

    assert derived is not former
    assert changed(OBSERVED).spec == derived.observation.spec


def test_workloads_are_not_taken_for_each_other() -> None:
    derivations = Derivations()
    derivations.of(WORKLOAD_ID, OBSERVED)

    assert WorkloadPhase.MISSING is derivations.of(uuid4(), replace(OBSERVED, replicated=None)).status.phase


def test_those_that_nobody_asked_for_longest_are_forgotten() -> None:
    derivations = Derivations(most=2)
    old, used, new = uuid4(), uuid4(), uuid4()
    kept = {workload: derivations.of(workload, OBSERVED) for workload in (used, old)}
    derivations.of(used, OBSERVED)

    derivations.of(new, OBSERVED)

    assert kept[used] is derivations.of(used, OBSERVED)
    assert kept[old] is not derivations.of(old, OBSERVED)
