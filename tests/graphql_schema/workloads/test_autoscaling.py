"""Autoscaling through the graph: how it is asked for, what it does, and how one hears of it."""

from __future__ import annotations

from typing import Any

import pytest

from api.authorization.models import Principal
from api.clusters.cluster import Cluster
from api.clusters.objects import Kind
from tests.graphql_schema.conftest import Graph
from tests.graphql_schema.following import followed
from tests.graphql_schema.world import DEPLOY, namespaced

PLAN = """
mutation ($slug: String!, $workload: WorkloadInput!) {
  planWorkload(input: {namespace: $slug, workload: $workload}) {
    plan {
      id
      diff { kind name action }
      quota { resource after most }
      findings { severity message path fix { path value label } }
    }
    errors { __typename message path }
  }
}"""
READ = """
query ($slug: String!) {
  workload(namespace: $slug, name: "web") {
    spec { replicas autoscaling { minReplicas maxReplicas cpuPercent memoryPercent } }
    status { desiredReplicas readyReplicas }
    autoscaler {
      state message currentReplicas desiredReplicas cpuPercent memoryPercent lastScaledAt
      conditions { type status reason message }
    }
  }
}"""
FOLLOW = """
subscription ($slug: String!) {
  deploymentUpdated(namespace: $slug, name: "web") {
    workload { status { desiredReplicas readyReplicas } autoscaler { state desiredReplicas cpuPercent } }
  }
}"""
SCALE = """
mutation ($slug: String!) {
  scaleWorkload(input: {namespace: $slug, name: "web", replicas: 3}) { errors { __typename message path } }
}"""
RULES = "{ workloadForm { rules { field notBelow } kinds { kind fields } } }"
PASTED = """
query ($text: String!) {
  pastedWorkload(text: $text) { workload { autoscaling { minReplicas maxReplicas cpuPercent memoryPercent } } }
}"""
WEB: dict[str, Any] = {
    "name": "web",
    "image": "registry.example/web:1",
    "port": 8080,
    "autoscaling": {"minReplicas": 2, "maxReplicas": 4, "cpuPercent": 200},
}


@pytest.fixture
async def ada(graph: Graph) -> Principal:
    return await graph.sign_up("ada")


@pytest.fixture
async def shop(graph: Graph, ada: Principal) -> str:
    return await namespaced(graph, ada, "shop")


