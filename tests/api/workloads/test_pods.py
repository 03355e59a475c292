"""Pods as the graph serves them."""

from __future__ import annotations

import pytest

from api.workloads.models import ContainerState, PodState
from api.workloads.pods import pod_of
from tests.api.workloads.wire import (
    WORKLOAD_ID,
    Json,
    condition,
    container,
    pod,
    ready_pod,
    running,
    terminated,
    waiting,
)

UNSCHEDULABLE = condition("PodScheduled", "False", "Unschedulable", "0/1 nodes are available")


@pytest.mark.parametrize(
    ("shape", "state"),
    [
        ({"node": None}, PodState.PENDING),
        ({"node": None, "conditions": [UNSCHEDULABLE]}, PodState.PENDING),
        ({}, PodState.STARTING),
        ({"statuses": [container()]}, PodState.STARTING),
        ({"phase": "Running", "statuses": [running(ready=False)]}, PodState.RUNNING),
        ({"phase": "Running", "statuses": [running()], "conditions": [condition("Ready", "True")]}, PodState.READY),
        ({"statuses": [waiting("ImagePullBackOff")]}, PodState.FAILED),
        ({"statuses": [container(state=terminated(2))]}, PodState.FAILED),
        ({"phase": "Failed"}, PodState.FAILED),
        ({"phase": "Succeeded"}, PodState.SUCCEEDED),
        ({"phase": "Running", "deletionTimestamp": "2026-11-23T12:00:00Z"}, PodState.TERMINATING),
    ],
)
def test_a_pod_has_one_state(shape: Json, state: PodState) -> None:
    assert state == pod_of(WORKLOAD_ID, pod("web-1", **shape), is_current=True).state


def test_a_pod_carries_its_revision_and_where_it_runs() -> None:
    found = pod_of(WORKLOAD_ID, ready_pod("web-1", revision=7), is_current=True)

    assert (7, "node-1", True, "uid-web-1") == (found.revision, found.node, found.ready, found.uid)


def test_a_crashing_container_shows_how_it_ended() -> None:
    status = waiting("CrashLoopBackOff", restarts=3, last=terminated(1))

    found = pod_of(WORKLOAD_ID, pod("web-1", statuses=[status]), is_current=True)

    assert ("CrashLoopBackOff", 1, 3) == (
        found.containers[0].reason,
        found.containers[0].exit_code,
        found.containers[0].restarts,
    )
    assert ContainerState.WAITING == found.containers[0].state
    assert "exit code 1" in (found.message or "")


def test_a_container_that_the_kubelet_has_not_reported_waits() -> None:
    found = pod_of(WORKLOAD_ID, pod("web-1"), is_current=True)

    assert [("web", ContainerState.WAITING)] == [(each.name, each.state) for each in found.containers]
