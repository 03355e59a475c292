"""Asking the API server, before anything is changed, what it would make of a workload's objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.clusters.cluster import Applied, Cluster
from api.errors import NameTaken, PolicyViolation, QuotaExceeded
from api.manifests.builder import pod_from
from api.manifests.diff import deletion, diff
from api.manifests.models import ObjectDiff
from api.workloads.applying import Object, identity, superseded, taken


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the API server would do, and what it warns of."""

    diff: tuple[ObjectDiff, ...]
    warnings: tuple[str, ...]


class Preflight:
    """Server-side dry runs: nothing of them is stored."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    async def run(
        self,
        wanted: Sequence[Object],
        live: Sequence[Object],
        *,
        needs_new_pods: bool,
        in_place: bool = False,
        size_field: str = "size",
    ) -> Verdict:
        """Dry-run every object, and one pod of the controller's where new pods are needed.

        Of the pod too, because quota and Pod Security refuse pods, and only warn about a controller. With `in_place`
        it would take the room of another, so that the quota's refusal of one more says nothing. `size_field` is what a
        refusal of the pod is on. Raises QuotaExceeded,
        PolicyViolation, NameTaken and the cluster's other refusals.
        """
        known = {identity(each): each for each in live}
        diffs: list[ObjectDiff] = []
        warnings: list[str] = []
        for manifest in wanted:
            before = known.get(identity(manifest))
            applied = await self._dry_run(manifest, is_new=before is None)
            diffs.append(diff(before, applied.object))
            warnings += applied.warnings
        if needs_new_pods:
            warnings += await self.dry_run_pod(wanted[-1], in_place=in_place, size_field=size_field)
        diffs += [deletion(each) for each in superseded(wanted, live)]
        return Verdict(diff=tuple(diffs), warnings=tuple(dict.fromkeys(warnings)))

    async def _dry_run(self, manifest: Object, *, is_new: bool) -> Applied:
        if not is_new:
            return await self._cluster.apply(manifest, dry_run=True)
        try:
            return await self._cluster.create(manifest, dry_run=True)
        except NameTaken as error:
            raise taken(manifest) from error

    async def dry_run_pod(
        self, controller: Object, *, in_place: bool = False, size_field: str = "size"
    ) -> tuple[str, ...]:
        """The warnings about a pod as the controller would make it; raises QuotaExceeded and PolicyViolation."""
        try:
            return (await self._cluster.create(pod_from(controller), dry_run=True)).warnings
        except (QuotaExceeded, PolicyViolation) as refusal:
            if in_place and isinstance(refusal, QuotaExceeded):  # the last admission: all others let it pass
                return ()
            refusal.path = refusal.path or (size_field,)
            refusal.message = f"A pod of the app would be refused. {refusal.message}"
            raise
