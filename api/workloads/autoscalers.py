"""What an app's autoscaler is doing, read from its HorizontalPodAutoscaler, in a sentence for a developer.

The conditions and their reasons are those of
https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/#implicit-maintenance-mode-deactivation
and of pkg/controller/podautoscaler/horizontal.go.
"""

from __future__ import annotations

from collections.abc import Mapping

from api.clusters import objects
from api.manifests.models import Autoscaling
from api.workloads.models import Autoscaler, AutoscalerState
from api.workloads.observation import Observation
from api.workloads.status import condition_of

_ABLE, _ACTIVE, _LIMITED = "AbleToScale", "ScalingActive", "ScalingLimited"
_TOO_MANY = "TooManyReplicas"
_NO_METRICS = "FailedGetResourceMetric"


def autoscaler_of(observation: Observation) -> Autoscaler | None:
    """The autoscaler of the app as the cluster tells of it; None for an app that is not to have one."""
    if observation.spec.autoscaling is None:
        return None
    found = observation.autoscaler
    status = found.status if found is not None else objects.HorizontalPodAutoscalerStatus()
    used = _used(status)
    state, message = _state(status, observation.spec.autoscaling, used)
    return Autoscaler(
        state=state,
        message=message if found is not None else "Its autoscaler is not in the cluster yet.",
        current_replicas=status.current_replicas,
        desired_replicas=status.desired_replicas,
        cpu_percent=used.get("cpu"),
        memory_percent=used.get("memory"),
        last_scaled_at=status.last_scale_time,
        conditions=tuple(condition_of(condition) for condition in status.conditions),
    )


def _used(status: objects.HorizontalPodAutoscalerStatus) -> dict[str, int]:
    """Percent of what is requested, by resource, of those that could be read."""
    read = (metric.resource for metric in status.current_metrics or () if metric.resource is not None)
    return {
        each.name: each.current.average_utilization for each in read if each.current.average_utilization is not None
    }


def _state(
    status: objects.HorizontalPodAutoscalerStatus, asked: Autoscaling, used: Mapping[str, int]
) -> tuple[AutoscalerState, str]:
    conditions = {condition.type: condition for condition in status.conditions}
    if not conditions:
        return AutoscalerState.WAITING, "Its autoscaler has not looked at it yet."
    for failed in (conditions.get(_ABLE), conditions.get(_ACTIVE)):
        if failed is not None and failed.status == "False":
            return AutoscalerState.UNABLE, _failure(failed)
    limited = conditions.get(_LIMITED)
    if limited is not None and limited.status == "True" and limited.reason == _TOO_MANY:
        more = f"it would ask for more than {asked.max_replicas} replicas. Raise the most to let it."
        return AutoscalerState.LIMITED, f"{_usage(asked, used)}: {more}"
    return AutoscalerState.ACTIVE, f"{_usage(asked, used)}."


def _failure(condition: objects.Condition) -> str:
    """Kubernetes' own words are the evidence; in the first minute of a pod there is nothing to be read of it yet."""
    said = f"Kubernetes says: {condition.message}."
    if condition.reason == _NO_METRICS:
        return f"What the pods use cannot be read, so their number stays as it is. {said}"
    return f"It cannot scale the app. {said}"


def _usage(asked: Autoscaling, used: Mapping[str, int]) -> str:
    """`CPU is at 45%, to be kept near 70%`; of what could not be read, nothing."""
    targets = (("CPU", "cpu", asked.cpu_percent), ("memory", "memory", asked.memory_percent))
    parts = [
        f"{noun} is at {used[name]}%, to be kept near {target}%"
        for noun, name, target in targets
        if target and name in used
    ]
    return " and ".join(parts) if parts else "It has not read yet what the pods use"
