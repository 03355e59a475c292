"""Webhooks in the graph: what they may ask, and what is sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from api.authorization.models import Principal, Scope
from api.database.database import Database
from api.database.encryption import Encryption
from api.webhooks.attempts import Attempts
from api.webhooks.models import WebhookLimits
from api.webhooks.opening import Reach
from api.webhooks.outbox import Outbox
from api.webhooks.seal import SigningSeal
from graphql_schema.services import Services
from graphql_schema.webhooks.documents import WebhookPayloads
from tests.api.webhooks.conftest import LOOPBACK, look_up_loopback
from tests.api.webhooks.receiver import HOST, Authority, Receiver, receiving
from tests.graphql_schema.conftest import Graph, reader
from tests.graphql_schema.webhooks.over import webhooks_over
from tests.graphql_schema.world import DEPLOY, namespaced, planned, ready

URL = f"https://{HOST}/hook"
ASKING = """query ($namespace: String!, $workload: String!, $workloadId: ID!, $pods: Int = 2) {
  workload(namespace: $namespace, name: $workload) { id name status { phase } pods(first: $pods) { totalCount } }
  node(id: $workloadId) { id }
}"""
CREATE = """
mutation ($input: CreateWebhookInput!) {
  createWebhook(input: $input) {
    webhook { id url query variables events active disabledReason failingSince namespace { slug } }
    secret
    errors { __typename message path ... on InvalidInputError { example } }
  }
}
"""
UPDATE = """
mutation ($input: UpdateWebhookInput!) {
  updateWebhook(input: $input) { webhook { url query variables events active } errors { __typename path } }
}
"""
PING = "mutation ($id: ID!) { pingWebhook(input: {id: $id}) { delivery { id state } errors { message path } } }"
ROTATE = "mutation ($id: ID!) { rotateWebhookSecret(input: {id: $id}) { secret errors { message } } }"
REDELIVER = """
mutation ($id: ID!) { redeliverWebhook(input: {deliveryId: $id}) { delivery { id state attempts } errors { path } } }
"""
DELETE = "mutation ($id: ID!) { deleteWebhook(input: {id: $id}) { deletedId errors { __typename path } } }"
LIST = """
query ($slug: String!) {
  namespace(slug: $slug) { webhooks(first: 10) { totalCount edges { node { id deliveries(first: 10) {
    totalCount edges { node {
      id event at workloadId state attempts nextAttemptAt lastAttemptAt responseStatus responseBody error durationMs
    } }
  } } } } }
}
"""


@pytest.fixture
async def ada(graph: Graph) -> Principal:
    return await graph.sign_up("ada")


@pytest.fixture
async def slug(graph: Graph, ada: Principal) -> str:
    return await namespaced(graph, ada, "shop")


def wanted(slug: str, **other: Any) -> dict[str, Any]:
    return {"namespace": slug, "url": URL, "query": ASKING, "events": ["DEPLOYMENT_FINISHED"], **other}


async def created(graph: Graph, viewer: Principal, slug: str, **other: Any) -> dict[str, Any]:
    payload = (await graph.data(CREATE, viewer, input=wanted(slug, **other)))["createWebhook"]
    assert [] == payload["errors"]
    made: dict[str, Any] = payload
    return made


async def refused(graph: Graph, viewer: Principal, slug: str, **other: Any) -> list[tuple[str, list[str]]]:
    payload = (await graph.data(CREATE, viewer, input=wanted(slug, **other)))["createWebhook"]
    assert (None, None) == (payload["webhook"], payload["secret"])
    return [(error["message"], error["path"]) for error in payload["errors"]]


async def test_a_webhook_is_made_with_its_secret_once_and_listed_without(
    graph: Graph, ada: Principal, slug: str
) -> None:
    made = await created(graph, ada, slug, variables='{"pods": 1}')
    listed = (await graph.data(LIST, ada, slug=slug))["namespace"]["webhooks"]

    assert made["secret"].startswith("whsec_")
    expected = {
        "id": made["webhook"]["id"],
        "url": URL,
        "query": ASKING,
        "variables": '{"pods":1}',
        "events": ["DEPLOYMENT_FINISHED"],
        "active": True,
        "disabledReason": None,
        "failingSince": None,
        "namespace": {"slug": slug},
    }
    assert expected == made["webhook"]
    assert (1, made["webhook"]["id"]) == (listed["totalCount"], listed["edges"][0]["node"]["id"])


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "Syntax Error"),
        ("{", "Syntax Error"),
        ("{ nothing }", "Cannot query field"),
        ('mutation { deleteNamespace(input: {slug: "x"}) { deletedId } }', "this is a mutation"),
        ('subscription { namespaceUpdated(slug: "x") { kind } }', "this is a subscription"),
        ("query A { viewer { id } } query B { viewer { id } }", "exactly one operation"),
        ("fragment F on User { id }", ""),
        ("{ namespaces(first: 101) { totalCount } }", "from 1 to 100"),
        ("{ namespaces { totalCount } }", "either `first` or `last`"),
        (
            "{ viewer { " + "namespaces(first: 1) { edges { node { owner { " * 8 + "id" + " } } } }" * 8 + " } }",
            "levels",
        ),
        ("query ($namespace: Int!) { nodes(ids: []) { id } namespace(slug: $namespace) { id } }", "Int"),
        ('query ($namespace: Int!) { namespace(slug: "x") { events(first: $namespace) { totalCount } } }', "Int"),
    ],
)
async def test_what_is_not_one_query_within_the_limits_is_refused_on_its_field(
    graph: Graph, ada: Principal, slug: str, query: str, says: str
) -> None:
    errors = await refused(graph, ada, slug, query=query)

    assert errors
    assert {("query",)} == {tuple(path) for _, path in errors}
    assert any(says in message for message, _ in errors)


@pytest.mark.parametrize(
    ("query", "variables", "says"),
    [
        (ASKING, "[]", "JSON object"),
        (ASKING, "{", "JSON object"),
        (ASKING, '{"pods": "many"}', "pods"),
        (ASKING, '{"other": 1}', "no variable $other"),
        (ASKING, '{"workload": "web"}', "filled in"),
        ("query ($slug: String!) { namespace(slug: $slug) { id } }", None, "slug"),
    ],
)
async def test_variables_that_do_not_fit_the_query_are_refused_on_their_field(
    *, graph: Graph, ada: Principal, slug: str, query: str, variables: str | None, says: str
) -> None:
    errors = await refused(graph, ada, slug, query=query, variables=variables)

    assert {("variables",)} == {tuple(path) for _, path in errors}
    assert any(says in message for message, _ in errors)


async def test_everything_that_is_wrong_is_told_at_once(graph: Graph, ada: Principal, slug: str) -> None:
    errors = await refused(graph, ada, slug, url="http://x", query="{ x }", events=["PING"])

    assert [["url"], ["query"], ["events"]] == [path for _, path in errors]


async def test_a_change_leaves_what_it_does_not_name(graph: Graph, ada: Principal, slug: str) -> None:
    made = await created(graph, ada, slug)

    change = {"id": made["webhook"]["id"], "events": ["RUN_STARTED"], "active": False}
    payload = (await graph.data(UPDATE, ada, input=change))["updateWebhook"]

    expected = {"url": URL, "query": ASKING, "variables": "{}", "events": ["RUN_STARTED"], "active": False}
    assert (expected, []) == (payload["webhook"], payload["errors"])


async def test_a_deleted_webhook_is_gone_with_its_deliveries(graph: Graph, ada: Principal, slug: str) -> None:
    id = (await created(graph, ada, slug))["webhook"]["id"]
    delivery = (await graph.data(PING, ada, id=id))["pingWebhook"]["delivery"]

    first = (await graph.data(DELETE, ada, id=id))["deleteWebhook"]
    second = (await graph.data(DELETE, ada, id=id))["deleteWebhook"]

    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert ({"deletedId": id, "errors": []}, None) == (first, second["deletedId"])
    assert [{"__typename": "NotFoundError", "path": ["id"]}] == second["errors"]
    assert {"node": None} == await graph.data(node, ada, id=delivery["id"])


async def test_a_token_that_may_not_read_makes_no_webhook(graph: Graph, ada: Principal, slug: str) -> None:
    writer = replace(ada, scopes=frozenset({Scope.WRITE}))

    assert ["FORBIDDEN"] == await graph.codes(CREATE, writer, input=wanted(slug))
    assert ["FORBIDDEN"] == await graph.codes(CREATE, reader(ada), input=wanted(slug))


class Delivering:
    """Delivers what is due in this graph, to a receiver on loopback."""

    def __init__(self, graph: Graph, database: Database, attempts: Attempts) -> None:
        self.graph = graph
        self._database = database
        self._attempts = attempts

    async def turn(self) -> None:
        async with self._database.session() as session:
            claimed = await Outbox(session).claim(10)
        await asyncio.gather(*(self._attempts.make(each) for each in claimed))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.in_folder(tmp_path_factory.mktemp("authority"))


@pytest.fixture
async def receiver(authority: Authority, tmp_path: Path) -> AsyncIterator[Receiver]:
    async with receiving(authority.context_for(tmp_path, HOST)) as receiver:
        yield receiver


@pytest.fixture
def reach(receiver: Receiver, authority: Authority) -> Reach:
    return Reach(networks=(LOOPBACK,), ports=(receiver.port,), certificates=authority.file)


@pytest.fixture
def delivering(
    graph: Graph, services: Services, database: Database, encryption: Encryption, reach: Reach
) -> Delivering:
    """The graph with webhooks that may reach the receiver."""
    namespaces, workloads = services.namespaces, services.workloads
    webhooks = webhooks_over(
        graph.executor, database, namespaces=namespaces, workloads=workloads, encryption=encryption, reach=reach
    )
    allowed = replace(services, webhooks=webhooks)
    attempts = Attempts(
        database,
        namespaces,
        SigningSeal(encryption),
        reach.sender(look_up_loopback),
        reader_for=services.authentication.reader_for,
        payloads=WebhookPayloads(graph.executor, allowed),
        limits=WebhookLimits(),
    )
    return Delivering(Graph(graph.executor, allowed), database, attempts)


@pytest.fixture
async def app(graph: Graph, ada: Principal, slug: str) -> dict[str, Any]:
    """An app that runs: its id."""
    plan_id = await planned(graph, ada, slug, "web")
    deployed = (await graph.data(DEPLOY, ada, plan=plan_id))["deployWorkload"]
    await ready(graph, ada, slug, "web")
    found: dict[str, Any] = deployed["workload"]
    return found


async def test_the_body_is_the_query_s_own_result_with_the_event_beside_it(
    delivering: Delivering, receiver: Receiver, ada: Principal, slug: str, app: dict[str, Any]
) -> None:
    graph = delivering.graph
    made = await created(graph, ada, slug, url=receiver.url, variables='{"pods": 1}')
    await graph.data(PING, ada, id=made["webhook"]["id"])

    await delivering.turn()

    received = await receiver.next()
    body = received.json
    assert received.is_signed_by(made["secret"])
    assert {"type", "timestamp", "event", "data"} == body.keys()
    expected = {
        "namespace": slug,
        "workload": "web",
        "workloadId": app["id"],
        "revision": 1,
        "phase": "READY",
        "previousPhase": None,
        "message": None,
    }
    assert ("PING", expected) == (body["type"], body["event"])
    workload = {"id": app["id"], "name": "web", "status": {"phase": "READY"}, "pods": {"totalCount": 2}}
    assert {"workload": workload, "node": {"id": app["id"]}} == body["data"]


async def test_a_delivery_is_listed_and_made_again_with_what_is_so_by_then(
    delivering: Delivering, receiver: Receiver, ada: Principal, slug: str
) -> None:
    graph = delivering.graph
    query = "query ($namespace: String!) { namespace(slug: $namespace) { reconciliationPaused } }"
    made = await created(graph, ada, slug, url=receiver.url, query=query)
    delivery = (await graph.data(PING, ada, id=made["webhook"]["id"]))["pingWebhook"]["delivery"]
    receiver.answer(200, "thanks")
    await delivering.turn()
    listed = (await graph.data(LIST, ada, slug=slug))["namespace"]["webhooks"]["edges"][0]["node"]["deliveries"]

    pause = (
        "mutation ($slug: String!) { updateNamespace(input: {slug: $slug, reconciliationPaused: true}) { __typename } }"
    )
    await graph.data(pause, ada, slug=slug)
    again = (await graph.data(REDELIVER, ada, id=delivery["id"]))["redeliverWebhook"]
    await delivering.turn()

    first, second = await receiver.next(), await receiver.next()
    [node] = [edge["node"] for edge in listed["edges"]]
    assert ("PING", "DELIVERED", 1, 200, "thanks", None, None) == tuple(
        node[name]
        for name in ("event", "state", "attempts", "responseStatus", "responseBody", "error", "nextAttemptAt")
    )
    assert ({"id": delivery["id"], "state": "PENDING", "attempts": 1}, []) == (again["delivery"], again["errors"])
    paused = [each.json["data"]["namespace"]["reconciliationPaused"] for each in (first, second)]
    assert [False, True] == paused
    assert first.headers["webhook-id"] == second.headers["webhook-id"]


async def test_what_its_maker_may_not_read_is_not_in_the_body(
    delivering: Delivering, receiver: Receiver, ada: Principal, slug: str
) -> None:
    eve = await delivering.graph.sign_up("eve")
    of_eve = await namespaced(delivering.graph, eve, "secret-plans")
    query = f'{{ namespace(slug: "{of_eve}") {{ name }} users(first: 5) {{ totalCount }} }}'
    made = await created(delivering.graph, ada, slug, url=receiver.url, query=query)
    await delivering.graph.data(PING, ada, id=made["webhook"]["id"])

    await delivering.turn()

    body = (await receiver.next()).json
    assert ({"namespace": None, "users": None}, ["FORBIDDEN"]) == (
        body["data"],
        [error["extensions"]["code"] for error in body["errors"]],
    )
    assert "secret-plans" not in str(body)


async def test_a_query_that_the_graph_takes_no_longer_is_told_as_its_errors(
    delivering: Delivering, receiver: Receiver, ada: Principal, slug: str, database: Database
) -> None:
    made = await created(delivering.graph, ada, slug, url=receiver.url)
    async with database.session() as session:
        await session.execute(text("UPDATE webhooks SET query = '{ gone }'"))
    await delivering.graph.data(PING, ada, id=made["webhook"]["id"])

    await delivering.turn()

    body = (await receiver.next()).json
    assert "data" not in body
    assert ["GRAPHQL_VALIDATION_FAILED"] == [error["extensions"]["code"] for error in body["errors"]]


async def test_a_rotated_secret_is_answered_once(graph: Graph, ada: Principal, slug: str) -> None:
    made = await created(graph, ada, slug)

    rotated = (await graph.data(ROTATE, ada, id=made["webhook"]["id"]))["rotateWebhookSecret"]

    assert rotated["secret"].startswith("whsec_")
    assert made["secret"] != rotated["secret"]
