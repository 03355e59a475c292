"""Nobody sees, or changes, what is another's: by no field, mutation, subscription or node of the schema.

The cases are held against the schema: a field that is added without a case here fails.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import aclosing
from typing import Any
from uuid import uuid4

import pytest
from graphql import GraphQLObjectType, GraphQLSchema, get_named_type

from api.authorization.models import Principal
from graphql_schema.context import Context
from graphql_schema.execution import Operation
from graphql_schema.node_queries import FINDERS_BY_UID, FINDERS_BY_UUID
from graphql_schema.nodes import encode_id
from tests.graphql_schema.conftest import Graph, reader
from tests.graphql_schema.selections import whole
from tests.graphql_schema.world import World, namespaced, settle

OWN = "only ever the viewer's own"

QUERIES: Mapping[str, str] = {
    "viewer": OWN,
    "users": OWN,
    "namespaces": OWN,
    "cluster": OWN,
    "rateLimit": OWN,
    "workloadForm": OWN,
    "pastedWorkload": '(text: "docker run registry.example/x:1")',
    "node": "(id: $workload)",
    "nodes": "(ids: [$user, $token, $namespace, $workload, $revision, $pod, $event])",
    "user": "(id: $user)",
    "namespace": "(slug: $slug)",
    "workload": "(namespace: $slug, name: $app)",
}
MUTATIONS: Mapping[str, str] = {
    "createNamespace": OWN,
    "createApiToken": OWN,
    "deleteNamespace": "{slug: $slug}",
    "updateNamespace": "{slug: $slug, reconciliationPaused: true}",
    "planWorkload": '{namespace: $slug, workload: {name: "other", image: "registry.example/x:1"}}',
    "deployWorkload": "{planId: $plan}",
    "scaleWorkload": "{namespace: $slug, name: $app, replicas: 5}",
    "restartWorkload": "{namespace: $slug, name: $app}",
    "runWorkload": "{namespace: $slug, name: $app}",
    "pauseWorkload": "{namespace: $slug, name: $app}",
    "resumeWorkload": "{namespace: $slug, name: $app}",
    "planRollback": "{namespace: $slug, name: $app, revision: 1}",
    "rollbackWorkload": "{namespace: $slug, name: $app, revision: 1}",
    "restoreWorkload": "{namespace: $slug, id: $deleted}",
    "deleteWorkload": "{namespace: $slug, name: $app}",
    "deleteVolumeClaim": '{namespace: $slug, id: $claim, confirmName: "data-db-0"}',
    "revokeApiToken": "{id: $token}",
    "createWebhook": (
        '{namespace: $slug, url: "https://hooks.example/", query: "{ viewer { id } }", events: [DEPLOYMENT_FINISHED]}'
    ),
    "updateWebhook": "{id: $webhook, active: false}",
    "rotateWebhookSecret": "{id: $webhook}",
    "pingWebhook": "{id: $webhook}",
    "redeliverWebhook": "{deliveryId: $delivery}",
    "deleteWebhook": "{id: $webhook}",
}
SUBSCRIPTIONS: Mapping[str, str] = {
    "deploymentUpdated": "(namespace: $slug, name: $app)",
    "namespaceUpdated": "(slug: $slug)",
    "logLines": "(workloadId: $workload)",
    "metricsUpdated": "(namespace: $slug, name: $app)",
    "workloadTimeline": "(id: $workload)",
}
NODES: Mapping[str, str] = {
    "User": "user",
    "ApiToken": "token",
    "Namespace": "namespace",
    "Workload": "workload",
    "Revision": "revision",
    "Pod": "pod",
    "Event": "event",
    "Run": "run",
    "VolumeClaim": "claim",
    "TimelineEntry": "entry",
    "Webhook": "webhook",
    "WebhookDelivery": "delivery",
}
TYPES = {
    "user": "ID!",
    "token": "ID!",
    "namespace": "ID!",
    "workload": "ID!",
    "revision": "ID!",
    "pod": "ID!",
    "event": "ID!",
    "run": "ID!",
    "claim": "ID!",
    "plan": "ID!",
    "entry": "ID!",
    "deleted": "ID!",
    "webhook": "ID!",
    "delivery": "ID!",
    "slug": "String!",
    "app": "String!",
}


@pytest.fixture
async def world(graph: Graph) -> World:
    ada = await graph.sign_up("ada")
    return await settle(graph, ada, await namespaced(graph, ada, "adas-team"))


@pytest.fixture
async def eve(graph: Graph) -> Principal:
    """Another developer, who has a namespace of her own."""
    eve = await graph.sign_up("eve")
    await namespaced(graph, eve, "mine")
    return eve


def variables_of(world: World) -> dict[str, str]:
    return {
        "user": world.user_id,
        "token": world.token_id,
        "namespace": world.namespace_id,
        "workload": world.workload_id,
        "revision": world.revision_id,
        "pod": world.pod_id,
        "event": world.event_id,
        "run": world.run_id,
        "claim": world.claim_id,
        "plan": world.plan_id,
        "entry": world.entry_id,
        "deleted": world.deleted_id,
        "webhook": world.webhook_id,
        "delivery": world.delivery_id,
        "slug": world.slug,
        "app": world.app,
    }


def absent_variables() -> dict[str, str]:
    """Of the same form, and of nothing."""
    ids = {name: encode_id(type_, uuid4()) for type_, name in NODES.items()}
    gone = {"plan": encode_id("WorkloadPlan", uuid4()), "deleted": encode_id("Workload", uuid4())}
    return {**ids, **gone, "slug": "nothing-x2y3z4", "app": "nothing"}


def document(schema: GraphQLSchema, root: GraphQLObjectType, name: str, arguments: str) -> str:
    field = root.fields[name]
    own_page = "(first: 5)" if "first" in field.args else ""
    given = own_page if arguments == OWN else arguments
    used = {variable: type_ for variable, type_ in TYPES.items() if f"${variable}" in given}
    head = "(" + ", ".join(f"${variable}: {type_}" for variable, type_ in used.items()) + ")" if used else ""
    kind = {"Query": "query", "Mutation": "mutation", "Subscription": "subscription"}[root.name]
    return f"{kind} {head} {{ {name}{given} {whole(schema, get_named_type(field.type))} }}"


def query_document(schema: GraphQLSchema, name: str) -> str:
    assert schema.query_type is not None
    return document(schema, schema.query_type, name, QUERIES[name])


def mutation_document(schema: GraphQLSchema, name: str) -> str:
    assert schema.mutation_type is not None
    return document(schema, schema.mutation_type, name, f"(input: {MUTATIONS[name]})")


def node_document(schema: GraphQLSchema, type_name: str) -> str:
    selection = whole(schema, schema.type_map[type_name])
    return f"query ($id: ID!) {{ node(id: $id) {{ __typename ... on {type_name} {selection} }} }}"


def leaks(world: World, payload: Any, sent: Mapping[str, str]) -> list[str]:
    """Marks of Ada's in an answer, beside what the caller sent themselves."""
    text = json.dumps(payload)
    for value in sent.values():
        text = text.replace(value, "")
    return [mark for mark in world.marks if mark in text]


