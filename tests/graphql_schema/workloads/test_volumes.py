"""Disks in the graph: listed with who has a use for them, and deleted once by their id and name."""

from __future__ import annotations

from typing import Any

import pytest

from api.authorization.models import Principal
from api.clusters.cluster import Cluster
from api.database.database import Database
from tests.api.waiting import until
from tests.graphql_schema.conftest import Graph
from tests.graphql_schema.test_cost import statements
from tests.graphql_schema.workloads.test_kinds import DATABASE, deploy
from tests.graphql_schema.world import namespaced

LIST = """
query ($slug: String!, $first: Int!) {
  namespace(slug: $slug) {
    volumeClaims(first: $first) {
      totalCount
      edges { node {
        id name phase bound capacity storageClass createdAt leftOver workload { name } deletedWorkload { name }
      } }
    }
  }
}"""
SCALE = """
mutation ($slug: String!, $replicas: Int!) {
  scaleWorkload(input: {namespace: $slug, name: "db", replicas: $replicas}) { errors { message } }
}"""
DELETE = """
mutation ($slug: String!, $id: ID!, $name: String!, $key: String) {
  deleteVolumeClaim(input: {namespace: $slug, id: $id, confirmName: $name, idempotencyKey: $key}) {
    deletedId errors { __typename message path }
  }
}"""
DELETE_APP = """
mutation ($slug: String!) { deleteWorkload(input: {namespace: $slug, name: "db"}) { deletedId } }"""
USE = """
query ($id: ID!) { node(id: $id) { ... on VolumeClaim { leftOver workload { name } deletedWorkload { name } } } }"""


@pytest.fixture
async def ada(graph: Graph) -> Principal:
    return await graph.sign_up("ada")


@pytest.fixture
async def shop(graph: Graph, ada: Principal, cluster: Cluster) -> str:
    """The slug of a namespace with a database that had two replicas, and has one."""
    slug = await namespaced(graph, ada, "shop")
    await deploy(graph, ada, slug, DATABASE | {"replicas": 2})
    await until(cluster, slug, lambda: {"Bound"} == {each.status.phase for each in cluster.store.claims(slug)})
    await graph.data(SCALE, ada, slug=slug, replicas=1)
    await until(cluster, slug, lambda: ["db-0"] == [pod.metadata.name for pod in cluster.store.pods(slug)])
    return slug


async def listed(graph: Graph, viewer: Principal, slug: str, first: int = 10) -> list[dict[str, Any]]:
    connection = (await graph.data(LIST, viewer, slug=slug, first=first))["namespace"]["volumeClaims"]
    return [edge["node"] for edge in connection["edges"]]


async def deleted(graph: Graph, viewer: Principal, slug: str, **sent: Any) -> tuple[str | None, list[tuple[str, Any]]]:
    payload = (await graph.data(DELETE, viewer, slug=slug, **sent))["deleteVolumeClaim"]
    return payload["deletedId"], [(each["__typename"], each["path"]) for each in payload["errors"]]


async def test_the_disks_of_a_namespace_say_who_has_them(graph: Graph, ada: Principal, shop: str) -> None:
    kept, left = await listed(graph, ada, shop)

    assert ("data-db-0", {"name": "db"}, False) == (kept["name"], kept["workload"], kept["leftOver"])
    assert ("data-db-1", None, True) == (left["name"], left["workload"], left["leftOver"])
    assert ("BOUND", True, "2147483648") == (left["phase"], left["bound"], str(left["capacity"]))
    assert [] == [each for each in (kept, left) if each["deletedWorkload"] or not each["createdAt"]]


async def test_a_page_of_disks_makes_no_more_statements_than_one(
    graph: Graph, ada: Principal, shop: str, database: Database
) -> None:
    counts = []
    for first in (1, 2):
        with statements(database) as sent:
            await listed(graph, ada, shop, first)
        counts.append(len(sent))

    assert counts[0] == counts[1]


async def test_a_left_over_disk_is_deleted_once_for_a_key(graph: Graph, ada: Principal, shop: str) -> None:
    (_, left) = await listed(graph, ada, shop)
    sent = {"id": left["id"], "name": "data-db-1", "key": "once"}

    answers = [await deleted(graph, ada, shop, **sent) for _ in range(2)]
    without_key = await deleted(graph, ada, shop, **{**sent, "key": None})

    assert [(left["id"], [])] * 2 == answers
    assert (None, [("NotFoundError", ["id"])]) == without_key
    assert ["data-db-0"] == [each["name"] for each in await listed(graph, ada, shop)]


async def test_what_is_in_use_or_not_confirmed_is_told_at_its_field(graph: Graph, ada: Principal, shop: str) -> None:
    kept, left = await listed(graph, ada, shop)

    in_use = await deleted(graph, ada, shop, id=kept["id"], name="data-db-0")
    unconfirmed = await deleted(graph, ada, shop, id=left["id"], name="data-db-0")
    nothing = await deleted(graph, ada, shop, id="V29ya2xvYWQ6MQ", name="data-db-0")

    assert (None, [("InUseError", ["id"])]) == in_use
    assert (None, [("InvalidInputError", ["confirmName"])]) == unconfirmed
    assert (None, [("NotFoundError", ["id"])]) == nothing
    assert 2 == len(await listed(graph, ada, shop))


async def test_a_disk_of_a_deleted_app_names_that_app(graph: Graph, ada: Principal, shop: str) -> None:
    (kept, _) = await listed(graph, ada, shop)
    await graph.data(DELETE_APP, ada, slug=shop)

    found = (await graph.data(USE, ada, id=kept["id"]))["node"]

    assert {"leftOver": False, "workload": None, "deletedWorkload": {"name": "db"}} == found
