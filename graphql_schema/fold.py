"""Walking what an operation selects, fragments included, in time that is linear in the document's text.

What is worked out of a fragment is worked out once and used at each spread: a document of n tokens costs O(n), whatever
it would expand to. Unknown and cyclic fragments count for nothing: validation says what is wrong with them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Generic, TypeVar

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    NamedTypeNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
)

T = TypeVar("T")


class Fold(ABC, Generic[T]):
    """One value for a whole operation, made of the values of what it selects, from the leaves up."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, *, nothing: T) -> None:
        self._schema = schema
        self._nothing = nothing
        self._definitions = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._fragments: dict[str, T] = {}

    @abstractmethod
    def of_field(
        self, field: FieldNode, parent: GraphQLNamedType | None, type_: GraphQLNamedType | None, below: T
    ) -> T:
        """The value of a field of `parent`. `type_` is its own named type, None for a leaf; neither is known where
        the document is not valid."""

    @abstractmethod
    def of_selections(self, selection_set: SelectionSetNode, parts: Sequence[T]) -> T:
        """The value of a selection set; `parts` are those of its selections."""

    def of_fragment(self, definition: FragmentDefinitionNode, inside: T) -> T:  # noqa: ARG002  for who counts it too
        """The value of a named fragment, wherever it is spread."""
        return inside

    def operation(self, operation: OperationDefinitionNode) -> T:
        """The value of an operation."""
        return self._selections(operation.selection_set, self._schema.get_root_type(operation.operation))

    def _selections(self, selection_set: SelectionSetNode, parent: GraphQLNamedType | None) -> T:
        parts = [self._selection(selection, parent) for selection in selection_set.selections]
        return self.of_selections(selection_set, parts)

    def _selection(self, selection: SelectionNode, parent: GraphQLNamedType | None) -> T:
        if isinstance(selection, FieldNode):
            return self._field(selection, parent)
        if isinstance(selection, InlineFragmentNode):
            condition = selection.type_condition
            return self._selections(selection.selection_set, self._type(condition) if condition else parent)
        if isinstance(selection, FragmentSpreadNode):
            return self._fragment(selection.name.value)
        return self._nothing

    def _field(self, field: FieldNode, parent: GraphQLNamedType | None) -> T:
        if field.selection_set is None:
            return self.of_field(field, parent, None, self._nothing)
        type_ = _field_type(self._schema, parent, field.name.value)
        return self.of_field(field, parent, type_, self._selections(field.selection_set, type_))

    def _fragment(self, name: str) -> T:
        if name not in self._fragments:
            self._fragments[name] = self._nothing  # what a cycle comes back to
            if definition := self._definitions.get(name):
                inside = self._selections(definition.selection_set, self._type(definition.type_condition))
                self._fragments[name] = self.of_fragment(definition, inside)
        return self._fragments[name]

    def _type(self, condition: NamedTypeNode) -> GraphQLNamedType | None:
        return self._schema.get_type(condition.name.value)


def _field_type(schema: GraphQLSchema, parent: GraphQLNamedType | None, name: str) -> GraphQLNamedType | None:
    """The named type of a field; None where the document is not valid there."""
    if not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
        return None
    field = schema.get_field(parent, name)
    return get_named_type(field.type) if field else None
