"""A workload's objects in the cluster: created, applied, pruned and deleted, and never anybody else's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from api.clusters.cluster import Cluster
from api.clusters.objects import WORKLOAD_ID, Kind
from api.errors import NameTaken
from api.manifests.diff import deletion, diff
from api.manifests.kinds import profile
from api.manifests.models import ChangeAction, ObjectDiff, WorkloadKind

Object = dict[str, Any]
"""A Kubernetes object, as at the wire."""

CONTROLLERS = (Kind.DEPLOYMENT, Kind.STATEFUL_SET, Kind.CRON_JOB, Kind.JOB)
# What an app is made of. Never a PersistentVolumeClaim: data outlives the revision that asked for it.
EXPOSING = (Kind.INGRESS, Kind.HTTP_ROUTE, Kind.NETWORK_POLICY)
MANAGED = (Kind.SECRET, Kind.SERVICE, Kind.POD_DISRUPTION_BUDGET, *EXPOSING, *CONTROLLERS)
_REMOVED_SLOWLY = (Kind.SERVICE, Kind.INGRESS)
"""What an operator cleans up after, and keeps until it has."""
RUNS_KEPT = 5
"""Jobs of earlier revisions that are kept once they have ended, for their outcome and their log."""


def controller_kind(kind: WorkloadKind) -> Kind:
    """The kind of object that makes the pods of such apps."""
    return next(each for each in CONTROLLERS if each.kind == profile(kind).controller)


class Applier:
    """Brings the objects of one workload to what a revision asks for."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    async def live(self, slug: str, workload_id: UUID) -> list[Object]:
        """The workload's objects as they are: found by its id, so that an object of a like name is not among them.

        What a controller made, as a schedule its runs, is that controller's.
        """
        selector = f"{WORKLOAD_ID}={workload_id}"
        served = [kind for kind in MANAGED if self._cluster.serves(kind)]
        found = [await self._cluster.list(kind, slug, label_selector=selector) for kind in served]
        return [live for objects in found for live in objects if not live["metadata"].get("ownerReferences")]

    async def put(self, slug: str, wanted: Sequence[Object], live: Sequence[Object]) -> list[Object]:
        """Bring the cluster from `live` to `wanted` and prune the rest; answers what `wanted` has become.

        What is new is created by POST, which an object of somebody else's refuses (NameTaken); apply would adopt it.
        """
        known = {identity(each): each for each in live}
        applied = [await self._put(manifest, known.get(identity(manifest))) for manifest in wanted]
        await self.remove(slug, superseded(wanted, live))
        return applied

    async def repair(self, slug: str, wanted: Sequence[Object], live: Sequence[Object]) -> list[ObjectDiff]:
        """Bring the cluster back from `live` to `wanted`; what of it was missing, edited or too much.

        Nothing is run again for it, and no run that somebody began is taken away.
        """
        known = {identity(each): each for each in live}
        befores = [(known.get(identity(each)), each) for each in without_runs(wanted, live)]
        diffs = [diff(before, await self._put(manifest, before)) for before, manifest in befores]
        extra = [each for each in superseded(wanted, live) if each["kind"] != Kind.JOB.kind]
        await self.remove(slug, extra)
        return [*(each for each in diffs if each.action is not ChangeAction.UNCHANGED), *map(deletion, extra)]

    async def run(self, run: Object) -> Object:
        """Create a Job beside those that there are; NameTaken where one has its name."""
        return (await self._cluster.create(run)).object

    async def remove(self, slug: str, objects: Iterable[Object]) -> None:
        """Delete exactly these objects, not what has taken their names since."""
        for each in objects:
            metadata = each["metadata"]
            await self._cluster.delete(Kind.of(each), slug, metadata["name"], uid=metadata["uid"])

    async def _put(self, manifest: Object, live: Object | None) -> Object:
        if live is None:
            return await self._create(manifest)
        if manifest["kind"] == Kind.JOB.kind:  # what it runs cannot be changed: it is what that revision asked for
            return live
        return (await self._cluster.apply(manifest)).object

    async def _create(self, manifest: Object) -> Object:
        try:
            return (await self._cluster.create(manifest)).object
        except NameTaken as error:
            raise taken(manifest) from error


def taken(manifest: Object) -> NameTaken:
    """The refusal to take over an object that is there and not the workload's."""
    kind, name = identity(manifest)
    return NameTaken(
        f"The namespace has a {kind} named {name} that is not this app's. Choose another name for the app.",
        path=("name",),
    )


def without_runs(wanted: Iterable[Object], live: Iterable[Object]) -> list[Object]:
    """What restores an app without running anything again: a job that is gone stays gone."""
    there = {identity(each) for each in live}
    return [each for each in wanted if each["kind"] != Kind.JOB.kind or identity(each) in there]


def superseded(wanted: Iterable[Object], live: Iterable[Object]) -> list[Object]:
    """The live objects that `wanted` has no longer, but for the latest runs that have ended."""
    kept = {identity(manifest) for manifest in wanted}
    others = [each for each in live if identity(each) not in kept and not is_leaving(each)]
    ended = [each for each in others if each["kind"] == Kind.JOB.kind and _has_ended(each)]
    ended.sort(key=lambda run: str(run["metadata"]["creationTimestamp"]), reverse=True)
    past = [identity(run) for run in ended[:RUNS_KEPT]]
    return [each for each in others if identity(each) not in past]


def is_leaving(live: Object) -> bool:
    """Whether it is deleted, and only kept until somebody has cleaned up after it."""
    return "deletionTimestamp" in live["metadata"]


def require_gone(wanted: Iterable[Object], live: Iterable[Object]) -> None:
    """NameTaken where something is wanted again before what it was is gone: to change that would bring nothing back."""
    leaving = {identity(each) for each in live if is_leaving(each)}
    for manifest in wanted:
        if identity(manifest) in leaving:
            kind, name = identity(manifest)
            message = f"The {kind} {name} of before is still being removed. Try again in a moment."
            raise NameTaken(message, path=("exposure",) if Kind.of(manifest) in _REMOVED_SLOWLY else ("name",))


def _has_ended(job: Object) -> bool:
    conditions = job.get("status", {}).get("conditions", ())
    return any(each["type"] in ("Complete", "Failed") and each["status"] == "True" for each in conditions)


def identity(manifest: Object) -> tuple[str, str]:
    """Kind and name: what tells an object from the others of its namespace."""
    return manifest["kind"], manifest["metadata"]["name"]
