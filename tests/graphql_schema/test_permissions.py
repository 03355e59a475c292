"""What the reference says of who may use a field is what the services let them do."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from graphql import GraphQLSchema

from api.authentication.registration import Registration
from api.authorization.models import Principal, Scope
from graphql_schema.permissions import PERMISSIONS
from tests.graphql_schema import test_tenancy as tenancy
from tests.graphql_schema.conftest import PASSWORD, Graph
from tests.graphql_schema.world import World, namespaced, settle

LAST = ("deleteWebhook", "deleteWorkload", "deleteVolumeClaim", "revokeApiToken", "deleteNamespace")
"""In this order, at the end: what they are about is gone after them."""
OWN_MUTATIONS = {"createNamespace": '{name: "more"}', "createApiToken": '{name: "x", scopes: [READ]}'}
DENIED = {"UNAUTHENTICATED", "FORBIDDEN"}
ABSENT = {"NotFoundError", "PlanExpiredError"}
"""What is another's looks as what is not there; a plan as one that is too old."""


@pytest.fixture
async def world(graph: Graph) -> World:
    ada = await graph.sign_up("ada")
    return await settle(graph, ada, await namespaced(graph, ada, "adas-team"))


async def everybody(graph: Graph, ada: Principal) -> dict[str, Principal | None]:
    """Whoever may come last: what they do may take the object away."""
    root = await administrator(graph)
    return {
        "a stranger": None,
        "another user": await graph.sign_up("eve"),
        "the owner's reading token": await by_token(graph, ada, Scope.READ),
        "the owner's token without a scope": replace(ada, scopes=frozenset()),
        "an administrator": root,
        "an administrator's token without that scope": await by_token(graph, root, Scope.READ, Scope.WRITE),
        "the owner": ada,
        "the owner's writing token": await by_token(graph, ada, Scope.WRITE),
    }


async def administrator(graph: Graph) -> Principal:
    """The first one, signed in."""
    authentication = graph.services.authentication
    token = await authentication.ensure_administrator_token()
    registration = Registration(email="root@example.com", password=PASSWORD, display_name="Root", admin_token=token)
    signed_in = await authentication.register(registration, address="127.0.0.1")
    return await shown(authentication.authenticate(session_secret=signed_in.session_secret))


async def by_token(graph: Graph, owner: Principal, *scopes: Scope) -> Principal:
    """Whoever shows a token of the owner's: a stream asks whether it goes on, so that there has to be one."""
    authentication = graph.services.authentication
    _, secret = await authentication.create_api_token(owner, name="t", scopes=frozenset(scopes), expires_in_days=1)
    return await shown(authentication.authenticate(bearer=secret))


async def shown(authenticated: Awaitable[Principal | None]) -> Principal:
    principal = await authenticated
    assert principal is not None
    return principal


def documents(schema: GraphQLSchema) -> dict[str, str]:
    queries = {name: tenancy.query_document(schema, name) for name in tenancy.QUERIES}
    names = [name for name in tenancy.MUTATIONS if name not in LAST]
    return {**queries, **{name: mutation(schema, name) for name in (*names, *LAST)}}


def mutation(schema: GraphQLSchema, name: str) -> str:
    assert schema.mutation_type is not None
    own = OWN_MUTATIONS.get(name)
    arguments = f"(input: {own or tenancy.MUTATIONS[name]})"
    return tenancy.document(schema, schema.mutation_type, name, arguments)


def is_admitted(name: str, payload: Mapping[str, Any]) -> bool:
    """Whether the field was answered: neither denied, nor said to be of nothing. A viewer who is nobody is null, and
    that is an answer too."""
    if DENIED & {error["extensions"]["code"] for error in payload.get("errors", []) if len(error["path"]) == 1}:
        return False
    value: Any = (payload.get("data") or {}).get(name)
    if name in tenancy.MUTATIONS:
        return value is not None and not ABSENT & {error["__typename"] for error in value["errors"]}
    found = value if isinstance(value, list) else [value]
    return name == "viewer" or any(each is not None for each in found)


def test_each_root_field_has_its_permission(schema: GraphQLSchema) -> None:
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)

    assert sorted(PERMISSIONS) == sorted(name for root in roots if root is not None for name in root.fields)


async def test_who_is_said_to_be_admitted_is_admitted_and_nobody_else(
    graph: Graph, schema: GraphQLSchema, world: World
) -> None:
    sent = tenancy.variables_of(world)
    people = await everybody(graph, world.ada)

    for name, document in documents(schema).items():
        done = False
        for who, viewer in people.items():
            told = PERMISSIONS[name].admits(viewer, owner_id=world.ada.user_id)
            payload = (await graph.reply(document, viewer, **sent)).payload
            admitted = is_admitted(name, payload)
            assert told == admitted or (told and done), (name, who, payload)  # what is done already is gone, to all
            done |= admitted


async def test_no_token_is_said_to_be_admitted_to_make_another_and_none_is(graph: Graph, schema: GraphQLSchema) -> None:
    token = replace(await graph.sign_up("ada"), session_id=None, token_id=uuid4())

    codes = await graph.codes(mutation(schema, "createApiToken"), token)

    assert ["FORBIDDEN"] == codes
    assert not PERMISSIONS["createApiToken"].admits(token, owner_id=token.user_id)
    assert "No API token" in PERMISSIONS["createApiToken"].told


async def test_the_same_is_so_of_subscriptions(graph: Graph, schema: GraphQLSchema, world: World) -> None:
    sent = tenancy.variables_of(world)
    people = await everybody(graph, world.ada)
    assert schema.subscription_type is not None

    for name, arguments in tenancy.SUBSCRIPTIONS.items():
        document = tenancy.document(schema, schema.subscription_type, name, arguments)
        for who, viewer in people.items():
            told = PERMISSIONS[name].admits(viewer, owner_id=world.ada.user_id)
            assert told != await tenancy.is_refused(graph, document, viewer, sent), (name, who)
