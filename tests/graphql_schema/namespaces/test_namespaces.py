"""Namespaces in the graph."""

from __future__ import annotations

import pytest

from tests.graphql_schema.conftest import Graph
from tests.graphql_schema.world import NAMESPACE, namespaced

DELETE = """
mutation ($slug: String!) { deleteNamespace(input: {slug: $slug}) { deletedId errors { __typename path } } }
"""
ONE = """
query ($slug: String!) {
  namespace(slug: $slug) { id name slug phase owner { email } quota { resource unit used hard } manifest asOf }
}
"""


async def test_a_namespace_is_created_whole(graph: Graph) -> None:
    ada = await graph.sign_up("ada")

    slug = await namespaced(graph, ada, "team")
    found = (await graph.data(ONE, ada, slug=slug))["namespace"]

    assert ("team", "ACTIVE", "ada@example.com") == (found["name"], found["phase"], found["owner"]["email"])
    assert slug.startswith("team-")
    assert "pod-security.kubernetes.io/enforce: restricted" in found["manifest"]
    units = {quota["resource"]: quota["unit"] for quota in found["quota"]}
    assert {"limits.cpu": "CORES", "limits.memory": "BYTES", "pods": "COUNT"}.items() <= units.items()


@pytest.mark.parametrize("name", ["", "Team", "kube-system", "default", "-x", "a" * 64])
async def test_a_name_that_will_not_do_names_its_field(graph: Graph, name: str) -> None:
    ada = await graph.sign_up("ada")

    payload = (await graph.data(NAMESPACE, ada, name=name))["createNamespace"]

    assert payload["namespace"] is None
    assert [("InvalidInputError", ["name"])] == [(error["__typename"], error["path"]) for error in payload["errors"]]


async def test_a_name_is_taken_for_its_owner_only(graph: Graph) -> None:
    ada, eve = await graph.sign_up("ada"), await graph.sign_up("eve")
    await namespaced(graph, ada, "team")

    again = (await graph.data(NAMESPACE, ada, name="team"))["createNamespace"]
    others = (await graph.data(NAMESPACE, eve, name="team"))["createNamespace"]

    assert [("NameTakenError", ["name"])] == [(error["__typename"], error["path"]) for error in again["errors"]]
    assert [] == others["errors"]


async def test_a_deleted_namespace_is_going_at_once(graph: Graph) -> None:
    ada = await graph.sign_up("ada")
    slug = await namespaced(graph, ada, "team")
    before = (await graph.data(ONE, ada, slug=slug))["namespace"]

    payload = (await graph.data(DELETE, ada, slug=slug))["deleteNamespace"]
    after = (await graph.data("query ($slug: String!) { namespace(slug: $slug) { phase } }", ada, slug=slug))[
        "namespace"
    ]

    assert (before["id"], []) == (payload["deletedId"], payload["errors"])
    assert after in (None, {"phase": "TERMINATING"})


async def test_deleting_what_is_not_there_names_the_slug(graph: Graph) -> None:
    ada = await graph.sign_up("ada")

    payload = (await graph.data(DELETE, ada, slug="nothing-x2y3z4"))["deleteNamespace"]

    assert (None, [{"__typename": "NotFoundError", "path": ["slug"]}]) == (payload["deletedId"], payload["errors"])


async def test_a_list_without_a_size_is_refused_before_anything_is_read(graph: Graph) -> None:
    ada = await graph.sign_up("ada")

    reply = await graph.reply("{ namespaces { totalCount } }", ada)

    assert not reply.executed
    assert "namespaces: give either `first` or `last`, from 1 to 100." == reply.payload["errors"][0]["message"]


@pytest.mark.parametrize("slug", ["\0", "te\0am"])
async def test_a_text_that_no_database_keeps_is_bad_input(graph: Graph, slug: str) -> None:
    ada = await graph.sign_up("ada")

    assert ["BAD_USER_INPUT"] == await graph.codes(
        "query ($slug: String!) { namespace(slug: $slug) { id } }", ada, slug=slug
    )
