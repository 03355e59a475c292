"""Owning what we created as if it had been applied, while controllers write to the same object."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from api.clusters.cluster import Cluster
from api.clusters.connection import Connection
from api.clusters.models import Applied, ClusterKind
from api.errors import Unavailable
from tests.api.clusters.scripted_api import ScriptedApi

Json = dict[str, Any]
Creation = asyncio.Task[Applied]


def live(*owners: tuple[str, str]) -> Json:
    """A Service with these field managers and operations."""
    entries = [{"manager": manager, "operation": operation} for manager, operation in owners]
    metadata = {"name": "web", "namespace": "shop", "managedFields": entries}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata}


def operations(patch: bytes) -> Sequence[tuple[str, str]]:
    return [(each["op"], each["path"]) for each in json.loads(patch)]


CREATED = live(("moorage", "Update"))
OWNED = live(("moorage", "Apply"))


@pytest.fixture
async def creation(api: ScriptedApi, connection: Connection) -> AsyncIterator[Creation]:
    """A creation whose POST has gone well."""
    cluster = Cluster(connection, ClusterKind.KUBERNETES)
    task = asyncio.create_task(cluster.create(live()))
    (await api.request()).answer(CREATED)
    yield task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_our_entry_is_turned_to_apply(api: ScriptedApi, creation: Creation) -> None:
    patch = await api.request()
    patch.answer(OWNED)

    entry = "/metadata/managedFields/0"
    expected = [
        ("test", f"{entry}/manager"),
        ("test", f"{entry}/operation"),
        ("replace", f"{entry}/operation"),
        ("replace", f"{entry}/fieldsV1"),
    ]
    assert (expected, "moorage") == (operations(patch.body), patch.query["fieldManager"])
    assert OWNED == (await creation).object


async def test_an_entry_that_moved_is_looked_for_again(api: ScriptedApi, creation: Creation) -> None:
    (await api.request()).refuse(422, "the server rejected our request due to an error in our request")
    (await api.request()).answer(live(("controller", "Update"), ("moorage", "Update")))

    again = await api.request()
    again.answer(OWNED)

    assert ("replace", "/metadata/managedFields/1/operation") in operations(again.body)
    assert OWNED == (await creation).object


async def test_an_object_that_is_deleted_meanwhile_is_answered_as_it_was(api: ScriptedApi, creation: Creation) -> None:
    (await api.request()).refuse(404, 'services "web" not found')
    (await api.request()).refuse(404, 'services "web" not found')

    assert CREATED == (await creation).object


async def test_an_object_that_never_holds_still_is_given_up(api: ScriptedApi, creation: Creation) -> None:
    for _ in range(5):
        (await api.request()).refuse(409, "the object has been modified")
        (await api.request()).answer(CREATED)

    with pytest.raises(Unavailable, match="Service web changes too fast"):
        await creation
    assert api.is_quiet
