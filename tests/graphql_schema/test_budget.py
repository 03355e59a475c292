"""The budget of a call: every list has a size, and the sizes multiply."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import build_schema, parse

from graphql_schema.budget import check_budget

SCHEMA = build_schema(
    """
    type Query { things(first: Int, last: Int): ThingConnection, nodes(ids: [ID!]!): [Thing] }
    type Thing { name: String, things(first: Int, last: Int): ThingConnection }
    type ThingConnection { edges: [ThingEdge] }
    type ThingEdge { node: Thing }
    """
)


def messages_of(query: str, most: int = 5_000, **variables: Any) -> list[str]:
    found = check_budget(SCHEMA, parse(query), operation_name=None, variables=variables, most=most)
    return [error.message for error in found]


@pytest.mark.parametrize(
    "query",
    [
        "{ things { edges { node { name } } } }",
        "{ things(first: null) { edges { node { name } } } }",
        "{ things(first: 1, last: 1) { edges { node { name } } } }",
        "query ($first: Int) { things(first: $first) { edges { node { name } } } }",
        "{ things(first: 1) { edges { node { things { edges { node { name } } } } } } }",
    ],
)
def test_a_list_without_one_size_is_refused_by_name(query: str) -> None:
    assert ["things: give either `first` or `last`, from 1 to 100."] == messages_of(query)


@pytest.mark.parametrize("size", [0, -1, 101])
def test_a_size_out_of_bounds_is_refused(size: int) -> None:
    query = "query ($n: Int) { things(last: $n) { edges { node { name } } } }"

    assert [f"things: `last` is {size}; it must be from 1 to 100."] == messages_of(query, n=size)
    assert messages_of(query, n=size) == messages_of(f"{{ things(last: {size}) {{ edges {{ node {{ name }} }} }} }}")


def test_sizes_multiply_and_add_up() -> None:
    query = (
        "{ things(first: 10) { edges { node { things(first: 5) { edges { node { name } } } } } }"
        " nodes(ids: [1, 2, 3]) { name } }"
    )

    assert [] == messages_of(query, most=10 + 10 * 5 + 3)
    assert 1 == len(messages_of(query, most=10 + 10 * 5 + 2))


def test_a_variable_s_default_counts_where_it_is_not_given() -> None:
    query = "query ($n: Int = 7) { things(first: $n) { edges { node { name } } } }"

    assert [] == messages_of(query, most=7)
    assert 1 == len(messages_of(query, most=6))
    assert [] == messages_of(query, most=6, n=6)


def test_a_list_of_ids_in_a_variable_counts_its_length() -> None:
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { name } }"

    assert [] == messages_of(query, most=3, ids=["a", "b", "c"])
    assert 1 == len(messages_of(query, most=2, ids=["a", "b", "c"]))


def test_fragments_count_at_each_spread_and_are_estimated_once() -> None:
    count = 40
    fragments = " ".join(
        f"fragment f{i} on Thing {{ things(first: 2) {{ edges {{ node {{ ...f{i + 1} }} }} }} }}" for i in range(count)
    )
    query = (
        f"{{ things(first: 2) {{ edges {{ node {{ ...f0 }} }} }} }} {fragments} fragment f{count} on Thing {{ name }}"
    )

    found = messages_of(query)

    assert [
        f"The call asks for up to {2 ** (count + 2) - 2} items; at most 5000 are allowed. Ask for smaller pages."
    ] == found
