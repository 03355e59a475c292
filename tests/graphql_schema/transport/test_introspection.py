"""The stock introspection query, as GraphiQL and code generators send it, is answered with whatever it may ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, cast

import httpx
import pytest
from graphql import GraphQLSchema, build_client_schema, get_introspection_query
from starlette.types import ASGIApp, Receive, Scope, Send

from graphql_schema.execution import Executor
from graphql_schema.schema import build_schema
from graphql_schema.services import Services
from graphql_schema.transport.backend import Backend
from graphql_schema.transport.http import HTTPEndpoint
from tests.graphql_schema.transport.harbour import Everybody, anybody

OPTIONS = (
    "descriptions",
    "specified_by_url",
    "directive_is_repeatable",
    "schema_description",
    "input_value_deprecation",
    "one_of",
)


@pytest.fixture(scope="module")
def app() -> ASGIApp:
    """Moorage's own graph as in production: strangers may not introspect it."""
    executor = Executor(build_schema(), open_to_strangers=False)
    endpoint = HTTPEndpoint(Backend.of(executor, cast("Services", None), Everybody()))  # it asks no service

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["request_id"] = "request-1"
        await endpoint(scope, receive, send)

    return dispatch


@pytest.fixture
async def client(app: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        yield client


async def introspected(client: httpx.AsyncClient, query: str, token: str | None) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    response = await client.post(
        "/graphql", json={"query": query, "operationName": "IntrospectionQuery"}, headers=headers
    )
    payload: dict[str, Any] = response.json()
    return payload


def stock_query(option: str) -> str:
    """The query with every option as it is by itself but `option`, or with each of them."""
    turned: dict[str, Any] = {
        "none": {},
        "descriptions": {"descriptions": False},
        "all": dict.fromkeys(OPTIONS, True),
    }
    return get_introspection_query(**turned.get(option, {option: True}))


@pytest.mark.parametrize("option", ["none", *OPTIONS, "all"])
async def test_the_signed_in_are_answered_whatever_the_stock_query_asks_for(
    client: httpx.AsyncClient, schema: GraphQLSchema, option: str
) -> None:
    payload = await introspected(client, stock_query(option), anybody())

    assert "errors" not in payload
    assert set(schema.type_map) == set(build_client_schema(payload["data"]).type_map)


async def test_types_are_told_as_deep_as_tools_ask(client: httpx.AsyncClient) -> None:
    """Nine levels of `ofType` are graphql-js' own; GraphiQL asks no deeper."""
    payload = await introspected(client, get_introspection_query(type_depth=9, input_value_deprecation=True), anybody())

    assert "errors" not in payload


async def test_strangers_are_told_nothing_in_production(client: httpx.AsyncClient) -> None:
    payload = await introspected(client, get_introspection_query(), None)

    assert {"GRAPHQL_VALIDATION_FAILED"} == {error["extensions"]["code"] for error in payload["errors"]}
    assert "data" not in payload
