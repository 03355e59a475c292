"""The steps of a rollout, and its strip of cells."""

from __future__ import annotations

from api.workloads.models import PodState, Rollout, StepState
from api.workloads.rollout import rollout_of
from api.workloads.status import status_of
from tests.api.workloads.wire import condition, deployment, observe, pod, ready_pod, running, waiting

MOVING = condition("Progressing", "True", "ReplicaSetUpdated")


def steps(rollout: Rollout) -> dict[str, StepState]:
    return {step.name: step.state for step in rollout.steps}


def test_begins_with_the_record_and_a_cell_for_each_replica_to_come() -> None:
    rollout = rollout_of(observe(None, revision=None, applying=1))

    assert {
        "recorded": StepState.DONE,
        "applied": StepState.RUNNING,
        "scheduled": StepState.PENDING,
        "started": StepState.PENDING,
        "ready": StepState.PENDING,
    } == steps(rollout)
    assert 1 == rollout.revision
    assert not rollout.complete
    assert [(None, 1, PodState.PENDING)] * 3 == [(cell.pod_name, cell.revision, cell.state) for cell in rollout.cells]


def test_steps_run_as_soon_as_the_one_before_let_a_pod_through() -> None:
    starting = pod("web-2", statuses=[])
    unplaced = pod("web-3", node=None)
    observation = observe(
        deployment(total=3, updated=3, ready=1, conditions=[MOVING]), ready_pod("web-1"), starting, unplaced
    )

    rollout = rollout_of(observation)

    assert {
        "recorded": StepState.DONE,
        "applied": StepState.DONE,
        "scheduled": StepState.RUNNING,
        "started": StepState.RUNNING,
        "ready": StepState.RUNNING,
    } == steps(rollout)
    assert ["2 of 3", "1 of 3", "1 of 3"] == [step.message for step in rollout.steps[2:]]


def test_is_complete_when_every_step_is_done() -> None:
    pods = [ready_pod(f"web-{n}") for n in range(3)]

    rollout = rollout_of(observe(deployment(total=3, updated=3, ready=3), *pods))

    assert rollout.complete
    assert {StepState.DONE} == set(steps(rollout).values())
    assert rollout.steps[1].message is None


def test_the_step_that_cannot_go_on_says_why() -> None:
    broken = pod("web-1", statuses=[waiting("ImagePullBackOff")])

    rollout = rollout_of(observe(deployment(total=1, updated=1, conditions=[MOVING]), broken))

    assert StepState.FAILED == steps(rollout)["started"]
    assert StepState.PENDING == steps(rollout)["ready"]
    assert "cannot be pulled" in (rollout.steps[3].message or "")


def test_old_revisions_stand_left_of_the_current_one() -> None:
    observation = observe(
        deployment(revision=2, total=3, updated=1, ready=2, replicas=2, conditions=[MOVING]),
        pod("web-new-1", revision=2, statuses=[running(ready=False)], phase="Running"),
        ready_pod("web-old-1"),
        ready_pod("web-old-2", deletionTimestamp="2026-11-23T12:00:09Z"),
        revision=2,
        replicas=2,
    )

    cells = rollout_of(observation).cells

    assert [
        ("web-old-1", 1, False, PodState.READY),
        ("web-old-2", 1, False, PodState.TERMINATING),
        ("web-new-1", 2, True, PodState.RUNNING),
        (None, 2, True, PodState.PENDING),
    ] == [(cell.pod_name, cell.revision, cell.is_current, cell.state) for cell in cells]


def test_pods_stay_current_when_a_revision_only_scales() -> None:
    """Scaling makes a new revision, and leaves the pods' template alone."""
    observation = observe(
        deployment(revision=2, template_revision=1, total=1, updated=1, ready=1, replicas=1),
        ready_pod("web-1", revision=1),
        revision=2,
        replicas=1,
    )

    rollout = rollout_of(observation)

    assert rollout.complete
    assert [True] == [cell.is_current for cell in rollout.cells]
    assert "Its pods are those of revision 1: none had to be replaced." == rollout.steps[1].message
    assert "Revision 2 is deployed, on the pods of revision 1: 1 of 1 pod is ready." == status_of(observation).message


def test_scaled_to_zero_is_complete_without_a_cell() -> None:
    rollout = rollout_of(observe(deployment(replicas=0), replicas=0))

    assert rollout.complete
    assert () == rollout.cells
    assert {StepState.DONE} == set(steps(rollout).values())
