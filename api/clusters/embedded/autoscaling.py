"""How many pods are needed for what they use.

Source: GetResourceReplicas of pkg/controller/podautoscaler/replica_calculator.go, and normalizeDesiredReplicas of
horizontal.go, in Kubernetes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from . import quantity
from .objects import Obj, is_deleting, name_of
from .pods import is_ready

TOLERANCE = 0.1
_FASTEST = 2
_FASTEST_AT_LEAST = 4

Amounts = Mapping[str, Decimal]
"""What each pod uses or requests, by its name."""


class NoReplicaCount(Exception):
    """What is needed cannot be told; the message is Kubernetes' own."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """How many pods a metric asks for. `utilization` is in percent of what is requested, `average` a pod's use."""

    replicas: int
    utilization: int
    average: Decimal


@dataclass(frozen=True, slots=True)
class Limited:
    """A number of pods within what is allowed, and why it is that one, as the condition ScalingLimited has it."""

    replicas: int
    limited: bool
    reason: str
    message: str


def recommend(pods: Sequence[Obj], used: Amounts, resource: str, *, target: int, current: int) -> Recommendation:
    """The pods that keep `resource` near `target` percent. Raises NoReplicaCount."""
    counted = [pod for pod in pods if not is_deleting(pod) and pod["status"].get("phase") != "Failed"]
    unready = [name_of(pod) for pod in counted if not _is_counted(pod, resource)]
    missing = [name_of(pod) for pod in counted if name_of(pod) not in used and name_of(pod) not in unready]
    ready = {name_of(pod): used[name_of(pod)] for pod in counted if name_of(pod) not in {*unready, *missing}}
    if not ready:
        raise NoReplicaCount("did not receive metrics for targeted pods (pods might be unready)")
    requests = {name_of(pod): _requested(pod, resource) for pod in counted}
    utilization = _utilization(ready, requests)
    proposed = _proposed(ready, requests, utilization / target, target=target, unready=unready, missing=missing)
    average = sum(ready.values(), Decimal(0)) / len(ready)
    return Recommendation(current if proposed is None else proposed, utilization, average)


def _proposed(
    ready: Amounts, requests: Amounts, ratio: float, *, target: int, unready: Sequence[str], missing: Sequence[str]
) -> int | None:
    """The number of pods; None where the present one is to stay.

    Of a pod that cannot be read the worst is assumed: when scaling down that it uses all that it requests, when
    scaling up that it uses nothing; likewise of those that are not ready yet.
    """
    grows = bool(unready) and ratio > 1
    if not grows and not missing:
        return None if _is_near(ratio) else math.ceil(ratio * len(ready))
    assumed = {name: requests[name] * max(100, target) / 100 if ratio < 1 else Decimal(0) for name in missing}
    waiting = {name: Decimal(0) for name in unready} if grows else {}
    everything = {**ready, **assumed, **waiting}
    corrected = _utilization(everything, requests) / target
    if _is_near(corrected) or (ratio < 1) != (corrected < 1):
        return None
    return math.ceil(corrected * len(everything))


def _is_counted(pod: Obj, resource: str) -> bool:
    """CPU of a pod that is starting says nothing of what it will need."""
    return pod["status"].get("phase") != "Pending" and (resource != "cpu" or is_ready(pod))


def _requested(pod: Obj, resource: str) -> Decimal:
    total = Decimal(0)
    for container in pod["spec"]["containers"]:
        requests = (container.get("resources") or {}).get("requests") or {}
        if resource not in requests:
            raise NoReplicaCount(
                f"missing request for {resource} in container {container['name']} of Pod {name_of(pod)}"
            )
        total += quantity.parse(requests[resource])
    return total


def _utilization(used: Amounts, requests: Amounts) -> int:
    requested = sum((requests[name] for name in used), Decimal(0))
    return int(sum(used.values(), Decimal(0)) * 100 / requested) if requested else 0


def _is_near(ratio: float) -> bool:
    return 1 - TOLERANCE <= ratio <= 1 + TOLERANCE


def limit(wanted: int, *, current: int, least: int, most: int) -> Limited:
    """The nearest number within the bounds; it grows at most twofold, or to four, at a time."""
    fastest = max(_FASTEST * current, _FASTEST_AT_LEAST)
    if wanted < least:
        return Limited(least, True, "TooFewReplicas", _count("less than the minimum replica count"))
    if wanted > min(most, fastest):
        if most > fastest:
            reason = _count("increasing faster than the maximum scale rate")
            return Limited(fastest, True, "ScaleUpLimit", reason)
        return Limited(most, True, "TooManyReplicas", _count("more than the maximum replica count"))
    return Limited(wanted, False, "DesiredWithinRange", "the desired count is within the acceptable range")


def _count(compared: str) -> str:
    return f"the desired replica count is {compared}"


def highest(recommendations: Iterable[Recommendation]) -> int:
    """Of several metrics, the one that asks for most decides."""
    return max(each.replicas for each in recommendations)
