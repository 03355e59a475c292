"""What a namespace would use if a spec were deployed: once it has settled, and while old and new pods overlap."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from api.manifests.models import QuotaForecast, WorkloadKind, WorkloadSpec
from api.manifests.rules import preset

_PRECISION = 3
"""Decimals that count, for amounts were Kubernetes quantities before they were floats: a thousandth of a core."""


_GIBIBYTE = 1024**3


Exposing = Callable[[WorkloadSpec], Mapping[str, float]]
"""What exposing an app takes of the quota, by resource."""


class Usage(Protocol):
    """One resource of the quota, in cores, bytes or a count."""

    @property
    def resource(self) -> str: ...
    @property
    def used(self) -> float: ...
    @property
    def hard(self) -> float: ...


def forecast(
    usage: Iterable[Usage],
    old: WorkloadSpec | None,
    new: WorkloadSpec,
    *,
    surges: bool,
    exposing: Exposing = lambda _: {},
) -> tuple[QuotaForecast, ...]:
    """One forecast for each resource of the quota. `surges` says that pods are replaced, one more at a time.

    A job that ends holds nothing once it has settled: its peak is a run.
    """
    before, after = _demand(old, exposing), _demand(new, exposing)
    overlap: Mapping[str, float] = {}
    if new.kind.runs_to_an_end:
        overlap = _pod(new)
    elif old is not None and surges:
        overlap = _overlap(old, new)
    return tuple(_one(each, before, after, overlap) for each in usage)


def _one(
    usage: Usage, before: Mapping[str, float], after: Mapping[str, float], overlap: Mapping[str, float]
) -> QuotaForecast:
    resource = usage.resource
    others = usage.used - before.get(resource, 0.0)
    settled = max(0.0, others + after.get(resource, 0.0))
    peak = max(usage.used, settled, others + overlap.get(resource, 0.0))
    fits = round(peak, _PRECISION) <= round(usage.hard, _PRECISION)
    return QuotaForecast(resource=resource, used=usage.used, after=settled, peak=peak, hard=usage.hard, fits=fits)


def _overlap(old: WorkloadSpec, new: WorkloadSpec) -> Mapping[str, float]:
    """The most that old and new pods use together while one is replaced after the other, with one more than asked for.

    A Deployment that is scaled and changed at once scales its old pods first:
    https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#proportional-scaling. So it begins with the
    wanted number of old pods and one new, ends with the wanted number of new pods and one old, and moves in a straight
    line between the two. Without a surge, it is as many pods all the while.
    """
    if not old.replicas or not new.replicas:
        return {}
    first, last = _pod(old), _pod(new)
    if not new.surge or new.kind is WorkloadKind.STATEFUL_SERVICE:
        return {resource: new.replicas * max(first[resource], last[resource]) for resource in first}
    return {
        resource: max(new.replicas * first[resource] + last[resource], new.replicas * last[resource] + first[resource])
        for resource in first
    }


def _demand(spec: WorkloadSpec | None, exposing: Exposing) -> Mapping[str, float]:
    if spec is None:
        return {}
    exposed = exposing(spec)
    whole = _unexposed(spec)
    return {resource: whole.get(resource, 0.0) + exposed.get(resource, 0.0) for resource in {*whole, *exposed}}


def _unexposed(spec: WorkloadSpec) -> Mapping[str, float]:
    is_stateful = spec.kind is WorkloadKind.STATEFUL_SERVICE
    pods = 0 if spec.kind.runs_to_an_end else spec.replicas
    return {
        **{resource: amount * pods for resource, amount in _pod(spec).items()},
        "services": float((spec.port is not None) + is_stateful),
        "secrets": float(bool(spec.secrets)),
        "requests.storage": float(pods * sum(each.size_gib for each in spec.volumes) * _GIBIBYTE),
        "persistentvolumeclaims": float(pods * len(spec.volumes)),
    }


def _pod(spec: WorkloadSpec) -> Mapping[str, float]:
    size = preset(spec.size)
    return {
        "requests.cpu": size.cpu_request,
        "requests.memory": float(size.memory_request),
        "limits.cpu": size.cpu_limit,
        "limits.memory": float(size.memory_limit),
        "pods": 1.0,
    }
