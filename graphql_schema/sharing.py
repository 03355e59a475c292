"""What may be given to several callers that was executed once.

A field that is read off its source gives everybody the same. Of the others each says where it is declared how far what
it gives may be shared (`SHARED`, `PER_VIEWER`); what says nothing is executed for each caller anew. So what a document
may share follows from its fields alone: a field that looks at who asks, and does not say so, is not shared by accident.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    StringValueNode,
    VariableNode,
    Visitor,
    visit,
)
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from graphql_schema.executor import is_plain
from graphql_schema.fold import Fold


class Sharing(IntEnum):
    """How far what a field gives may be shared; of several fields the least counts."""

    NONE = 0
    VIEWER = 1
    """By whoever is the same user with the same rights: it follows from a namespace's objects and rows, and from these
    rights."""
    ALL = 2
    """By all who may see the namespace: it follows from its objects and rows alone, and is resolved without viewer."""


_METADATA = "sharing"
SHARED: Mapping[Any, Any] = {_METADATA: Sharing.ALL}
"""The metadata of a field that may be shared by all."""
PER_VIEWER: Mapping[Any, Any] = {_METADATA: Sharing.VIEWER}
"""That of a field that may be shared by one viewer's requests."""


@dataclass(frozen=True, slots=True)
class Shared:
    """How an operation may be shared, and the slugs of the namespaces that what it gives follows from."""

    sharing: Sharing
    slugs: frozenset[str] = frozenset()


NOT_SHARED = Shared(Sharing.NONE)
_SLUG_ARGUMENTS = {"namespace": "slug", "workload": "namespace"}
"""The root fields of queries that read one namespace, and the argument that names it."""


def variables_of_events(document: DocumentNode, operation: OperationDefinitionNode) -> frozenset[str]:
    """The variables that what is told of a subscription's event follows from: the arguments of its root field choose
    the events alone."""
    names = _VariableNames()
    for selection in operation.selection_set.selections:
        if isinstance(selection, FieldNode):
            within = [*(selection.directives or ()), *([selection.selection_set] if selection.selection_set else ())]
        else:
            within = [selection]
        for node in within:
            visit(node, names)
    for definition in document.definitions:
        if isinstance(definition, FragmentDefinitionNode):
            visit(definition, names)
    return frozenset(names.found)


class _VariableNames(Visitor):
    """Those that are visited."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: object) -> None:
        self.found.add(node.name.value)


def sharing_of(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> Shared:
    """How a valid operation may be shared. A mutation never is; of a subscription it is about each of its events; a
    query is for who asked, as its root fields look at their rights."""
    if operation.operation is OperationType.MUTATION:
        return NOT_SHARED
    below = _Least(schema, document).operation(operation)
    if operation.operation is OperationType.SUBSCRIPTION:
        return Shared(below)
    slugs = [_slug(selection, variables) for selection in operation.selection_set.selections]
    named = frozenset(slug for slug in slugs if slug is not None)
    if below is Sharing.NONE or None in slugs:
        return NOT_SHARED
    return Shared(Sharing.VIEWER, named)


def _slug(selection: SelectionNode, variables: Mapping[str, Any]) -> str | None:
    """The namespace that a root field reads; None for one that reads anything else."""
    if not isinstance(selection, FieldNode):
        return None
    wanted = _SLUG_ARGUMENTS.get(selection.name.value)
    for argument in selection.arguments or ():
        if argument.name.value == wanted:
            value = argument.value
            if isinstance(value, StringValueNode):
                return value.value
            told = variables.get(value.name.value) if isinstance(value, VariableNode) else None
            return told if isinstance(told, str) else None
    return None


class _Least(Fold[Sharing]):
    """The least that any field of an operation says."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        super().__init__(schema, document, nothing=Sharing.ALL)

    def of_selections(self, selection_set: SelectionSetNode, parts: Sequence[Sharing]) -> Sharing:  # noqa: ARG002
        return min(parts, default=Sharing.ALL)

    def of_field(
        self,
        field: FieldNode,
        parent: GraphQLNamedType | None,
        type_: GraphQLNamedType | None,  # noqa: ARG002  of no concern here
        below: Sharing,
    ) -> Sharing:
        return min(below, self._own(field.name.value, parent))

    def _own(self, name: str, parent: GraphQLNamedType | None) -> Sharing:
        if name == "__typename":
            return Sharing.ALL
        if isinstance(parent, GraphQLInterfaceType):
            types = self._schema.get_possible_types(parent)
            return min((self._own(name, each) for each in types), default=Sharing.NONE)
        if not isinstance(parent, GraphQLObjectType) or name not in parent.fields:
            return Sharing.NONE
        definition = parent.fields[name]
        if is_plain(definition):
            return Sharing.ALL
        field = (definition.extensions or {}).get(GraphQLCoreConverter.DEFINITION_BACKREF)
        declared = field.metadata.get(_METADATA) if isinstance(field, StrawberryField) else None
        return declared if isinstance(declared, Sharing) else Sharing.NONE
