"""The Cluster Manager's hold on one cluster: the Store that is read, and the writes that go to the API server."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from uuid import uuid4

from api.clusters.backoff import Backoff
from api.clusters.connection import CALL_SECONDS, Connection, path
from api.clusters.election import Elector, LeaseTimes, Work
from api.clusters.failures import Denied
from api.clusters.following import Following
from api.clusters.health import Health
from api.clusters.informer import STALL_SECONDS
from api.clusters.metrics_api import METRICS_PATH, pod_metrics
from api.clusters.models import Applied, ClusterKind, ClusterSource, Embedded, PodMetrics
from api.clusters.objects import MANAGER, OURS, WATCHED, Kind
from api.clusters.ownership import Object, patch_to_applied
from api.clusters.pod_logs import LogQuery, PodLogs
from api.clusters.store import Store
from api.errors import ClusterRefused, MoorageError, NameTaken, NotThere, Unavailable
from api.monitoring.telemetry import Telemetry
from api.monitoring.watching import Watching

MOST_LOG_BYTES = 64 * 1024
_SYNC_SECONDS = 10.0
_SEEN_SECONDS = 2.0
_OWNING_ATTEMPTS = 5
_APPLY = "application/apply-patch+yaml"
_JSON_PATCH = "application/json-patch+json"
_logger = logging.getLogger(__name__)

__all__ = ["Applied", "Cluster", "Object"]


class Cluster:
    """One cluster. Whoever opens it closes it: use `Cluster.open`.

    Every write raises the API server's refusals as errors of `api.errors`, and Unavailable where it does not answer.
    """

    def __init__(self, connection: Connection, kind: ClusterKind, watching: Watching | None = None) -> None:
        self._connection = connection
        self.kind = kind
        self.store = Store()
        self.pod_logs = PodLogs(connection)
        self._health = Health(WATCHED, self.store.notify_all)
        self._watching = watching or Telemetry().watching
        for each in WATCHED:
            self._watching.follow(
                each.kind, as_of=partial(self.store.as_of, each), objects=partial(self.store.number_of, each)
            )
        self._following: Following | None = None
        self._served: dict[Kind, bool | None] = {
            kind: None if each.optional else True for kind, each in WATCHED.items()
        }
        self.version: str | None = None
        """The Kubernetes version, as `v1.37.2`; None until the cluster has answered once."""

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        source: ClusterSource,
        *,
        stall: float = STALL_SECONDS,
        limit: float = CALL_SECONDS,
        telemetry: Telemetry | None = None,
    ) -> AsyncIterator[Cluster]:
        """A cluster whose Store is kept true for as long as the context lasts.

        Waits, bounded, for the first reading; a cluster that does not answer is opened all the same, as unreachable,
        and is tried until it does. A watch that says nothing for `stall` seconds is opened anew, and no call takes
        longer than `limit` seconds. Raises ConfigurationError where the source itself is unusable.
        """
        kind = ClusterKind.EMBEDDED if isinstance(source, Embedded) else ClusterKind.KUBERNETES
        telemetry = telemetry or Telemetry()
        async with Connection.open(source, limit=limit, calls=telemetry.kubernetes) as connection:
            cluster = cls(connection, kind, telemetry.watching)
            tasks = cluster._start(stall)
            try:
                await cluster._wait_until_synced()
                yield cluster
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def reachable(self) -> bool:
        """Whether the cluster answers."""
        return self.message is None

    @property
    def message(self) -> str | None:
        """What is wrong with the cluster; None where nothing is."""
        return self._health.message

    @property
    def detail(self) -> str:
        """The same in the cluster's own words, which are for administrators; empty where there are none."""
        return self._health.detail

    async def follow_namespaces(self, slugs: Collection[str]) -> None:
        """Which namespaces are ours: where Moorage has no right to list the whole cluster, it follows these alone.

        To be told at the start, and whenever one comes or goes.
        """
        if self._following is not None:
            await self._following.follow_namespaces(slugs)

    async def follow_namespace(self, slug: str) -> None:
        """One more is ours."""
        if self._following is not None:
            await self._following.follow_namespace(slug)

    def require_reachable(self) -> None:
        """Raises Unavailable where the cluster does not answer: nothing is begun that cannot be finished."""
        if self.message is not None:
            raise Unavailable(self.message, part="cluster", detail=self.detail)

    def serves(self, kind: Kind) -> bool:
        """Whether the cluster serves this kind; of one that it may lack, as it said last."""
        return self._served.get(kind, True) is True

    def lacks(self, kind: Kind) -> bool:
        """Whether the cluster has said that it does not serve this kind; one that was not asked yet has not."""
        return self._served.get(kind, True) is False

    async def create(self, manifest: Object, *, dry_run: bool = False) -> Applied:
        """Create an object by POST, so that one of somebody else's is never taken over (NameTaken).

        What it sets is then owned as if it had been applied: see `_own_as_applied`.
        """
        kind, namespace = Kind.of(manifest), manifest["metadata"].get("namespace")
        created, warnings = await self._connection.write("POST", path(kind, namespace), manifest, query=_query(dry_run))
        if not dry_run:
            created = await self._own_as_applied(kind, created, sent=manifest)
        return Applied(created, warnings)

    async def apply(self, manifest: Object, *, dry_run: bool = False) -> Applied:
        """Server-side apply with the field manager `moorage`; fields of other managers are taken over (force).

        What it names no longer is removed, also where the object was created and its creation never came to its end.
        """
        applied = await self._apply(manifest, dry_run=dry_run)
        if dry_run or patch_to_applied(applied.object) is None:
            return applied
        await self._own_as_applied(Kind.of(manifest), applied.object)
        return await self._apply(manifest, dry_run=False)

    async def apply_as(self, manager: str, part: Object) -> Object:
        """Server-side apply of some fields as another field manager, which owns them from then on (force).

        A `resourceVersion` in it is a precondition: ClusterRefused where the object has changed since.
        """
        return (await self._apply(part, dry_run=False, manager=manager)).object

    async def delete(self, kind: Kind, namespace: str | None, name: str, *, uid: str | None = None) -> None:
        """Delete an object, and what it owns, in the background. One that is absent is fine; with `uid`, another
        object that has taken the name is left alone."""
        body: Object = {"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": "Background"}
        if uid is not None:
            body["preconditions"] = {"uid": uid}
        try:
            await self._connection.write("DELETE", path(kind, namespace, name), body)
        except NotThere:
            return
        except ClusterRefused:
            live = await self.get(kind, namespace, name)
            if live is not None and uid in (None, live["metadata"]["uid"]):
                raise

    async def get(self, kind: Kind, namespace: str | None, name: str) -> Object | None:
        """One object as it is; None where there is none."""
        try:
            return await self._connection.get_object(path(kind, namespace, name))
        except NotThere:
            return None

    async def serves_group(self, group: str) -> bool:
        """Whether the API server serves an API group, in whatever version."""
        try:
            await self._connection.get_object(f"/apis/{group}")
        except NotThere:
            return False
        return True

    async def list(self, kind: Kind, namespace: str | None, *, label_selector: str = OURS) -> Sequence[Object]:
        """The objects with these labels as they are, `apiVersion` and `kind` filled in (a list leaves them out)."""
        listed = await self._connection.get_object(path(kind, namespace), {"labelSelector": label_selector})
        return [{"apiVersion": kind.api_version, "kind": kind.kind, **item} for item in listed["items"]]

    async def lead(self, work: Work, *, name: str, namespace: str, times: LeaseTimes | None = None) -> None:
        """Until cancelled: do `work` for as long as this process holds the Lease `name`, which one at a time does.

        The namespace of the Lease is made where it is missing, and may be.
        """
        identity = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
        await self._make_room(namespace)
        elector = Elector(self._connection, namespace=namespace, name=name, identity=identity, times=times)
        await elector.run(work)

    async def pod_metrics(self) -> Sequence[PodMetrics]:
        """What our pods use at this moment, by metrics.k8s.io; Unavailable where the cluster does not serve it."""
        try:
            return pod_metrics(await self._connection.get(METRICS_PATH, {"labelSelector": OURS}))
        except NotThere as error:
            message = "The cluster serves no metrics.k8s.io (install metrics-server, or set MOORAGE_PROMETHEUS_URL)."
            raise Unavailable(message, part="metrics") from error

    async def pod_log(self, namespace: str, pod: str, container: str, *, lines: int, previous: bool = False) -> str:
        """The last `lines` of a container's log, MOST_LOG_BYTES at most; `previous`: of the run before the present one.

        Raises NotThere or ClusterRefused where there is no such run.
        """
        query = LogQuery(
            namespace=namespace,
            pod=pod,
            container=container,
            previous=previous,
            tail=lines,
            limit_bytes=MOST_LOG_BYTES,
        )
        return (await self.pod_logs.read(query)).decode(errors="replace")

    async def wait_until_seen(
        self, kind: Kind, resource_version: str, *, timeout: float = _SEEN_SECONDS, namespace: str | None = None
    ) -> bool:
        """Read your own write: wait until the Store knows `kind` (there, where a `namespace` is named) up to a version;
        False after `timeout` seconds."""
        return await self.store.wait_until_seen(kind, resource_version, timeout=timeout, namespace=namespace)

    async def _make_room(self, namespace: str) -> None:
        backoff = Backoff()
        manifest = {"apiVersion": "v1", "kind": Kind.NAMESPACE.kind, "metadata": {"name": namespace}}
        while True:
            try:
                await self.create(manifest)
            except NameTaken:
                return
            except MoorageError as error:
                _logger.info("the namespace %s cannot be made: %s", namespace, error.message)
                if isinstance(error, Denied) or not isinstance(error, Unavailable):  # it may be there all the same
                    return
            else:
                return
            await backoff.pause()

    async def _apply(self, manifest: Object, *, dry_run: bool, manager: str = MANAGER) -> Applied:
        kind, metadata = Kind.of(manifest), manifest["metadata"]
        target = path(kind, metadata.get("namespace"), metadata["name"])
        query = {**_query(dry_run), "fieldManager": manager, "force": "true"}
        applied, warnings = await self._connection.write("PATCH", target, manifest, query=query, content_type=_APPLY)
        return Applied(applied, warnings)

    async def _own_as_applied(self, kind: Kind, created: Object, *, sent: Object | None = None) -> Object:
        """Make us the owner of an object's fields by Apply, of those that we `sent` where that is known; answers it as
        it is then, also where it is gone already."""
        live: Object | None = created
        for _ in range(_OWNING_ATTEMPTS):
            patch = patch_to_applied(live, sent) if live is not None else None
            if live is None or patch is None:
                return live or created
            place = kind, live["metadata"].get("namespace"), live["metadata"]["name"]
            query = {"fieldManager": MANAGER}
            try:
                owned, _ = await self._connection.write(
                    "PATCH", path(*place), patch, query=query, content_type=_JSON_PATCH
                )
            except (ClusterRefused, NotThere):  # a controller wrote in between, and the entry moved
                live = await self.get(*place)
            else:
                return owned
        raise Unavailable(f"{created['kind']} {created['metadata']['name']} changes too fast.", part="cluster")

    def _start(self, stall: float) -> Sequence[asyncio.Task[None]]:
        tasks = [asyncio.create_task(self._learn_version(), name="cluster version")]
        self._following = following = Following(
            self._connection, self.store, self._health, stall=stall, watching=self._watching
        )
        followed = ((self._follow(following, kind, stall), f"informer {kind.plural}") for kind in WATCHED)
        return [*tasks, *(asyncio.create_task(work, name=name) for work, name in followed)]

    async def _follow(self, following: Following, kind: Kind, stall: float) -> None:
        """Follow a kind; one of an extension that the cluster does not have has nothing to tell, and is asked for again
        every `stall` seconds: it may be installed."""
        while True:
            if WATCHED[kind].optional:
                self._served[kind] = await self._discover(kind)
            if self._served[kind]:
                self.store.notify_all()
                await following.follow(kind)
                self._served[kind] = False
                self.store.notify_all()
            else:
                self._health.well(kind)
                await asyncio.sleep(stall)

    async def _discover(self, kind: Kind) -> bool:
        """Ask until the cluster has said once whether it serves a kind."""
        backoff = Backoff()
        while True:
            try:
                listed = await self._connection.get_object(kind.prefix)
            except NotThere:
                return False
            except MoorageError:
                await backoff.pause()
            else:
                return any(each["name"] == kind.plural for each in listed["resources"])

    async def _learn_version(self) -> None:
        """Ask until the cluster has said it once."""
        backoff = Backoff()
        while self.version is None:
            try:
                told = await self._connection.get_object("/version")
                self.version = str(told.get("gitVersion", "unknown"))
            except MoorageError:  # the informers find it out too, and say so
                await backoff.pause()

    async def _wait_until_synced(self) -> None:
        """Until everything was read once, or the cluster is found not to answer."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_SYNC_SECONDS):
                await self._health.wait_until_found()
        if not self.reachable:
            _logger.warning("the cluster does not answer yet: %s", self.message)


def _query(dry_run: bool) -> dict[str, str]:
    query = {"fieldManager": MANAGER, "fieldValidation": "Strict"}
    return {**query, "dryRun": "All"} if dry_run else query
