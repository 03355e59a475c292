"""What an app's status says, from what the cluster says."""

from __future__ import annotations

import pytest

from api.workloads.models import WorkloadPhase
from api.workloads.status import status_of
from tests.api.workloads.wire import (
    condition,
    deployment,
    observe,
    pod,
    ready_pod,
    running,
    terminated,
    waiting,
)

ROLLED_OUT = condition("Progressing", "True", "NewReplicaSetAvailable")
MOVING = condition("Progressing", "True", "ReplicaSetUpdated")


def test_is_ready_only_when_every_pod_is_of_the_current_revision_and_ready() -> None:
    observation = observe(deployment(total=3, updated=3, ready=3, conditions=[ROLLED_OUT]))

    status = status_of(observation)

    assert WorkloadPhase.READY == status.phase
    assert "Revision 1 is deployed: 3 of 3 pods are ready." == status.message
    assert (3, 3, 3, 3) == (
        status.desired_replicas,
        status.ready_replicas,
        status.updated_replicas,
        status.available_replicas,
    )


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"observed": 1, "generation": 2}, "the controller has not seen it"),
        ({"total": 4}, "an old pod is left"),
        ({"updated": 2}, "a pod is of an older revision"),
        ({"ready": 2}, "a pod is not ready"),
        ({"revision": 2, "template_revision": 1}, "the Store shows another revision"),
    ],
)
def test_is_not_ready_while_anything_is_missing(changed: dict[str, int], why: str) -> None:
    """One thing short of a finished rollout is no finished rollout."""
    counts = {"total": 3, "updated": 3, "ready": 3} | changed

    status = status_of(observe(deployment(**counts, conditions=[MOVING])))

    assert WorkloadPhase.PROGRESSING == status.phase, why
    assert "deployed" not in status.message


def test_counts_ready_pods_of_the_new_revision_alone_while_it_progresses() -> None:
    old = [ready_pod("web-1-a"), ready_pod("web-1-b")]
    new = [ready_pod("web-2-a", revision=2), pod("web-2-b", revision=2)]
    moving = deployment(total=4, updated=2, ready=3, conditions=[MOVING], revision=2, template_revision=2)

    status = status_of(observe(moving, *old, *new, revision=2))

    assert "Revision 2: 1 of 3 pods are ready." == status.message


def test_is_pending_while_its_revision_is_being_applied() -> None:
    assert WorkloadPhase.PENDING == status_of(observe(None, revision=None, applying=1)).phase
    assert WorkloadPhase.PENDING == status_of(observe(deployment(total=3, updated=3, ready=3), applying=2)).phase


def test_is_missing_when_recorded_and_not_in_the_cluster() -> None:
    status = status_of(observe(None))

    assert WorkloadPhase.MISSING == status.phase
    assert "Deploy it again" in status.message


def test_is_unknown_when_the_cluster_does_not_answer_whatever_it_said_before() -> None:
    observation = observe(deployment(total=3, updated=3, ready=3), unreachable="Connection refused.")

    status = status_of(observation)

    assert WorkloadPhase.UNKNOWN == status.phase
    assert status.message.endswith("Connection refused.")


def test_is_stopped_once_nothing_runs_at_zero_replicas() -> None:
    stopping = observe(deployment(replicas=0, total=1, conditions=[ROLLED_OUT]), replicas=0)
    stopped = observe(deployment(replicas=0, conditions=[ROLLED_OUT]), replicas=0)

    assert WorkloadPhase.PROGRESSING == status_of(stopping).phase
    assert WorkloadPhase.STOPPED == status_of(stopped).phase


def test_is_deleting_while_its_deployment_goes() -> None:
    going = deployment(total=3, updated=3, ready=3, deletionTimestamp="2026-11-23T12:00:00Z")

    assert WorkloadPhase.DELETING == status_of(observe(going)).phase


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (waiting("ImagePullBackOff", "manifest unknown"), "The image registry.example/web:1 cannot be pulled."),
        (waiting("ErrImagePull"), "Check its name and tag"),
        (waiting("InvalidImageName"), "cannot be pulled"),
        (waiting("CrashLoopBackOff", restarts=4, last=terminated(137)), "The app ended with exit code 137."),
        (waiting("CrashLoopBackOff", restarts=4, last=terminated(1)), "a pause that grows, 4 times so far"),
        (waiting("CrashLoopBackOff", restarts=1, last=terminated(1)), "a pause that grows, once so far"),
        (waiting("CrashLoopBackOff", last=terminated(137, "OOMKilled")), "ran out of memory"),
        (
            waiting("CreateContainerConfigError", "container has runAsNonRoot and image will run as root (pod: …)"),
            'Set "Run as user" to one that the image can run as',
        ),
        (waiting("CreateContainerConfigError", 'secret "web" not found'), 'secret "web" not found'),
        (waiting("RunContainerError", "exec: no such file"), "exec: no such file"),
    ],
)
def test_fails_in_the_words_of_what_keeps_a_container_from_running(status: dict[str, object], said: str) -> None:
    """Each trouble of the kubelet's becomes a sentence that says what to do."""
    observation = observe(
        deployment(total=1, updated=1, conditions=[MOVING], replicas=1), pod("web-1", statuses=[status]), replicas=1
    )

    found = status_of(observation)

    assert WorkloadPhase.FAILED == found.phase
    assert said in found.message


