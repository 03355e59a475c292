"""graphql-core's executor, with short ways for what most of a page is made of.

Most fields of a page are scalars that lie ready on an object, and most objects are of one type that is known
beforehand. For each of them graphql-core makes a path, the resolve info and a dozen calls. Here plain fields are read
and coerced on the spot, and objects are entered at once. Whatever is not as its type says goes the long way, so that
every answer and every error stays graphql-core's own.
"""

from __future__ import annotations

import operator
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any, TypeAlias

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    get_nullable_type,
    is_non_null_type,
)
from graphql.execution.collect_fields import FieldDetailsList, GroupedFieldSet
from graphql.pyutils import AwaitableOrValue, Path
from strawberry.schema.schema_converter import CustomGraphQLEnumType, GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from graphql_schema.pending import CountingExecutor

Results: TypeAlias = dict[str, Any]
Read: TypeAlias = Callable[[Any], Any]

_UNCHANGED: Mapping[object, type] = MappingProxyType(
    {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool, GraphQLFloat: float}
)
"""Scalars that leave every value of this very class as it is."""


@dataclass(frozen=True, slots=True)
class PlainField:
    """A leaf that is read off its source: no arguments, no resolve info, nothing to await."""

    name: str
    """In the response."""
    read: Read
    unchanged: type | None
    """The class whose values need no coercion."""
    coerce: Callable[[Any], Any]
    nullable: bool


@dataclass(frozen=True, slots=True)
class WayToObject:
    """How a field's object is had from its source alone."""

    read: Read
    object_type: GraphQLObjectType
    return_type: GraphQLOutputType

    def of(self, source: Any) -> Any | None:
        """None where there is none, or where graphql-core is to tell what is wrong."""
        try:
            return self.read(source)
        except Exception:
            return None


@dataclass(frozen=True, slots=True)
class Selection:
    """A selection set on one type: the fields that go the short way, and the others."""

    plain: tuple[PlainField, ...]
    others: GroupedFieldSet
    fields: GroupedFieldSet
    """All of them; held so that nothing else gets their identity, by which the selection is found."""


