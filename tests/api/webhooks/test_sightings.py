"""What webhooks are told of an app that is seen to be otherwise than before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from api.webhooks.models import Occurrence, WebhookEvent
from api.webhooks.sightings import UNSEEN, RolloutOutcome, Sighting, occurrences_between, sighting_of
from api.workloads.models import Workload, WorkloadPhase
from tests.api.webhooks.workloads import seen

NOW = datetime(2026, 11, 29, tzinfo=UTC)
FINISHED, FAILED = RolloutOutcome.FINISHED, RolloutOutcome.FAILED
READY, PROGRESSING = WorkloadPhase.READY, WorkloadPhase.PROGRESSING


def told(former: Sighting, workload: Workload) -> list[Occurrence]:
    return list(occurrences_between(former, sighting_of(workload, former), workload, NOW))


def events(former: Sighting, workload: Workload) -> list[WebhookEvent]:
    return [occurrence.event for occurrence in told(former, workload)]


def test_an_app_that_gets_ready_is_told_by_its_phase_and_as_a_finished_deployment() -> None:
    workload = seen(revision=1, phase=READY, complete=True)

    phase, finished = told(UNSEEN, workload)

    assert (WebhookEvent.WORKLOAD_PHASE_CHANGED, WorkloadPhase.PENDING, READY) == (
        phase.event,
        phase.previous_phase,
        phase.phase,
    )
    assert (WebhookEvent.DEPLOYMENT_FINISHED, 1, workload.id, "web") == (
        finished.event,
        finished.revision,
        finished.workload_id,
        finished.app,
    )


def test_what_is_as_it_was_is_not_told() -> None:
    assert [] == events(Sighting(1, READY, FINISHED), seen(revision=1, phase=READY, complete=True))


def test_a_pod_that_crashes_after_the_rollout_is_a_change_of_phase_alone() -> None:
    former = Sighting(1, READY, FINISHED)

    crashed = seen(revision=1, phase=WorkloadPhase.FAILED, complete=False)

    assert [WebhookEvent.WORKLOAD_PHASE_CHANGED] == events(former, crashed)
    assert FINISHED is sighting_of(crashed, former).outcome


def test_a_rollout_that_failed_is_told_once_and_may_still_get_through() -> None:
    stuck = seen(revision=2, phase=WorkloadPhase.FAILED, complete=False)
    at_first = sighting_of(stuck, Sighting(1, READY, FINISHED))

    failed, again = events(Sighting(1, READY, FINISHED), stuck), events(at_first, stuck)
    through = events(at_first, seen(revision=2, phase=READY, complete=True))

    assert WebhookEvent.DEPLOYMENT_FAILED in failed
    assert [] == again
    assert WebhookEvent.DEPLOYMENT_FINISHED in through


def test_the_next_revision_is_a_deployment_of_its_own_also_where_the_phase_stays() -> None:
    former = Sighting(1, READY, FINISHED)

    assert [WebhookEvent.DEPLOYMENT_FINISHED] == events(former, seen(revision=2, phase=READY, complete=True))


def test_a_revision_that_is_undone_while_it_is_applied_finishes_nothing_anew() -> None:
    former = Sighting(1, READY, FINISHED)
    applying = sighting_of(seen(revision=2, phase=WorkloadPhase.PENDING, complete=False), former)

    undone = events(applying, seen(revision=1, phase=READY, complete=True))

    assert [WebhookEvent.WORKLOAD_PHASE_CHANGED] == undone


@pytest.mark.parametrize("phase", [WorkloadPhase.STOPPED, WorkloadPhase.DELETING, WorkloadPhase.MISSING])
def test_each_phase_is_told(phase: WorkloadPhase) -> None:
    former = Sighting(1, READY, FINISHED)

    [occurrence] = told(former, seen(revision=1, phase=phase, complete=False))

    assert (phase, READY) == (occurrence.phase, occurrence.previous_phase)


def test_what_its_developer_is_told_of_the_phase_goes_with_it() -> None:
    workload = seen(revision=1, phase=PROGRESSING, complete=False)
    status = replace(workload.status, message="1 of 3 pods are ready.")

    [occurrence] = told(UNSEEN, replace(workload, status=status))

    assert "1 of 3 pods are ready." == occurrence.message
