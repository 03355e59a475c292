"""Filters and orders of lists, and the cursors that go with them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from api.authorization.models import Principal, Role, Scope
from api.clusters.objects import APP_NAME, MANAGED_BY
from tests.graphql_schema.conftest import Graph
from tests.graphql_schema.world import DEPLOY, PLAN_ANY, namespaced, ready

WORKLOADS = """
query ($slug: String!, $filter: WorkloadFilter, $orderBy: WorkloadOrder, $first: Int, $after: String, $last: Int,
  $before: String) {
  namespace(slug: $slug) {
    workloads(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
      totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { node { name } }
    }
  }
}
"""
APPS = {"api": 0, "cron": 0, "shop": 1, "web": 0}
"""Names, and replicas: what has none is STOPPED. `cron` is a job, which runs to its end."""


@pytest.fixture
async def ada(graph: Graph) -> Principal:
    return await graph.sign_up("ada")


@pytest.fixture
async def slug(graph: Graph, ada: Principal) -> str:
    """A namespace with some apps, of which `shop` is the latest."""
    slug = await namespaced(graph, ada, "team")
    for name, replicas in sorted(APPS.items(), key=lambda app: app[1]):
        kind = {"kind": "JOB"} if name == "cron" else {"replicas": replicas, "port": 8080}
        workload = {"name": name, "image": f"registry.example/{name}-image:1", **kind}
        plan = (await graph.data(PLAN_ANY, ada, slug=slug, workload=workload))["planWorkload"]["plan"]
        await graph.data(DEPLOY, ada, plan=plan["id"])
    await ready(graph, ada, slug, "shop")
    return slug


async def page(graph: Graph, viewer: Principal, slug: str, **asked: Any) -> dict[str, Any]:
    asked = asked if "last" in asked else {"first": 10, **asked}
    found: dict[str, Any] = (await graph.data(WORKLOADS, viewer, slug=slug, **asked))["namespace"]["workloads"]
    return found


def names(found: dict[str, Any]) -> list[str]:
    return [edge["node"]["name"] for edge in found["edges"]]


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ({}, ["api", "cron", "shop", "web"]),
        ({"phase": []}, ["api", "cron", "shop", "web"]),
        ({"phase": "STOPPED"}, ["api", "web"]),
        ({"phase": ["READY", "STOPPED"]}, ["api", "shop", "web"]),
        ({"kind": "JOB"}, ["cron"]),
        ({"kind": ["JOB", "WEB_SERVICE"], "text": "SHOP"}, ["shop"]),
        ({"text": "WEB-im"}, ["web"]),
        ({"text": "%"}, []),
        ({"labelSelector": "app.kubernetes.io/name in (web, api)"}, ["api", "web"]),
        ({"labelSelector": f"{MANAGED_BY}=moorage, {APP_NAME}!=cron", "phase": "READY"}, ["shop"]),
        ({"labelSelector": "!app.kubernetes.io/name"}, []),
    ],
)
async def test_apps_are_shown_that_meet_every_field(
    graph: Graph, ada: Principal, slug: str, filter: dict[str, Any], expected: list[str]
) -> None:
    found = await page(graph, ada, slug, filter=filter)

    assert (expected, len(expected)) == (names(found), found["totalCount"])


@pytest.mark.parametrize("filter", [{}, {"phase": ["READY", "STOPPED", "COMPLETED", "PROGRESSING", "PENDING"]}])
@pytest.mark.parametrize("order", ["NAME ASC", "NAME DESC", "CREATED_AT ASC", "UPDATED_AT DESC"])
async def test_pages_of_any_order_lead_there_and_back(
    graph: Graph, ada: Principal, slug: str, filter: dict[str, Any], order: str
) -> None:
    field, direction = order.split()
    asked = {"filter": filter, "orderBy": {"field": field, "direction": direction}}
    whole = await page(graph, ada, slug, **asked)

    first = await page(graph, ada, slug, first=3, **asked)
    rest = await page(graph, ada, slug, first=3, after=first["pageInfo"]["endCursor"], **asked)
    back = await page(graph, ada, slug, last=2, before=rest["pageInfo"]["startCursor"], **asked)

    assert names(whole) == names(first) + names(rest)
    assert names(whole)[1:3] == names(back)
    assert (True, False) == (first["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"])
    assert (True, True) == (back["pageInfo"]["hasPreviousPage"], back["pageInfo"]["hasNextPage"])
    assert [4, 4, 4] == [each["totalCount"] for each in (first, rest, back)]


async def test_an_order_is_the_one_that_was_asked_for(graph: Graph, ada: Principal, slug: str) -> None:
    by_name = await page(graph, ada, slug, orderBy={"field": "NAME", "direction": "DESC"})
    by_time = await page(graph, ada, slug, orderBy={"field": "CREATED_AT", "direction": "DESC"})

    assert ["web", "shop", "cron", "api"] == names(by_name)
    assert "shop" == names(by_time)[0]


@pytest.mark.parametrize(
    "other", [{"field": "CREATED_AT"}, {"field": "UPDATED_AT"}, {"field": "NAME", "direction": "DESC"}]
)
async def test_a_cursor_of_another_order_is_refused(
    graph: Graph, ada: Principal, slug: str, other: dict[str, str]
) -> None:
    cursor = (await page(graph, ada, slug, first=1, orderBy=other))["pageInfo"]["endCursor"]

    payload = (await graph.reply(WORKLOADS, ada, slug=slug, first=1, after=cursor)).payload

    assert ["BAD_USER_INPUT"] == [error["extensions"]["code"] for error in payload["errors"]]
    assert "in this order" in payload["errors"][0]["message"]
    assert {"workloads": None} == payload["data"]["namespace"]


@pytest.mark.parametrize("filter", [{"labelSelector": "a b"}, {"labelSelector": "x" * 1_001}, {"text": "x" * 101}])
async def test_what_cannot_be_looked_for_is_refused(
    graph: Graph, ada: Principal, slug: str, filter: dict[str, str]
) -> None:
    assert ["BAD_USER_INPUT"] == await graph.codes(WORKLOADS, ada, slug=slug, first=1, filter=filter)


async def test_pods_events_and_entries_are_filtered(graph: Graph, ada: Principal, slug: str) -> None:
    query = """
    query ($slug: String!) {
      namespace(slug: $slug) {
        normal: events(first: 50, filter: {type: NORMAL, text: "SHOP"}) { edges { node { type regarding { name } } } }
        none: events(first: 50, filter: {text: "nothing says so"}) { totalCount }
        applied: timeline(first: 50, filter: {kind: [REVISION_APPLIED]}) { totalCount }
        deleted: timeline(first: 50, filter: {kind: DELETED}) { totalCount }
      }
      workload(namespace: $slug, name: "shop") {
        running: pods(first: 5, filter: {state: RUNNING}) { totalCount }
        ready: pods(first: 5, filter: {state: [READY, RUNNING]}) { totalCount }
        failed: pods(first: 5, filter: {state: FAILED}) { totalCount }
        warned: events(first: 5, filter: {type: WARNING}) { totalCount }
        applied: timeline(first: 5, filter: {kind: REVISION_APPLIED}) { totalCount }
      }
    }
    """

    data = await graph.data(query, ada, slug=slug)

    place, app = data["namespace"], data["workload"]
    shown = [edge["node"] for edge in place["normal"]["edges"]]
    assert shown
    assert all(each["type"] == "NORMAL" and each["regarding"]["name"].startswith("shop") for each in shown)
    assert [0, 4, 0] == [place[name]["totalCount"] for name in ("none", "applied", "deleted")]
    assert [1, 0, 0, 1] == [app[name]["totalCount"] for name in ("ready", "failed", "warned", "applied")]


async def test_namespaces_and_users_are_filtered_and_ordered(graph: Graph) -> None:
    ada, bob = await graph.sign_up("ada"), await graph.sign_up("bob")
    for viewer, name in ((ada, "shop"), (ada, "blog"), (bob, "shop-of-bob")):
        await namespaced(graph, viewer, name)
    root = replace(ada, role=Role.ADMINISTRATOR, scopes=frozenset(Scope))
    query = """
    {
      found: namespaces(first: 5, filter: {text: "SHOP"}) { edges { node { name } } }
      latest: namespaces(first: 1, orderBy: {field: CREATED_AT, direction: DESC}) { edges { node { name } } }
      viewer { namespaces(first: 5, filter: {text: "shop"}) { edges { node { name } } } }
      users(first: 5, filter: {text: "B@EXAMPLE"}) { edges { node { email } } }
      down: users(first: 5, orderBy: {field: EMAIL, direction: DESC}) { edges { node { email } } }
      admins: users(first: 5, filter: {role: [ADMINISTRATOR]}) { totalCount }
    }
    """

    data = await graph.data(query, root)

    assert ["shop", "shop-of-bob"] == names(data["found"])
    assert ["shop-of-bob"] == names(data["latest"])
    assert ["shop"] == names(data["viewer"]["namespaces"])
    assert ["bob@example.com"] == [edge["node"]["email"] for edge in data["users"]["edges"]]
    assert ["bob@example.com", "ada@example.com"] == [edge["node"]["email"] for edge in data["down"]["edges"]]
    assert 0 == data["admins"]["totalCount"]


async def test_another_s_namespaces_are_not_found_by_a_text(graph: Graph, ada: Principal, slug: str) -> None:
    eve = await graph.sign_up("eve")
    query = '{ namespaces(first: 5, filter: {text: "team"}) { totalCount } }'

    assert 0 == (await graph.data(query, eve))["namespaces"]["totalCount"]
    assert 1 == (await graph.data(query, ada))["namespaces"]["totalCount"]
