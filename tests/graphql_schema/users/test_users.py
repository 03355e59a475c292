"""Users and API tokens in the graph."""

from __future__ import annotations

import pytest

from api.authentication.registration import Registration
from api.authorization.models import Principal
from tests.graphql_schema.conftest import PASSWORD, Graph

TOKENS = "{ viewer { apiTokens(first: 10) { totalCount edges { node { id name prefix scopes lastUsedAt } } } } }"
CREATE = """
mutation ($name: String!, $scopes: [TokenScope!]!, $days: Int!) {
  createApiToken(input: {name: $name, scopes: $scopes, expiresInDays: $days}) {
    apiToken { id name prefix scopes } secret
    errors { __typename message path ... on InvalidInputError { example } }
  }
}
"""
REVOKE = "mutation ($id: ID!) { revokeApiToken(input: {id: $id}) { apiToken { id } errors { __typename path } } }"
USERS = "{ users(first: 1) { totalCount pageInfo { hasNextPage endCursor } edges { node { email role } } } }"


async def administrator(graph: Graph) -> Principal:
    token = await graph.services.authentication.ensure_administrator_token()
    registration = Registration(email="root@example.com", password=PASSWORD, display_name="Root", admin_token=token)
    signed_in = await graph.services.authentication.register(registration, address="127.0.0.1")
    principal = await graph.services.authentication.authenticate(session_secret=signed_in.session_secret)
    assert principal is not None
    return principal


async def test_a_token_is_shown_with_its_secret_once_and_listed_without(graph: Graph) -> None:
    ada = await graph.sign_up("ada")

    created = (await graph.data(CREATE, ada, name="ci", scopes=["WRITE", "READ"], days=30))["createApiToken"]
    listed = (await graph.data(TOKENS, ada))["viewer"]["apiTokens"]

    assert created["secret"].startswith(created["apiToken"]["prefix"])
    assert ["READ", "WRITE"] == sorted(created["apiToken"]["scopes"])
    assert (1, "ci", None) == (
        listed["totalCount"],
        listed["edges"][0]["node"]["name"],
        listed["edges"][0]["node"]["lastUsedAt"],
    )


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"name": ""}, ["name"]),
        ({"days": 0}, ["expiresInDays"]),
        ({"scopes": []}, ["scopes"]),
        ({"scopes": ["ADMIN"]}, ["scopes"]),
    ],
)
async def test_a_token_that_cannot_be_made_names_the_field(
    graph: Graph, given: dict[str, object], path: list[str]
) -> None:
    ada = await graph.sign_up("ada")
    variables = {"name": "ci", "scopes": ["READ"], "days": 30} | given

    payload = (await graph.data(CREATE, ada, **variables))["createApiToken"]

    assert (None, None) == (payload["apiToken"], payload["secret"])
    assert [("InvalidInputError", path)] == [(error["__typename"], error["path"]) for error in payload["errors"]]


async def test_a_revoked_token_is_gone_and_cannot_be_revoked_again(graph: Graph) -> None:
    ada = await graph.sign_up("ada")
    created = (await graph.data(CREATE, ada, name="ci", scopes=["READ"], days=30))["createApiToken"]
    id = created["apiToken"]["id"]

    first = (await graph.data(REVOKE, ada, id=id))["revokeApiToken"]
    second = (await graph.data(REVOKE, ada, id=id))["revokeApiToken"]

    assert ({"id": id}, []) == (first["apiToken"], first["errors"])
    assert (None, [{"__typename": "NotFoundError", "path": ["id"]}]) == (second["apiToken"], second["errors"])
    assert 0 == (await graph.data(TOKENS, ada))["viewer"]["apiTokens"]["totalCount"]


async def test_users_are_listed_for_administrators_alone(graph: Graph) -> None:
    ada = await graph.sign_up("ada")
    root = await administrator(graph)

    listed = (await graph.data(USERS, root))["users"]

    assert (2, True, "ada@example.com") == (
        listed["totalCount"],
        listed["pageInfo"]["hasNextPage"],
        listed["edges"][0]["node"]["email"],
    )
    assert ["FORBIDDEN"] == await graph.codes(USERS, ada)
    assert ["UNAUTHENTICATED"] == await graph.codes(USERS, None)


async def test_pages_of_users_follow_each_other(graph: Graph) -> None:
    root = await administrator(graph)
    for name in ("ada", "eve", "zoe"):
        await graph.sign_up(name)
    query = """
    query ($after: String) {
      users(first: 2, after: $after) { pageInfo { hasNextPage endCursor } edges { node { email } } }
    }
    """

    first = (await graph.data(query, root))["users"]
    second = (await graph.data(query, root, after=first["pageInfo"]["endCursor"]))["users"]

    assert [True, False] == [page["pageInfo"]["hasNextPage"] for page in (first, second)]
    emails = [edge["node"]["email"] for page in (first, second) for edge in page["edges"]]
    assert ["root@example.com", "ada@example.com", "eve@example.com", "zoe@example.com"] == emails


async def test_a_cursor_that_is_none_of_ours_is_refused(graph: Graph) -> None:
    root = await administrator(graph)

    codes = await graph.codes('{ users(first: 1, after: "x") { totalCount } }', root)

    assert ["BAD_USER_INPUT"] == codes
