"""What a namespace uses of its quota, as the Store holds it."""

from __future__ import annotations

from collections.abc import Iterable

from api.clusters import objects
from api.manifests.quantities import parse
from api.namespaces.models import QuotaUsage


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
