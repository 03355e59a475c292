"""Documents made from the schema itself: every field of a type, and of the types below it."""

from __future__ import annotations

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
)

PAGE = "(first: 2)"


def whole(
    schema: GraphQLSchema, type_: GraphQLNamedType, *, levels: int = 4, above: frozenset[str] = frozenset()
) -> str:
    """A selection of everything in `type_`, `levels` deep; a type inside of itself is not entered again."""
    if is_leaf_type(type_):
        return ""
    if isinstance(type_, GraphQLUnionType):
        members = schema.get_possible_types(type_)
        parts = [f"... on {member.name} {whole(schema, member, levels=levels, above=above)}" for member in members]
        return "{ __typename " + " ".join(parts) + " }"
    # Of an interface its own fields: those of its members may differ in type under one name.
    assert isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
    inside = above | {type_.name}
    fields = [_field(schema, name, field, levels, inside) for name, field in type_.fields.items()]
    return "{ __typename " + " ".join(field for field in fields if field) + " }"


def _field(schema: GraphQLSchema, name: str, field: GraphQLField, levels: int, above: frozenset[str]) -> str:
    type_ = get_named_type(field.type)
    arguments = PAGE if "first" in field.args else ""
    if is_leaf_type(type_):
        return name + arguments
    # Connections, edges and pages of them are shells: entering them is no level.
    is_shell = type_.name.endswith(("Connection", "Edge")) or type_.name == "PageInfo"
    if type_.name in above or (levels == 0 and not is_shell):
        return ""
    below = whole(schema, type_, levels=levels if is_shell else levels - 1, above=above)
    return f"{name}{arguments} {below}" if below != "{ __typename  }" else ""
