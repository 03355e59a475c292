"""Limits: N accepted, N + 1 refused, in time linear in the document whatever it expands to."""

from __future__ import annotations

import time

import pytest
from graphql import GraphQLError, GraphQLSchema, build_schema, get_introspection_query, parse

from graphql_schema.limits import Limits, check_limits

SCHEMA = build_schema(
    """
    type Query { thing: Thing, things(first: Int): ThingConnection }
    type Thing { thing: Thing, name: String, things(first: Int): ThingConnection }
    type ThingConnection { edges: [ThingEdge] }
    type ThingEdge { node: Thing }
    """
)


def errors_of(query: str, *, signed_in: bool = False, schema: GraphQLSchema = SCHEMA) -> list[GraphQLError]:
    return check_limits(schema, parse(query), Limits(), signed_in=signed_in)


def nested(levels: int) -> str:
    return "{" + "thing{" * (levels - 1) + "name" + "}" * levels


@pytest.mark.parametrize(
    ("accepted", "refused", "what"),
    [
        (nested(15), nested(16), "levels of fields"),
        (
            "{ thing {" + " ".join(f"a{i}: name" for i in range(15)) + "} }",
            "{ thing {" + " ".join(f"a{i}: name" for i in range(16)) + "} }",
            "aliases",
        ),
        (
            "{" + " ".join(f"a{i}: __typename" for i in range(10)) + "}",
            "{" + " ".join(f"a{i}: __typename" for i in range(11)) + "}",
            "root fields",
        ),
        (
            "{ thing { name" + " @skip(if: false)" * 50 + " } }",
            "{ thing { name" + " @skip(if: false)" * 51 + " } }",
            "directives",
        ),
        ("{ thing {" + " name" * 20 + " } }", "{ thing {" + " name" * 21 + " } }", "selections of one field"),
        (
            "{ thing {" + " ... { name }" * 20 + " } }",
            "{ thing {" + " ... { name }" * 10 + " name" * 11 + " } }",
            "selections of one field",
        ),
        (
            "{ thing {" + " thing { name name name name name }" * 4 + " } }",
            "{ thing {" + " thing { name name name ...more }" * 4 + " } } fragment more on Thing { name name name }",
            "selections of one field",
        ),
    ],
)
def test_the_limit_is_accepted_and_one_more_is_refused(accepted: str, refused: str, what: str) -> None:
    assert [] == errors_of(accepted)

    assert any(what in error.message for error in errors_of(refused))


def test_edges_and_node_of_a_connection_are_free() -> None:
    levels = 14
    query = "{" + "things(first:1){edges{node{" * levels + "name" + "}}}" * levels + "}"

    assert [] == errors_of(query)


def test_a_field_named_node_elsewhere_is_counted() -> None:
    schema = build_schema("type Query { node: Query, name: String }")

    found = errors_of("{" + "node{" * 15 + "name" + "}" * 16, schema=schema)

    assert ["The document has 16 levels of fields; at most 15 are allowed. Split it."] == [
        error.message for error in found
    ]


def test_what_fragments_add_is_counted_at_each_spread() -> None:
    fragment = "fragment names on Thing { a: name b: name c: name }"

    assert [] == errors_of("{ thing { ...names ...names ...names ...names ...names } }" + fragment)
    found = errors_of("{ thing { ...names ...names ...names ...names ...names ...names } }" + fragment)

    assert ["The document has 18 aliases; at most 15 are allowed. Split it."] == [error.message for error in found]


def test_a_field_of_each_member_of_a_large_union_is_no_repetition_too_many() -> None:
    members = " ".join(f"... on M{i} {{ name }}" for i in range(15))

    assert [] == errors_of(f"{{ thing {{ {members} }} }}")


def test_fragments_that_double_at_each_level_cost_no_more_than_their_text() -> None:
    count = 70
    fragments = " ".join(f"fragment f{i} on Thing {{ ...f{i + 1} ...f{i + 1} }}" for i in range(count))
    query = f"{{ thing {{ ...f0 }} }} {fragments} fragment f{count} on Thing {{ a: name }}"
    document = parse(query, max_tokens=1_000)
    start = time.perf_counter()

    found = check_limits(SCHEMA, document, Limits(), signed_in=False)

    assert time.perf_counter() - start < 0.05
    assert any(f"{2**count} aliases" in error.message for error in found)


@pytest.mark.parametrize(
    "query",
    [
        "{ ...nowhere }",
        "{ ...loop } fragment loop on Query { thing { ...back } } fragment back on Thing { thing { ...back } }",
    ],
)
def test_unknown_and_cyclic_fragments_are_left_to_validation(query: str) -> None:
    assert [] == errors_of(query)


def test_the_stock_introspection_query_passes_for_everybody() -> None:
    assert [] == errors_of(get_introspection_query(), signed_in=True)
    assert [] == errors_of(get_introspection_query(), signed_in=False)


def test_introspection_may_be_deeper_for_the_signed_in_only() -> None:
    query = "{ __schema { types {" + "ofType {" * 17 + "name" + "}" * 20

    assert [] == errors_of(query, signed_in=True)
    assert 1 == len(errors_of(query, signed_in=False))
    assert 1 == len(errors_of(query.replace("name", "ofType { name }"), signed_in=True))
