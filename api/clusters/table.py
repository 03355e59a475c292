"""The objects of one kind, with the indexes by which they are looked up."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from api.clusters.objects import WORKLOAD_ID, T

K = TypeVar("K")


class Table(Generic[T]):
    """Objects by namespace and name; those with an app's label by that too. Only a relist walks it whole: work for one
    namespace does not grow with the cluster."""

    def __init__(self) -> None:
        self._by_namespace: dict[str, dict[str, T]] = {}
        self._by_workload: dict[tuple[str, int | str], dict[str, T]] = {}
        self._by_uid: dict[str, T] = {}

    def __iter__(self) -> Iterator[T]:
        return iter(self._by_uid.values())

    def __len__(self) -> int:
        return len(self._by_uid)

    def get(self, namespace: str, name: str) -> T | None:
        return self._by_namespace.get(namespace, {}).get(name)

    def in_namespace(self, namespace: str) -> list[T]:
        return list(self._by_namespace.get(namespace, {}).values())

    def of_workload(self, namespace: str, workload: UUID | str) -> list[T]:
        return list(self._by_workload.get((namespace, _number(workload)), {}).values())

    def by_uid(self, uid: str) -> T | None:
        return self._by_uid.get(uid)

    def absent_from(self, uids: Container[str], namespace: str | None = None) -> list[T]:
        """What is kept (of one namespace, where one is named), and is not among these."""
        items = self._by_uid.values() if namespace is None else self._by_namespace.get(namespace, {}).values()
        return [item for item in items if item.metadata.uid not in uids]

    def put(self, item: T) -> T | None:
        """Keep an object as it is now; answers what its name stood for before."""
        namespace, name = _place(item)
        former = self.get(namespace, name)
        if former is not None:
            self._drop(former)
        self._by_namespace.setdefault(namespace, {})[name] = item
        self._by_uid[item.metadata.uid] = item
        if (workload := item.metadata.labels.get(WORKLOAD_ID)) is not None:
            self._by_workload.setdefault((namespace, _number(workload)), {})[name] = item
        return former

    def remove(self, item: T) -> bool:
        """Forget an object; False where it is not kept, or another has taken its name since."""
        former = self.get(*_place(item))
        if former is None or former.metadata.uid != item.metadata.uid:
            return False
        self._drop(former)
        return True

    def keep_newest(self, namespace: str, most: int, *, age: Callable[[T], datetime]) -> None:
        """Forget the oldest of a namespace, until `most` are left.

        Done once they are a fifth too many, so that the sorting is spread over that many additions.
        """
        items = self._by_namespace.get(namespace, {})
        if len(items) * 5 > most * 6:
            for item in sorted(items.values(), key=age)[:-most]:
                self._drop(item)

    def _drop(self, item: T) -> None:
        namespace, name = _place(item)
        _discard(self._by_namespace, namespace, name)
        if (workload := item.metadata.labels.get(WORKLOAD_ID)) is not None:
            _discard(self._by_workload, (namespace, _number(workload)), name)
        self._by_uid.pop(item.metadata.uid, None)


def _discard(index: dict[K, dict[str, T]], key: K, name: str) -> None:
    """Take an entry out, and its group with the last one: what is deleted leaves nothing behind."""
    group = index.get(key, {})
    group.pop(name, None)
    if not group:
        index.pop(key, None)


def _place(item: T) -> tuple[str, str]:
    return item.metadata.namespace or "", item.metadata.name


def _number(workload: UUID | str) -> int | str:
    """An app's id as its number: its text takes a microsecond to write, and a page asks for hundreds. A label that is
    no such text, as anybody may write one, stays what it is."""
    if isinstance(workload, UUID):
        return workload.int
    try:
        id = UUID(workload)
    except ValueError:
        return workload
    return id.int if str(id) == workload else workload
