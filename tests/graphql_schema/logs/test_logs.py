"""Logs in the graph: a page of them, and as they are written."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from api.authorization.models import Principal
from graphql_schema.context import Context
from graphql_schema.execution import Operation
from tests.graphql_schema.conftest import Graph
from tests.graphql_schema.following import deployed, followed
from tests.graphql_schema.world import namespaced

LOGS = """
query ($slug: String!, $last: Int, $first: Int, $after: String, $text: String) {
  workload(namespace: $slug, name: "web") {
    logs(last: $last, first: $first, after: $after, text: $text) {
      pageInfo { hasNextPage hasPreviousPage endCursor }
      edges { cursor node { podName containerName at message isCut } }
    }
    pods(first: 1) { edges { node { name logs(first: 1) { edges { node { podName message } } } } } }
  }
}
"""
ID = 'query ($slug: String!) { workload(namespace: $slug, name: "web") { id } }'
LINES = """
subscription ($id: ID!, $after: String, $last: Int! = 100) {
  logLines(workloadId: $id, after: $after, last: $last) {
    kind cursor podName containerNames endReason podEndReason gapReason dropped lines { podName message cursor }
  }
}
"""
BY_NAME = """
subscription ($slug: String!) { logLines(namespace: $slug, name: "web") { kind lines { message } } }
"""
DELETE = """
mutation ($slug: String!) { deleteWorkload(input: {namespace: $slug, name: "web"}) { deletedId } }
"""
SCALE = """
mutation ($slug: String!) {
  scaleWorkload(input: {namespace: $slug, name: "web", replicas: 2}) { errors { message } }
}
"""


@pytest.fixture
async def ada(graph: Graph) -> Principal:
    return await graph.sign_up("ada")


@pytest.fixture
async def slug(graph: Graph, ada: Principal) -> str:
    """A namespace with an app that runs."""
    slug = await namespaced(graph, ada, "team")
    await deployed(graph, ada, slug)
    return slug


@pytest.fixture
async def web(graph: Graph, ada: Principal, slug: str) -> str:
    """The app's id."""
    found: str = (await graph.data(ID, ada, slug=slug))["workload"]["id"]
    return found


async def page(graph: Graph, ada: Principal, slug: str, **arguments: Any) -> dict[str, Any]:
    found: dict[str, Any] = (await graph.data(LOGS, ada, slug=slug, **arguments))["workload"]
    return found


async def test_a_page_of_logs_is_read_from_the_cluster(graph: Graph, ada: Principal, slug: str) -> None:
    found = await page(graph, ada, slug, first=1)

    [edge] = found["logs"]["edges"]
    [pod] = found["pods"]["edges"]
    assert {
        "podName": pod["node"]["name"],
        "containerName": "app",
        "message": "INFO  Starting app",
        "isCut": False,
    } == {name: value for name, value in edge["node"].items() if name != "at"}
    assert {"hasNextPage": True, "hasPreviousPage": False, "endCursor": edge["cursor"]} == found["logs"]["pageInfo"]
    assert [{"podName": pod["node"]["name"], "message": "INFO  Starting app"}] == [
        each["node"] for each in pod["node"]["logs"]["edges"]
    ]


async def test_the_next_page_begins_behind_the_last_line(graph: Graph, ada: Principal, slug: str) -> None:
    first = (await page(graph, ada, slug, first=1))["logs"]["edges"]

    second = (await page(graph, ada, slug, first=1, after=first[0]["cursor"]))["logs"]["edges"]

    assert ["INFO  Configuration read from the environment"] == [edge["node"]["message"] for edge in second]


async def test_only_lines_with_the_text_are_in_a_page(graph: Graph, ada: Principal, slug: str) -> None:
    found = (await page(graph, ada, slug, last=5, text="starting"))["logs"]["edges"]

    assert ["INFO  Starting app"] == [edge["node"]["message"] for edge in found]


async def test_what_is_no_cursor_of_a_line_is_refused(graph: Graph, ada: Principal, slug: str) -> None:
    assert ["BAD_USER_INPUT"] == await graph.codes(LOGS, ada, slug=slug, first=1, after="x")


async def test_an_app_is_followed_line_by_line_until_it_is_deleted(
    graph: Graph, ada: Principal, slug: str, web: str
) -> None:
    async with followed(graph, LINES, ada, id=web) as messages:
        told = [await anext(messages)]
        while len(lines_of(told)) < 6:
            told.append(await anext(messages))
        await graph.data(SCALE, ada, slug=slug)
        while [each["kind"] for each in told].count("POD_STARTED") < 2:
            told.append(await anext(messages))
        await graph.data(DELETE, ada, slug=slug)
        told += [message async for message in messages]

    lines = lines_of(told)
    assert "POD_STARTED" == told[0]["kind"]
    assert "INFO  Starting app" == lines[0]["message"]
    assert len({line["cursor"] for line in lines}) == len(lines)
    assert ("ENDED", "GONE") == (told[-1]["kind"], told[-1]["endReason"])


async def test_who_comes_back_with_a_cursor_misses_no_line_and_reads_none_twice(
    graph: Graph, ada: Principal, slug: str, web: str
) -> None:
    told: list[dict[str, Any]] = []
    for _ in range(4):
        after = {"after": told[-1]["cursor"]} if told else {}
        async with followed(graph, LINES, ada, id=web, **after) as messages:
            wanted = len(lines_of(told)) + 3
            while len(lines_of(told)) < wanted:
                told.append(await anext(messages))

    whole = [edge["cursor"] for edge in (await page(graph, ada, slug, first=100))["logs"]["edges"]]
    read = [line["cursor"] for line in lines_of(told)]
    assert whole[: len(read)] == read


def lines_of(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for message in told for line in message["lines"]]


async def test_an_app_is_followed_by_its_name_too(graph: Graph, ada: Principal, slug: str) -> None:
    async with followed(graph, BY_NAME, ada, slug=slug) as messages:
        while not (message := await anext(messages))["lines"]:
            pass

    assert "INFO  Starting app" == message["lines"][0]["message"]


@pytest.mark.parametrize(
    "arguments", ["", '(name: "web")', '(workloadId: "x", name: "web")', '(workloadId: "x", last: -1)']
)
async def test_an_app_that_is_not_named_is_refused(graph: Graph, ada: Principal, arguments: str) -> None:
    context = Context(services=graph.services, viewer=ada, request_id="test")
    operation = Operation(f"subscription {{ logLines{arguments} {{ kind }} }}")

    async with asyncio.timeout(10):
        [refusal] = [reply.payload async for reply in graph.executor.stream(operation, context)]

    assert "BAD_USER_INPUT" == refusal["errors"][0]["extensions"]["code"]
