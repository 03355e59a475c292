"""Limits on a document, counted after fragment expansion and before anything else looks at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLNamedType,
    GraphQLSchema,
    Node,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableDefinitionNode,
)

from api.error_codes import ErrorCode
from graphql_schema.fold import Fold

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
    repeats: int = 20
    """How often one field of the answer is asked for, in all that is merged for it: of each pair validation asks
    whether both can be, which is quadratic work."""
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
    names: Mapping[str, int] = field(default_factory=dict)
    """How often each name of the answer is asked for; for one that is merged of several, what is below it at most."""

    @property
    def repeats(self) -> int:
        """The most that one field is asked for, here or below."""
        return max(self.names.values(), default=0)

    def __or__(self, other: Tally) -> Tally:
        """Both beside each other in one selection set."""
        return Tally(
            depth=max(self.depth, other.depth),
            introspection_depth=max(self.introspection_depth, other.introspection_depth),
            aliases=self.aliases + other.aliases,
            directives=self.directives + other.directives,
            fields=self.fields + other.fields,
            names=_added(self.names, other.names),
        )


class DocumentTally(Fold[Tally]):
    """Counts the operations of one document."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        super().__init__(schema, document, nothing=Tally())

    def operation(self, operation: OperationDefinitionNode) -> Tally:
        """The tally of one operation; its own directives and its variables' are counted too."""
        variables = operation.variable_definitions or ()
        return super().operation(operation) | Tally(directives=_directives(operation, *variables))

    def of_selections(self, selection_set: SelectionSetNode, parts: Sequence[Tally]) -> Tally:
        tally = Tally(directives=_directives(*selection_set.selections))
        for part in parts:
            tally |= part
        return tally

    def of_fragment(self, definition: FragmentDefinitionNode, inside: Tally) -> Tally:
        return inside | Tally(directives=_directives(definition))

    def of_field(
        self,
        field: FieldNode,
        parent: GraphQLNamedType | None,
        type_: GraphQLNamedType | None,  # noqa: ARG002  of no concern here
        below: Tally,
    ) -> Tally:
        name = field.name.value
        depth = below.depth + (0 if _is_free(name, parent) else 1)
        introspects = name in _INTROSPECTION
        return replace(
            below,
            depth=0 if introspects else depth,
            introspection_depth=depth if introspects else below.introspection_depth,
            aliases=below.aliases + (1 if field.alias else 0),
            fields=1,
            names={(field.alias or field.name).value: max(1, below.repeats)},
        )


_WithDirectives = OperationDefinitionNode | FragmentDefinitionNode | VariableDefinitionNode | SelectionNode


def _directives(*nodes: _WithDirectives) -> int:
    return sum(len(node.directives or ()) for node in nodes)


def _is_free(name: str, parent: GraphQLNamedType | None) -> bool:
    if parent is None:
        return False
    return (name == "edges" and parent.name.endswith("Connection")) or (name == "node" and parent.name.endswith("Edge"))


def _added(names: Mapping[str, int], others: Mapping[str, int]) -> Mapping[str, int]:
    if not names or not others:
        return names or others
    return {**names, **{name: names.get(name, 0) + count for name, count in others.items()}}


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
    yield from _check_most("selections of one field", found.repeats, limits.repeats, operation)


def _check_most(what: str, count: int, most: int, node: Node) -> Iterator[GraphQLError]:
    if count > most:
        yield _refused(f"The document has {count} {what}; at most {most} are allowed. Split it.", node)


def _refused(message: str, node: Node) -> GraphQLError:
    return GraphQLError(message, node, extensions={"code": ErrorCode.DOCUMENT_TOO_LARGE})
