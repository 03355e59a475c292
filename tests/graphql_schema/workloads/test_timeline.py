"""Timelines, undone deletions, and namespaces that are left alone, through the graph."""

from __future__ import annotations

from typing import Any

import pytest

from api.authorization.models import Principal
from graphql_schema.nodes import encode_id
from tests.graphql_schema.conftest import Graph
from tests.graphql_schema.world import DEPLOY, namespaced, planned

HISTORY = """
query ($slug: String!) {
  namespace(slug: $slug) {
    reconciliationPaused
    timeline(first: 10) {
      edges { node { kind app workloadId revision cause sourceRevision message author { email } objects { kind } } }
    }
    deletedWorkloads(first: 10) { edges { node { id name kind deletedAt restorableUntil } } }
  }
}"""
APP_HISTORY = """
query ($slug: String!) {
  workload(namespace: $slug, name: "web") { id timeline(first: 10) { edges { node { id kind revision } } } }
}"""
DELETE = """
mutation ($slug: String!) { deleteWorkload(input: {namespace: $slug, name: "web"}) { deletedId } }"""
RESTORE = """
mutation ($slug: String!, $id: ID!) {
  restoreWorkload(input: {namespace: $slug, id: $id}) {
    workload { id name spec { secrets { name } } } errors { __typename message path }
  }
}"""
SCALE = """
mutation ($slug: String!) {
  result: scaleWorkload(input: {namespace: $slug, name: "web", replicas: 2}) { errors { message } }
}"""
ROLL_BACK = """
mutation ($slug: String!) {
  result: rollbackWorkload(input: {namespace: $slug, name: "web", revision: 1}) { errors { message } }
}"""
PAUSE = """
mutation ($slug: String!, $paused: Boolean) {
  updateNamespace(input: {slug: $slug, reconciliationPaused: $paused}) {
    namespace { reconciliationPaused } errors { message }
  }
}"""


@pytest.fixture
async def ada(graph: Graph) -> Principal:
    return await graph.sign_up("ada")


@pytest.fixture
async def slug(graph: Graph, ada: Principal) -> str:
    slug = await namespaced(graph, ada, "team")
    await graph.data(DEPLOY, ada, plan=await planned(graph, ada, slug, "web"))
    return slug


async def nodes(graph: Graph, ada: Principal, slug: str, field: str) -> list[dict[str, Any]]:
    namespace = (await graph.data(HISTORY, ada, slug=slug))["namespace"]
    return [edge["node"] for edge in namespace[field]["edges"]]


async def test_a_deploy_is_on_the_timeline_of_its_app_with_who_made_it(graph: Graph, ada: Principal, slug: str) -> None:
    [entry] = await nodes(graph, ada, slug, "timeline")
    app = (await graph.data(APP_HISTORY, ada, slug=slug))["workload"]
    [own] = app["timeline"]["edges"]

    assert {"kind": "REVISION_APPLIED", "app": "web", "revision": 1, "cause": "DEPLOY"}.items() <= entry.items()
    assert (ada.email, app["id"]) == (entry["author"]["email"], entry["workloadId"])
    assert ("REVISION_APPLIED", 1) == (own["node"]["kind"], own["node"]["revision"])


async def test_a_rollback_names_the_revision_that_it_went_back_to(graph: Graph, ada: Principal, slug: str) -> None:
    for change in (SCALE, ROLL_BACK):
        assert [] == (await graph.data(change, ada, slug=slug))["result"]["errors"]

    [entry, *_] = await nodes(graph, ada, slug, "timeline")

    assert ("ROLLBACK", 3, 1) == (entry["cause"], entry["revision"], entry["sourceRevision"])


async def test_a_deleted_app_is_listed_and_brought_back(graph: Graph, ada: Principal, slug: str) -> None:
    deleted_id = (await graph.data(DELETE, ada, slug=slug))["deleteWorkload"]["deletedId"]
    [gone] = await nodes(graph, ada, slug, "deletedWorkloads")

    restored = (await graph.data(RESTORE, ada, slug=slug, id=gone["id"]))["restoreWorkload"]

    assert (deleted_id, "web", "WEB_SERVICE") == (gone["id"], gone["name"], gone["kind"])
    assert [] == restored["errors"]
    assert {"id": deleted_id, "name": "web", "spec": {"secrets": [{"name": "PASSWORD"}]}} == restored["workload"]
    assert [] == await nodes(graph, ada, slug, "deletedWorkloads")
    kinds = [entry["kind"] for entry in await nodes(graph, ada, slug, "timeline")]
    assert ["RESTORED", "DELETED", "REVISION_APPLIED"] == kinds


@pytest.mark.parametrize("id", [encode_id("Workload", "3e4f"), encode_id("Pod", "x"), "", "Workload:1"])
async def test_what_was_never_deleted_is_not_brought_back(graph: Graph, ada: Principal, slug: str, id: str) -> None:
    restored = (await graph.data(RESTORE, ada, slug=slug, id=id))["restoreWorkload"]

    assert [("NotFoundError", ["id"])] == [(each["__typename"], each["path"]) for each in restored["errors"]]


async def test_a_namespace_is_left_alone_and_taken_up_again(graph: Graph, ada: Principal, slug: str) -> None:
    for paused, shown in ((True, True), (None, True), (False, False)):
        namespace = (await graph.data(PAUSE, ada, slug=slug, paused=paused))["updateNamespace"]["namespace"]
        assert {"reconciliationPaused": shown} == namespace

    kinds = [entry["kind"] for entry in await nodes(graph, ada, slug, "timeline")]
    assert ["RECONCILIATION_RESUMED", "RECONCILIATION_PAUSED", "REVISION_APPLIED"] == kinds
