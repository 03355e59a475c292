"""Why an app is not up, as clients ask for it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from api.authorization.models import Principal
from tests.graphql_schema.conftest import Graph
from tests.graphql_schema.world import DEPLOY, namespaced

PLAN = """
mutation ($slug: String!, $image: String!) {
  planWorkload(input: {namespace: $slug, workload: {name: "web", image: $image}}) { plan { id } }
}
"""
DIAGNOSIS = """
query ($slug: String!) {
  workload(namespace: $slug, name: "web") {
    diagnosis {
      __typename
      ... on DiagnosisDetails {
        message pods
        evidence { source kind name reason message at }
        fix { label path value }
      }
      ... on ImagePullFailure { image cause }
      ... on CrashLoop { exitCode restarts lastLines }
    }
  }
}
"""


@pytest.fixture
async def ada(graph: Graph) -> Principal:
    return await graph.sign_up("ada")


@pytest.fixture
async def slug(graph: Graph, ada: Principal) -> str:
    return await namespaced(graph, ada, "team")


async def deploy(graph: Graph, viewer: Principal, slug: str, image: str) -> None:
    plan = (await graph.data(PLAN, viewer, slug=slug, image=image))["planWorkload"]["plan"]
    await graph.data(DEPLOY, viewer, plan=plan["id"])


async def diagnosed(graph: Graph, viewer: Principal, slug: str, type_: str) -> dict[str, Any]:
    """The app's diagnosis, once it is of that type."""
    with graph.services.cluster.store.subscribe(slug) as changes:
        async with asyncio.timeout(30):
            while True:
                found: dict[str, Any] | None = (await graph.data(DIAGNOSIS, viewer, slug=slug))["workload"]["diagnosis"]
                if found is not None and found["__typename"] == type_:
                    return found
                await anext(changes)


async def test_an_image_that_cannot_be_pulled(graph: Graph, ada: Principal, slug: str) -> None:
    await deploy(graph, ada, slug, "registry.example/web:broken")

    found = await diagnosed(graph, ada, slug, "ImagePullFailure")

    assert ("registry.example/web:broken", "NOT_FOUND", None) == (found["image"], found["cause"], found["fix"])
    assert "cannot be pulled" in found["message"]
    assert ("CONTAINER", "Pod", found["pods"][0]) == tuple(
        found["evidence"][0][key] for key in ("source", "kind", "name")
    )


async def test_a_crash_with_the_last_lines_of_its_log(graph: Graph, ada: Principal, slug: str) -> None:
    await deploy(graph, ada, slug, "registry.example/web:crash")

    found = await diagnosed(graph, ada, slug, "CrashLoop")

    assert 1 == found["exitCode"]
    assert "ConnectionRefusedError: [Errno 111] Connection refused" in found["lastLines"]


async def test_a_fix_is_a_change_of_what_is_planned(graph: Graph, ada: Principal, slug: str) -> None:
    await deploy(graph, ada, slug, "nginx:1.29")

    found = await diagnosed(graph, ada, slug, "PolicyRefusal")

    assert {"label": "Run as user 1000", "path": ["workload", "runAsUser"], "value": "1000"} == found["fix"]
