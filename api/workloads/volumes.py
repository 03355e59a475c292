"""Disks of stateful services, derived from what the Store holds."""

from __future__ import annotations

from api.clusters import objects
from api.manifests.quantities import parse
from api.workloads.models import VolumeClaim


def claim_of(claim: objects.PersistentVolumeClaim) -> VolumeClaim:
    """The model of one claim."""
    capacity = claim.status.capacity.get("storage")
    return VolumeClaim(
        uid=claim.metadata.uid,
        name=claim.metadata.name,
        bound=claim.status.phase == "Bound",
        capacity=int(parse(capacity)) if capacity else None,
        storage_class=claim.spec.storage_class_name,
    )
