"""What the viewer is told that they may do is what the services let them do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.authorization.models import Principal, Role, Scope
from tests.graphql_schema.conftest import Graph, reader
from tests.graphql_schema.world import World, namespaced, settle

EVERYTHING = """
query ($slug: String!, $app: String!, $user: ID!, $claim: ID!, $revision: ID!) {
  namespace(slug: $slug) {
    viewerCan { write delete }
    owner { viewerCan { write delete } }
    deletedWorkloads(first: 1) { edges { node { viewerCan { write delete } } } }
    volumeClaims(first: 1) { edges { node { viewerCan { write delete } } } }
  }
  workload(namespace: $slug, name: $app) {
    viewerCan { write delete }
    revisions(first: 1) { edges { node { viewerCan { write delete } } } }
  }
  user(id: $user) { apiTokens(first: 1) { edges { node { viewerCan { write delete } } } } }
  claim: node(id: $claim) { ... on VolumeClaim { viewerCan { write delete } } }
  revision: node(id: $revision) { ... on Revision { viewerCan { write delete } } }
}
"""
RESTART = """
mutation ($slug: String!, $app: String!) { restartWorkload(input: {namespace: $slug, name: $app}) { errors { code } } }
"""
NOTHING = {"write": False, "delete": False}
BOTH = {"write": True, "delete": True}
WRITE = {"write": True, "delete": False}


@pytest.fixture
async def world(graph: Graph) -> World:
    ada = await graph.sign_up("ada")
    return await settle(graph, ada, await namespaced(graph, ada, "adas-team"))


async def told(graph: Graph, world: World, viewer: Principal) -> dict[str, dict[str, bool] | None]:
    """What the viewer is told of each object."""
    variables = {"user": world.user_id, "claim": world.claim_id, "revision": world.revision_id}
    data = await graph.data(EVERYTHING, viewer, slug=world.slug, app=world.app, **variables)
    place, app = data["namespace"], data["workload"]
    tokens = data["user"]["apiTokens"]["edges"]
    return {
        "Namespace": place["viewerCan"],
        "User": place["owner"]["viewerCan"],
        "DeletedWorkload": place["deletedWorkloads"]["edges"][0]["node"]["viewerCan"],
        "VolumeClaim": place["volumeClaims"]["edges"][0]["node"]["viewerCan"],
        "VolumeClaim by id": data["claim"]["viewerCan"],
        "Workload": app["viewerCan"],
        "Revision": app["revisions"]["edges"][0]["node"]["viewerCan"],
        "Revision by id": data["revision"]["viewerCan"],
        "ApiToken": tokens[0]["node"]["viewerCan"] if tokens else None,
    }


async def test_an_owner_may_do_all_that_there_is_to_do(graph: Graph, world: World) -> None:
    can = await told(graph, world, world.ada)

    assert {"Namespace": BOTH, "Workload": BOTH, "VolumeClaim": BOTH, "VolumeClaim by id": BOTH}.items() <= can.items()
    assert {"User": WRITE, "DeletedWorkload": WRITE, "Revision": WRITE, "Revision by id": WRITE}.items() <= can.items()
    assert {"write": False, "delete": True} == can["ApiToken"]


async def test_a_credential_that_reads_may_do_nothing_and_neither_may_an_administrator(
    graph: Graph, world: World
) -> None:
    root = replace(await graph.sign_up("root"), role=Role.ADMINISTRATOR, scopes=frozenset(Scope))

    by_token, by_root = await told(graph, world, reader(world.ada)), await told(graph, world, root)

    assert [NOTHING] * 9 == list(by_token.values())
    assert [*[NOTHING] * 8, None] == list(by_root.values())


async def test_what_is_told_is_what_happens(graph: Graph, world: World) -> None:
    root = replace(await graph.sign_up("root"), role=Role.ADMINISTRATOR, scopes=frozenset(Scope))

    for viewer in (world.ada, reader(world.ada), root):
        can = (await told(graph, world, viewer))["Workload"]
        codes = await graph.codes(RESTART, viewer, slug=world.slug, app=world.app)
        assert can is not None
        assert can["write"] == ("FORBIDDEN" not in codes)
