"""The storage classes of the cluster, looked up where a plan names one: as far as Moorage may look."""

from __future__ import annotations

import time

from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from api.errors import ExpectedFailure, Unavailable
from api.manifests.models import WorkloadSpec
from api.workloads.prerequisites import LOOK_SECONDS

EVERY = ""
"""The label selector of what is not Moorage's."""


class StorageClasses:
    """Keeps what was found for a while, unless a class is named that was not: it may have been made since."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._found: frozenset[str] | None = None
        self._looked_at: float | None = None

    async def for_volumes_of(self, spec: WorkloadSpec) -> frozenset[str] | None:
        """The names of those that there are; None where no volume names one, or nobody can tell."""
        named = {each.storage_class for each in spec.volumes if each.storage_class}
        if not named:
            return None
        if not self._is_fresh() or (self._found is not None and not named <= self._found):
            self._found = await self._look()
            self._looked_at = time.monotonic()
        return self._found

    def _is_fresh(self) -> bool:
        return self._looked_at is not None and time.monotonic() - self._looked_at < LOOK_SECONDS

    async def _look(self) -> frozenset[str] | None:
        try:
            listed = await self._cluster.list(Kind.STORAGE_CLASS, None, label_selector=EVERY)
        except (Unavailable, ExpectedFailure):  # a right that is missing says nothing of what is there
            return None
        return frozenset(str(each["metadata"]["name"]) for each in listed)
