"""The Cluster Manager's hold on one cluster: the Store that is read, and the writes that go to the API server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from api.clusters.connection import Connection, path
from api.clusters.informer import STALL_SECONDS, Informer
from api.clusters.metrics_api import METRICS_PATH, pod_metrics
from api.clusters.models import Applied, ClusterKind, ClusterSource, Embedded, PodMetrics
from api.clusters.objects import MANAGER, OURS, WATCHED, Kind
from api.clusters.store import Store
from api.errors import ClusterRefused, MoorageError, NotThere, Unavailable

_SYNC_SECONDS = 10.0
_SEEN_SECONDS = 2.0
_OWNING_ATTEMPTS = 5
_APPLY = "application/apply-patch+yaml"
_logger = logging.getLogger(__name__)

Object = dict[str, Any]
"""A Kubernetes object, as at the wire."""

__all__ = ["Applied", "Cluster", "Object"]


class Cluster:
    """One cluster. Whoever opens it closes it: use `Cluster.open`.

    Every write raises the API server's refusals as errors of `api.errors`, and Unavailable where it does not answer.
    """

    def __init__(self, connection: Connection, kind: ClusterKind) -> None:
        self._connection = connection
        self._troubles: dict[Kind, str | None] = dict.fromkeys(WATCHED, "The cluster has not answered yet.")
        self.kind = kind
        self.store = Store()
        self.version: str | None = None
        """The Kubernetes version, as `v1.37.2`; None until the cluster has answered once."""

    @classmethod
    @asynccontextmanager
    async def open(cls, source: ClusterSource, *, stall: float = STALL_SECONDS) -> AsyncIterator[Cluster]:
        """A cluster whose Store is kept true for as long as the context lasts.

        Waits, bounded, for the first reading; a cluster that does not answer is opened all the same, as unreachable,
        and is tried until it does. Raises ConfigurationError where the source itself is unusable.
        """
        kind = ClusterKind.EMBEDDED if isinstance(source, Embedded) else ClusterKind.KUBERNETES
        async with Connection.open(source) as connection:
            cluster = cls(connection, kind)
            tasks = [asyncio.create_task(cluster._run(each, stall), name=f"informer {each.kind}") for each in WATCHED]
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
        return next((trouble for trouble in self._troubles.values() if trouble is not None), None)

    def require_reachable(self) -> None:
        """Raises Unavailable where the cluster does not answer: nothing is begun that cannot be finished."""
        if self.message is not None:
            raise Unavailable(f"The cluster cannot be reached just now. {self.message}", part="cluster")

    async def create(self, manifest: Object, *, dry_run: bool = False) -> Applied:
        """Create an object by POST, so that one of somebody else's is never taken over (NameTaken).

        What it sets is then owned as if it had been applied: see `_own_as_applied`.
        """
        kind, namespace = Kind.of(manifest), manifest["metadata"].get("namespace")
        created, warnings = await self._connection.write("POST", path(kind, namespace), manifest, query=_query(dry_run))
        if not dry_run:
            created = await self._own_as_applied(kind, created)
        return Applied(created, warnings)

    async def apply(self, manifest: Object, *, dry_run: bool = False) -> Applied:
        """Server-side apply with the field manager `moorage`; fields of other managers are taken over (force)."""
        kind, metadata = Kind.of(manifest), manifest["metadata"]
        target = path(kind, metadata.get("namespace"), metadata["name"])
        query = {**_query(dry_run), "force": "true"}
        applied, warnings = await self._connection.write("PATCH", target, manifest, query=query, content_type=_APPLY)
        return Applied(applied, warnings)

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
        except MoorageError:
            live = await self.get(kind, namespace, name) if uid is not None else None
            if uid is None or (live is not None and live["metadata"]["uid"] == uid):
                raise

    async def get(self, kind: Kind, namespace: str | None, name: str) -> Object | None:
        """One object as it is; None where there is none."""
        try:
            found: Object = msgspec.json.decode(await self._connection.get(path(kind, namespace, name)))
        except NotThere:
            return None
        return found

    async def list(self, kind: Kind, namespace: str | None, *, label_selector: str = OURS) -> Sequence[Object]:
        """The objects with these labels as they are, `apiVersion` and `kind` filled in (a list leaves them out)."""
        content = await self._connection.get(path(kind, namespace), {"labelSelector": label_selector})
        items = msgspec.json.decode(content)["items"]
        return [{"apiVersion": kind.api_version, "kind": kind.kind, **item} for item in items]

    async def pod_metrics(self) -> Sequence[PodMetrics]:
        """What our pods use at this moment, by metrics.k8s.io; Unavailable where the cluster does not serve it."""
        try:
            return pod_metrics(await self._connection.get(METRICS_PATH, {"labelSelector": OURS}))
        except NotThere as error:
            message = "The cluster serves no metrics.k8s.io (install metrics-server, or set MOORAGE_PROMETHEUS_URL)."
            raise Unavailable(message, part="metrics") from error

    async def wait_until_seen(self, kind: Kind, resource_version: str, *, timeout: float = _SEEN_SECONDS) -> bool:
        """Read your own write: wait until the Store knows `kind` up to a version; False after `timeout` seconds."""
        return await self.store.wait_until_seen(kind, resource_version, timeout=timeout)

    async def _own_as_applied(self, kind: Kind, created: Object) -> Object:
        """Turn our ownership of a created object's fields from Update to Apply.

        Else a later apply by the same manager is a second owner beside the first, and a field that it no longer names
        stays for ever: https://kubernetes.io/docs/reference/using-api/server-side-apply/#upgrading-from-client-side-apply-to-server-side-apply.
        """
        live: Object | None = created
        for _ in range(_OWNING_ATTEMPTS):
            patch = _to_applied(live["metadata"].get("managedFields") or ()) if live is not None else None
            if live is None or patch is None:
                return live or created
            metadata = live["metadata"]
            namespace, name = metadata.get("namespace"), metadata["name"]
            try:
                changed, _ = await self._connection.write(
                    "PATCH",
                    path(kind, namespace, name),
                    patch,
                    query={"fieldManager": MANAGER},
                    content_type="application/json-patch+json",
                )
            except ClusterRefused:  # a controller wrote in between, and the entry moved
                live = await self.get(kind, namespace, name)
            else:
                return changed
        raise Unavailable(f"{created['kind']} {created['metadata']['name']} changes too fast.", part="cluster")

    async def _run(self, kind: Kind, stall: float) -> None:
        """One informer; that it ends by itself is a defect, and is said out loud."""
        try:
            await Informer(self._connection, self.store, kind, self._report, stall=stall).run()
        except Exception:
            self._report(kind, f"Following {kind.plural} failed; restart Moorage.")
            _logger.exception("the informer of %s ended", kind.plural)

    def _report(self, kind: Kind, trouble: str | None) -> None:
        was_reachable, self._troubles[kind] = self.reachable, trouble
        if was_reachable == self.reachable:
            return
        if self.reachable:
            _logger.info("the cluster answers")
        else:
            _logger.warning("the cluster does not answer: %s", trouble)
        self.store.notify_all()

    async def _wait_until_synced(self) -> None:
        try:
            async with asyncio.timeout(_SYNC_SECONDS):
                told = msgspec.json.decode(await self._connection.get("/version"))
                self.version = str(told["gitVersion"])
                for kind in WATCHED:
                    await self.store.wait_until_seen(kind, "0", timeout=_SYNC_SECONDS)
        except (TimeoutError, MoorageError) as error:
            _logger.warning("the cluster does not answer yet: %s", error)


def _to_applied(managed_fields: Sequence[Object]) -> list[Object] | None:
    """The JSON patch that turns our Update entry into an Apply entry; None where there is no such entry."""
    for index, entry in enumerate(managed_fields):
        if (entry["manager"], entry["operation"], entry.get("subresource")) == (MANAGER, "Update", None):
            place = f"/metadata/managedFields/{index}"
            return [
                {"op": "test", "path": f"{place}/manager", "value": MANAGER},
                {"op": "test", "path": f"{place}/operation", "value": "Update"},
                {"op": "replace", "path": f"{place}/operation", "value": "Apply"},
            ]
    return None


def _query(dry_run: bool) -> dict[str, str]:
    query = {"fieldManager": MANAGER, "fieldValidation": "Strict"}
    return {**query, "dryRun": "All"} if dry_run else query