def others(eve: Principal) -> dict[str, Principal | None]:
    return {"another user": eve, "a stranger": None, "another user's reading token": reader(eve)}


def test_the_matrix_has_every_field_of_the_schema(schema: GraphQLSchema) -> None:
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)

    for root, cases in zip(roots, (QUERIES, MUTATIONS, SUBSCRIPTIONS), strict=True):
        assert root is not None
        assert set(root.fields) == set(cases)
    assert {*FINDERS_BY_UUID, *FINDERS_BY_UID} == set(NODES)


async def test_no_query_shows_what_is_another_s(
    graph: Graph, schema: GraphQLSchema, world: World, eve: Principal
) -> None:
    sent = variables_of(world)

    for name in QUERIES:
        query = query_document(schema, name)
        for who, viewer in others(eve).items():
            payload = (await graph.reply(query, viewer, **sent)).payload
            assert [] == leaks(world, payload, sent), f"{name} to {who}"


async def test_no_node_shows_what_is_another_s(
    graph: Graph, schema: GraphQLSchema, world: World, eve: Principal
) -> None:
    sent = variables_of(world)

    for type_name, variable in NODES.items():
        query = node_document(schema, type_name)
        for who, viewer in others(eve).items():
            payload = (await graph.reply(query, viewer, id=sent[variable])).payload
            assert [] == leaks(world, payload, sent), f"{type_name} to {who}"
            assert payload.get("data") in (None, {"node": None}), f"{type_name} to {who}"


async def test_the_owner_is_shown_it_all(graph: Graph, schema: GraphQLSchema, world: World) -> None:
    """Else the tests above would pass on documents that show nobody anything."""
    sent = variables_of(world)

    for name in QUERIES.keys() - {"users", "cluster", "workloadForm", "pastedWorkload", "rateLimit"}:
        payload = (await graph.reply(query_document(schema, name), world.ada, **sent)).payload
        assert "errors" not in payload, (name, payload["errors"])
        assert leaks(world, payload, {}), name
    for type_name, variable in NODES.items():
        payload = (await graph.reply(node_document(schema, type_name), world.ada, id=sent[variable])).payload
        assert "errors" not in payload, (type_name, payload["errors"])
        assert {"__typename": type_name, "id": sent[variable]}.items() <= payload["data"]["node"].items()


