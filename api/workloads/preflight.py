"""Asking the API server, before anything is changed, what it would make of a workload's objects."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
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


@dataclass(frozen=True, slots=True)
class Ahead:
    """Dry runs that were begun before it was known what runs."""

    pod: asyncio.Task[tuple[str, ...]] | None
    applied: asyncio.Task[Applied] | None


class Preflight:
    """Server-side dry runs: nothing of them is stored."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    @asynccontextmanager
    async def ahead(
        self, controller: Object, *, needs_new_pods: bool, in_place: bool, is_there: bool
    ) -> AsyncIterator[Ahead]:
        """Begin with what will be asked whatever runs: a pod, and the controller where it most probably `is_there`.

        So the reading of what runs is no wait of its own. What of it is not asked for in the end is forgotten, and so
        is its failure: how that is told depends on what runs too.
        """
        pod = asyncio.create_task(self.dry_run_pod(controller, in_place=in_place)) if needs_new_pods else None
        applied = asyncio.create_task(self._cluster.apply(controller, dry_run=True)) if is_there else None
        begun = [each for each in (pod, applied) if each is not None]
        try:
            await asyncio.sleep(0)  # they are sent now: what comes next is worked out while they are on their way
            yield Ahead(pod, applied)
        finally:
            for each in begun:
                each.cancel()
            await asyncio.gather(*begun, return_exceptions=True)

    async def run(self, wanted: Sequence[Object], live: Sequence[Object], ahead: Ahead) -> Verdict:
        """Dry-run every object that would change, the controller (the last) and a pod as they were begun `ahead`.

        Of the pod too, because quota and Pod Security refuse pods, and only warn about a controller. Where it would
        take the room of another (`in_place`), the quota's refusal of one more says nothing. Raises QuotaExceeded,
        PolicyViolation, NameTaken and the cluster's other refusals.
        """
        known, bounds = {identity(each): each for each in live}, bounds_of(wanted)
        going = predecessors(wanted, live)
        calls = [self._of(each, known.get(identity(each)), bounds, going=going) for each in wanted[:-1]]
        controller = wanted[-1]
        calls.append(self._of(controller, known.get(identity(controller)), bounds, begun=ahead.applied))
        pod = [self._of_pod(ahead.pod)] if ahead.pod is not None else []
        verdicts = await at_once([*calls, *pod])
        diffs = [each for verdict in verdicts for each in verdict.diff]
        warnings = [each for verdict in verdicts for each in verdict.warnings]
        diffs += [deletion(each) for each in superseded(wanted, live)]
        return Verdict(diff=tuple(diffs), warnings=tuple(dict.fromkeys(warnings)))

    async def _of(
        self,
        manifest: Object,
        before: Object | None,
        bounds: Bounds | None,
        *,
        begun: asyncio.Task[Applied] | None = None,
        going: Sequence[Object] = (),
    ) -> Verdict:
        if before is not None and is_handed_over(manifest, before, bounds) and is_applied(before, manifest):
            return Verdict((diff(before, before),), ())
        applied = await _applied_to(before, begun)
        if applied is None:
            applied = await self._dry_run(with_replicas(manifest, before, bounds), is_new=before is None, going=going)
        return Verdict((diff(before, applied.object),), applied.warnings)

    async def _of_pod(self, begun: asyncio.Task[tuple[str, ...]]) -> Verdict:
        return Verdict((), await begun)

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


async def _applied_to(live: Object | None, begun: asyncio.Task[Applied] | None) -> Applied | None:
    """What a dry run has answered, if it was of the object as it was read: it keeps the resourceVersion that it found.

    What somebody wrote between the two would else be shown as undone by a deploy that leaves it.
    """
    if live is None or begun is None:
        return None
    applied = await begun
    versions = {each["metadata"].get("resourceVersion") for each in (applied.object, live)}
    return applied if len(versions) == 1 else None
