"""What a namespace would use if a spec were deployed: once it has settled, and while old and new pods overlap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from api.manifests.models import QuotaForecast, WorkloadSpec
from api.manifests.rules import preset


class Usage(Protocol):
    """One resource of the quota, in cores, bytes or a count."""

    @property
    def resource(self) -> str: ...
    @property
    def used(self) -> float: ...
    @property
    def hard(self) -> float: ...


def forecast(
    usage: Iterable[Usage], old: WorkloadSpec | None, new: WorkloadSpec, *, surges: bool
) -> tuple[QuotaForecast, ...]:
    """One forecast for each resource of the quota. `surges` says that pods are replaced, one more at a time."""
    before, after = _demand(old), _demand(new)
    extra = _pod(new) if surges and old is not None and old.replicas and new.replicas else {}
    return tuple(_one(each, after.get(each.resource, 0) - before.get(each.resource, 0), extra) for each in usage)


def _one(usage: Usage, change: float, extra: Mapping[str, float]) -> QuotaForecast:
    after = max(0.0, usage.used + change)
    peak = max(after, usage.used) + extra.get(usage.resource, 0)
    return QuotaForecast(
        resource=usage.resource, used=usage.used, after=after, peak=peak, hard=usage.hard, fits=peak <= usage.hard
    )


def _demand(spec: WorkloadSpec | None) -> dict[str, float]:
    if spec is None:
        return {}
    pods = {resource: amount * spec.replicas for resource, amount in _pod(spec).items()}
    return {**pods, "services": float(spec.port is not None), "secrets": float(bool(spec.secrets))}


def _pod(spec: WorkloadSpec) -> dict[str, float]:
    size = preset(spec.size)
    return {
        "requests.cpu": size.cpu_request,
        "requests.memory": float(size.memory_request),
        "limits.cpu": size.cpu_limit,
        "limits.memory": float(size.memory_limit),
        "pods": 1.0,
    }
