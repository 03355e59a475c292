"""Metrics in the graph: typed, with units, and read once for all that a query asks for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from datetime import timedelta

import pytest

from api.authorization.models import Principal
from api.clusters.cluster import Cluster
from api.metrics.metrics_api import MetricsApiSource
from api.metrics.models import MetricName, MetricScope, MetricsWindow
from api.metrics.sources import Samples
from tests.graphql_schema.conftest import Graph
from tests.graphql_schema.metrics.wire import Wire
from tests.graphql_schema.world import DEPLOY, namespaced, planned, ready

PAGE = """
query ($slug: String!) {
  namespace(slug: $slug) {
    metrics(range: "5m") { ...all }
    workloads(first: 10) { edges { node { metrics(range: "5m") { ...all } } } }
  }
}
fragment all on Metrics { source range step cpu { ...one } memory { ...one } networkReceive { ...one } }
fragment one on MetricResult {
  __typename
  ... on MetricSeries { unit latest points { at value } }
  ... on MetricNoData { unit message }
  ... on MetricSourceDown { unit message }
}
"""


class Counted:
    """The real source, and how often it is read: each read is one call of Prometheus, where that is the source."""

    def __init__(self, source: MetricsApiSource) -> None:
        self._source = source
        self.kind = source.kind
        self.lacks = source.lacks
        self.reads: list[tuple[MetricName, int]] = []

    async def read(
        self, name: MetricName, scopes: Collection[MetricScope], window: MetricsWindow
    ) -> Mapping[MetricScope, Samples]:
        self.reads.append((name, len(scopes)))
        return await self._source.read(name, scopes, window)


@pytest.fixture
def wire(cluster: Cluster) -> Wire:
    return Wire(cluster)


@pytest.fixture
async def metrics_source(wire: Wire) -> AsyncIterator[Counted]:
    async with MetricsApiSource.open(wire.sample, interval=timedelta(seconds=0.05)) as source:
        yield Counted(source)


@pytest.fixture
async def ada(graph: Graph) -> Principal:
    return await graph.sign_up("ada")


@pytest.fixture
async def slug(graph: Graph, ada: Principal, wire: Wire) -> str:
    """A namespace in which two apps run, and were measured."""
    slug = await namespaced(graph, ada, "team")
    for app in ("one", "two"):
        await graph.data(DEPLOY, ada, plan=await planned(graph, ada, slug, app, replicas=1))
        await ready(graph, ada, slug, app)
    await wire.until_sampled()
    return slug


async def test_all_levels_of_a_query_are_read_in_one_call_a_metric(
    graph: Graph, ada: Principal, slug: str, metrics_source: Counted
) -> None:
    namespace = (await graph.data(PAGE, ada, slug=slug))["namespace"]

    assert [(MetricName.CPU, 3), (MetricName.MEMORY, 3)] == sorted(metrics_source.reads)
    apps = [edge["node"]["metrics"] for edge in namespace["workloads"]["edges"]]
    assert {"MetricSeries"} == {metrics["cpu"]["__typename"] for metrics in [namespace["metrics"], *apps]}


async def test_a_metric_has_its_unit_and_the_window_its_durations(graph: Graph, ada: Principal, slug: str) -> None:
    metrics = (await graph.data(PAGE, ada, slug=slug))["namespace"]["metrics"]

    assert ("METRICS_API", "5m") == (metrics["source"], metrics["range"])
    assert ["CORES", "BYTES", "BYTES_PER_SECOND"] == [
        metrics[name]["unit"] for name in ("cpu", "memory", "networkReceive")
    ]
    assert metrics["cpu"]["latest"] == metrics["cpu"]["points"][-1]["value"]


async def test_no_data_and_source_down_are_two_answers(graph: Graph, ada: Principal, slug: str, wire: Wire) -> None:
    before = (await graph.data(PAGE, ada, slug=slug))["namespace"]["metrics"]
    wire.is_cut = True
    await wire.until_sampled()
    after = (await graph.data(PAGE, ada, slug=slug))["namespace"]["metrics"]

    assert ("MetricSeries", "MetricNoData") == (before["cpu"]["__typename"], before["networkReceive"]["__typename"])
    assert ("MetricSourceDown", "MetricNoData") == (after["cpu"]["__typename"], after["networkReceive"]["__typename"])
    assert "does not answer" in after["cpu"]["message"]


@pytest.mark.parametrize(
    "window", ['range: "31d"', 'range: "10s"', 'range: "1h", step: "2h"', 'range: "30d", step: "1m"']
)
async def test_a_window_that_will_not_do_is_refused_and_its_siblings_stand(
    graph: Graph, ada: Principal, slug: str, window: str
) -> None:
    metrics = f"namespace(slug: $slug) {{ metrics({window}) {{ range }} }}"

    payload = (await graph.reply(f"query ($slug: String!) {{ viewer {{ email }} {metrics} }}", ada, slug=slug)).payload

    assert ["BAD_USER_INPUT"] == [error["extensions"]["code"] for error in payload["errors"]]
    assert {"viewer": {"email": "ada@example.com"}, "namespace": {"metrics": None}} == payload["data"]
