"""What the watch cache knows of the cluster: read at once and without I/O, changed by the informers alone.

The Store is cluster truth, not permission truth: services authorize every read.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Container
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from api.clusters.changes import Changes, Subscribers
from api.clusters.objects import (
    WATCHED,
    WORKLOAD_ID,
    Certificate,
    CronJob,
    Deployment,
    Event,
    HTTPRoute,
    Ingress,
    Job,
    Kind,
    Namespace,
    PersistentVolumeClaim,
    Pod,
    ResourceQuota,
    Service,
    StatefulSet,
    T,
    Watched,
)
from api.clusters.progress import Progress
from api.clusters.table import Table

__all__ = ["Changes", "Store"]

EVENTS_PER_NAMESPACE = 500
"""The oldest ones go first: the API server keeps an hour of them, and a crash loop writes many."""
_EARLY = 1000


class Store:
    """The objects of the watched kinds, indexed by namespace, by app and by UID."""

    def __init__(self) -> None:
        self._tables: dict[Kind, Table[Any]] = {kind: Table() for kind in WATCHED}
        self._progress = {kind: Progress() for kind in WATCHED}
        self._subscribers = Subscribers()
        self._early: deque[tuple[Kind, Watched]] = deque(maxlen=_EARLY)

    @property
    def synced(self) -> bool:
        """Whether every kind was read at least once; those that a cluster may lack are not waited for."""
        return all(self._progress[kind].begun for kind, watched in WATCHED.items() if not watched.optional)

    def as_of(self, kind: Kind) -> datetime | None:
        """When the cluster last told of this kind; None before the first time."""
        return self._progress[kind].heard_at

    def namespace(self, slug: str) -> Namespace | None:
        return self._table(Kind.NAMESPACE, Namespace).get("", slug)

    def deployments(self, namespace: str, workload: UUID | None = None) -> list[Deployment]:
        """The Deployments of a namespace, or of one app in it; likewise of the other kinds."""
        return self._some(Kind.DEPLOYMENT, Deployment, namespace, workload)

    def stateful_sets(self, namespace: str, workload: UUID | None = None) -> list[StatefulSet]:
        return self._some(Kind.STATEFUL_SET, StatefulSet, namespace, workload)

    def cron_jobs(self, namespace: str, workload: UUID | None = None) -> list[CronJob]:
        return self._some(Kind.CRON_JOB, CronJob, namespace, workload)

    def jobs(self, namespace: str, workload: UUID | None = None) -> list[Job]:
        return self._some(Kind.JOB, Job, namespace, workload)

    def job(self, uid: str) -> Job | None:
        return self._table(Kind.JOB, Job).by_uid(uid)

    def claims(self, namespace: str, workload: UUID | None = None) -> list[PersistentVolumeClaim]:
        return self._some(Kind.PERSISTENT_VOLUME_CLAIM, PersistentVolumeClaim, namespace, workload)

    def claim(self, uid: str) -> PersistentVolumeClaim | None:
        return self._table(Kind.PERSISTENT_VOLUME_CLAIM, PersistentVolumeClaim).by_uid(uid)

    def deployment(self, namespace: str, name: str) -> Deployment | None:
        return self._table(Kind.DEPLOYMENT, Deployment).get(namespace, name)

    def pods(self, namespace: str, workload: UUID | None = None) -> list[Pod]:
        return self._some(Kind.POD, Pod, namespace, workload)

    def pod(self, uid: str) -> Pod | None:
        return self._table(Kind.POD, Pod).by_uid(uid)

    def events(self, namespace: str) -> list[Event]:
        """What was reported of anything in a namespace."""
        return self._table(Kind.EVENT, Event).in_namespace(namespace)

    def event(self, uid: str) -> Event | None:
        return self._table(Kind.EVENT, Event).by_uid(uid)

    def resource_quotas(self, namespace: str) -> list[ResourceQuota]:
        return self._table(Kind.RESOURCE_QUOTA, ResourceQuota).in_namespace(namespace)

    def services(self, namespace: str, workload: UUID | None = None) -> list[Service]:
        return self._some(Kind.SERVICE, Service, namespace, workload)

    def ingresses(self, namespace: str, workload: UUID | None = None) -> list[Ingress]:
        return self._some(Kind.INGRESS, Ingress, namespace, workload)

    def http_routes(self, namespace: str, workload: UUID | None = None) -> list[HTTPRoute]:
        """None at all where the cluster does not serve the kind; likewise of certificates."""
        return self._some(Kind.HTTP_ROUTE, HTTPRoute, namespace, workload)

    def certificates(self, namespace: str, workload: UUID | None = None) -> list[Certificate]:
        return self._some(Kind.CERTIFICATE, Certificate, namespace, workload)

    def subscribe(self, namespace: str, workload: UUID | None = None) -> AbstractContextManager[Changes]:
        """Be told of changes in a namespace, or of those that may concern one app in it."""
        return self._subscribers.subscribed(namespace, workload)

    async def wait_until_seen(self, kind: Kind, resource_version: str, *, timeout: float) -> bool:
        """Wait until this kind is known up to `resource_version`; False after `timeout` seconds without."""
        return await self._progress[kind].wait(resource_version, timeout=timeout)

    # What informers do:

    def put(self, kind: Kind, item: Watched) -> None:
        """An object is there, in this state."""
        if not self._is_ours(kind, item):
            self._early.append((kind, item))
            return
        former = self._tables[kind].put(item)
        if former is None or former.metadata.resource_version != item.metadata.resource_version:
            self._notify(item, former)
        if isinstance(item, Event):
            self._tables[kind].keep_newest(item.metadata.namespace or "", EVENTS_PER_NAMESPACE, age=_last_seen)
        if former is None and isinstance(item, Namespace):
            self._take_in_early()

    def remove(self, kind: Kind, item: Watched) -> None:
        """An object is gone."""
        if self._tables[kind].remove(item):
            self._notify(item)

    def absent_from(self, kind: Kind, uids: Container[str]) -> list[Watched]:
        """The objects that a whole list of the kind does not have: they are gone, though nobody told of it."""
        return self._tables[kind].absent_from(uids)

    def reached(self, kind: Kind, resource_version: str) -> None:
        """This kind is known up to `resource_version`."""
        self._progress[kind].reached(resource_version)

    def notify_all(self) -> None:
        """Tell every subscriber: the cluster became reachable, or ceased to be."""
        self._subscribers.notify_all()

    def _is_ours(self, kind: Kind, item: Watched) -> bool:
        """Kinds that are watched without a selector are kept for namespaces of ours only."""
        return WATCHED[kind].selector is not None or self.namespace(item.metadata.namespace or "") is not None

    def _take_in_early(self) -> None:
        """Look again at what was told of namespaces that were not known yet: kinds arrive in no order."""
        early, self._early = self._early, deque(maxlen=_EARLY)
        for kind, item in early:
            self.put(kind, item)

    def _notify(self, item: Watched, former: Watched | None = None) -> None:
        namespace = item.metadata.name if isinstance(item, Namespace) else item.metadata.namespace or ""
        workload = item.metadata.labels.get(WORKLOAD_ID)
        self._subscribers.notify(namespace, workload)
        if former is not None and (left := former.metadata.labels.get(WORKLOAD_ID)) != workload:
            self._subscribers.notify(namespace, left)

    def _some(self, kind: Kind, struct: type[T], namespace: str, workload: UUID | None) -> list[T]:
        table = self._table(kind, struct)
        return table.in_namespace(namespace) if workload is None else table.of_workload(namespace, workload)

    def _table(self, kind: Kind, struct: type[T]) -> Table[T]:  # noqa: ARG002 - says what the caller gets
        return cast("Table[T]", self._tables[kind])


def _last_seen(event: Event) -> datetime:
    return event.last_timestamp or event.event_time or event.metadata.creation_timestamp
