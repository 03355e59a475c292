"""What is said of an autoscaler, from what the cluster says of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from api.clusters import objects
from api.manifests.models import Autoscaling
from api.workloads.autoscalers import autoscaler_of
from api.workloads.derivation import Derivations
from api.workloads.models import Autoscaler, AutoscalerState
from api.workloads.rollout import rollout_of
from api.workloads.status import status_of
from tests.api.workloads.wire import WORKLOAD_ID, condition, deployment, metadata, observe, ready_pod

ABLE = condition("AbleToScale", "True", "ReadyForNewScale")
ACTIVE = condition("ScalingActive", "True", "ValidMetricFound")
WITHIN = condition("ScalingLimited", "False", "DesiredWithinRange")


def seen(*conditions: Any, metrics: Any = None, **status: Any) -> objects.HorizontalPodAutoscaler:
    document = {
        "metadata": metadata("web"),
        "spec": {"minReplicas": 2, "maxReplicas": 6},
        "status": {"conditions": list(conditions), "currentMetrics": metrics, **status},
    }
    return msgspec.convert(document, objects.HorizontalPodAutoscaler, strict=False)


def using(**percents: int) -> list[Any]:
    return [
        {"type": "Resource", "resource": {"name": name, "current": {"averageUtilization": percent}}}
        for name, percent in percents.items()
    ]


def said(found: objects.HorizontalPodAutoscaler | None, *, memory: int | None = None) -> Autoscaler:
    asked = Autoscaling(2, 6, cpu_percent=70, memory_percent=memory)
    observation = observe(deployment())
    spec = replace(observation.spec, autoscaling=asked)
    autoscaler = autoscaler_of(replace(observation, spec=spec, autoscaler=found))
    assert autoscaler is not None
    return autoscaler


def test_an_app_without_autoscaling_has_none() -> None:
    """Also where one is left in the cluster: it is about to be taken away."""
    assert autoscaler_of(replace(observe(deployment()), autoscaler=seen(ABLE, ACTIVE))) is None


def test_follows_what_the_pods_use() -> None:
    found = said(
        seen(ABLE, ACTIVE, WITHIN, metrics=using(cpu=45, memory=60), currentReplicas=3, desiredReplicas=4), memory=80
    )

    assert (AutoscalerState.ACTIVE, 3, 4, 45, 60) == (
        found.state,
        found.current_replicas,
        found.desired_replicas,
        found.cpu_percent,
        found.memory_percent,
    )
    assert "CPU is at 45%, to be kept near 70% and memory is at 60%, to be kept near 80%." == found.message


def test_resting_at_the_least_is_no_limit() -> None:
    too_few = condition("ScalingLimited", "True", "TooFewReplicas")

    assert AutoscalerState.ACTIVE is said(seen(ABLE, ACTIVE, too_few, metrics=using(cpu=3))).state


def test_says_that_it_would_ask_for_more_than_it_may() -> None:
    found = said(seen(ABLE, ACTIVE, condition("ScalingLimited", "True", "TooManyReplicas"), metrics=using(cpu=190)))

    assert AutoscalerState.LIMITED is found.state
    assert "it would ask for more than 6 replicas. Raise the most to let it." in found.message


@pytest.mark.parametrize(
    ("failed", "sentence"),
    [
        (
            condition("ScalingActive", "False", "FailedGetResourceMetric", "no metrics returned"),
            "What the pods use cannot be read, so their number stays as it is. Kubernetes says: no metrics returned.",
        ),
        (
            condition("ScalingActive", "False", "ScalingDisabled", "the replica count of the target is zero"),
            "It cannot scale the app. Kubernetes says: the replica count of the target is zero.",
        ),
        (
            condition("AbleToScale", "False", "FailedGetScale", 'deployments.apps "web" not found'),
            'It cannot scale the app. Kubernetes says: deployments.apps "web" not found.',
        ),
    ],
)
def test_says_plainly_why_it_cannot_tell_how_many_are_needed(failed: Any, sentence: str) -> None:
    """A real one lists a metric that it could not read as one without a resource."""
    conditions = [failed] if failed["type"] == "AbleToScale" else [ABLE, failed]

    found = said(seen(*conditions, metrics=[{"type": ""}]))

    assert (AutoscalerState.UNABLE, sentence, None) == (found.state, found.message, found.cpu_percent)


@pytest.mark.parametrize(
    ("found", "sentence"),
    [(None, "Its autoscaler is not in the cluster yet."), (seen(), "Its autoscaler has not looked at it yet.")],
)
def test_waits_until_it_has_looked(found: objects.HorizontalPodAutoscaler | None, sentence: str) -> None:
    told = said(found)

    assert (AutoscalerState.WAITING, sentence) == (told.state, told.message)


def test_as_many_pods_are_desired_as_the_autoscaler_asked_for() -> None:
    """Not as many as its spec says for when it is turned off."""
    observation = observe(
        deployment(replicas=2, total=2, updated=2, ready=1), ready_pod("web-1"), ready_pod("web-2"), replicas=9
    )
    scaled = replace(observation, spec=replace(observation.spec, autoscaling=Autoscaling(1, 4)))

    assert 2 == status_of(scaled).desired_replicas
    assert ["web-1", "web-2"] == [cell.pod_name for cell in rollout_of(scaled).cells]
    assert {"2 of 2"} == {step.message for step in rollout_of(scaled).steps if step.message}


def test_what_it_says_anew_is_worked_out_anew() -> None:
    derivations = Derivations()
    observation = observe(deployment())
    first = derivations.of(WORKLOAD_ID, replace(observation, autoscaler=seen(ABLE)))

    assert first is not derivations.of(WORKLOAD_ID, replace(observation, autoscaler=seen(ABLE)))