def test_says_that_the_image_wants_to_run_as_root() -> None:
    error = waiting("CreateContainerConfigError", "container has runAsNonRoot and image will run as root")
    observation = observe(deployment(total=1, updated=1, conditions=[MOVING]), pod("web-1", statuses=[error]))

    assert "wants to run as root, which the namespace's policy forbids" in status_of(observation).message


def test_fails_when_the_quota_refuses_the_pods() -> None:
    refusal = 'pods "web-1" is forbidden: exceeded quota: moorage, requested: limits.cpu=1'
    failure = condition("ReplicaFailure", "True", "FailedCreate", refusal)

    status = status_of(observe(deployment(conditions=[MOVING, failure])))

    assert WorkloadPhase.FAILED == status.phase
    assert "The namespace's quota has no room" in status.message
    assert "requested: limits.cpu=1" in status.message


def test_fails_when_no_node_has_room() -> None:
    unschedulable = condition("PodScheduled", "False", "Unschedulable", "0/3 nodes are available: Insufficient cpu.")
    stuck = pod("web-1", node=None, conditions=[unschedulable])

    status = status_of(observe(deployment(total=1, updated=1, conditions=[MOVING]), stuck))

    assert WorkloadPhase.FAILED == status.phase
    assert "No node of the cluster has room" in status.message
    assert "Insufficient cpu" in status.message


def test_fails_when_the_deadline_passed() -> None:
    late = condition("Progressing", "False", "ProgressDeadlineExceeded", "ReplicaSet has timed out progressing.")

    status = status_of(observe(deployment(total=3, updated=3, conditions=[late])))

    assert WorkloadPhase.FAILED == status.phase
    assert "no progress within its deadline" in status.message


def test_a_failing_revision_says_which_one_still_serves() -> None:
    observation = observe(
        deployment(revision=2, total=4, updated=1, ready=3, conditions=[MOVING]),
        *(ready_pod(f"web-old-{n}") for n in range(3)),
        pod("web-new", revision=2, statuses=[waiting("ImagePullBackOff")]),
        revision=2,
    )

    status = status_of(observation)

    assert WorkloadPhase.FAILED == status.phase
    assert status.message.endswith("Revision 1 still serves.")


def test_is_degraded_when_a_pod_of_a_finished_rollout_crashes_and_others_serve() -> None:
    crashing = pod("web-3", statuses=[waiting("CrashLoopBackOff", restarts=2, last=terminated(1))])
    observation = observe(
        deployment(total=3, updated=3, ready=2, conditions=[ROLLED_OUT]),
        ready_pod("web-1"),
        ready_pod("web-2"),
        crashing,
    )

    status = status_of(observation)

    assert WorkloadPhase.DEGRADED == status.phase
    assert status.message.startswith("2 of 3 pods are ready. The app ended with exit code 1.")


def test_is_degraded_when_a_pod_lost_its_readiness() -> None:
    lost = condition("Ready", "False", "ContainersNotReady", seconds=60)
    observation = observe(
        deployment(total=2, updated=2, ready=1, replicas=2, conditions=[ROLLED_OUT]),
        ready_pod("web-1"),
        pod("web-2", phase="Running", statuses=[running(ready=False)], conditions=[lost]),
        replicas=2,
    )

    assert WorkloadPhase.DEGRADED == status_of(observation).phase


def test_scaling_up_a_finished_rollout_is_progress_and_no_trouble() -> None:
    """The deployment controller leaves NewReplicaSetAvailable in place while new pods start."""
    fresh = condition("Ready", "False", "ContainersNotReady", seconds=0)
    observation = observe(
        deployment(total=2, updated=2, ready=1, replicas=2, conditions=[ROLLED_OUT]),
        ready_pod("web-1"),
        pod("web-2", phase="Running", statuses=[running(ready=False)], conditions=[fresh]),
        replicas=2,
    )

    assert WorkloadPhase.PROGRESSING == status_of(observation).phase


def test_an_evicted_pod_that_was_replaced_troubles_nobody() -> None:
    evicted = pod("web-0", phase="Failed")
    observation = observe(deployment(total=1, updated=1, replicas=1, conditions=[MOVING]), evicted, replicas=1)

    assert WorkloadPhase.PROGRESSING == status_of(observation).phase
