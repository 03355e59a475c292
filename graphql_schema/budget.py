"""How many items of lists a call may ask for, estimated before it is executed.

Each connection counts its `first` or `last`, times the items of the connections that it is inside of. A fragment's
estimate is made once: the work is linear in the document, whatever it would expand to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_operation_ast,
)

from api.database.pages import MAX_PAGE_SIZE
from graphql_schema.connections import page_size
from graphql_schema.limits import field_type


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
        count = Estimate(schema, document, operation, variables).nodes()
    except GraphQLError as error:
        return [error]
    if count <= most:
        return []
    message = f"The call asks for up to {count} items; at most {most} are allowed. Ask for smaller pages."
    return [GraphQLError(message, operation, extensions={"code": "DOCUMENT_TOO_LARGE"})]


class Estimate:
    """The estimate of one operation with its variables."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
    ) -> None:
        self._schema = schema
        self._operation = operation
        self._variables = variables
        self._defaults = {
            definition.variable.name.value: definition.default_value
            for definition in operation.variable_definitions or ()
        }
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._counts: dict[str, int] = {}

    def nodes(self) -> int:
        """How many items the operation asks for at most; GraphQLError where a list is given no size."""
        root_type = self._schema.get_root_type(self._operation.operation)
        return self._selections(self._operation.selection_set, root_type)

    def _selections(self, selection_set: SelectionSetNode, parent: GraphQLNamedType | None) -> int:
        return sum(self._selection(selection, parent) for selection in selection_set.selections)

    def _selection(self, selection: SelectionNode, parent: GraphQLNamedType | None) -> int:
        if isinstance(selection, FieldNode):
            return self._field(selection, parent)
        if isinstance(selection, InlineFragmentNode):
            condition = selection.type_condition
            narrowed = self._schema.get_type(condition.name.value) if condition else parent
            return self._selections(selection.selection_set, narrowed)
        if isinstance(selection, FragmentSpreadNode):
            return self._fragment(selection.name.value)
        return 0

    def _fragment(self, name: str) -> int:
        if name not in self._counts:
            fragment = self._fragments[name]
            parent = self._schema.get_type(fragment.type_condition.name.value)
            self._counts[name] = self._selections(fragment.selection_set, parent)
        return self._counts[name]

    def _field(self, field: FieldNode, parent: GraphQLNamedType | None) -> int:
        if field.selection_set is None:
            return 0
        type_ = field_type(self._schema, parent, field.name.value)
        below = self._selections(field.selection_set, type_)
        size = self._size(field, type_)
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
