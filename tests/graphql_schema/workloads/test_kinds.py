"""Jobs, stateful services and their fields, through the graph."""

from __future__ import annotations

from typing import Any

import pytest

from api.authorization.models import Principal
from tests.graphql_schema.conftest import Graph
from tests.graphql_schema.world import namespaced

PLAN = """
mutation ($slug: String!, $workload: WorkloadInput!) {
  planWorkload(input: {namespace: $slug, workload: $workload}) {
    plan { id diff { kind name action } }
    errors { __typename message path }
  }
}"""
DEPLOY = """
mutation ($plan: ID!) { deployWorkload(input: {planId: $plan}) { workload { id } errors { message } } }"""
RUN = """
mutation ($slug: String!, $name: String!) {
  runWorkload(input: {namespace: $slug, name: $name}) {
    run { id name trigger state revision pods(first: 5) { totalCount } }
    errors { __typename message path }
  }
}"""
PAUSE = """
mutation ($slug: String!) {
  pauseWorkload(input: {namespace: $slug, name: "nightly"}) {
    workload { spec { schedule { suspended nextRunAt } } } errors { message }
  }
}"""
READ = """
query ($slug: String!, $name: String!) {
  workload(namespace: $slug, name: $name) {
    kind
    spec {
      kind retries timeLimitSeconds
      schedule { cron timeZone concurrency suspended explanation nextRunAt }
      volumes { name path sizeGib storageClass }
    }
    runs(first: 5) { edges { node { id } } }
    volumeClaims(first: 5) { edges { node { id name } } }
  }
}"""
NIGHTLY = {
    "name": "nightly",
    "image": "registry.example/report:1",
    "kind": "SCHEDULED_JOB",
    "schedule": {"cron": "30 4 * * *", "timeZone": "Europe/London"},
    "timeLimitSeconds": 600,
}
DATABASE = {
    "name": "db",
    "image": "registry.example/db:1",
    "kind": "STATEFUL_SERVICE",
    "volumes": [{"name": "data", "path": "/data", "sizeGib": 2}],
}


@pytest.fixture
async def ada(graph: Graph) -> Principal:
    return await graph.sign_up("ada")


@pytest.fixture
async def shop(graph: Graph, ada: Principal) -> str:
    """The slug of a namespace."""
    return await namespaced(graph, ada, "shop")


async def deploy(graph: Graph, viewer: Principal, slug: str, workload: dict[str, Any]) -> dict[str, Any]:
    planned = (await graph.data(PLAN, viewer, slug=slug, workload=workload))["planWorkload"]
    assert [] == planned["errors"]
    assert [] == (await graph.data(DEPLOY, viewer, plan=planned["plan"]["id"]))["deployWorkload"]["errors"]
    read: dict[str, Any] = (await graph.data(READ, viewer, slug=slug, name=workload["name"]))["workload"]
    return read


async def test_a_scheduled_job_is_read_as_it_was_described(graph: Graph, ada: Principal, shop: str) -> None:
    app = await deploy(graph, ada, shop, NIGHTLY)

    schedule = app["spec"]["schedule"]
    assert ("SCHEDULED_JOB", "SCHEDULED_JOB", 3, 600) == (
        app["kind"],
        app["spec"]["kind"],
        app["spec"]["retries"],
        app["spec"]["timeLimitSeconds"],
    )
    assert ("30 4 * * *", "Europe/London", "FORBID", False, "At 04:30 every day") == (
        schedule["cron"],
        schedule["timeZone"],
        schedule["concurrency"],
        schedule["suspended"],
        schedule["explanation"],
    )
    assert schedule["nextRunAt"].endswith((":30:00+00:00", ":30:00Z"))


async def test_a_run_by_hand_is_answered_and_found_by_its_id(graph: Graph, ada: Principal, shop: str) -> None:
    await deploy(graph, ada, shop, NIGHTLY)

    answer = (await graph.data(RUN, ada, slug=shop, name="nightly"))["runWorkload"]
    found = await graph.data("query ($id: ID!) { node(id: $id) { ... on Run { name } } }", ada, id=answer["run"]["id"])

    assert [] == answer["errors"]
    assert ("MANUAL", "RUNNING", 1) == (answer["run"]["trigger"], answer["run"]["state"], answer["run"]["revision"])
    assert answer["run"]["name"] == found["node"]["name"]


async def test_a_paused_schedule_has_no_next_run(graph: Graph, ada: Principal, shop: str) -> None:
    await deploy(graph, ada, shop, NIGHTLY)

    answer = (await graph.data(PAUSE, ada, slug=shop))["pauseWorkload"]

    assert {"suspended": True, "nextRunAt": None} == answer["workload"]["spec"]["schedule"]


async def test_what_is_no_job_is_not_run(graph: Graph, ada: Principal, shop: str) -> None:
    app = await deploy(graph, ada, shop, DATABASE)

    answer = (await graph.data(RUN, ada, slug=shop, name="db"))["runWorkload"]

    assert [{"name": "data", "path": "/data", "sizeGib": 2, "storageClass": None}] == app["spec"]["volumes"]
    assert [("InvalidInputError", ["name"])] == [(each["__typename"], each["path"]) for each in answer["errors"]]


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"schedule": {"cron": "61 * * * *"}}, ["workload", "schedule", "cron"]),
        ({"schedule": {"cron": "@daily", "timeZone": "Mars/Olympus"}}, ["workload", "schedule", "timeZone"]),
        ({"schedule": None}, ["workload", "schedule"]),
        ({"volumes": DATABASE["volumes"]}, ["workload", "volumes"]),
        ({"timeLimitSeconds": 0}, ["workload", "timeLimitSeconds"]),
    ],
)
async def test_what_is_wrong_is_told_by_the_path_of_the_input(
    graph: Graph, ada: Principal, shop: str, changed: dict[str, Any], path: list[str]
) -> None:
    answer = (await graph.data(PLAN, ada, slug=shop, workload=NIGHTLY | changed))["planWorkload"]

    assert [path] == [each["path"] for each in answer["errors"]]


async def test_the_form_says_which_fields_a_kind_has(graph: Graph, ada: Principal) -> None:
    kinds = (await graph.data("{ workloadForm { kinds { kind name controller fields } } }", ada))["workloadForm"][
        "kinds"
    ]

    assert ["WEB_SERVICE", "WORKER", "STATEFUL_SERVICE", "SCHEDULED_JOB", "JOB"] == [each["kind"] for each in kinds]
    assert {"name": "job", "controller": "Job", "fields": ["retries", "timeLimitSeconds"]}.items() <= kinds[-1].items()
