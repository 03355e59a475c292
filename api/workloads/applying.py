"""A workload's objects in the cluster: created, applied, pruned and deleted, and never anybody else's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from api.clusters.cluster import Cluster
from api.clusters.objects import WORKLOAD_ID, Kind
from api.errors import NameTaken

Object = dict[str, Any]
"""A Kubernetes object, as at the wire."""

# What an app is made of. Never a PersistentVolumeClaim: data outlives the revision that asked for it.
MANAGED = (Kind.SECRET, Kind.SERVICE, Kind.POD_DISRUPTION_BUDGET, Kind.DEPLOYMENT)


class Applier:
    """Brings the objects of one workload to what a revision asks for."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    async def live(self, slug: str, workload_id: UUID) -> list[Object]:
        """The workload's objects as they are: found by its id, so that an object of a like name is not among them."""
        selector = f"{WORKLOAD_ID}={workload_id}"
        found = [await self._cluster.list(kind, slug, label_selector=selector) for kind in MANAGED]
        return [live for objects in found for live in objects]

    async def put(self, slug: str, wanted: Sequence[Object], live: Sequence[Object]) -> Object:
        """Bring the cluster from `live` to `wanted` and prune the rest; answers the Deployment.

        What is new is created by POST, which an object of somebody else's refuses (NameTaken); apply would adopt it.
        """
        known = {identity(each) for each in live}
        applied = [await self._put(manifest, is_new=identity(manifest) not in known) for manifest in wanted]
        await self.remove(slug, superseded(wanted, live))
        return next(each for each in applied if each["kind"] == "Deployment")

    async def remove(self, slug: str, objects: Iterable[Object]) -> None:
        """Delete exactly these objects, not what has taken their names since."""
        for each in objects:
            metadata = each["metadata"]
            await self._cluster.delete(Kind.of(each), slug, metadata["name"], uid=metadata["uid"])

    async def _put(self, manifest: Object, *, is_new: bool) -> Object:
        if is_new:
            return await self._create(manifest)
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


def superseded(wanted: Iterable[Object], live: Iterable[Object]) -> list[Object]:
    """The live objects that `wanted` has no longer."""
    kept = {identity(manifest) for manifest in wanted}
    return [each for each in live if identity(each) not in kept]


def identity(manifest: Object) -> tuple[str, str]:
    """Kind and name: what tells an object from the others of its namespace."""
    return manifest["kind"], manifest["metadata"]["name"]
