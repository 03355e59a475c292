"""What the watch cache knows of the cluster: read at once and without I/O, changed by the informers alone.

The Store is cluster truth, not permission truth: services authorize every read.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from api.clusters.objects import (
    WATCHED,
    Deployment,
    Event,
    Kind,
    Namespace,
    Pod,
    ResourceQuota,
    Watched,
    workload_id,
)
from api.clusters.table import Table

T = TypeVar("T", bound=Watched)

_EVENTS_PER_NAMESPACE = 500
"""The oldest ones go first: the API server keeps an hour of them, and a crash loop writes many."""


class Changes:
    """Says that something changed, never what: whoever is told reads the Store.

    However many changes came while nobody waited, one `anext` tells of them: a slow consumer costs nothing.
    """

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def __aiter__(self) -> Changes:
        return self

    async def __anext__(self) -> None:
        await self._changed.wait()
        self._changed.clear()

    def notify(self) -> None:
        """Something changed."""
        self._changed.set()


class Store:
    """The objects of the watched kinds, indexed by namespace, by app and by UID."""

    def __init__(self) -> None:
        self._tables: dict[Kind, Table] = {kind: Table() for kind in WATCHED}
        self._heard: dict[Kind, datetime] = {}
        self._versions: dict[Kind, int] = {}
        self._waiting: dict[Kind, dict[asyncio.Future[None], int]] = defaultdict(dict)
        self._subscribers: dict[str, dict[Changes, UUID | None]] = {}

    @property
    def synced(self) -> bool:
        """Whether every kind was read at least once."""
        return len(self._versions) == len(self._tables)

    def as_of(self, kind: Kind) -> datetime | None:
        """When the cluster last told of this kind; None before the first time."""
        return self._heard.get(kind)

    def namespace(self, slug: str) -> Namespace | None:
        return self._get(Kind.NAMESPACE, Namespace, "", slug)

    def deployments(self, namespace: str) -> list[Deployment]:
        return self._in(Kind.DEPLOYMENT, Deployment, namespace)

    def deployment(self, namespace: str, name: str) -> Deployment | None:
        return self._get(Kind.DEPLOYMENT, Deployment, namespace, name)

    def pods(self, namespace: str, workload: UUID | None = None) -> list[Pod]:
        """The pods of a namespace, or of one app in it."""
        if workload is None:
            return self._in(Kind.POD, Pod, namespace)
        found = self._tables[Kind.POD].of_workload(namespace, workload)
        return [pod for pod in found if isinstance(pod, Pod)]

    def pod(self, uid: str) -> Pod | None:
        found = self._tables[Kind.POD].by_uid(uid)
        return found if isinstance(found, Pod) else None

    def events(self, namespace: str, names: Iterable[str] | None = None) -> list[Event]:
        """What was reported in a namespace: of everything, or of the objects with these names."""
        events = self._in(Kind.EVENT, Event, namespace)
        if names is None:
            return events
        wanted = frozenset(names)
        return [event for event in events if event.involved_object.name in wanted]

    def event(self, uid: str) -> Event | None:
        found = self._tables[Kind.EVENT].by_uid(uid)
        return found if isinstance(found, Event) else None

    def resource_quotas(self, namespace: str) -> list[ResourceQuota]:
        return self._in(Kind.RESOURCE_QUOTA, ResourceQuota, namespace)

    def count(self, kind: Kind) -> int:
        """How many objects of a kind are held."""
        return len(self._tables[kind])

    @contextmanager
    def subscribe(self, namespace: str, workload: UUID | None = None) -> Iterator[Changes]:
        """Be told of changes in a namespace, or of those that may concern one app in it."""
        changes = Changes()
        self._subscribers.setdefault(namespace, {})[changes] = workload
        try:
            yield changes
        finally:
            subscribers = self._subscribers[namespace]
            del subscribers[changes]
            if not subscribers:
                del self._subscribers[namespace]

    async def wait_until_seen(self, kind: Kind, resource_version: str, *, timeout: float) -> bool:
        """Wait until this kind is known up to `resource_version`; False after `timeout` seconds without.

        Resource versions of a kind grow, and may be compared as integers:
        https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions.
        """
        wanted = int(resource_version)
        if self._versions.get(kind, -1) >= wanted:
            return True
        seen: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[kind][seen] = wanted
        try:
            async with asyncio.timeout(timeout):
                await seen
        except TimeoutError:
            return False
        finally:
            self._waiting[kind].pop(seen, None)
        return True

    # What informers do:

    def replace(self, kind: Kind, items: Iterable[Watched], resource_version: str) -> None:
        """Take a whole list for what there is; what it lacks is gone, and told of as a change like any other."""
        table = self._tables[kind]
        kept = [item for item in items if self._is_ours(kind, item)]
        for item in table.missing_from(kept):
            self._remove(kind, item)
        for item in kept:
            self._put(kind, item)
        self.reached(kind, resource_version)

    def put(self, kind: Kind, item: Watched) -> None:
        """An object was added or changed."""
        if self._is_ours(kind, item):
            self._put(kind, item)
        self.reached(kind, item.metadata.resource_version)

    def remove(self, kind: Kind, item: Watched) -> None:
        """An object was deleted."""
        self._remove(kind, item)
        self.reached(kind, item.metadata.resource_version)

    def reached(self, kind: Kind, resource_version: str) -> None:
        """This kind is known up to `resource_version`."""
        version = int(resource_version)
        self._versions[kind] = max(version, self._versions.get(kind, -1))
        self._heard[kind] = datetime.now(UTC)
        for seen, wanted in self._waiting[kind].items():
            if wanted <= version and not seen.done():
                seen.set_result(None)

    def notify_all(self) -> None:
        """Tell every subscriber: the cluster became reachable, or ceased to be."""
        for subscribers in self._subscribers.values():
            for changes in subscribers:
                changes.notify()

    def _put(self, kind: Kind, item: Watched) -> None:
        table = self._tables[kind]
        if not table.put(item):
            return
        self._notify(item)
        if isinstance(item, Event):
            table.keep_newest(item.metadata.namespace or "", _EVENTS_PER_NAMESPACE)

    def _remove(self, kind: Kind, item: Watched) -> None:
        if self._tables[kind].remove(item):
            self._notify(item)

    def _is_ours(self, kind: Kind, item: Watched) -> bool:
        """Kinds that are watched without a selector are kept for namespaces of ours only."""
        return WATCHED[kind].selector is not None or self.namespace(item.metadata.namespace or "") is not None

    def _notify(self, item: Watched) -> None:
        """Those who follow the namespace, and those who follow the app that the object is of, if it is of one."""
        namespace = item.metadata.name if isinstance(item, Namespace) else item.metadata.namespace or ""
        of = workload_id(item) if isinstance(item, Deployment | Pod) else None
        for changes, wanted in self._subscribers.get(namespace, {}).items():
            if wanted is None or of is None or wanted == of:
                changes.notify()

    def _in(self, kind: Kind, struct: type[T], namespace: str) -> list[T]:
        return [item for item in self._tables[kind].in_namespace(namespace) if isinstance(item, struct)]

    def _get(self, kind: Kind, struct: type[T], namespace: str, name: str) -> T | None:
        found = self._tables[kind].get(namespace, name)
        return found if isinstance(found, struct) else None
