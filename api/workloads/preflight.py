"""Asking the API server, before anything is changed, what it would make of a workload's objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.clusters.calls import at_once
from api.clusters.cluster import Applied, Cluster
from api.clusters.ownership import is_applied
from api.errors import NameTaken, QuotaExceeded
from api.manifests.builder import pod_from
from api.manifests.diff import deletion, diff
from api.manifests.models import ObjectDiff
from api.workloads.applying import Object, identity, superseded, taken
from api.workloads.scaling import Bounds, bounds_of, is_handed_over, with_replicas
from api.workloads.succession import makes_room, predecessors


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
    ) -> Verdict:
        """Dry-run every object that would change, and one pod of the controller's where new pods are needed.

        Of the pod too, because quota and Pod Security refuse pods, and only warn about a controller. With `in_place`
        it would take the room of another, so that the quota's refusal of one more says nothing. Raises QuotaExceeded,
        PolicyViolation, NameTaken and the cluster's other refusals.
        """
        known, bounds = {identity(each): each for each in live}, bounds_of(wanted)
        going = predecessors(wanted, live)
        pod = [self._of_pod(wanted[-1], in_place=in_place)] if needs_new_pods else []
        verdicts = await at_once([*(self._of(each, known.get(identity(each)), bounds, going) for each in wanted), *pod])
        diffs = [each for verdict in verdicts for each in verdict.diff]
        warnings = [each for verdict in verdicts for each in verdict.warnings]
        diffs += [deletion(each) for each in superseded(wanted, live)]
        return Verdict(diff=tuple(diffs), warnings=tuple(dict.fromkeys(warnings)))

    async def _of(
        self, manifest: Object, before: Object | None, bounds: Bounds | None, going: Sequence[Object]
    ) -> Verdict:
        if before is not None and is_handed_over(manifest, before, bounds) and is_applied(before, manifest):
            return Verdict((diff(before, before),), ())
        applied = await self._dry_run(with_replicas(manifest, before, bounds), is_new=before is None, going=going)
        return Verdict((diff(before, applied.object),), applied.warnings)

    async def _of_pod(self, controller: Object, *, in_place: bool) -> Verdict:
        return Verdict((), await self.dry_run_pod(controller, in_place=in_place))

    async def _dry_run(self, manifest: Object, *, is_new: bool, going: Sequence[Object]) -> Applied:
        """What is `going` makes room for what is new: the quota is the last admission, all others let it pass."""
        if not is_new:
            return await self._cluster.apply(manifest, dry_run=True)
        try:
            return await self._cluster.create(manifest, dry_run=True)
        except NameTaken as error:
            raise await taken(self._cluster, manifest) from error
        except QuotaExceeded as refusal:
            if not makes_room(refusal, manifest, going):
                raise
            return Applied(manifest, ())

    async def dry_run_pod(self, controller: Object, *, in_place: bool = False) -> tuple[str, ...]:
        """The warnings about a pod as the controller would make it; raises QuotaExceeded and PolicyViolation."""
        try:
            return (await self._cluster.create(pod_from(controller), dry_run=True)).warnings
        except QuotaExceeded as refusal:
            if in_place:  # the last admission: all others let it pass
                return ()
            refusal.message = f"A pod of the app would be refused. {refusal.message}"
            raise
