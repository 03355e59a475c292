"""Subscriptions: a snapshot first, then every change, until what is followed is gone."""

from __future__ import annotations

from tests.graphql_schema.conftest import Graph
from tests.graphql_schema.following import deployed, followed
from tests.graphql_schema.world import namespaced

APP = """
subscription ($slug: String!) {
  deploymentUpdated(namespace: $slug, name: "web") {
    kind workload { spec { replicas } status { phase readyReplicas } namespace { name } }
  }
}
"""
NAMESPACE = """
subscription ($slug: String!) { namespaceUpdated(slug: $slug) { kind workloadId workload { id name } } }
"""
PAUSED = """
subscription ($slug: String!) {
  deploymentUpdated(namespace: $slug, name: "web") { workload { namespace { reconciliationPaused } } }
}
"""
PAUSE = """
mutation ($slug: String!, $paused: Boolean!) {
  updateNamespace(input: {slug: $slug, reconciliationPaused: $paused}) { errors { message } }
}
"""
SCALE = """
mutation ($slug: String!) {
  scaleWorkload(input: {namespace: $slug, name: "web", replicas: 2}) { errors { message } }
}
"""
DELETE = """
mutation ($slug: String!) { deleteWorkload(input: {namespace: $slug, name: "web"}) { deletedId } }
"""


async def test_an_app_is_followed_from_its_snapshot_to_its_end(graph: Graph) -> None:
    ada = await graph.sign_up("ada")
    slug = await namespaced(graph, ada, "team")
    await deployed(graph, ada, slug)

    async with followed(graph, APP, ada, slug=slug) as messages:
        snapshot = await anext(messages)
        await graph.data(SCALE, ada, slug=slug)
        changes = [await anext(messages)]
        while changes[-1]["workload"]["status"]["readyReplicas"] < 2:
            changes.append(await anext(messages))
        await graph.data(DELETE, ada, slug=slug)
        rest = [message async for message in messages]

    assert ("SNAPSHOT", "READY", "team") == (
        snapshot["kind"],
        snapshot["workload"]["status"]["phase"],
        snapshot["workload"]["namespace"]["name"],
    )
    assert {"CHANGE"} == {message["kind"] for message in changes}
    assert {"kind": "DELETED", "workload": None} == rest[-1]


async def test_who_follows_an_app_is_told_that_its_namespace_is_left_alone_and_no_longer(graph: Graph) -> None:
    ada = await graph.sign_up("ada")
    slug = await namespaced(graph, ada, "team")
    await deployed(graph, ada, slug)

    async with followed(graph, PAUSED, ada, slug=slug) as messages:
        told = [await anext(messages)]
        for paused in (True, False):
            await graph.data(PAUSE, ada, slug=slug, paused=paused)
            told.append(await anext(messages))

    assert [False, True, False] == [each["workload"]["namespace"]["reconciliationPaused"] for each in told]


async def test_a_namespace_is_followed_with_the_apps_that_come(graph: Graph) -> None:
    ada = await graph.sign_up("ada")
    slug = await namespaced(graph, ada, "team")
    await deployed(graph, ada, slug)

    async with followed(graph, NAMESPACE, ada, slug=slug) as messages:
        snapshot, synced = await anext(messages), await anext(messages)
        await deployed(graph, ada, slug, "other")
        change = await anext(messages)
        while change["workload"]["name"] != "other":
            change = await anext(messages)

    assert ("SNAPSHOT", "web", "SYNCED") == (snapshot["kind"], snapshot["workload"]["name"], synced["kind"])
    assert "CHANGE" == change["kind"]
    assert change["workloadId"] == change["workload"]["id"] != snapshot["workloadId"]
