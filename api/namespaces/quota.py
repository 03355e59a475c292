"""What a namespace uses of its quota, as the Store holds it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from api.clusters import objects
from api.manifests.quantities import bytes_quantity, cores_quantity, parse
from api.namespaces.models import QuotaUsage

_GIBIBYTE = 1024**3
_IN_BYTES = ("memory", "storage")
_NOUNS: Mapping[str, str] = {
    "limits.cpu": "CPU limit",
    "limits.memory": "memory limit",
    "requests.cpu": "CPU set aside",
    "requests.memory": "memory set aside",
    "requests.storage": "disk",
    "persistentvolumeclaims": "volumes",
    "services.loadbalancers": "private addresses",
}


def quota_usage(quotas: Iterable[objects.ResourceQuota]) -> tuple[QuotaUsage, ...]:
    """Each resource of the namespace's quotas by name, in cores, bytes or a count.

    Empty until Kubernetes has counted for the first time.
    """
    usage = [
        QuotaUsage(resource=resource, used=_number(quota.status.used.get(resource, "0")), hard=_number(hard))
        for quota in quotas
        for resource, hard in quota.status.hard.items()
    ]
    return tuple(sorted(usage, key=lambda each: each.resource))


def _number(quantity: str) -> float:
    return float(parse(quantity))


def described(resource: str, amount: float, hard: float) -> str:
    """So much of so much, for people: `10.75 of 4 cores of CPU limit`, `12 of 10 pods`."""
    noun = _NOUNS.get(resource, resource)
    if resource.endswith("cpu"):
        return f"{amount:g} of {hard:g} cores of {noun}"
    if resource.endswith(_IN_BYTES):
        return f"{amount / _GIBIBYTE:.3g} of {hard / _GIBIBYTE:.3g} GiB of {noun}"
    return f"{amount:g} of {hard:g} {noun}"


def quantity_of(resource: str, amount: float) -> str:
    """An amount of a quota's resource as a Kubernetes quantity: `500m` of `limits.cpu`, `2Gi` of `limits.memory`."""
    if resource.endswith("cpu"):
        return cores_quantity(amount)
    return bytes_quantity(round(amount)) if resource.endswith(_IN_BYTES) else f"{amount:g}"
