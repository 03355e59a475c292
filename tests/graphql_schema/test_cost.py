"""What a page costs: a number of statements that does not grow with it, and no call of the cluster."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from api.authorization.models import Principal
from api.clusters.cluster import Cluster
from api.clusters.embedded import EmbeddedCluster
from api.clusters.models import Kubeconfig
from api.database.database import Database
from tests.api.proxy import FaultyProxy
from tests.api.servers import PATIENT, write_kubeconfig
from tests.graphql_schema.conftest import PACE, Graph
from tests.graphql_schema.world import DEPLOY, namespaced, planned, ready

PAGE = """
query ($slug: String!) {
  namespace(slug: $slug) {
    name owner { email } quota { resource used hard }
    events(first: 5) { edges { node { reason } } }
    workloads(first: 20) {
      edges { node {
        name namespace { name } status { phase readyReplicas } rollout { complete cells { state } }
        pods(first: 10) { edges { node { name state } } }
        events(first: 5) { edges { node { reason } } }
      } }
    }
  }
}
"""

_is_counted: ContextVar[bool] = ContextVar("is_counted", default=False)


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """The statements that PostgreSQL is sent on behalf of this block; feeds that linger send some of their own."""
    sent: list[str] = []
    here = _is_counted.set(True)

    def record(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if _is_counted.get():
            sent.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", record)
    try:
        yield sent
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", record)
        _is_counted.reset(here)


async def deployed(graph: Graph, viewer: Principal, slug: str, *apps: str) -> None:
    for app in apps:
        plan = await planned(graph, viewer, slug, app, replicas=1)
        assert [] == (await graph.data(DEPLOY, viewer, plan=plan))["deployWorkload"]["errors"]
    for app in apps:
        await ready(graph, viewer, slug, app)


async def test_a_page_of_more_apps_makes_no_more_statements(graph: Graph, database: Database) -> None:
    ada = await graph.sign_up("ada")
    slug = await namespaced(graph, ada, "team")
    counts = []

    for apps in (("one",), ("two", "three", "four")):
        await deployed(graph, ada, slug, *apps)
        with statements(database) as sent:
            data = await graph.data(PAGE, ada, slug=slug)
        counts.append((len(data["namespace"]["workloads"]["edges"]), len(sent)))

    assert [1, 4] == [apps for apps, _ in counts]
    assert counts[0][1] == counts[1][1]
    assert 0 < counts[0][1] <= 10


@pytest.fixture
async def api_server() -> AsyncIterator[EmbeddedCluster]:
    async with EmbeddedCluster.open(pace=PACE) as server:
        yield server


@pytest.fixture
async def proxy(api_server: EmbeddedCluster) -> AsyncIterator[FaultyProxy]:
    """The wire to the API server; it remembers what went over it."""
    async with FaultyProxy.open(api_server.url) as proxy:
        yield proxy


@pytest.fixture
async def cluster(api_server: EmbeddedCluster, proxy: FaultyProxy, tmp_path: Path) -> AsyncIterator[Cluster]:
    kubeconfig = write_kubeconfig(tmp_path / "kubeconfig", proxy.url, api_server.token)
    async with Cluster.open(Kubeconfig(kubeconfig), limit=PATIENT) as cluster:
        yield cluster


async def test_a_page_makes_no_call_of_the_cluster(graph: Graph, proxy: FaultyProxy) -> None:
    ada = await graph.sign_up("ada")
    slug = await namespaced(graph, ada, "team")
    await deployed(graph, ada, slug, "one")
    calls = len(proxy.seen)

    data = await graph.data(PAGE, ada, slug=slug)

    app = data["namespace"]["workloads"]["edges"][0]["node"]
    assert ("one", 1) == (app["name"], len(app["pods"]["edges"]))
    sampled = "/apis/metrics.k8s.io/"  # by the clock, whatever is asked
    assert [] == [each for each in proxy.seen[calls:] if not each.path.startswith(sampled)]
