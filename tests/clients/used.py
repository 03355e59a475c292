"""The part of a schema that operations use: what a client is generated from, a line each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLSchema,
    GraphQLUnionType,
    TypeInfo,
    TypeInfoVisitor,
    VariableDefinitionNode,
    Visitor,
    get_named_type,
    visit,
)


def used(schema: GraphQLSchema, document: DocumentNode) -> list[str]:
    """What `document` uses of `schema`, sorted: fields with types, inputs and enums whole, members of interfaces."""
    info = TypeInfo(schema)
    noting = _Noting(schema, info)
    visit(document, TypeInfoVisitor(info, noting))
    return sorted(noting.lines)


class _Noting(Visitor):
    def __init__(self, schema: GraphQLSchema, info: TypeInfo) -> None:
        super().__init__()
        self.lines: set[str] = set()
        self._schema = schema
        self._info = info
        self._seen: set[str] = set()

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent, field = self._info.get_parent_type(), self._info.get_field_def()
        if parent is not None and field is not None:
            self.lines.add(f"{parent.name}.{node.name.value}: {field.type}")
            self._note(get_named_type(field.type))

    def enter_variable_definition(self, _node: VariableDefinitionNode, *_: Any) -> None:
        type_ = self._info.get_input_type()
        if type_ is not None:
            self._note(get_named_type(type_))

    def _note(self, type_: GraphQLNamedType) -> None:
        if type_.name not in self._seen:
            self._seen.add(type_.name)
            self.lines.update(self._whole(type_))

    def _whole(self, type_: GraphQLNamedType) -> Iterator[str]:
        match type_:
            case GraphQLEnumType():
                yield f"{type_.name} = {' | '.join(sorted(type_.values))}"
            case GraphQLInterfaceType() | GraphQLUnionType():
                members = sorted(member.name for member in self._schema.get_possible_types(type_))
                yield f"{type_.name} = {' | '.join(members)}"
            case GraphQLInputObjectType():
                for name, field in type_.fields.items():
                    yield f"{type_.name}.{name}: {field.type}"
                    self._note(get_named_type(field.type))