async def planned(graph: Graph, viewer: Principal, slug: str, **changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = (await graph.data(PLAN, viewer, slug=slug, workload={**WEB, **changed}))["planWorkload"]
    return found


async def deployed(graph: Graph, viewer: Principal, slug: str, **changed: Any) -> None:
    plan = await planned(graph, viewer, slug, **changed)
    assert [] == plan["errors"]
    assert [] == (await graph.data(DEPLOY, viewer, plan=plan["plan"]["id"]))["deployWorkload"]["errors"]


async def test_an_app_says_what_it_asked_for_and_what_its_autoscaler_does(
    graph: Graph, ada: Principal, shop: str
) -> None:
    await deployed(graph, ada, shop)

    async with followed(graph, FOLLOW, ada, slug=shop) as messages:
        async for message in messages:
            if message["workload"]["autoscaler"]["state"] == "ACTIVE":
                break
    found = (await graph.data(READ, ada, slug=shop))["workload"]

    assert {"minReplicas": 2, "maxReplicas": 4, "cpuPercent": 200, "memoryPercent": None} == found["spec"][
        "autoscaling"
    ]
    assert 2 == found["status"]["desiredReplicas"]
    autoscaler = found["autoscaler"]
    assert (2, 2, None) == (
        autoscaler["currentReplicas"],
        autoscaler["desiredReplicas"],
        autoscaler["memoryPercent"],
    )
    assert f"CPU is at {autoscaler['cpuPercent']}%, to be kept near 200%." == autoscaler["message"]
    assert {"AbleToScale", "ScalingActive", "ScalingLimited"} == {each["type"] for each in autoscaler["conditions"]}


async def test_an_app_without_autoscaling_has_none(graph: Graph, ada: Principal, shop: str) -> None:
    await deployed(graph, ada, shop, autoscaling=None, replicas=1)

    found = (await graph.data(READ, ada, slug=shop))["workload"]

    assert (None, None, 1) == (found["spec"]["autoscaling"], found["autoscaler"], found["status"]["desiredReplicas"])


async def test_who_follows_an_app_hears_that_it_scales(
    graph: Graph, ada: Principal, shop: str, cluster: Cluster
) -> None:
    """Its pods are told to use more than they may."""
    await deployed(graph, ada, shop, autoscaling={"minReplicas": 1, "maxReplicas": 2, "cpuPercent": 1})

    async with followed(graph, FOLLOW, ada, slug=shop) as messages:
        async for message in messages:
            workload = message["workload"]
            if workload["status"] == {"desiredReplicas": 2, "readyReplicas": 2}:
                break

    (autoscaler,) = await cluster.list(Kind.HORIZONTAL_POD_AUTOSCALER, shop)
    assert 2 == autoscaler["status"]["desiredReplicas"] == workload["status"]["desiredReplicas"]


async def test_each_failure_names_its_field(graph: Graph, ada: Principal, shop: str) -> None:
    wrong = {"minReplicas": 5, "maxReplicas": 3, "cpuPercent": 0}

    refused = await planned(graph, ada, shop, autoscaling=wrong)

    assert [
        ["workload", "autoscaling", "maxReplicas"],
        ["workload", "autoscaling", "cpuPercent"],
    ] == [error["path"] for error in refused["errors"]]


async def test_a_plan_tells_what_it_may_come_to_and_how_much_the_quota_allows(
    graph: Graph, ada: Principal, shop: str
) -> None:
    most = {"minReplicas": 1, "maxReplicas": 9, "cpuPercent": 70}

    plan = (await planned(graph, ada, shop, size="L", autoscaling=most))["plan"]

    (finding,) = plan["findings"]
    cpu = next(each for each in plan["quota"] if each["resource"] == "limits.cpu")
    assert (1, 9) == (cpu["after"], cpu["most"])
    assert ["workload", "autoscaling", "maxReplicas"] == finding["path"] == finding["fix"]["path"]
    assert ("4", "Scale to 4 at most") == (finding["fix"]["value"], finding["fix"]["label"])


async def test_scaling_it_by_hand_is_refused(graph: Graph, ada: Principal, shop: str) -> None:
    await deployed(graph, ada, shop)

    (error,) = (await graph.data(SCALE, ada, slug=shop))["scaleWorkload"]["errors"]

    assert ("InvalidInputError", ["replicas"]) == (error["__typename"], error["path"])
    assert "between 2 and 4 replicas" in error["message"]


async def test_the_form_says_which_number_is_not_below_which(graph: Graph, ada: Principal) -> None:
    form = (await graph.data(RULES, ada))["workloadForm"]

    bounds = {rule["field"]: rule["notBelow"] for rule in form["rules"] if rule["notBelow"]}
    assert {"autoscaling.maxReplicas": "autoscaling.minReplicas"} == bounds
    assert ["WEB_SERVICE", "WORKER", "STATEFUL_SERVICE"] == [
        kind["kind"] for kind in form["kinds"] if "autoscaling" in kind["fields"]
    ]


async def test_a_pasted_autoscaler_fills_the_field(graph: Graph, ada: Principal) -> None:
    text = """
kind: Deployment
apiVersion: apps/v1
metadata: {name: web}
spec: {template: {spec: {containers: [{image: "x:1"}]}}}
---
kind: HorizontalPodAutoscaler
apiVersion: autoscaling/v2
metadata: {name: web}
spec: {scaleTargetRef: {kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 7}
"""

    pasted = (await graph.data(PASTED, ada, text=text))["pastedWorkload"]["workload"]

    assert {"minReplicas": 2, "maxReplicas": 7, "cpuPercent": 80, "memoryPercent": None} == pasted["autoscaling"]
