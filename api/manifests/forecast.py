"""What a namespace would use if a spec were deployed: once it has settled, and while old and new pods overlap."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Protocol

from api.manifests.claims import claims_of
from api.manifests.models import QuotaForecast, Volume, WorkloadKind, WorkloadSpec
from api.manifests.sizes import MEBIBYTE, resources_of

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
    running: int | None = None,
    exposing: Exposing = lambda _: {},
    claimed: Collection[str] = (),
) -> tuple[QuotaForecast, ...]:
    """One forecast for each resource of the quota. `surges` says that pods are replaced, one more at a time.

    A job that ends holds nothing once it has settled: its peak is a run. `running` is how many pods an autoscaler has
    asked for by now; None where the old spec says it. `claimed` names the disks that there are, whoever left them: a
    replica takes what has its name, so that these are counted already, and none of them goes with its replica.
    """
    before = _demand(old, _now(old, running), exposing) if old is not None else {}
    settled = settled_replicas(old, new, running)
    overlap: Mapping[str, float] = {}
    if new.kind.runs_to_an_end:
        overlap = _pod(new)
    elif old is not None and surges and _now(old, running) and settled:
        overlap = _overlap(old, new, settled)
    after, most = (
        {**_demand(new, pods, exposing), **_new_disks(new, pods, claimed)}
        for pods in (settled, max(settled, new.most_replicas))
    )
    return tuple(_one(each, before, after, overlap, most) for each in usage)


def settled_replicas(old: WorkloadSpec | None, new: WorkloadSpec, running: int | None = None) -> int:
    """How many pods there would be: as many as are asked for, or with autoscaling the nearest to what there are."""
    if new.autoscaling is None:
        return new.replicas
    return min(max(_now(old, running), new.least_replicas), new.most_replicas)


def allowed_replicas(quota: Iterable[QuotaForecast], spec: WorkloadSpec) -> int:
    """To how many pods the quota lets an app come, of those that autoscaling may ask for."""
    replica = {**_pod(spec), **_disks(spec.volumes)}
    excess = (
        (round(each.most - each.hard, _PRECISION) / replica[each.resource])
        for each in quota
        if replica.get(each.resource)
    )
    return spec.most_replicas - max((math.ceil(pods) for pods in excess if pods > 0), default=0)


def _now(old: WorkloadSpec | None, running: int | None) -> int:
    if running is not None:
        return running
    return old.least_replicas if old is not None else 0


def _one(
    usage: Usage,
    before: Mapping[str, float],
    after: Mapping[str, float],
    overlap: Mapping[str, float],
    most: Mapping[str, float],
) -> QuotaForecast:
    resource = usage.resource
    others = usage.used - before.get(resource, 0.0)
    settled = max(0.0, others + after.get(resource, 0.0))
    peak = max(usage.used, settled, others + overlap.get(resource, 0.0))
    return QuotaForecast(
        resource=resource,
        used=usage.used,
        after=settled,
        peak=peak,
        most=max(0.0, others + most.get(resource, 0.0)),
        hard=usage.hard,
        fits=round(peak, _PRECISION) <= round(usage.hard, _PRECISION),
    )


def _overlap(old: WorkloadSpec, new: WorkloadSpec, replicas: int) -> Mapping[str, float]:
    """The most that old and new pods use together while one is replaced after the other, with one more than asked for.

    A Deployment that is scaled and changed at once scales its old pods first:
    https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#proportional-scaling. So it begins with the
    wanted number of old pods and one new, ends with the wanted number of new pods and one old, and moves in a straight
    line between the two. Without a surge, it is as many pods all the while.
    """
    first, last = _pod(old), _pod(new)
    if not new.surge or new.kind is WorkloadKind.STATEFUL_SERVICE:
        return {resource: replicas * max(first[resource], last[resource]) for resource in first}
    return {
        resource: max(replicas * first[resource] + last[resource], replicas * last[resource] + first[resource])
        for resource in first
    }


def _demand(spec: WorkloadSpec, replicas: int, exposing: Exposing) -> Mapping[str, float]:
    exposed, whole = exposing(spec), _unexposed(spec, replicas)
    return {resource: whole.get(resource, 0.0) + exposed.get(resource, 0.0) for resource in {*whole, *exposed}}


def _unexposed(spec: WorkloadSpec, replicas: int) -> Mapping[str, float]:
    is_stateful = spec.kind is WorkloadKind.STATEFUL_SERVICE
    pods = 0 if spec.kind.runs_to_an_end else replicas
    return {
        **{resource: amount * pods for resource, amount in _pod(spec).items()},
        "services": float((spec.port is not None) + is_stateful),
        "secrets": float(bool(spec.secrets or spec.secret_files) + (spec.registry_credentials is not None)),
        "configmaps": float(bool(spec.files)),
    }


def _new_disks(spec: WorkloadSpec, pods: int, claimed: Collection[str]) -> Mapping[str, float]:
    return _disks([volume for name, volume in claims_of(spec, pods).items() if name not in claimed])


def _disks(volumes: Collection[Volume]) -> Mapping[str, float]:
    return {
        "requests.storage": float(sum(each.size_gib for each in volumes) * _GIBIBYTE),
        "persistentvolumeclaims": float(len(volumes)),
    }


def _pod(spec: WorkloadSpec) -> Mapping[str, float]:
    each = resources_of(spec)
    return {
        "requests.cpu": each.cpu_request_millicores / 1000,
        "requests.memory": float(each.memory_request_mib * MEBIBYTE),
        "limits.cpu": each.cpu_limit_millicores / 1000,
        "limits.memory": float(each.memory_limit_mib * MEBIBYTE),
        "pods": 1.0,
    }
