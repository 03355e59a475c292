"""An app's life in the graph: planned, deployed, changed, rolled back, deleted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from api.authorization.models import Principal
from tests.graphql_schema.conftest import Graph
from tests.graphql_schema.world import DEPLOY, namespaced, planned, ready

PLAN = """
mutation ($slug: String!, $workload: WorkloadInput!) {
  planWorkload(input: {namespace: $slug, workload: $workload}) {
    plan {
      id action expiresAt
      manifests { kind name yaml }
      diff { kind name action changes { path before after } }
      quota { resource unit used after peak hard fits }
      findings { severity message path }
    }
    errors {
      __typename message path
      ... on InvalidInputError { example }
      ... on QuotaExceededError { resource used requested limit }
    }
  }
}
"""
SCALE = """
mutation ($slug: String!, $n: Int!) {
  scaleWorkload(input: {namespace: $slug, name: "web", replicas: $n}) {
    workload { spec { replicas } } errors { __typename path }
  }
}
"""
RESTART = """
mutation ($slug: String!) {
  restartWorkload(input: {namespace: $slug, name: "web"}) { workload { id } errors { __typename } }
}
"""
ROLLBACK = """
mutation ($slug: String!, $n: Int!) {
  rollbackWorkload(input: {namespace: $slug, name: "web", revision: $n, message: "back"}) {
    workload { spec { replicas } } revision { number cause message author { email } } errors { __typename path }
  }
}
"""
DELETE = """
mutation ($slug: String!) {
  deleteWorkload(input: {namespace: $slug, name: "web"}) { deletedId errors { __typename path } }
}
"""
REVISIONS = """
query ($slug: String!) {
  workload(namespace: $slug, name: "web") {
    id
    revisions(first: 10) { edges { node { number cause state isCurrent changes { path before after } } } }
  }
}
"""
SPEC = {"name": "web", "image": "registry.example/web:1", "port": 8080, "runAsUser": 1000}


@pytest.fixture
async def ada(graph: Graph) -> Principal:
    return await graph.sign_up("ada")


@pytest.fixture
async def slug(graph: Graph, ada: Principal) -> str:
    return await namespaced(graph, ada, "team")


@pytest.fixture
async def web(graph: Graph, ada: Principal, slug: str) -> str:
    """The slug of a namespace in which the app `web` runs, one replica of it."""
    plan = await planned(graph, ada, slug, "web", replicas=1)
    await graph.data(DEPLOY, ada, plan=plan)
    await ready(graph, ada, slug, "web")
    return slug


async def plan_of(graph: Graph, ada: Principal, slug: str, **changes: Any) -> dict[str, Any]:
    payload: dict[str, Any] = (await graph.data(PLAN, ada, slug=slug, workload=SPEC | changes))["planWorkload"]
    return payload


async def test_a_plan_shows_what_would_be_made_and_no_secret(graph: Graph, ada: Principal, slug: str) -> None:
    payload = await plan_of(graph, ada, slug, secrets=[{"name": "TOKEN", "value": "hunter2-canary"}])

    plan = payload["plan"]
    assert ([], "CREATE") == (payload["errors"], plan["action"])
    assert {"Secret", "Service", "Deployment"} == {manifest["kind"] for manifest in plan["manifests"]}
    assert {"CREATE"} == {diff["action"] for diff in plan["diff"]}
    assert all(quota["fits"] for quota in plan["quota"])
    assert "hunter2-canary" not in json.dumps(payload)


async def test_every_broken_rule_is_told_at_once_beside_its_field(graph: Graph, ada: Principal, slug: str) -> None:
    payload = await plan_of(
        graph, ada, slug, image="UPPER", port=0, runAsUser=0, environment=[{"name": "1x", "value": "a"}]
    )

    assert payload["plan"] is None
    assert {"InvalidInputError"} == {error["__typename"] for error in payload["errors"]}
    assert [
        ["workload", "environment", "0", "name"],
        ["workload", "image"],
        ["workload", "port"],
        ["workload", "runAsUser"],
    ] == sorted(error["path"] for error in payload["errors"])
    assert all(error["example"] for error in payload["errors"])


async def test_what_does_not_fit_the_quota_names_the_resource(graph: Graph, ada: Principal, slug: str) -> None:
    payload = await plan_of(graph, ada, slug, replicas=20, size="XL")

    assert payload["plan"] is None
    assert "QuotaExceededError" == payload["errors"][0]["__typename"]
    assert payload["errors"][0]["resource"]


async def test_a_namespace_that_is_not_there_names_its_field(graph: Graph, ada: Principal) -> None:
    payload = await plan_of(graph, ada, "nothing-x2y3z4")

    (error,) = payload["errors"]
    assert ("NotFoundError", ["namespace"]) == (error["__typename"], error["path"])
    assert "There is no such namespace." == error["message"]


async def test_a_change_of_an_app_tells_a_namespace_that_is_not_there_from_an_app_that_is_not(
    graph: Graph, ada: Principal, slug: str
) -> None:
    grace = await graph.sign_up("grace")

    absent = (await graph.data(SCALE, ada, slug="nothing-x2y3z4", n=3))["scaleWorkload"]["errors"]
    anothers = (await graph.data(SCALE, grace, slug=slug, n=3))["scaleWorkload"]["errors"]

    assert [{"__typename": "NotFoundError", "path": ["namespace"]}] == absent == anothers


@pytest.mark.parametrize("plan", ["x", "V29ya2xvYWRQbGFuOjE"])
async def test_a_plan_that_is_none_names_its_field(graph: Graph, ada: Principal, plan: str) -> None:
    payload = (await graph.data(DEPLOY, ada, plan=plan))["deployWorkload"]

    assert [("PlanExpiredError", ["planId"])] == [(error["__typename"], error["path"]) for error in payload["errors"]]


async def test_a_plan_serves_one_deploy(graph: Graph, ada: Principal, slug: str) -> None:
    plan = await planned(graph, ada, slug, "web")

    first = (await graph.data(DEPLOY, ada, plan=plan))["deployWorkload"]
    second = (await graph.data(DEPLOY, ada, plan=plan))["deployWorkload"]

    assert (1, []) == (first["revision"]["number"], first["errors"])
    assert (None, ["PlanExpiredError"]) == (second["workload"], [error["__typename"] for error in second["errors"]])


async def test_what_was_written_from_another_revision_is_refused_as_a_conflict(
    graph: Graph, ada: Principal, web: str
) -> None:
    document = """
    mutation ($slug: String!, $workload: WorkloadInput!) {
      planWorkload(input: {namespace: $slug, workload: $workload, baseRevision: 0}) {
        plan { id } errors { __typename path ... on PlanConflictError { changes } }
      }
    }
    """

    payload = (await graph.data(document, ada, slug=web, workload=SPEC))["planWorkload"]

    conflict = {"__typename": "PlanConflictError", "path": ["baseRevision"], "changes": ["name"]}
    assert {"plan": None, "errors": [conflict]} == payload


async def test_a_plan_that_another_deploy_overtook_is_refused_with_what_that_changed_and_who_it_was(
    graph: Graph, ada: Principal, web: str
) -> None:
    plan = (await plan_of(graph, ada, web, replicas=5))["plan"]["id"]
    await graph.data(SCALE, ada, slug=web, n=3)
    document = """
    mutation ($plan: ID!) {
      deployWorkload(input: {planId: $plan}) {
        workload { id }
        errors {
          path
          ... on PlanConflictError {
            changes conflicts { kind name path planned live base manager } revision author { email }
          }
        }
      }
    }
    """

    payload = (await graph.data(document, ada, plan=plan))["deployWorkload"]

    replicas = {"kind": "Workload", "name": "web", "path": "replicas", "planned": "5", "live": "3", "base": "1"} | {
        "manager": None
    }
    assert None is payload["workload"]
    assert [
        {
            "path": ["planId"],
            "changes": ["replicas"],
            "conflicts": [replicas],
            "revision": 2,
            "author": {"email": "ada@example.com"},
        }
    ] == payload["errors"]


async def test_an_app_is_scaled_restarted_rolled_back_and_deleted(graph: Graph, ada: Principal, web: str) -> None:
    scaled = (await graph.data(SCALE, ada, slug=web, n=3))["scaleWorkload"]
    restarted = (await graph.data(RESTART, ada, slug=web))["restartWorkload"]
    rolled_back = (await graph.data(ROLLBACK, ada, slug=web, n=1))["rollbackWorkload"]
    app = (await graph.data(REVISIONS, ada, slug=web))["workload"]
    deleted = (await graph.data(DELETE, ada, slug=web))["deleteWorkload"]
    gone = (await graph.data(REVISIONS, ada, slug=web))["workload"]

    assert ({"spec": {"replicas": 3}}, []) == (scaled["workload"], scaled["errors"])
    assert ({"id": app["id"]}, []) == (restarted["workload"], restarted["errors"])
    assert {"spec": {"replicas": 1}} == rolled_back["workload"]
    assert {
        "number": 4,
        "cause": "ROLLBACK",
        "message": "back",
        "author": {"email": "ada@example.com"},
    } == rolled_back["revision"]
    revisions = [edge["node"] for edge in app["revisions"]["edges"]]
    assert [(4, "ROLLBACK"), (3, "RESTART"), (2, "SCALE"), (1, "DEPLOY")] == [
        (revision["number"], revision["cause"]) for revision in revisions
    ]
    assert [True, False, False, False] == [revision["isCurrent"] for revision in revisions]
    assert [{"path": "replicas", "before": "1", "after": "3"}] == revisions[2]["changes"]
    assert (app["id"], []) == (deleted["deletedId"], deleted["errors"])
    assert gone is None


async def test_a_change_of_what_is_not_there_names_its_field(graph: Graph, ada: Principal, slug: str) -> None:
    scaled = (await graph.data(SCALE, ada, slug=slug, n=3))["scaleWorkload"]
    deleted = (await graph.data(DELETE, ada, slug=slug))["deleteWorkload"]

    for payload in (scaled, deleted):
        assert [{"__typename": "NotFoundError", "path": ["name"]}] == payload["errors"]


async def test_a_revision_that_is_not_there_names_its_field(graph: Graph, ada: Principal, web: str) -> None:
    payload = (await graph.data(ROLLBACK, ada, slug=web, n=7))["rollbackWorkload"]

    assert [{"__typename": "InvalidInputError", "path": ["revision"]}] == payload["errors"]


async def test_a_running_app_shows_pods_events_address_and_objects(graph: Graph, ada: Principal, web: str) -> None:
    query = """
    query ($slug: String!) {
      workload(namespace: $slug, name: "web") {
        address asOf manifest
        spec {
          imageReference { registry repository tag digest } environment { name value } secrets { name } size port
        }
        status { phase message desiredReplicas readyReplicas conditions { type status } }
        rollout { revision complete steps { name state } cells { podName isCurrent state } }
        pods(first: 5) { totalCount edges { node { name state ready manifest containers { name state } } } }
        events(first: 5) { edges { node { reason regarding { kind name } } } }
      }
    }
    """

    app = (await graph.data(query, ada, slug=web))["workload"]

    assert f"web.{web}.svc:8080" == app["address"]
    assert {"registry": "registry.example", "repository": "adas-image", "tag": "1.0", "digest": None} == app["spec"][
        "imageReference"
    ]
    assert [{"name": "PASSWORD"}] == app["spec"]["secrets"]
    assert "adas-secret" not in json.dumps(app)
    assert ("READY", 1, 1) == (
        app["status"]["phase"],
        app["status"]["desiredReplicas"],
        app["status"]["readyReplicas"],
    )
    assert {"DONE"} == {step["state"] for step in app["rollout"]["steps"]}
    assert [app["pods"]["edges"][0]["node"]["name"]] == [cell["podName"] for cell in app["rollout"]["cells"]]
    assert "kind: Deployment" in app["manifest"]
    assert "kind: Pod" in app["pods"]["edges"][0]["node"]["manifest"]
    assert app["events"]["edges"]
