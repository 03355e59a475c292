"""What a call costs, and how many items of lists it may bring: estimated before it is executed.

Each connection counts its `first` or `last`, times the items of the connections that it is inside of; a field that has
a weight (`graphql_schema.cost`) counts as often. An estimate is the most that it can come to: fields that are skipped,
and those of every member of a union, count too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLNamedType,
    GraphQLSchema,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)

from api.database.pages import MAX_PAGE_SIZE
from api.error_codes import ErrorCode
from graphql_schema.connections import page_size
from graphql_schema.cost import Costs, costs_of
from graphql_schema.fold import Fold

_ITEMS_A_POINT = 100
_MOST_NAMED = 6
"""Fields of a way, which may be as long as a document."""

Way: TypeAlias = "tuple[FieldNode, Way] | None"
"""From a field down to one that it selects, field by field."""


@dataclass(frozen=True, slots=True)
class Points:
    """What a selection may bring and costs. `each` counts for every item of a list around it, `batched` once."""

    items: int = 0
    each: int = 0
    batched: int = 0
    opening: int = 0
    """What a subscription costs before its first event."""
    largest: Way = field(default=None, compare=False)
    """To the list by which most of the items come."""
    dearest: Way = field(default=None, compare=False)
    """To the field that costs most."""

    @property
    def event(self) -> int:
        """What each event of a subscription costs: the fields that call somebody, which it asks for again."""
        return self.each + self.batched

    @property
    def charged(self) -> int:
        """What its fields cost, without the items."""
        return self.opening + self.event

    @property
    def cost(self) -> int:
        """What the operation is charged: 1 for itself, what its fields cost, and 1 for each full hundred of items."""
        return 1 + self.charged + self.items // _ITEMS_A_POINT

    @property
    def heaviest(self) -> Way:
        """To the field that makes the operation cost most, by itself or by its items."""
        return self.largest if self.items // _ITEMS_A_POINT > self.charged else self.dearest

    def __add__(self, other: Points) -> Points:
        return Points(
            items=self.items + other.items,
            each=self.each + other.each,
            batched=self.batched + other.batched,
            opening=self.opening + other.opening,
            largest=(self if self.items >= other.items else other).largest,
            dearest=(self if self.charged >= other.charged else other).dearest,
        )

    def times(self, size: int) -> Points:
        """The same for each of `size` items, which count too."""
        return replace(self, items=size * (1 + self.items), each=size * self.each)

    def below(self, node: FieldNode) -> Points:
        """The same, which a field selects, or brings itself."""
        largest = (node, self.largest) if self.items else None
        return replace(self, largest=largest, dearest=(node, self.dearest) if self.charged else None)


class Budget:
    """What operations may bring and cost. `most_items` is how many items of lists one may bring."""

    def __init__(self, schema: GraphQLSchema, *, most_items: int) -> None:
        self._schema = schema
        self._most_items = most_items
        self._costs = costs_of(schema)

    def points(
        self, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
    ) -> Points:
        """What an operation of `document`, which is valid, may bring and costs.

        Raises GraphQLError for a list without a size, or for too many items. A variable of the wrong type counts as
        the largest page: coercion refuses it.
        """
        points = Estimator(self._schema, document, operation, variables, self._costs).operation(operation)
        if points.items > self._most_items:
            raise _too_many(points, self._most_items, operation)
        return points


class Estimator(Fold[Points]):
    """The estimate of one operation with its variables; GraphQLError where a list is given no size."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        costs: Costs,
    ) -> None:
        super().__init__(schema, document, nothing=Points())
        self._variables = variables
        self._costs = costs
        self._defaults = {
            definition.variable.name.value: definition.default_value
            for definition in operation.variable_definitions or ()
        }

    def of_selections(self, selection_set: SelectionSetNode, parts: Sequence[Points]) -> Points:  # noqa: ARG002
        return sum(parts, self._nothing)

    def of_field(
        self, field: FieldNode, parent: GraphQLNamedType | None, type_: GraphQLNamedType | None, below: Points
    ) -> Points:
        size = self._size(field, type_) if field.selection_set else None
        inside = below if size is None else below.times(size)
        return (inside + self._own(field, parent)).below(field)

    def _own(self, field: FieldNode, parent: GraphQLNamedType | None) -> Points:
        """What a field costs by itself."""
        cost = self._costs.get((parent.name, field.name.value)) if parent is not None else None
        if cost is None:
            return self._nothing
        if parent is self._schema.subscription_type:
            return Points(opening=cost.points)
        return Points(batched=cost.points) if cost.is_batched else Points(each=cost.points)

    def _size(self, field: FieldNode, type_: GraphQLNamedType | None) -> int | None:
        """How many items `field` itself asks for; None where it is no list that takes a size."""
        arguments = {argument.name.value: argument.value for argument in field.arguments or ()}
        if type_ is not None and type_.name.endswith("Connection"):
            first, last = self._integer(arguments.get("first")), self._integer(arguments.get("last"))
            return page_size(field.name.value, first, last, node=field)
        if "ids" in arguments:
            return self._length(arguments["ids"])
        return None

    def _integer(self, node: ValueNode | None) -> int | None:
        if node is None or isinstance(node, NullValueNode):
            return None
        if isinstance(node, IntValueNode):
            return int(node.value)
        if isinstance(node, VariableNode):
            value = self._variable(node)
            return value if value is None or isinstance(value, int) else MAX_PAGE_SIZE
        return MAX_PAGE_SIZE

    def _length(self, node: ValueNode) -> int:
        if isinstance(node, ListValueNode):
            return len(node.values)
        value = self._variable(node) if isinstance(node, VariableNode) else None
        return len(value) if isinstance(value, list) else 1

    def _variable(self, node: VariableNode) -> Any:
        name = node.name.value
        if name in self._variables:
            return self._variables[name]
        default = self._defaults.get(name)
        if isinstance(default, ListValueNode):
            return list(default.values)
        return self._integer(default)


def _too_many(points: Points, most: int, operation: OperationDefinitionNode) -> GraphQLError:
    message = (
        f"The call asks for up to {points.items} items, most of them by {named(points.largest)}; at most {most} are "
        "allowed. Ask for smaller pages."
    )
    node = end_of(points.largest) or operation
    return GraphQLError(message, node, extensions={"code": ErrorCode.DOCUMENT_TOO_LARGE})


def named(way: Way) -> str:
    """A way as it is told: `namespace.workloads.pods`, without what all lists have."""
    names = []
    while way is not None:
        node, way = way
        name = node.alias.value if node.alias else node.name.value
        if name not in {"edges", "node"}:
            names.append(name)
    told = names if len(names) <= _MOST_NAMED else [*names[: _MOST_NAMED - 1], "…"]
    return f"`{'.'.join(told)}`"


def end_of(way: Way) -> FieldNode | None:
    """The field to which it leads."""
    node = None
    while way is not None:
        node, way = way
    return node
