"""An id names one object: what is made again under its name is another node."""

from __future__ import annotations

import asyncio

import pytest

from graphql_schema.node_queries import FINDERS_BY_UID, FINDERS_BY_UUID
from tests.graphql_schema.conftest import Graph
from tests.graphql_schema.world import World, namespaced, settle

KINDS = {
    "Namespace": "namespace_id",
    "Workload": "workload_id",
    "Revision": "revision_id",
    "Pod": "pod_id",
    "Run": "run_id",
    "VolumeClaim": "claim_id",
    "Event": "event_id",
    "TimelineEntry": "entry_id",
    "Webhook": "webhook_id",
    "WebhookDelivery": "delivery_id",
}
OF_PEOPLE = {"User", "ApiToken"}
"""They outlive a namespace."""
GONE_SECONDS = 30
DELETE = "mutation ($slug: String!) { deleteNamespace(input: {slug: $slug}) { deletedId errors { message } } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"


def ids(world: World) -> dict[str, str]:
    return {kind: getattr(world, field) for kind, field in KINDS.items()}


async def until_gone(graph: Graph, world: World) -> None:
    """Wait until the cluster has the namespace gone."""
    query = "query ($id: ID!) { node(id: $id) { id } }"
    with graph.services.cluster.store.subscribe(world.slug) as changes:
        async with asyncio.timeout(GONE_SECONDS):
            while (await graph.data(query, world.ada, id=world.namespace_id))["node"]:
                await anext(changes)


@pytest.mark.timeout(240)
async def test_what_is_in_a_namespace_made_again_are_other_nodes(graph: Graph) -> None:
    ada = await graph.sign_up("ada")
    before = await settle(graph, ada, await namespaced(graph, ada, "adas-team"))
    await graph.data(DELETE, ada, slug=before.slug)
    await until_gone(graph, before)

    after = await settle(graph, ada, await namespaced(graph, ada, "adas-team"))
    old, new = list(ids(before).values()), list(ids(after).values())
    found = (await graph.data(NODES, ada, ids=[*old, *new]))["nodes"]

    assert {*KINDS, *OF_PEOPLE} == {*FINDERS_BY_UID, *FINDERS_BY_UUID}
    assert not set(old) & set(new)
    assert [None] * len(old) == found[: len(old)]
    assert [{"__typename": kind, "id": id} for kind, id in ids(after).items()] == found[len(old) :]
