"""How many pods are needed: the cases of replica_calculator_test.go of Kubernetes that its source singles out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from api.clusters.embedded.autoscaling import NoReplicaCount, limit, recommend

Obj = dict[str, Any]


def pod(name: str, *, ready: bool = True, phase: str = "Running", request: str | None = "1", **metadata: str) -> Obj:
    requests = {"cpu": request} if request else {}
    return {
        "metadata": {"name": name, **metadata},
        "spec": {"containers": [{"name": "app", "resources": {"requests": requests}}]},
        "status": {"phase": phase, "conditions": [{"type": "Ready", "status": str(ready)}]},
    }


def proposed(pods: list[Obj], *cores: float | None, target: int, current: int | None = None) -> int:
    """The pods that are proposed where each uses so many cores; None: that cannot be read."""
    used = {
        each["metadata"]["name"]: Decimal(str(use)) for each, use in zip(pods, cores, strict=True) if use is not None
    }
    return recommend(pods, used, "cpu", target=target, current=current or len(pods)).replicas


THREE = [pod("a"), pod("b"), pod("c")]


@pytest.mark.parametrize(
    ("cores", "target", "replicas"),
    [
        ((0.3, 0.5, 0.7), 30, 5),
        ((0.1, 0.1, 0.1), 50, 1),
        ((0.55, 0.55, 0.55), 50, 3),
        ((0.45, 0.45, 0.45), 50, 3),
        ((0.56, 0.56, 0.56), 50, 4),
    ],
    ids=["up", "down", "near enough above", "near enough below", "just not near"],
)
def test_follows_the_mean_use_but_for_a_tenth(cores: tuple[float, ...], target: int, replicas: int) -> None:
    assert replicas == proposed(THREE, *cores, target=target)


@pytest.mark.parametrize(
    ("cores", "replicas"),
    [((0.3, 0.3, None), 3), ((0.9, 0.9, None), 4), ((0.6, None, None), 3)],
    ids=["it may use all that it requests", "it may use nothing", "not grown by guesses"],
)
def test_assumes_the_worst_of_what_cannot_be_read(cores: tuple[float | None, ...], replicas: int) -> None:
    """Of a pod that is missing, where all is at fifty percent of the target in the first case."""
    assert replicas == proposed(THREE, *cores, target=50)


def test_counts_pods_that_are_not_ready_as_idle_when_it_grows() -> None:
    pods = [pod("a"), pod("b", ready=False), pod("c", phase="Pending")]

    assert 3 == proposed(pods, 0.9, 0.9, None, target=50)


def test_leaves_out_pods_that_are_not_ready_when_it_shrinks() -> None:
    pods = [pod("a"), pod("b"), pod("c", ready=False)]

    assert 1 == proposed(pods, 0.2, 0.2, 2.0, target=50)


def test_leaves_out_pods_that_failed_or_are_going() -> None:
    pods = [pod("a"), pod("b", phase="Failed"), pod("c", deletionTimestamp="2026-11-23T12:00:00Z")]

    assert 2 == proposed(pods, 1, 5, 5, target=50)


def test_says_that_no_pod_can_be_read() -> None:
    with pytest.raises(NoReplicaCount, match="did not receive metrics for targeted pods"):
        proposed([pod("a", ready=False)], 0.5, target=50)


def test_says_which_container_requests_nothing() -> None:
    with pytest.raises(NoReplicaCount, match="missing request for cpu in container app of Pod a"):
        proposed([pod("a", request=None)], 0.5, target=50)


@pytest.mark.parametrize(
    ("wanted", "current", "expected"),
    [
        (1, 3, (2, True, "TooFewReplicas")),
        (5, 3, (5, False, "DesiredWithinRange")),
        (50, 8, (10, True, "TooManyReplicas")),
        (9, 3, (6, True, "ScaleUpLimit")),
        (9, 1, (4, True, "ScaleUpLimit")),
    ],
)
def test_keeps_within_the_bounds_and_grows_twofold_at_most(
    wanted: int, current: int, expected: tuple[int, bool, str]
) -> None:
    found = limit(wanted, current=current, least=2, most=10)

    assert expected == (found.replicas, found.limited, found.reason)
