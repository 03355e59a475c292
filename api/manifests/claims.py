"""The disks of a stateful service by their names in the cluster: one claim for each volume of each replica."""

from __future__ import annotations

import re
from collections.abc import Mapping

from api.manifests.models import Volume, WorkloadSpec


def claim_name(volume: str, app: str, ordinal: int) -> str:
    """The name of the claim of one replica.

    Source: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-storage
    """
    return f"{volume}-{app}-{ordinal}"


def claims_of(spec: WorkloadSpec, replicas: int) -> Mapping[str, Volume]:
    """The claims that so many replicas have, by name, each with the volume that it is of."""
    return {claim_name(each.name, spec.name, ordinal): each for each in spec.volumes for ordinal in range(replicas)}


def is_claim_of(spec: WorkloadSpec, name: str) -> bool:
    """Whether a claim is, or was, that of some replica of the app: a volume's name has no hyphen, so that it tells."""
    volumes = "|".join(re.escape(each.name) for each in spec.volumes)
    return bool(volumes) and re.fullmatch(rf"({volumes})-{re.escape(spec.name)}-(0|[1-9][0-9]*)", name) is not None
