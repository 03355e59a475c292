"""graphql-core's executor, with short ways for what most of a page is made of.

Most fields of a page are scalars that lie ready on an object, and most objects are of one type that is known
beforehand. For each of them graphql-core makes a path, the resolve info and a dozen calls. Here plain fields are read
and coerced on the spot, and objects are entered at once. Whatever is not as its type says goes the long way, so that
every answer and every error stays graphql-core's own.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

from graphql import (
    GraphQLBoolean,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLString,
    get_nullable_type,
    is_leaf_type,
    is_non_null_type,
)
from graphql.execution.collect_fields import FieldDetailsList, GroupedFieldSet
from graphql.pyutils import AwaitableOrValue, Path
from strawberry.schema.schema_converter import GraphQLCoreConverter
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
        nullable = get_nullable_type(return_type)
        if nullable.__class__ is GraphQLObjectType and result is not None and not isinstance(result, Exception):
            fields = self.collect_subfields(nullable, field_details_list)[0]
            return self.execute_fields(nullable, result, path, fields, position_context)
        return super().complete_value(return_type, field_details_list, info, path, result, position_context)

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
    ours = (definition.extensions or {}).get(GraphQLCoreConverter.DEFINITION_BACKREF)
    leaf = get_nullable_type(definition.type)
    if not isinstance(ours, StrawberryField) or not ours.is_basic_field or not is_leaf_type(leaf):
        return None
    return PlainField(
        name=name,
        read=operator.attrgetter(ours.python_name),
        unchanged=_UNCHANGED.get(leaf),
        coerce=leaf.coerce_output_value,
        nullable=not is_non_null_type(definition.type),
    )
