"""How many items of lists a call may ask for, estimated before it is executed.

Each connection counts its `first` or `last`, times the items of the connections that it is inside of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

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
    get_operation_ast,
)

from api.database.pages import MAX_PAGE_SIZE
from graphql_schema.connections import page_size
from graphql_schema.fold import Fold


def check_budget(
    schema: GraphQLSchema,
    document: DocumentNode,
    *,
    operation_name: str | None,
    variables: Mapping[str, Any],
    most: int,
) -> list[GraphQLError]:
    """Why the operation may not be executed: a list without a size, or more than `most` items in all.

    `document` must be valid. A variable of the wrong type counts as the largest page: coercion refuses it.
    """
    operation = get_operation_ast(document, operation_name)
    if operation is None:
        return []
    try:
        count = Estimate(schema, document, operation, variables).operation(operation)
    except GraphQLError as error:
        return [error]
    if count <= most:
        return []
    message = f"The call asks for up to {count} items; at most {most} are allowed. Ask for smaller pages."
    return [GraphQLError(message, operation, extensions={"code": "DOCUMENT_TOO_LARGE"})]


class Estimate(Fold[int]):
    """The estimate of one operation with its variables; GraphQLError where a list is given no size."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
    ) -> None:
        super().__init__(schema, document, nothing=0)
        self._variables = variables
        self._defaults = {
            definition.variable.name.value: definition.default_value
            for definition in operation.variable_definitions or ()
        }

    def of_selections(self, selection_set: SelectionSetNode, parts: Sequence[int]) -> int:  # noqa: ARG002
        return sum(parts)

    def of_field(
        self,
        field: FieldNode,
        parent: GraphQLNamedType | None,  # noqa: ARG002  of no concern here
        type_: GraphQLNamedType | None,
        below: int,
    ) -> int:
        size = self._size(field, type_) if field.selection_set else None
        return below if size is None else size * (1 + below)

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
