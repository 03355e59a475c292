"""The web app in normal use never comes to the end of what a session may spend."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    DefinitionNode,
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    Visitor,
    get_operation_ast,
    parse,
    visit,
)

from graphql_schema.allowances import SESSION_ALLOWANCE, Allowance
from graphql_schema.budget import Budget, Points
from graphql_schema.cost import costs_of
from graphql_schema.limits import Limits, check_limits
from graphql_schema.schema import build_schema

SOURCES = Path(__file__).parents[2] / "web" / "src"
POLLS_A_MINUTE = 6
"""The web app asks for nothing more often than each 10 seconds."""


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    """As it is executed: what fields cost is not in its printed form."""
    return build_schema()._schema


@pytest.fixture(scope="module")
def operations() -> dict[str, DocumentNode]:
    """Every operation of the web app by its name, with the fragments that it needs."""
    definitions = list(written())
    fragments = {each.name.value: each for each in definitions if isinstance(each, FragmentDefinitionNode)}
    return {
        each.name.value: DocumentNode(definitions=(each, *needed(each, fragments).values()))
        for each in definitions
        if isinstance(each, OperationDefinitionNode) and each.name is not None
    }


def written() -> Iterator[DefinitionNode]:
    for source in sorted(SOURCES.rglob("*.ts*")):
        if "gql" not in source.parts and ".test." not in source.name:
            for text in re.findall(r"graphql\(`([^`]*)`\)", source.read_text()):
                yield from parse(text).definitions


class Spreads(Visitor):
    """Gathers the fragments that are spread, and those that are spread in them."""

    def __init__(self, fragments: dict[str, FragmentDefinitionNode]) -> None:
        super().__init__()
        self._fragments = fragments
        self.found: dict[str, FragmentDefinitionNode] = {}

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
        name = node.name.value
        if name not in self.found:
            self.found[name] = self._fragments[name]
            visit(self._fragments[name], self)


def needed(
    operation: OperationDefinitionNode, fragments: dict[str, FragmentDefinitionNode]
) -> dict[str, FragmentDefinitionNode]:
    spreads = Spreads(fragments)
    visit(operation, spreads)
    return spreads.found


def points_by_name(
    schema: GraphQLSchema, operations: dict[str, DocumentNode], kind: OperationType
) -> dict[str, Points]:
    budget = Budget(schema, most_items=Limits().nodes)
    asked = {name: get_operation_ast(document) for name, document in operations.items()}
    return {
        name: budget.points(operations[name], operation, {})
        for name, operation in asked.items()
        if operation is not None and operation.operation is kind
    }


def test_every_query_asked_each_ten_seconds_at_once_takes_a_third_of_a_session_s_allowance(
    schema: GraphQLSchema, operations: dict[str, DocumentNode]
) -> None:
    """A browser with every page open, each of them asking again, which only some do."""
    queries = points_by_name(schema, operations, OperationType.QUERY)

    a_minute = POLLS_A_MINUTE * sum(points.cost for points in queries.values())

    assert len(queries) >= 15
    assert a_minute <= SESSION_ALLOWANCE.per_minute / 3
    assert a_minute * 60 <= SESSION_ALLOWANCE.per_hour


def test_a_page_of_a_namespace_and_one_of_an_app_can_be_polled_with_a_token_too(
    schema: GraphQLSchema, operations: dict[str, DocumentNode]
) -> None:
    queries = points_by_name(schema, operations, OperationType.QUERY)

    a_minute = POLLS_A_MINUTE * queries["NamespacePage"].cost

    assert a_minute <= Allowance().per_minute
    assert a_minute * 60 <= Allowance().per_hour


@pytest.mark.parametrize("kind", [OperationType.MUTATION, OperationType.SUBSCRIPTION])
def test_nothing_that_the_web_app_does_once_is_dear(
    schema: GraphQLSchema, operations: dict[str, DocumentNode], kind: OperationType
) -> None:
    assert {} == {
        name: points.cost for name, points in points_by_name(schema, operations, kind).items() if points.cost > 30
    }


def test_no_operation_of_the_web_app_is_near_a_limit(
    schema: GraphQLSchema, operations: dict[str, DocumentNode]
) -> None:
    limits = Limits(depth=12, aliases=10, directives=30, repeats=16)

    assert {} == {
        name: errors
        for name, document in operations.items()
        if (errors := check_limits(schema, document, limits, signed_in=True))
    }


def test_every_mutation_and_subscription_says_what_it_costs(schema: GraphQLSchema) -> None:
    costs = costs_of(schema)

    for root in (schema.mutation_type, schema.subscription_type):
        assert root is not None
        assert [] == [name for name in root.fields if (root.name, name) not in costs]


def test_every_field_that_reads_from_the_cluster_or_from_metrics_says_what_it_costs(schema: GraphQLSchema) -> None:
    costs = costs_of(schema)

    for name, type_ in schema.type_map.items():
        for field in getattr(type_, "fields", ()):
            if field in {"manifest", "diagnosis", "logs"}:
                assert not costs[name, field].is_batched
    metrics = {field: costs.get(("Metrics", field)) for field in ("cpu", "memory", "restarts", "networkReceive")}
    assert all(cost is not None and cost.is_batched for cost in metrics.values())
