"""A failure costs the field that it happens in: what stands beside it is served."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLObjectType, is_non_null_type
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from api.authorization.models import Principal, Scope
from api.clusters.cluster import Cluster
from api.clusters.embedded import EmbeddedCluster
from api.clusters.models import Kubeconfig
from api.database.database import Database
from api.metrics.prometheus import PrometheusSource
from api.metrics.sources import Source
from graphql_schema.schema import build_schema
from tests.api.proxy import Fault, FaultyProxy
from tests.api.servers import PATIENT, write_kubeconfig
from tests.graphql_schema.conftest import PACE, Graph
from tests.graphql_schema.world import DEPLOY, namespaced, planned, ready

FROM_MEMORY = {"Query.cluster", "Query.workloadForm"}
"""What asks a service that cannot fail: it looks at what it has in memory."""
PAGE = """
query ($slug: String!) {
  namespace(slug: $slug) {
    name
    manifest
    timeline(first: 1) { totalCount }
    metrics { cpu { __typename } }
    workloads(first: 1) { edges { node { name status { phase } manifest revisions(first: 1) { totalCount } } } }
  }
}
"""


@pytest.fixture
async def api_server() -> AsyncIterator[EmbeddedCluster]:
    async with EmbeddedCluster.open(pace=PACE) as server:
        yield server


@pytest.fixture
async def proxy(api_server: EmbeddedCluster) -> AsyncIterator[FaultyProxy]:
    """The wire to the API server."""
    async with FaultyProxy.open(api_server.url) as proxy:
        yield proxy


@pytest.fixture
async def cluster(api_server: EmbeddedCluster, proxy: FaultyProxy, tmp_path: Path) -> AsyncIterator[Cluster]:
    kubeconfig = write_kubeconfig(tmp_path / "kubeconfig", proxy.url, api_server.token)
    async with Cluster.open(Kubeconfig(kubeconfig), limit=PATIENT) as cluster:
        yield cluster


@pytest.fixture
def metrics_source() -> Iterator[Source]:
    """A Prometheus that is not there."""
    with PrometheusSource.open("http://127.0.0.1:9") as source:
        yield source


def test_what_asks_a_service_is_nullable() -> None:
    schema = build_schema()._schema
    strict = set()

    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType) and type_ is not schema.subscription_type:
            for name, field in type_.fields.items():
                definition = (field.extensions or {}).get(GraphQLCoreConverter.DEFINITION_BACKREF)
                if is_non_null_type(field.type) and isinstance(definition, StrawberryField) and asks(definition):
                    strict.add(f"{type_.name}.{name}")

    # What the viewer may do follows from what was read already: no service is asked.
    assert {each for each in strict if not each.endswith(".viewerCan")} == FROM_MEMORY


def asks(field: StrawberryField) -> bool:
    """Whether a field is more than a look at its own object."""
    resolver = field.base_resolver
    return resolver is not None and (resolver.is_async or resolver.info_parameter is not None)


async def test_without_api_server_and_prometheus_all_else_is_served(graph: Graph, proxy: FaultyProxy) -> None:
    ada = await graph.sign_up("ada")
    slug = await namespaced(graph, ada, "team")
    await graph.data(DEPLOY, ada, plan=await planned(graph, ada, slug, "web", replicas=1))
    await ready(graph, ada, slug, "web")
    proxy.fail_when(lambda request: request.method == "GET" and not request.watches, Fault.DENIED)

    payload = (await graph.reply(PAGE, ada, slug=slug)).payload

    place = payload["data"]["namespace"]
    app = place["workloads"]["edges"][0]["node"]
    assert ("team", None, 1) == (place["name"], place["manifest"], place["timeline"]["totalCount"])
    assert {"cpu": {"__typename": "MetricSourceDown"}} == place["metrics"]
    assert ("web", {"phase": "READY"}, None) == (app["name"], app["status"], app["manifest"])
    assert 1 == app["revisions"]["totalCount"]
    assert {"manifest"} == {error["path"][-1] for error in payload["errors"]}


@contextmanager
def failing(database: Database, table: str) -> Iterator[None]:
    """PostgreSQL does not answer what is asked of a table."""

    def fail(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if f"FROM {table}" in statement:
            raise OperationalError(statement, {}, Exception("the connection was lost"))

    event.listen(database.engine.sync_engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", fail)


async def test_what_the_database_does_not_answer_costs_that_list_alone(graph: Graph, database: Database) -> None:
    ada = await graph.sign_up("ada")
    slug = await namespaced(graph, ada, "team")
    query = """
    query ($slug: String!) {
      namespace(slug: $slug) { name timeline(first: 1) { totalCount } events(first: 1) { totalCount } }
    }
    """

    with failing(database, "timeline"):
        payload = (await graph.reply(query, ada, slug=slug)).payload

    place = payload["data"]["namespace"]
    assert ("team", None) == (place["name"], place["timeline"])
    assert place["events"] is not None
    assert [("UNAVAILABLE", ["namespace", "timeline"])] == [
        (error["extensions"]["code"], error["path"]) for error in payload["errors"]
    ]


async def test_a_mutation_that_fails_leaves_the_answers_of_those_before_it(graph: Graph) -> None:
    ada = await graph.sign_up("ada")
    slug = await namespaced(graph, ada, "team")
    query = """
    mutation ($slug: String!) {
      done: updateNamespace(input: {slug: $slug, reconciliationPaused: true}) { namespace { reconciliationPaused } }
      refused: createApiToken(input: {name: "x", scopes: [READ]}) { secret }
    }
    """
    by_token = await token_of(graph, ada)

    payload = (await graph.reply(query, by_token, slug=slug)).payload

    assert {"done": {"namespace": {"reconciliationPaused": True}}, "refused": None} == payload["data"]
    assert [("FORBIDDEN", ["refused"])] == [(each["extensions"]["code"], each["path"]) for each in payload["errors"]]


async def test_one_id_that_cannot_be_looked_up_leaves_the_others(graph: Graph, database: Database) -> None:
    ada = await graph.sign_up("ada")
    slug = await namespaced(graph, ada, "team")
    place = (await graph.data("query ($slug: String!) { namespace(slug: $slug) { id } }", ada, slug=slug))["namespace"]
    entry = await first_entry(graph, ada, slug)

    with failing(database, "timeline"):
        query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
        payload = (await graph.reply(query, ada, ids=[entry, place["id"]])).payload

    assert [None, {"id": place["id"]}] == payload["data"]["nodes"]
    assert [["nodes", 0]] == [error["path"] for error in payload["errors"]]


async def token_of(graph: Graph, viewer: Principal) -> Principal:
    """The viewer by a token, which may make no other."""
    _, secret = await graph.services.authentication.create_api_token(
        viewer, name="ci", scopes=frozenset({Scope.READ, Scope.WRITE}), expires_in_days=1
    )
    principal = await graph.services.authentication.authenticate(bearer=secret)
    assert principal is not None
    return principal


async def first_entry(graph: Graph, viewer: Principal, slug: str) -> str:
    """The id of what is on the namespace's timeline, once somebody paused its reconciliation."""
    paused = "updateNamespace(input: {slug: $slug, reconciliationPaused: true}) { __typename }"
    await graph.data(f"mutation ($slug: String!) {{ {paused} }}", viewer, slug=slug)
    query = "query ($slug: String!) { namespace(slug: $slug) { timeline(first: 1) { edges { node { id } } } } }"
    found = (await graph.data(query, viewer, slug=slug))["namespace"]["timeline"]["edges"]
    entry: str = found[0]["node"]["id"]
    return entry
