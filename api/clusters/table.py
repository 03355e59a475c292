"""The objects of one kind, with the indexes by which they are looked up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from api.clusters.objects import Deployment, Pod, Watched, workload_id

K = TypeVar("K")


class Table:
    """Objects by namespace and name; those with an app's label by that too. Nothing in it is ever walked whole: work
    for one namespace does not grow with the cluster."""

    def __init__(self) -> None:
        self._by_namespace: dict[str, dict[str, Watched]] = {}
        self._by_workload: dict[tuple[str, UUID], dict[str, Watched]] = {}
        self._by_uid: dict[str, Watched] = {}

    def __len__(self) -> int:
        return len(self._by_uid)

    def get(self, namespace: str, name: str) -> Watched | None:
        return self._by_namespace.get(namespace, {}).get(name)

    def in_namespace(self, namespace: str) -> Iterable[Watched]:
        return self._by_namespace.get(namespace, {}).values()

    def of_workload(self, namespace: str, workload: UUID) -> Iterable[Watched]:
        return self._by_workload.get((namespace, workload), {}).values()

    def by_uid(self, uid: str) -> Watched | None:
        return self._by_uid.get(uid)

    def put(self, item: Watched) -> bool:
        """Keep an object; False where it was kept already, or a later state of it was."""
        namespace, name = _place(item)
        former = self.get(namespace, name)
        if former is not None:
            if _is_older(item, former):
                return False
            self._drop(former)
        self._by_namespace.setdefault(namespace, {})[name] = item
        self._by_uid[item.metadata.uid] = item
        if (workload := _workload(item)) is not None:
            self._by_workload.setdefault((namespace, workload), {})[name] = item
        return True

    def remove(self, item: Watched) -> bool:
        """Forget an object; False where it is not kept, or another has taken its name since."""
        former = self.get(*_place(item))
        if former is None or former.metadata.uid != item.metadata.uid:
            return False
        self._drop(former)
        return True

    def missing_from(self, items: Iterable[Watched]) -> list[Watched]:
        """What is kept, and not among `items` (by UID)."""
        uids = {item.metadata.uid for item in items}
        return [item for uid, item in self._by_uid.items() if uid not in uids]

    def keep_newest(self, namespace: str, most: int) -> None:
        """Forget what was put first, until `most` are left in the namespace."""
        while len(self._by_namespace.get(namespace, {})) > most:
            self._drop(next(iter(self._by_namespace[namespace].values())))

    def _drop(self, item: Watched) -> None:
        namespace, name = _place(item)
        _discard(self._by_namespace, namespace, name)
        if (workload := _workload(item)) is not None:
            _discard(self._by_workload, (namespace, workload), name)
        self._by_uid.pop(item.metadata.uid, None)


def _discard(index: dict[K, dict[str, Watched]], key: K, name: str) -> None:
    """Take an entry out, and its group with the last one: what is deleted leaves nothing behind."""
    group = index.get(key, {})
    group.pop(name, None)
    if not group:
        index.pop(key, None)


def _place(item: Watched) -> tuple[str, str]:
    return item.metadata.namespace or "", item.metadata.name


def _workload(item: Watched) -> UUID | None:
    return workload_id(item) if isinstance(item, Deployment | Pod) else None


def _is_older(item: Watched, former: Watched) -> bool:
    """The same state, or an earlier one of the same object."""
    same = item.metadata.uid == former.metadata.uid
    return same and int(item.metadata.resource_version) <= int(former.metadata.resource_version)
