"""Who says how many pods an app has: Moorage, or the autoscaler that it made.

A field that its only field manager applies no longer is removed, and the API server fills in the default: of
`spec.replicas` that is 1. So the number that runs is handed over to a field manager of its own first:
https://kubernetes.io/docs/reference/using-api/server-side-apply/#transferring-ownership. The autoscaler takes it from
there, by the scale subresource, with its first change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from api.clusters.cluster import Cluster
from api.clusters.objects import MANAGER, Kind
from api.clusters.ownership import owns
from api.errors import ClusterRefused, InvalidInput, Unavailable
from api.manifests.kinds import has
from api.manifests.models import WorkloadSpec

Object = dict[str, Any]

KEEPER = "moorage-autoscaling"
"""The field manager that holds the number until the autoscaler first changes it."""
_ATTEMPTS = 5
_AUTOSCALER = Kind.HORIZONTAL_POD_AUTOSCALER.kind
_SCALED = (Kind.DEPLOYMENT.kind, Kind.STATEFUL_SET.kind)
_REPLICAS = ("spec", "replicas")


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which numbers of pods an autoscaler chooses."""

    least: int
    most: int

    def nearest(self, replicas: int) -> int:
        """The number within the bounds that is nearest."""
        return min(max(replicas, self.least), self.most)


def is_autoscaler(manifest: Object) -> bool:
    return bool(manifest["kind"] == _AUTOSCALER)


def bounds_of(objects: Sequence[Object]) -> Bounds | None:
    """Those of the autoscaler among an app's objects; None where there is none."""
    specs = (each["spec"] for each in objects if is_autoscaler(each))
    return next((Bounds(spec.get("minReplicas", 1), spec["maxReplicas"]) for spec in specs), None)


def replicas_of(live: Sequence[Object]) -> int | None:
    """How many pods the autoscaler of an app has asked for; None where there is no autoscaler, or nothing to scale."""
    if bounds_of(live) is None:
        return None
    return next((_replicas(each) for each in live if each["kind"] in _SCALED), None)


def with_replicas(manifest: Object, live: Object | None, bounds: Bounds | None) -> Object:
    """The controller with the number of pods that it begins or goes on with, where it leaves that to an autoscaler.

    For a creation, and for a dry run: it would show that the number falls to 1.
    """
    if bounds is None or not _leaves_open(manifest):
        return manifest
    replicas = bounds.least if live is None else bounds.nearest(_replicas(live))
    return {**manifest, "spec": {"replicas": replicas, **manifest["spec"]}}


def without_scaled(live: Sequence[Object]) -> list[Object]:
    """The objects without the number that an autoscaler among them sets: it may move between a plan and its deploy."""
    if bounds_of(live) is None:
        return list(live)
    return [{**each, "spec": _without_replicas(each["spec"])} if each["kind"] in _SCALED else each for each in live]


def is_handed_over(manifest: Object, live: Object, bounds: Bounds | None) -> bool:
    """Whether an autoscaler can do its work: nobody else holds the number of pods, and it is not 0, where it does
    nothing."""
    if bounds is None or not _leaves_open(manifest):
        return True
    return _replicas(live) > 0 and not owns(live, MANAGER, _REPLICAS)


async def hand_over(cluster: Cluster, manifest: Object, live: Object, bounds: Bounds | None) -> None:
    """Before `manifest` is applied: where it leaves the number of pods open and `live` has ours, KEEPER takes it over.

    With zero pods an autoscaler does nothing: there it begins with the least. Raises Unavailable where the object
    changes faster than it can be read.
    """
    current: Object | None = live
    for _ in range(_ATTEMPTS):
        if bounds is None or current is None or is_handed_over(manifest, current, bounds):
            return
        try:
            await cluster.apply_as(KEEPER, _part(current, bounds.nearest(_replicas(current))))
        except ClusterRefused:  # somebody wrote in between: the number may be another one by now
            metadata = current["metadata"]
            current = await cluster.get(Kind.of(current), metadata["namespace"], metadata["name"])
        else:
            return
    raise Unavailable(f"{live['kind']} {live['metadata']['name']} changes too fast.", part="cluster")


def require_asked(spec: WorkloadSpec) -> None:
    """Raises InvalidInput unless the number of pods is for people to say."""
    if not has(spec.kind, "replicas"):
        raise InvalidInput(f"{spec.name} is a job: it has no replicas to scale. Pause its schedule, or delete it.")
    if spec.autoscaling is not None:
        message = (
            f"{spec.name} scales by itself, between {spec.least_replicas} and {spec.most_replicas} replicas. Deploy it "
            "with other bounds, or without autoscaling and with a number of replicas."
        )
        raise InvalidInput(message)


def _part(live: Object, replicas: int) -> Object:
    """Nothing but the number, for exactly the object that was read."""
    metadata = {key: live["metadata"][key] for key in ("name", "namespace", "uid", "resourceVersion")}
    return {
        "apiVersion": live["apiVersion"],
        "kind": live["kind"],
        "metadata": metadata,
        "spec": {"replicas": replicas},
    }


def _leaves_open(manifest: Object) -> bool:
    return manifest["kind"] in _SCALED and "replicas" not in manifest["spec"]


def _replicas(controller: Object) -> int:
    return int(controller["spec"].get("replicas", 1))


def _without_replicas(spec: Object) -> Object:
    return {field: value for field, value in spec.items() if field != "replicas"}
