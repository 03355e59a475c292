"""The budget of a call: every list has a size, and the sizes multiply; so does what fields cost."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest
import strawberry
from graphql import GraphQLError, GraphQLSchema, build_schema, get_operation_ast, parse

from graphql_schema.budget import Budget, Points
from graphql_schema.cost import Cost

SCHEMA = build_schema(
    """
    type Query { things(first: Int, last: Int): ThingConnection, nodes(ids: [ID!]!): [Thing] }
    type Thing { name: String, things(first: Int, last: Int): ThingConnection }
    type ThingConnection { edges: [ThingEdge] }
    type ThingEdge { node: Thing }
    """
)


def points(schema: GraphQLSchema, query: str, most: int = 5_000, **variables: Any) -> Points:
    document = parse(query)
    operation = get_operation_ast(document)
    assert operation is not None
    return Budget(schema, most_items=most).points(document, operation, variables)


def errors_of(query: str, most: int = 5_000, **variables: Any) -> list[GraphQLError]:
    try:
        points(SCHEMA, query, most=most, **variables)
    except GraphQLError as error:
        return [error]
    return []


def messages_of(query: str, most: int = 5_000, **variables: Any) -> list[str]:
    return [error.message for error in errors_of(query, most, **variables)]


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

    told = f"{2 ** (count + 2) - 2} items, most of them by `things.things.things.things.things.…`; at most 5000 are"
    assert [f"The call asks for up to {told} allowed. Ask for smaller pages."] == found


def test_who_asks_for_too_many_items_is_told_by_which_list() -> None:
    query = """{
      few: things(first: 10) { edges { node { name } } }
      many: things(first: 10) { edges { node { ...F } } }
    }
    fragment F on Thing { name some: things(first: 1) { edges { cursor } } things(first: 90) { edges { cursor } } }"""

    (error,) = errors_of(query, most=100)

    assert "`many.things`" in error.message
    assert [(5, 76)] == [(location.line, location.column) for location in error.locations or ()]


@strawberry.type
class Berth:
    name: str

    @strawberry.field(directives=[Cost(weight="5")])
    def chart(self) -> str:
        return ""

    @strawberry.field(directives=[Cost(weight="2", batched=True)])
    def depth(self) -> int:
        return 0


@strawberry.type
class BerthConnection:
    nodes: list[Berth]


@strawberry.type
class Harbour:
    @strawberry.field
    def berth(self) -> Berth:
        return Berth(name="north")

    @strawberry.field
    def berths(self, first: int | None = None, last: int | None = None) -> BerthConnection:
        return BerthConnection(nodes=[])


@strawberry.type
class Watch:
    @strawberry.subscription(directives=[Cost(weight="7")])
    async def moored(self) -> AsyncGenerator[Berth, None]:
        yield Berth(name="north")


@pytest.fixture(scope="module")
def harbour() -> GraphQLSchema:
    return strawberry.Schema(query=Harbour, subscription=Watch)._schema


@pytest.mark.parametrize(
    ("query", "cost"),
    [
        ("{ __typename }", 1),
        ("{ berth { name } }", 1),
        ("{ berth { chart } }", 1 + 5),
        ("{ berth { chart depth } }", 1 + 5 + 2),
        ("{ berths(first: 99) { nodes { name } } }", 1),
        ("{ berths(first: 100) { nodes { name } } }", 1 + 1),
        ("{ berths(first: 3) { nodes { chart } } }", 1 + 3 * 5),
        ("{ berths(first: 100) { nodes { depth } } }", 1 + 1 + 2),
        ("{ a: berth { ...all } b: berth { ...all } } fragment all on Berth { chart depth }", 1 + 2 * (5 + 2)),
        ("{ __schema { queryType { name } } }", 1 + 20),
        ('{ __type(name: "Berth") { name } }', 1 + 20),
        ("subscription { moored { name } }", 1 + 7),
        ("subscription { moored { chart } }", 1 + 7 + 5),
    ],
)
def test_an_operation_costs_one_its_dear_fields_and_each_hundred_items(
    harbour: GraphQLSchema, query: str, cost: int
) -> None:
    assert cost == points(harbour, query).cost


@pytest.mark.parametrize(
    ("query", "event"), [("subscription { moored { name } }", 0), ("subscription { moored { chart depth } }", 5 + 2)]
)
def test_an_event_costs_what_its_dear_fields_do_and_not_the_opening(
    harbour: GraphQLSchema, query: str, event: int
) -> None:
    assert event == points(harbour, query).event


def test_what_a_field_costs_is_printed_where_it_is_declared(harbour: GraphQLSchema) -> None:
    sdl = strawberry.Schema(query=Harbour, subscription=Watch).as_str()

    assert 'chart: String! @cost(weight: "5")\n' in sdl
    assert 'depth: Int! @cost(weight: "2", batched: true)\n' in sdl
