"""Metrics as they are measured: a snapshot first, then the newest values at each step."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from api.authorization.models import Principal
from api.clusters.cluster import Cluster
from api.metrics.metrics_api import MetricsApiSource
from tests.graphql_schema.conftest import Graph
from tests.graphql_schema.following import deployed, followed
from tests.graphql_schema.metrics.wire import Wire
from tests.graphql_schema.world import namespaced

UPDATES = """
subscription ($slug: String!, $name: String, $after: String) {
  metricsUpdated(namespace: $slug, name: $name, range: "1m", step: "5s", after: $after) {
    kind cursor step source cpu { ...one } ...rest
  }
}
fragment rest on MetricsUpdate { networkReceive { ...one } }
fragment one on MetricResult {
  __typename
  ... on MetricSeries { unit latest points { at } }
  ... on MetricNoData { message }
}
"""
DELETE = """
mutation ($slug: String!) { deleteWorkload(input: {namespace: $slug, name: "web"}) { deletedId } }
"""


@pytest.fixture
def wire(cluster: Cluster) -> Wire:
    return Wire(cluster)


@pytest.fixture
async def metrics_source(wire: Wire) -> AsyncIterator[MetricsApiSource]:
    async with MetricsApiSource.open(wire.sample, interval=timedelta(seconds=0.1)) as source:
        yield source


@pytest.fixture
async def ada(graph: Graph) -> Principal:
    return await graph.sign_up("ada")


@pytest.fixture
async def slug(graph: Graph, ada: Principal, wire: Wire) -> str:
    """A namespace with an app that runs, of which something was measured."""
    slug = await namespaced(graph, ada, "team")
    await deployed(graph, ada, slug)
    await wire.until_sampled()
    return slug


async def test_an_app_is_followed_from_its_snapshot_to_its_end(graph: Graph, ada: Principal, slug: str) -> None:
    async with followed(graph, UPDATES, ada, slug=slug, name="web") as messages:
        snapshot, sample = await anext(messages), await anext(messages)
        while sample["cpu"]["points"] == []:
            sample = await anext(messages)
        await graph.data(DELETE, ada, slug=slug)
        rest = [message async for message in messages]

    assert ("SNAPSHOT", "SAMPLE", "ENDED") == (snapshot["kind"], sample["kind"], rest[-1]["kind"])
    assert "CORES" == snapshot["cpu"]["unit"]
    assert "MetricNoData" == snapshot["networkReceive"]["__typename"]
    assert max(each["at"] for each in snapshot["cpu"]["points"]) < min(each["at"] for each in sample["cpu"]["points"])
    assert None is rest[-1]["cpu"]


async def test_who_comes_back_gets_the_points_since_to_be_added(graph: Graph, ada: Principal, slug: str) -> None:
    async with followed(graph, UPDATES, ada, slug=slug) as messages:
        before = await anext(messages)

    async with followed(graph, UPDATES, ada, slug=slug, after=before["cursor"]) as messages:
        first = await anext(messages)

    told = {each["at"] for each in before["cpu"]["points"]}
    assert ("SNAPSHOT", "SAMPLE") == (before["kind"], first["kind"])
    assert told.isdisjoint(each["at"] for each in first["cpu"]["points"])
    assert first["cpu"]["latest"] is not None


@pytest.mark.parametrize("cursor", ["", "x", "W10", "W3siY3B1IjoxfV0"])
async def test_what_is_no_cursor_is_refused(graph: Graph, ada: Principal, slug: str, cursor: str) -> None:
    with pytest.raises(AssertionError, match="BAD_USER_INPUT"):
        async with followed(graph, UPDATES, ada, slug=slug, after=cursor) as messages:
            await anext(messages)
