"""What the watch cache knows of the cluster: read at once and without I/O, changed by the informers alone.

The Store is cluster truth, not permission truth: services authorize every read.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Collection, Container, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from api.clusters.changes import Changes, Key, Subscribers, Touched
from api.clusters.objects import (
    WATCHED,
    WORKLOAD_ID,
    Certificate,
    CronJob,
    Deployment,
    Edition,
    Event,
    HorizontalPodAutoscaler,
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

__all__ = ["Changes", "Footprint", "Key", "Store", "Touched"]

Footprint = dict[tuple[Kind, str], Edition]
"""Objects by kind and name, each as last edited."""

EVENTS_PER_NAMESPACE = 500
"""The oldest ones go first: the API server keeps an hour of them, and a crash loop writes many."""
_EARLY = 1000
_AWAITED = {kind for kind, watched in WATCHED.items() if not watched.optional}


class Store:
    """The objects of the watched kinds, indexed by namespace, by app and by UID."""

    def __init__(self) -> None:
        self._tables: dict[Kind, Table[Any]] = {kind: Table() for kind in WATCHED}
        self._progress: dict[Kind, dict[str | None, Progress]] = {kind: {None: Progress()} for kind in WATCHED}
        self._changed: dict[tuple[Kind, str], int] = {}
        self._begun: set[Kind] = set()
        self._denied: dict[Kind, set[str | None]] = {kind: set() for kind in WATCHED}
        self._subscribers = Subscribers()
        self._early: deque[tuple[Kind, Watched]] = deque(maxlen=_EARLY)

    @property
    def synced(self) -> bool:
        """Whether every kind was read at least once; those that a cluster may lack are not waited for."""
        return self._begun >= _AWAITED

    def as_of(self, kind: Kind) -> datetime | None:
        """When the cluster last told of this kind, everywhere; None before the first time."""
        heard = [progress.heard_at for progress in self._progress[kind].values()]
        return min((each for each in heard if each is not None), default=None) if all(heard) else None

    def versions(self, kinds: Iterable[Kind], namespace: str) -> tuple[str, ...]:
        """The resourceVersion of the latest change of each of these kinds in a namespace; `0` where there was none.

        Who knows a kind up to it knows all that is known here of the namespace. How far the whole kind is known would
        be more than that: where nothing happens, bookmarks alone tell, another process perhaps a minute later.
        """
        return tuple(str(self._changed_at(kind, namespace)) for kind in kinds)

    def _changed_at(self, kind: Kind, namespace: str) -> int:
        known = min((each.version for each in self._followed(kind, namespace)), default=0)
        return min(self._changed.get((kind, namespace), 0), known)  # a cluster that was restored knows less than before

    def _followed(self, kind: Kind, namespace: str | None) -> list[Progress]:
        """How far a kind is known in a namespace, or in each part in which it is followed."""
        scopes = self._progress[kind]
        return [scopes[namespace]] if namespace in scopes else list(scopes.values())

    def number_of(self, kind: Kind) -> int:
        """How many objects of this kind are known."""
        return len(self._tables[kind])

    def is_denied(self, kind: Kind, namespace: str) -> bool:
        """Whether Moorage may not read this kind in a namespace, so that what is absent may be there all the same."""
        return not self._denied[kind].isdisjoint((None, namespace))

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

    def autoscalers(self, namespace: str, workload: UUID | None = None) -> list[HorizontalPodAutoscaler]:
        return self._some(Kind.HORIZONTAL_POD_AUTOSCALER, HorizontalPodAutoscaler, namespace, workload)

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

    def footprint(self, kinds: Iterable[Kind], namespace: str, workload: str | None) -> Footprint:
        """The objects of some kinds that belong to an app (None: to none), each as it was last edited.

        Two that are equal say that nobody has edited, deleted or added anything in between.
        """
        found = ((kind, self._belonging(kind, namespace, workload)) for kind in kinds)
        return {(kind, item.metadata.name): item.edition for kind, items in found for item in items}

    def names_of(self, namespace: str, workload: UUID) -> dict[Kind, set[str] | None]:
        """The names of an app's objects, by kind, where it has one of that; None of a kind that was not read yet."""
        label = str(workload)
        found = ((kind, table.of_workload(namespace, label)) for kind, table in self._tables.items())
        return {
            kind: {item.metadata.name for item in items} if kind in self._begun else None
            for kind, items in found
            if items or kind not in self._begun
        }

    def owners(self, kinds: Iterable[Kind]) -> set[Key]:
        """Every app and namespace that something of these kinds says to belong to."""
        items = (item for kind in kinds for item in self._tables[kind])
        return {(_namespace_of(item), item.metadata.labels.get(WORKLOAD_ID)) for item in items}

    def touched(self) -> AbstractContextManager[Touched]:
        """Be told of whatever changes in any namespace of ours, by app."""
        return self._subscribers.everything()

    def services(self, namespace: str, workload: UUID | None = None) -> list[Service]:
        return self._some(Kind.SERVICE, Service, namespace, workload)

    def ingresses(self, namespace: str, workload: UUID | None = None) -> list[Ingress]:
        return self._some(Kind.INGRESS, Ingress, namespace, workload)

    def http_routes(self, namespace: str, workload: UUID | None = None) -> list[HTTPRoute]:
        """None at all where the cluster does not serve the kind; likewise of certificates."""
        return self._some(Kind.HTTP_ROUTE, HTTPRoute, namespace, workload)

    def certificates(self, namespace: str, workload: UUID | None = None) -> list[Certificate]:
        return self._some(Kind.CERTIFICATE, Certificate, namespace, workload)

    def generation(self, namespace: str) -> int:
        """Another number after each change of anything in the namespace."""
        return self._subscribers.generation(namespace)

    def subscribe(self, namespace: str, workload: UUID | None = None) -> AbstractContextManager[Changes]:
        """Be told of changes in a namespace, or of those that may concern one app in it."""
        return self._subscribers.subscribed(namespace, workload)

    async def wait_until_seen(
        self, kind: Kind, resource_version: str, *, timeout: float, namespace: str | None = None
    ) -> bool:
        """Wait until this kind is known up to `resource_version`; False after `timeout` seconds without.

        With `namespace` it is enough to know it there, where namespaces are followed one by one.
        """
        waited = self._followed(kind, namespace)
        return all(await asyncio.gather(*(each.wait(resource_version, timeout=timeout) for each in waited)))

    # What informers do:

    def put(self, kind: Kind, item: Watched) -> None:
        """An object is there, in this state."""
        if not self._is_ours(kind, item):
            self._early.append((kind, item))
            return
        former = self._tables[kind].put(item)
        self._has_changed(kind, item, item.metadata.resource_version)
        if former is None or former.metadata.resource_version != item.metadata.resource_version:
            self._notify(item, former)
        if isinstance(item, Event):
            self._tables[kind].keep_newest(item.metadata.namespace or "", EVENTS_PER_NAMESPACE, age=_last_seen)
        if former is None and isinstance(item, Namespace):
            self._take_in_early()

    def remove(self, kind: Kind, item: Watched, version: str | None = None) -> None:
        """An object is gone, since a resourceVersion: its own where nothing else is told."""
        if self._tables[kind].remove(item):
            self._has_changed(kind, item, version or item.metadata.resource_version)
            self._notify(item)
        namespace = _namespace_of(item)
        if isinstance(item, Namespace) or (Kind.NAMESPACE in self._begun and self.namespace(namespace) is None):
            for each in WATCHED:
                self._changed.pop((each, namespace), None)

    def absent_from(self, kind: Kind, uids: Container[str], namespace: str | None = None) -> list[Watched]:
        """The objects that a whole list of the kind does not have: they are gone, though nobody told of it.

        With `namespace` the list was of that one alone.
        """
        return self._tables[kind].absent_from(uids, namespace)

    def reached(self, kind: Kind, resource_version: str, namespace: str | None = None) -> None:
        """This kind is known up to `resource_version`, in the whole cluster or in one namespace."""
        if denied := self._denied[kind]:  # it may be read by now
            self._denied[kind] = denied - {namespace} if namespace is not None else set()
            self.notify_all()
        self._progressed(kind, resource_version, namespace)

    def _progressed(self, kind: Kind, resource_version: str, namespace: str | None) -> None:
        scopes = self._progress[kind]
        if namespace is None and None not in scopes:  # it may be followed as a whole again
            scopes = self._progress[kind] = {None: Progress()}
        if namespace in scopes:
            scopes[namespace].reached(resource_version)
            if all(progress.begun for progress in scopes.values()):
                self._begun.add(kind)

    def narrow(self, kind: Kind, namespaces: Collection[str]) -> None:
        """The kind is followed in these namespaces only: what is known of it elsewhere is forgotten."""
        if denied := self._denied[kind]:  # where it was denied everywhere, each has to be read first
            self._denied[kind] = set(namespaces) if None in denied else denied & set(namespaces)
        former = self._progress[kind]
        self._progress[kind] = {each: former.get(each) or Progress() for each in namespaces}
        for item in self._tables[kind].absent_from(()):
            place = item.metadata.name if isinstance(item, Namespace) else item.metadata.namespace
            if place not in namespaces:
                self.remove(kind, item)

    def forget(self, kind: Kind, namespace: str) -> None:
        """Nothing of this kind can be known in a namespace any more."""
        for item in self._tables[kind].absent_from((), namespace):
            self.remove(kind, item)
        self._progressed(kind, "0", namespace)

    def deny(self, kind: Kind, namespace: str | None = None) -> None:
        """Moorage may not read this kind: in a namespace, or in the whole cluster."""
        if namespace not in self._denied[kind]:
            self._denied[kind].add(namespace)
            self.notify_all()

    def notify_all(self) -> None:
        """Tell every subscriber: the cluster became reachable, or ceased to be."""
        self._subscribers.notify_all()

    def _has_changed(self, kind: Kind, item: Watched, version: str) -> None:
        place = kind, _namespace_of(item)
        self._changed[place] = max(self._changed.get(place, 0), int(version))

    def _is_ours(self, kind: Kind, item: Watched) -> bool:
        """Kinds that are watched without a selector are kept for namespaces of ours only."""
        return WATCHED[kind].selector is not None or self.namespace(item.metadata.namespace or "") is not None

    def _take_in_early(self) -> None:
        """Look again at what was told of namespaces that were not known yet: kinds arrive in no order."""
        early, self._early = self._early, deque(maxlen=_EARLY)
        for kind, item in early:
            self.put(kind, item)

    def _notify(self, item: Watched, former: Watched | None = None) -> None:
        namespace = _namespace_of(item)
        workload = item.metadata.labels.get(WORKLOAD_ID)
        self._subscribers.notify(namespace, workload)
        if former is not None and (left := former.metadata.labels.get(WORKLOAD_ID)) != workload:
            self._subscribers.notify(namespace, left)

    def _belonging(self, kind: Kind, namespace: str, workload: str | None) -> Sequence[Watched]:
        table = self._tables[kind]
        if workload is not None:
            return table.of_workload(namespace, workload)
        if kind is Kind.NAMESPACE:
            found = self.namespace(namespace)
            return [found] if found is not None else []
        return [item for item in table.in_namespace(namespace) if WORKLOAD_ID not in item.metadata.labels]

    def _some(self, kind: Kind, struct: type[T], namespace: str, workload: UUID | None) -> list[T]:
        table = self._table(kind, struct)
        return table.in_namespace(namespace) if workload is None else table.of_workload(namespace, workload)

    def _table(self, kind: Kind, struct: type[T]) -> Table[T]:  # noqa: ARG002 - says what the caller gets
        return cast("Table[T]", self._tables[kind])


def _namespace_of(item: Watched) -> str:
    return item.metadata.name if isinstance(item, Namespace) else item.metadata.namespace or ""


def _last_seen(event: Event) -> datetime:
    return event.last_timestamp or event.event_time or event.metadata.creation_timestamp
