"""A workload's objects in the cluster: created, applied, pruned and deleted, and never anybody else's."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from itertools import chain
from typing import Any
from uuid import UUID

from api.clusters.calls import at_once
from api.clusters.cluster import Cluster
from api.clusters.objects import REVISION, WORKLOAD_ID, Kind
from api.clusters.ownership import is_applied, is_ours
from api.errors import NameTaken, Unavailable
from api.manifests.builder import build
from api.manifests.diff import deletion, diff
from api.manifests.exposures.objects import exposes
from api.manifests.kinds import profile
from api.manifests.models import ChangeAction, ExposureMode, ObjectDiff, WorkloadKind, WorkloadSpec
from api.manifests.secrets import secrets_of
from api.workloads.records import WorkloadRecord
from api.workloads.scaling import Bounds, bounds_of, hand_over, is_autoscaler, is_handed_over, with_replicas
from api.workloads.succession import GONE_SECONDS, newcomers, predecessors, require_left, until_left

Object = dict[str, Any]
"""A Kubernetes object, as at the wire."""
_Reading = Coroutine[Any, Any, Sequence[Object]]

CONTROLLERS = (Kind.DEPLOYMENT, Kind.STATEFUL_SET, Kind.CRON_JOB, Kind.JOB)
# What an app is made of. Never a PersistentVolumeClaim: data outlives the revision that asked for it.
EXPOSING = (Kind.INGRESS, Kind.HTTP_ROUTE, Kind.NETWORK_POLICY)
MANAGED = (
    Kind.SECRET,
    Kind.CONFIG_MAP,
    Kind.SERVICE,
    Kind.POD_DISRUPTION_BUDGET,
    *EXPOSING,
    Kind.HORIZONTAL_POD_AUTOSCALER,
    *CONTROLLERS,
)
_REMOVED_SLOWLY = (Kind.SERVICE, Kind.INGRESS)
"""What an operator cleans up after, and keeps until it has."""
APPLY_SECONDS = 30.0
_FEW = 4
"""Objects of one kind that are asked for one by one; of more, a list is cheaper."""
RUNS_KEPT = 5
"""Jobs of earlier revisions that are kept once they have ended, for their outcome and their log."""


_CONTROLLER_KINDS = {
    kind: next(each for each in CONTROLLERS if each.kind == profile(kind).controller) for kind in WorkloadKind
}


def controller_kind(kind: WorkloadKind) -> Kind:
    """The kind of object that makes the pods of such apps."""
    return _CONTROLLER_KINDS[kind]


def names_of(spec: WorkloadSpec) -> dict[Kind, set[str] | None]:
    """The names of the objects that an app is made of, by kind. None where its description alone does not tell: of
    runs, which are named by their revision, and of one that is exposed those of every way to expose it."""
    names: defaultdict[Kind, set[str]] = defaultdict(set)
    objects = build(
        spec,
        namespace="",
        workload_id=UUID(int=0),
        revision=1,
        template_revision=1,
        secret_values={each.name: "" for each in secrets_of(spec)},
    )
    for each in objects:
        names[Kind.of(each)].add(each["metadata"]["name"])
    exposing = (*EXPOSING, Kind.SERVICE) if spec.exposure is not ExposureMode.NONE else ()
    return {**names, **dict.fromkeys((Kind.JOB, *exposing))}


def _kinds_for(spec: WorkloadSpec) -> Iterator[Kind]:
    """All that it may have an object of: what makes its pods is of one kind for ever."""
    controller = controller_kind(spec.kind)
    return (kind for kind in MANAGED if kind not in CONTROLLERS or kind is controller)


def _always() -> None:
    """Nobody has to be asked."""


class Applier:
    """Brings the objects of one workload to what a revision asks for. `permit` is asked before each write: what it
    raises keeps it from being made."""

    def __init__(self, cluster: Cluster, *, permit: Callable[[], None] = _always) -> None:
        self._cluster = cluster
        self._permit = permit

    def permitted_by(self, permit: Callable[[], None]) -> Applier:
        """The same, asking `permit` before each write."""
        return Applier(self._cluster, permit=permit)

    async def live(self, slug: str, workload_id: UUID, *, kinds: Sequence[Kind] = MANAGED) -> list[Object]:
        """The workload's objects as they are: found by its id, so that an object of a like name is not among them.

        What a controller made, as a schedule its runs, is that controller's.
        """
        served = [kind for kind in kinds if self._cluster.serves(kind)]
        return await self._read(self._list(slug, workload_id, kind) for kind in served)

    async def live_of(self, slug: str, base: WorkloadRecord | None) -> list[Object]:
        """The same of the objects that a workload has by its description, and those of which the Store knows: what an
        earlier description has left, or somebody else made. Of one that is new (None) nothing, unasked: nobody knows
        its id yet.

        Each is asked for by its name. A list of a kind that nobody writes just now waits for the API server's watch
        cache, up to 100 ms (seen: 86 ms, where a GET takes 3): it asks etcd so often how far it is
        (https://kep.k8s.io/2340).
        """
        if base is None:
            return []
        described, known = names_of(base.spec), self._cluster.store.names_of(slug, base.id)
        calls = (
            self._asking(slug, base.id, kind, described.get(kind, set()), known.get(kind, set()))
            for kind in filter(self._cluster.serves, _kinds_for(base.spec))
        )
        return await self._read(chain.from_iterable(calls))

    def _asking(
        self, slug: str, workload_id: UUID, kind: Kind, described: set[str] | None, known: set[str] | None
    ) -> Iterator[_Reading]:
        """Calls for the objects of these names; for all of the kind, where there may be others, or many."""
        names = None if described is None or known is None else described | known
        if names is None or len(names) > _FEW:
            yield self._list(slug, workload_id, kind)
        else:
            yield from (self._one(slug, workload_id, kind, name) for name in sorted(names))

    async def _read(self, calls: Iterable[_Reading]) -> list[Object]:
        found = await at_once(calls)
        return [live for objects in found for live in objects if not live["metadata"].get("ownerReferences")]

    async def _list(self, slug: str, workload_id: UUID, kind: Kind) -> Sequence[Object]:
        return await self._cluster.list(kind, slug, label_selector=f"{WORKLOAD_ID}={workload_id}")

    async def _one(self, slug: str, workload_id: UUID, kind: Kind, name: str) -> Sequence[Object]:
        live = await self._cluster.get(kind, slug, name)
        if live is None or (live["metadata"].get("labels") or {}).get(WORKLOAD_ID) != str(workload_id):
            return []
        return [live]

    async def put(self, slug: str, wanted: Sequence[Object], live: Sequence[Object]) -> list[Object]:
        """Bring the cluster from `live` to `wanted` and prune the rest; answers what `wanted` has become.

        What is new is created by POST, which an object of somebody else's refuses (NameTaken); apply would adopt it.
        The last, which makes pods, waits until all that they need is there. An autoscaler that is wanted no longer goes
        first: it would go on setting what is about to be applied; and so does a Service whose place another one takes.
        """
        known, bounds = {identity(each): each for each in live}, bounds_of(wanted)
        gone = superseded(wanted, live)
        await self.remove(slug, filter(is_autoscaler, gone))
        if former := predecessors(wanted, live):
            await self.remove(slug, left_behind(former))
            await until_left(self._cluster, slug, former, newcomers(wanted, live), seconds=GONE_SECONDS)
        applied: list[Object] = []
        for stage in (wanted[:-1], wanted[-1:]):
            applied += await at_once(self._put(manifest, known.get(identity(manifest)), bounds) for manifest in stage)
        await self.remove(slug, (each for each in gone if not is_autoscaler(each)))
        return applied

    async def repair(self, slug: str, wanted: Sequence[Object], live: Sequence[Object]) -> AsyncIterator[ObjectDiff]:
        """Bring the cluster back from `live` to `wanted`; what of it was missing, edited or too much, each once it is
        done, so that what comes before a refusal is known too.

        Nothing is run again for it, and no run that somebody began is taken away. What is being removed is waited for:
        by the caller, who asks again, where that was begun before.
        """
        wanted = without_leaving(wanted, live)
        former = predecessors(wanted, live)
        last = newcomers(wanted, live) if former else []
        known, bounds = {identity(each): each for each in live}, bounds_of(wanted)
        for manifest in (each for each in without_runs(wanted, live) if each not in last):
            repaired = await self._repair(manifest, known.get(identity(manifest)), bounds)
            if repaired.action is not ChangeAction.UNCHANGED:
                yield repaired
        extra = (each for each in left_behind(superseded(wanted, live)) if each["kind"] != Kind.JOB.kind)
        async for removed in self.clear(slug, extra):
            yield removed
        if former:
            await until_left(self._cluster, slug, former, last, seconds=GONE_SECONDS if left_behind(former) else 0)
        for manifest in last:
            yield await self._repair(manifest, None, bounds)

    async def clear(self, slug: str, objects: Iterable[Object]) -> AsyncIterator[ObjectDiff]:
        """Delete exactly these objects; each once it is done."""
        for each in objects:
            await self.remove(slug, [each])
            yield deletion(each)

    async def run(self, run: Object) -> Object:
        """Create a Job beside those that there are; NameTaken where one has its name."""
        self._permit()
        return (await self._cluster.create(run)).object

    async def remove(self, slug: str, objects: Iterable[Object]) -> None:
        """Delete exactly these objects, not what has taken their names since."""
        for each in objects:
            metadata = each["metadata"]
            self._permit()
            await self._cluster.delete(Kind.of(each), slug, metadata["name"], uid=metadata["uid"])

    async def _repair(self, manifest: Object, live: Object | None, bounds: Bounds | None) -> ObjectDiff:
        """One that is not found by its label may have lost it: it is known by who wrote it."""
        if live is None:
            found = await self._cluster.get(
                Kind.of(manifest), manifest["metadata"]["namespace"], manifest["metadata"]["name"]
            )
            live = found if found is not None and is_ours(found) else None
        return diff(live, await self._put(manifest, live, bounds))

    async def _put(self, manifest: Object, live: Object | None, bounds: Bounds | None) -> Object:
        if live is None:
            return await self._create(with_replicas(manifest, None, bounds))
        if manifest["kind"] == Kind.JOB.kind:  # what it runs cannot be changed: it is what that revision asked for
            return live
        if is_handed_over(manifest, live, bounds) and is_applied(live, manifest):  # a call less for each that is
            return live
        self._permit()
        await hand_over(self._cluster, manifest, live, bounds)
        return (await self._cluster.apply(manifest)).object

    async def _create(self, manifest: Object) -> Object:
        self._permit()
        try:
            return (await self._cluster.create(manifest)).object
        except NameTaken as error:
            raise await taken(self._cluster, manifest) from error


async def taken(cluster: Cluster, manifest: Object) -> NameTaken:
    """The refusal to take over an object that is there and not the workload's: it may be what is left of another."""
    metadata = manifest["metadata"]
    live = await cluster.get(Kind.of(manifest), metadata["namespace"], metadata["name"])
    if live is not None and is_leaving(live) and is_ours(live):
        return _leaving(manifest)
    kind, name = identity(manifest)
    return NameTaken(
        f"The namespace has a {kind} named {name} that is not this app's. Choose another name for the app.",
        path=("name",),
    )


def without_runs(objects: Iterable[Object], others: Iterable[Object]) -> list[Object]:
    """Of `objects` all but the jobs that are not among `others`. Of what is wanted beside what is live, it restores an
    app without running anything again: a job that is gone stays gone."""
    there = {identity(each) for each in others}
    return [each for each in objects if each["kind"] != Kind.JOB.kind or identity(each) in there]


def runs_of_revision(number: int, live: Iterable[Object]) -> list[Object]:
    """The jobs that a deploy of that revision began, ended or not: kept by nobody where it failed."""
    jobs = [each for each in live if each["kind"] == Kind.JOB.kind]
    return [each for each in jobs if (each["metadata"].get("annotations") or {}).get(REVISION) == str(number)]


def superseded(wanted: Iterable[Object], live: Iterable[Object]) -> list[Object]:
    """The live objects that `wanted` has no longer, but for the latest runs that have ended."""
    kept = {identity(manifest) for manifest in wanted}
    others = [each for each in live if identity(each) not in kept and not is_leaving(each)]
    ended = [each for each in others if each["kind"] == Kind.JOB.kind and _has_ended(each)]
    ended.sort(key=lambda run: str(run["metadata"]["creationTimestamp"]), reverse=True)
    past = [identity(run) for run in ended[:RUNS_KEPT]]
    return [each for each in others if identity(each) not in past]


def left_behind(live: Iterable[Object]) -> list[Object]:
    """What of it is to be removed: not what is on its way out, and nothing of somebody who copied our labels."""
    return [each for each in live if is_ours(each) and not is_leaving(each)]


def without_exposing(live: Iterable[Object], spec: WorkloadSpec) -> list[Object]:
    """The objects of an app without those that expose it as it asks; all of them, where it asks for no exposure.

    What is there of another mode, as after a change that failed, is not among the former, nor is the opening then,
    which is that mode's.
    """
    objects = list(live)
    exposing = [each for each in objects if exposes(each, spec.name)]
    carriers = [each for each in exposing if Kind.of(each) is not Kind.NETWORK_POLICY]
    own = [each for each in carriers if each["metadata"]["name"].startswith(f"{spec.name}-{spec.exposure.value}")]
    if spec.exposure is ExposureMode.NONE:
        return objects
    kept = own if len(own) < len(carriers) else exposing
    return [each for each in objects if each not in kept]


def is_leaving(live: Object) -> bool:
    """Whether it is deleted, and only kept until somebody has cleaned up after it."""
    return "deletionTimestamp" in live["metadata"]


def without_leaving(wanted: Iterable[Object], live: Iterable[Object]) -> list[Object]:
    """What can be written now: an object that is on its way out takes with it whatever is written on it."""
    leaving = {identity(each) for each in live if is_leaving(each)}
    return [each for each in wanted if identity(each) not in leaving]


def require_gone(wanted: Iterable[Object], live: Iterable[Object]) -> None:
    """NameTaken where something is wanted again before what it was is gone: to change that would bring nothing back."""
    leaving = {identity(each) for each in live if is_leaving(each)}
    for manifest in wanted:
        if identity(manifest) in leaving:
            raise _leaving(manifest)
    require_left(list(wanted), list(live))


def _leaving(manifest: Object) -> NameTaken:
    kind, name = identity(manifest)
    message = f"The {kind} {name} of before is still being removed. Try again in a moment."
    return NameTaken(message, path=("exposure",) if Kind.of(manifest) in _REMOVED_SLOWLY else ("name",))


def _has_ended(job: Object) -> bool:
    conditions = job.get("status", {}).get("conditions", ())
    return any(each["type"] in ("Complete", "Failed") and each["status"] == "True" for each in conditions)


def identity(manifest: Object) -> tuple[str, str]:
    """Kind and name: what tells an object from the others of its namespace."""
    return manifest["kind"], manifest["metadata"]["name"]


@asynccontextmanager
async def bounded() -> AsyncIterator[None]:
    """At most APPLY_SECONDS; Unavailable beyond them."""
    try:
        async with asyncio.timeout(APPLY_SECONDS):
            yield
    except TimeoutError as error:
        raise Unavailable(f"The cluster did not take the app within {APPLY_SECONDS:.0f} s.", part="cluster") from error