class ShortcutExecutor(CountingExecutor):
    """Takes the short ways, and leaves everything else to graphql-core."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._selections: dict[tuple[str, int], Selection] = {}
        self._ways: dict[tuple[str, str], WayToObject | None] = {}

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path | None,
        grouped_field_set: GroupedFieldSet,
        position_context: Any,
    ) -> AwaitableOrValue[Results]:
        """The fields' values, in the order in which they were asked for."""
        selection = self._selection(parent_type, grouped_field_set)
        results: Results = dict.fromkeys(grouped_field_set)
        others = selection.others
        for field in selection.plain:
            if not _read_into(results, field, source_value):
                others = {**others, field.name: grouped_field_set[field.name]}
        if not others:
            return results
        rest = super().execute_fields(parent_type, source_value, path, others, position_context)
        return _merged(results, rest)

    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: Any,
        field_details_list: FieldDetailsList,
        path: Path,
        position_context: Any,
    ) -> AwaitableOrValue[Any]:
        """An object that needs neither arguments nor resolve info to be had is entered at once."""
        way = self._way_to_object(parent_type, field_details_list[0].node.name.value)
        value = None if way is None else way.of(source)
        if way is None or value is None:
            return super().execute_field(parent_type, source, field_details_list, path, position_context)
        fields = self.collect_subfields(way.object_type, field_details_list)[0]
        try:
            completed = self.execute_fields(way.object_type, value, path, fields, position_context)
        except Exception as error:
            self.handle_field_error(error, way.return_type, field_details_list, path)
            return None
        return completed if isinstance(completed, dict) else self._awaited(completed, way, field_details_list, path)

    async def _awaited(
        self, completed: Awaitable[Results], way: WayToObject, field_details_list: FieldDetailsList, path: Path
    ) -> Results | None:
        try:
            return await completed
        except Exception as error:
            self.handle_field_error(error, way.return_type, field_details_list, path)
            return None

    def complete_value(  # noqa: PLR0917  graphql-core's signature
        self,
        return_type: GraphQLOutputType,
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> AwaitableOrValue[Any]:
        """An object of one known type is entered without asking whether it is of that type: resolvers are typed."""
        nullable = return_type.of_type if return_type.__class__ is GraphQLNonNull else return_type
        if nullable.__class__ is GraphQLObjectType and result is not None and not isinstance(result, Exception):
            fields = self.collect_subfields(nullable, field_details_list)[0]
            return self.execute_fields(nullable, result, path, fields, position_context)
        return super().complete_value(return_type, field_details_list, info, path, result, position_context)

    def _way_to_object(self, parent_type: GraphQLObjectType, field_name: str) -> WayToObject | None:
        key = parent_type.name, field_name
        if key not in self._ways:
            definition = self.schema.get_field(parent_type, field_name)
            self._ways[key] = None if definition is None else _way_to_object(definition)
        return self._ways[key]

    def _selection(self, parent_type: GraphQLObjectType, fields: GroupedFieldSet) -> Selection:
        """Worked out once for an operation, however many objects it is applied to."""
        key = parent_type.name, id(fields)
        found = self._selections.get(key)
        if found is None:
            plain = tuple(_plain_fields(self.schema, parent_type, fields))
            short = {field.name for field in plain}
            others = {name: details for name, details in fields.items() if name not in short}
            found = self._selections[key] = Selection(plain, others, fields)
        return found


def _read_into(results: Results, field: PlainField, source: Any) -> bool:
    """Whether the value was one that the field's type has; where not, graphql-core will meet it again and tell."""
    try:
        value = field.read(source)
        if value is None:
            return field.nullable
        coerced = value if value.__class__ is field.unchanged else field.coerce(value)
    except Exception:
        return False
    results[field.name] = coerced
    return coerced is not None


def _merged(results: Results, rest: AwaitableOrValue[Results]) -> AwaitableOrValue[Results]:
    if isinstance(rest, dict):
        results.update(rest)
        return results

    async def awaited() -> Results:
        results.update(await rest)
        return results

    return awaited()


def _plain_fields(
    schema: GraphQLSchema, parent_type: GraphQLObjectType, fields: GroupedFieldSet
) -> Iterator[PlainField]:
    for name, details in fields.items():
        definition = schema.get_field(parent_type, details[0].node.name.value)
        if definition is not None and (plain := _plain_field(name, definition)) is not None:
            yield plain


def _plain_field(name: str, definition: GraphQLField) -> PlainField | None:
    leaf = get_nullable_type(definition.type)
    read = _reader(definition)
    if read is None or not isinstance(leaf, (GraphQLScalarType, GraphQLEnumType)):
        return None
    return PlainField(
        name=name,
        read=read,
        unchanged=_UNCHANGED.get(leaf),
        coerce=_coercion(leaf),
        nullable=not is_non_null_type(definition.type),
    )


def _coercion(leaf: GraphQLScalarType | GraphQLEnumType) -> Callable[[Any], Any]:
    """As the type coerces; the members of an enum are looked up, where the library searches for them."""
    if not isinstance(leaf, CustomGraphQLEnumType):
        return leaf.coerce_output_value
    members: Iterable[Enum] = leaf.wrapped_cls
    return {member: leaf.coerce_output_value(member) for member in members}.__getitem__


def _way_to_object(definition: GraphQLField) -> WayToObject | None:
    nullable = get_nullable_type(definition.type)
    read = _reader(definition)
    if read is None or not isinstance(nullable, GraphQLObjectType):
        return None
    return WayToObject(read, nullable, definition.type)


def _reader(definition: GraphQLField) -> Read | None:
    """What gives the field's value from its source alone: an attribute, or a resolver that asks for nothing else."""
    field = (definition.extensions or {}).get(GraphQLCoreConverter.DEFINITION_BACKREF)
    if not isinstance(field, StrawberryField) or field.extensions or field.is_subscription:
        return None
    resolver = field.base_resolver
    if resolver is None:
        return operator.attrgetter(field.python_name)
    if resolver.is_async or resolver.arguments or resolver.info_parameter or not resolver.self_parameter:
        return None
    return resolver