async def test_no_mutation_touches_what_is_another_s(
    graph: Graph, schema: GraphQLSchema, world: World, eve: Principal
) -> None:
    sent = variables_of(world)
    before = await state_of(graph, world)

    for name in MUTATIONS.keys() - {"createNamespace", "createApiToken"}:
        query = mutation_document(schema, name)
        for who, viewer in others(eve).items():
            payload = (await graph.reply(query, viewer, **sent)).payload
            refused = payload.get("errors") or payload["data"][name]["errors"]
            assert refused, f"{name} by {who}"
            assert [] == leaks(world, payload, sent), f"{name} by {who}"

    assert before == await state_of(graph, world)


async def test_a_reading_token_changes_nothing_of_its_own_either(
    graph: Graph, schema: GraphQLSchema, world: World
) -> None:
    sent = variables_of(world)
    before = await state_of(graph, world)
    own = {
        "createNamespace": 'mutation { createNamespace(input: {name: "more"}) { errors { message } } }',
        "createApiToken": 'mutation { createApiToken(input: {name: "x", scopes: [READ]}) { errors { message } } }',
    }

    for name in MUTATIONS:
        query = own.get(name) or mutation_document(schema, name)
        assert ["FORBIDDEN"] == await graph.codes(query, reader(world.ada), **sent), name

    assert before == await state_of(graph, world)


async def test_no_subscription_shows_what_is_another_s(
    graph: Graph, schema: GraphQLSchema, world: World, eve: Principal
) -> None:
    sent = variables_of(world)
    assert schema.subscription_type is not None

    for name, arguments in SUBSCRIPTIONS.items():
        query = document(schema, schema.subscription_type, name, arguments)
        for who, viewer in others(eve).items():
            assert await is_refused(graph, query, viewer, sent), f"{name} to {who}"
        assert not await is_refused(graph, query, world.ada, sent), f"{name} to its owner"


async def is_refused(graph: Graph, query: str, viewer: Principal | None, variables: dict[str, str]) -> bool:
    """Whether a subscription ends before its first message."""
    context = Context(services=graph.services, viewer=viewer, request_id="test")
    async with aclosing(graph.executor.stream(Operation(query, variables), context)) as replies:
        return not (await anext(replies)).executed


async def test_what_is_another_s_looks_as_what_is_not_there(
    graph: Graph, schema: GraphQLSchema, world: World, eve: Principal
) -> None:
    there, absent = variables_of(world), absent_variables()
    queries = [query_document(schema, name) for name, arguments in QUERIES.items() if arguments != OWN]
    mutations = [mutation_document(schema, name) for name, arguments in MUTATIONS.items() if arguments != OWN]

    for query in queries + mutations:
        for viewer in others(eve).values():
            answers = [await answer_without_names(graph, query, viewer, sent) for sent in (there, absent)]
            assert answers[0] == answers[1], query[:80]


async def answer_without_names(
    graph: Graph, query: str, viewer: Principal | None, sent: dict[str, str]
) -> tuple[bool, str]:
    reply = await graph.reply(query, viewer, **sent)
    text = json.dumps(reply.payload, sort_keys=True)
    for name, value in sorted(sent.items()):
        text = text.replace(value, f"<{name}>")
    return reply.executed, text


@pytest.mark.parametrize(
    "id", ["", "x", "VXNlcjo", "Workload:1", "a" * 500, encode_id("Query", "1"), encode_id("Pod", "../x")]
)
async def test_a_forged_id_is_nothing(graph: Graph, id: str) -> None:
    eve = await graph.sign_up("eve")

    assert {"node": None} == await graph.data("query ($id: ID!) { node(id: $id) { id } }", eve, id=id)


async def state_of(graph: Graph, world: World) -> dict[str, Any]:
    """What a change would show in."""
    query = """
    query ($slug: String!, $token: ID!) {
      namespace(slug: $slug) {
        phase
        reconciliationPaused
        deletedWorkloads(first: 10) { totalCount }
        volumeClaims(first: 10) { totalCount }
        timeline(first: 10) { totalCount }
        webhooks(first: 10) { edges { node { active updatedAt deliveries(first: 10) { totalCount } } } }
        workloads(first: 10) { edges { node { name spec { replicas } revisions(first: 10) { totalCount } } } }
      }
      token: node(id: $token) { id }
      namespaces(first: 10) { totalCount }
    }
    """
    return await graph.data(query, world.ada, slug=world.slug, token=world.token_id)
