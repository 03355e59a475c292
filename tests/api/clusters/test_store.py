"""The Store by itself: how far it says that a namespace is known, for another process to wait for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from api.clusters.objects import Kind, Namespace, ObjectMeta, Pod, PodSpec
from api.clusters.store import Store

SHOP = "shop"


@pytest.fixture
def store() -> Store:
    """In which a namespace of ours is known."""
    store = Store()
    store.put(Kind.NAMESPACE, Namespace(metadata=meta(SHOP, "1", namespace=None)))
    store.reached(Kind.NAMESPACE, "1")
    return store


def meta(name: str, version: str, namespace: str | None = SHOP) -> ObjectMeta:
    return ObjectMeta(
        name=name, uid=name, resource_version=version, creation_timestamp=datetime.now(UTC), namespace=namespace
    )


def pod(name: str, version: str, namespace: str = SHOP) -> Pod:
    return Pod(metadata=meta(name, version, namespace), spec=PodSpec())


def version(store: Store, namespace: str = SHOP) -> str:
    (version,) = store.versions([Kind.POD], namespace)
    return version


def test_a_namespace_is_known_up_to_its_latest_change_whatever_was_read_since(store: Store) -> None:
    """A bookmark, or a list, reaches another process at another time; a change all of them at once."""
    store.put(Kind.POD, pod("a", "7"))
    store.put(Kind.POD, pod("b", "5"))

    store.reached(Kind.POD, "100")

    assert "7" == version(store)
    assert "0" == version(store, "quiet")


def test_a_deletion_is_a_change_at_its_own_version(store: Store) -> None:
    store.put(Kind.POD, pod("a", "7"))
    store.remove(Kind.POD, pod("a", "9"))
    store.reached(Kind.POD, "9")

    assert "9" == version(store)


def test_a_deletion_that_nobody_told_of_is_known_as_of_the_list_without_it(store: Store) -> None:
    store.put(Kind.POD, pod("a", "7"))
    (gone,) = store.absent_from(Kind.POD, ())
    store.remove(Kind.POD, gone, "30")
    store.reached(Kind.POD, "30")

    assert "30" == version(store)


def test_of_a_cluster_that_was_restored_no_more_is_asked_than_it_has(store: Store) -> None:
    store.put(Kind.POD, pod("a", "700"))
    store.reached(Kind.POD, "700")

    store.reached(Kind.POD, "20")

    assert "20" == version(store)


def test_nothing_is_kept_of_a_namespace_that_is_gone(store: Store) -> None:
    store.put(Kind.POD, pod("a", "7"))
    store.reached(Kind.POD, "9")

    store.remove(Kind.NAMESPACE, Namespace(metadata=meta(SHOP, "9", namespace=None)))

    assert "0" == version(store)


def test_nothing_is_kept_of_a_namespace_whose_objects_are_told_to_be_gone_after_it(store: Store) -> None:
    """Each kind is told by a watch of its own, in no order."""
    store.put(Kind.POD, pod("a", "7"))
    store.remove(Kind.NAMESPACE, Namespace(metadata=meta(SHOP, "9", namespace=None)))
    store.remove(Kind.POD, pod("a", "8"))

    assert {} == store._changed
