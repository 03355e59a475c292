"""Exposure through the graph: what is offered, what is refused, and the address as it comes up."""

from __future__ import annotations

from typing import Any

import pytest

from api.authorization.models import Principal
from api.manifests.exposures.presets import exposures_of
from api.manifests.exposures.profiles import NOT_EXPOSED, Exposures
from tests.api.manifests.exposures.profiles import Said
from tests.graphql_schema.conftest import Graph
from tests.graphql_schema.following import followed
from tests.graphql_schema.workloads.test_kinds import DEPLOY, PLAN
from tests.graphql_schema.world import namespaced

FORM = "{ workloadForm { exposures { mode reachableBy reason } } }"
FOLLOW = """
subscription ($slug: String!) {
  deploymentUpdated(namespace: $slug, name: "web") {
    workload {
      spec { exposure }
      exposure { mode state reason message address url reachableBy portAnswers isDemo }
    }
  }
}
"""
WEB = {"name": "web", "image": "registry.example/web:1", "port": 8080}


@pytest.fixture
async def ada(graph: Graph) -> Principal:
    return await graph.sign_up("ada")


@pytest.fixture
async def shop(graph: Graph, ada: Principal) -> str:
    """The slug of a namespace."""
    return await namespaced(graph, ada, "shop")


async def plan(graph: Graph, viewer: Principal, slug: str, **changed: Any) -> dict[str, Any]:
    planned: dict[str, Any] = (await graph.data(PLAN, viewer, slug=slug, workload={**WEB, **changed}))["planWorkload"]
    return planned


async def test_what_is_not_offered_says_why_in_the_form_and_is_refused_for_the_same_reason(
    graph: Graph, ada: Principal, shop: str
) -> None:
    offers = (await graph.data(FORM, ada))["workloadForm"]["exposures"]

    refused = (await plan(graph, ada, shop, exposure="PRIVATE"))["errors"]

    assert ["NONE", "PRIVATE", "PUBLIC"] == [each["mode"] for each in offers]
    assert [None, NOT_EXPOSED.private, NOT_EXPOSED.public] == [each["reason"] for each in offers]
    assert [("InvalidInputError", ["workload", "exposure"], NOT_EXPOSED.private)] == [
        (each["__typename"], each["path"], each["message"]) for each in refused
    ]


class TestDemo:
    @pytest.fixture
    def exposures(self) -> Exposures:
        return exposures_of(Said(), is_demo=True)

    async def test_the_form_offers_what_the_demo_plays_and_says_so(self, graph: Graph, ada: Principal) -> None:
        offers = (await graph.data(FORM, ada))["workloadForm"]["exposures"]

        assert [None, None, None] == [each["reason"] for each in offers]
        assert [False, True, True] == ["demo" in each["reachableBy"] for each in offers]

    @pytest.mark.parametrize(
        ("mode", "host"), [("PRIVATE", "http://web-{}.tailnet.example:8080"), ("PUBLIC", "https://web-{}.apps.example")]
    )
    async def test_an_address_comes_up_and_the_stream_tells(
        self, graph: Graph, ada: Principal, shop: str, mode: str, host: str
    ) -> None:
        planned = await plan(graph, ada, shop, exposure=mode)
        assert [] == planned["errors"]
        await graph.data(DEPLOY, ada, plan=planned["plan"]["id"])

        async with followed(graph, FOLLOW, ada, slug=shop) as messages:
            app = (await anext(messages))["workload"]
            while app["exposure"]["state"] != "READY" or not app["exposure"]["portAnswers"]:
                app = (await anext(messages))["workload"]

        exposure = app["exposure"]
        assert (mode, mode) == (app["spec"]["exposure"], exposure["mode"])
        assert (host.format(shop), None, True) == (exposure["url"], exposure["reason"], exposure["isDemo"])
        assert "demo" in exposure["message"]

    async def test_a_job_is_reached_by_nobody(self, graph: Graph, ada: Principal, shop: str) -> None:
        refused = (await plan(graph, ada, shop, kind="JOB", port=None, exposure="PUBLIC"))["errors"]

        assert [["workload", "exposure"]] == [each["path"] for each in refused]
