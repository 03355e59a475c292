"""Limits on a document, counted after fragment expansion and before anything else looks at it.

Every fragment is counted once and its tally is added at each spread, so that a document of n tokens costs O(n)
whatever it would expand to. Unknown and cyclic fragments count as empty: validation says what is wrong with them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
)

_INTROSPECTION = frozenset({"__schema", "__type"})


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one document may have. N is accepted, N + 1 is refused before any resolver runs."""

    depth: int = 15
    """Fields below each other, leaves counted; `edges` and `node` of a connection are free."""
    introspection_depth: int = 20
    """The same below `__schema` and `__type` for the signed-in: the stock introspection query is 15 deep."""
    aliases: int = 15
    root_fields: int = 10
    """Of each operation."""
    directives: int = 50
    repeats: int = 5
    """The same field in one selection set: merging them is quadratic work for validation."""
    tokens: int = 1_000
    nodes: int = 5_000
    """Items of lists in one call, estimated by `graphql_schema.budget`."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What a selection set has, everything below it included. `fields` are its own fields only."""

    depth: int = 0
    introspection_depth: int = 0
    aliases: int = 0
    directives: int = 0
    fields: int = 0
    repeats: int = 0

    def __or__(self, other: Tally) -> Tally:
        """Both beside each other in one selection set."""
        return Tally(
            depth=max(self.depth, other.depth),
            introspection_depth=max(self.introspection_depth, other.introspection_depth),
            aliases=self.aliases + other.aliases,
            directives=self.directives + other.directives,
            fields=self.fields + other.fields,
            repeats=max(self.repeats, other.repeats),
        )


class DocumentTally:
    """Counts the operations of one document."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._tallies: dict[str, Tally] = {}

    def operation(self, operation: OperationDefinitionNode) -> Tally:
        """The tally of one operation; its own directives and its variables' are counted too."""
        root_type = self._schema.get_root_type(operation.operation)
        directives = sum(len(variable.directives or ()) for variable in operation.variable_definitions or ())
        return self._selections(operation.selection_set, root_type) | Tally(
            directives=directives + len(operation.directives or ())
        )

    def _selections(self, selection_set: SelectionSetNode, parent: GraphQLNamedType | None) -> Tally:
        tally = Tally(repeats=_most_repeated(selection_set))
        for selection in selection_set.selections:
            tally |= self._selection(selection, parent) | Tally(directives=len(selection.directives or ()))
        return tally

    def _selection(self, selection: SelectionNode, parent: GraphQLNamedType | None) -> Tally:
        if isinstance(selection, FieldNode):
            return self._field(selection, parent)
        if isinstance(selection, InlineFragmentNode):
            condition = selection.type_condition
            narrowed = self._schema.get_type(condition.name.value) if condition else parent
            return self._selections(selection.selection_set, narrowed)
        if isinstance(selection, FragmentSpreadNode):
            return self._fragment(selection.name.value)
        return Tally()

    def _fragment(self, name: str) -> Tally:
        if name not in self._tallies:
            self._tallies[name] = Tally()  # what a cycle comes back to
            if fragment := self._fragments.get(name):
                parent = self._schema.get_type(fragment.type_condition.name.value)
                own = Tally(directives=len(fragment.directives or ()))
                self._tallies[name] = self._selections(fragment.selection_set, parent) | own
        return self._tallies[name]

    def _field(self, field: FieldNode, parent: GraphQLNamedType | None) -> Tally:
        name = field.name.value
        below = Tally()
        if field.selection_set:
            below = self._selections(field.selection_set, field_type(self._schema, parent, name))
        depth = below.depth + (0 if _is_free(name, parent) else 1)
        introspects = name in _INTROSPECTION
        return replace(
            below,
            depth=0 if introspects else depth,
            introspection_depth=depth if introspects else below.introspection_depth,
            aliases=below.aliases + (1 if field.alias else 0),
            fields=1,
        )


def field_type(schema: GraphQLSchema, parent: GraphQLNamedType | None, name: str) -> GraphQLNamedType | None:
    """The named type of a field; None where the document is not valid there."""
    if not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
        return None
    field = schema.get_field(parent, name)
    return get_named_type(field.type) if field else None


def _is_free(name: str, parent: GraphQLNamedType | None) -> bool:
    if parent is None:
        return False
    return (name == "edges" and parent.name.endswith("Connection")) or (name == "node" and parent.name.endswith("Edge"))


def _most_repeated(selection_set: SelectionSetNode) -> int:
    names = Counter(
        (field.alias or field.name).value for field in selection_set.selections if isinstance(field, FieldNode)
    )
    return max(names.values(), default=0)


def check_limits(
    schema: GraphQLSchema, document: DocumentNode, limits: Limits, *, signed_in: bool
) -> list[GraphQLError]:
    """What `document` has too much of, an error each."""
    tally = DocumentTally(schema, document)
    aliases = directives = 0
    errors: list[GraphQLError] = []
    for operation in document.definitions:
        if isinstance(operation, OperationDefinitionNode):
            try:
                found = tally.operation(operation)
            except RecursionError:
                return [_refused("The document is nested too deeply.", operation)]
            errors += _check_operation(operation, found, limits, signed_in=signed_in)
            aliases += found.aliases
            directives += found.directives
    errors += _check_most("aliases", aliases, limits.aliases, document)
    errors += _check_most("directives", directives, limits.directives, document)
    return errors


def _check_operation(
    operation: OperationDefinitionNode, found: Tally, limits: Limits, *, signed_in: bool
) -> Iterator[GraphQLError]:
    introspection_depth = limits.introspection_depth if signed_in else limits.depth
    yield from _check_most("levels of fields", found.depth, limits.depth, operation)
    yield from _check_most("levels of introspection fields", found.introspection_depth, introspection_depth, operation)
    yield from _check_most("root fields", found.fields, limits.root_fields, operation)
    yield from _check_most("repetitions of one field", found.repeats, limits.repeats, operation)


def _check_most(what: str, count: int, most: int, node: Node) -> Iterator[GraphQLError]:
    if count > most:
        yield _refused(f"The document has {count} {what}; at most {most} are allowed. Split it.", node)


def _refused(message: str, node: Node) -> GraphQLError:
    return GraphQLError(message, node, extensions={"code": "DOCUMENT_TOO_LARGE"})
