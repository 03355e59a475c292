"""How often Prometheus is asked for a page: counted at the wire, over the real source and the real services."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator

import pytest

from api.authorization.models import Principal
from api.metrics.prometheus import PrometheusSource
from tests.api.metrics.prometheus_stub import Stub, serving
from tests.graphql_schema.conftest import Graph
from tests.graphql_schema.world import DEPLOY, namespaced, planned

APPS = 50
NAMES = re.compile(r"app-\d+")
PAGE = """
query ($slug: String!) {
  namespace(slug: $slug) {
    workloads(first: 50) { edges { node { name metrics(range: "1h") {
      cpu { ...one } memory { ...one } networkReceive { ...one } networkTransmit { ...one }
    } } } }
  }
}
fragment one on MetricResult { __typename ... on MetricSeries { unit latest points { at value } } }
"""


@pytest.fixture
async def prometheus() -> AsyncIterator[Stub]:
    async with serving() as stub:
        yield stub


@pytest.fixture
def metrics_source(prometheus: Stub) -> Iterator[PrometheusSource]:
    with PrometheusSource.open(prometheus.url) as source:
        yield source


@pytest.fixture
async def ada(graph: Graph) -> Principal:
    return await graph.sign_up("ada")


@pytest.fixture
async def slug(graph: Graph, ada: Principal) -> str:
    """A namespace of fifty apps. None of them runs: what they use is for Prometheus to say."""
    slug = await namespaced(graph, ada, "team")

    async def deployed(app: str) -> None:
        await graph.data(DEPLOY, ada, plan=await planned(graph, ada, slug, app, replicas=0))

    await asyncio.gather(*(deployed(f"app-{number}") for number in range(APPS)))
    return slug


async def test_four_metrics_of_fifty_apps_are_four_calls(
    graph: Graph, ada: Principal, slug: str, prometheus: Stub
) -> None:
    namespace = (await graph.data(PAGE, ada, slug=slug))["namespace"]

    apps = {edge["node"]["name"] for edge in namespace["workloads"]["edges"]}
    assert APPS == len(apps)
    assert [4, 4] == [len(prometheus.asked), len(set(prometheus.asked))]
    assert all(apps == set(NAMES.findall(expression.replace("\\", ""))) for expression in prometheus.asked)
