"""graphql-core's executor, with a short way for what most of a page is made of.

Most of a page is plain: attributes that lie ready on objects, objects and lists of such, nothing to await and no
arguments. For each field graphql-core makes a path, the resolve info and a dozen calls. Here a plain part of a document
is turned once into functions that read it off its source, however many objects they are applied to. Where a value is
not as its type says, the field goes the long way after all, so that every answer and every error stays graphql-core's
own; resolvers that take the short way are asked twice then, and have no effects.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

from graphql import (
    GraphQLBoolean,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLList,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLString,
    get_nullable_type,
    is_leaf_type,
)
from graphql.execution.collect_fields import FieldDetailsList, GroupedFieldSet
from graphql.pyutils import AwaitableOrValue, Path
from strawberry.schema.schema_converter import CustomGraphQLEnumType, GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from graphql_schema.pending import CountingExecutor

Results: TypeAlias = dict[str, Any]
Read: TypeAlias = Callable[[Any], Any]
"""Gives a field's value, completed, from its source; raises whatever where the long way is to be taken."""

_UNCHANGED: Mapping[object, type] = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool, GraphQLFloat: float}
"""Scalars that leave every value of this very class as it is."""


class NotPlain(Exception):
    """A value is not as its type says."""


@dataclass(frozen=True, slots=True)
class Selection:
    """A selection set on one type: the fields that are read off their source, and the others."""

    plain: dict[str, Read]
    others: GroupedFieldSet


Plan: TypeAlias = dict[tuple[str, tuple[int, ...]], Selection]
"""The selections of an operation, by type and by the identities of their nodes: for as long as its document is held,
and where variables skip or include something, for these variables."""


class ShortcutExecutor(CountingExecutor):
    """Reads the plain parts of a document, and leaves everything else to graphql-core.

    A `plan` is kept by whoever executes the same operation again.
    """

    def __init__(self, *arguments: Any, plan: Plan | None = None, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._plan: Plan = {} if plan is None else plan
        self._selections: dict[tuple[str, int], tuple[Selection, GroupedFieldSet]] = {}
        """With the fields that they were found for, so that nothing else gets the identity of these."""

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
        for name, read in selection.plain.items():
            try:
                results[name] = read(source_value)
            except Exception:  # graphql-core will meet it again, and tell
                others = {**others, name: grouped_field_set[name]}
        if not others:
            return results
        rest = super().execute_fields(parent_type, source_value, path, others, position_context)
        return _merged(results, rest)

    def _selection(self, parent_type: GraphQLObjectType, fields: GroupedFieldSet) -> Selection:
        key = parent_type.name, id(fields)
        if (known := self._selections.get(key)) is not None:
            return known[0]
        nodes = tuple(id(each.node) for details in fields.values() for each in details)
        found = self._plan.get((parent_type.name, nodes))
        if found is None:
            found = self._plan[parent_type.name, nodes] = self._sorted_out(parent_type, fields)
        self._selections[key] = found, fields
        return found

    def _sorted_out(self, parent_type: GraphQLObjectType, fields: GroupedFieldSet) -> Selection:
        read = {name: self._reading(parent_type, details) for name, details in fields.items()}
        plain = {name: reading for name, reading in read.items() if reading is not None}
        return Selection(plain, {name: details for name, details in fields.items() if name not in plain})

    def _reading(self, parent_type: GraphQLObjectType, details: FieldDetailsList) -> Read | None:
        """How a field is read, with all that is asked below it; None where it is not plain."""
        name = details[0].node.name.value
        if name == "__typename":
            return lambda _source: parent_type.name
        definition = self.schema.get_field(parent_type, name)
        access = _access(definition) if definition is not None else None
        complete = self._completion(definition.type, details) if definition is not None and access else None
        if access is None or complete is None:
            return None
        return lambda source: complete(access(source))

    def _completion(self, of_type: GraphQLOutputType, details: FieldDetailsList) -> Read | None:
        nullable = get_nullable_type(of_type)
        if is_leaf_type(nullable):
            complete: Read | None = _leaf(nullable)
        elif isinstance(nullable, GraphQLList):
            complete = _each(self._completion(nullable.of_type, details))
        elif isinstance(nullable, GraphQLObjectType):
            complete = self._object(nullable, details)
        else:
            return None  # which type it is shows with the value
        return complete if complete is None or nullable is not of_type else _or_null(complete)

    def _object(self, of_type: GraphQLObjectType, details: FieldDetailsList) -> Read | None:
        selection = self._selection(of_type, self.collect_subfields(of_type, details)[0])
        if selection.others:
            return None
        fields = tuple(selection.plain.items())

        def complete(value: Any) -> Results:
            if value is None:
                raise NotPlain
            return {name: read(value) for name, read in fields}

        return complete


def is_plain(definition: GraphQLField) -> bool:
    """Whether a field is read off its source alone, whoever asks."""
    return _access(definition) is not None


def _merged(results: Results, rest: AwaitableOrValue[Results]) -> AwaitableOrValue[Results]:
    if isinstance(rest, dict):
        results.update(rest)
        return results

    async def awaited() -> Results:
        results.update(await rest)
        return results

    return awaited()


def _access(definition: GraphQLField) -> Read | None:
    """How a value is had from its source alone: an attribute, or a resolver that asks for nothing else."""
    field = (definition.extensions or {}).get(GraphQLCoreConverter.DEFINITION_BACKREF)
    if not isinstance(field, StrawberryField) or field.extensions or field.is_subscription:
        return None
    resolver = field.base_resolver
    if resolver is None:
        return operator.attrgetter(field.python_name)
    if resolver.is_async or resolver.arguments or resolver.info_parameter or not resolver.self_parameter:
        return None
    return resolver.wrapped_func if callable(resolver.wrapped_func) else None


def _leaf(leaf: Any) -> Read:
    unchanged = _UNCHANGED.get(leaf)
    coerce = _members(leaf) if isinstance(leaf, CustomGraphQLEnumType) else leaf.coerce_output_value

    def complete(value: Any) -> Any:
        if value.__class__ is unchanged:
            return value
        coerced = coerce(value)
        if value is None or coerced is None:
            raise NotPlain
        return coerced

    return complete


def _members(leaf: CustomGraphQLEnumType) -> Read:
    """A look-up, where the library searches."""
    members: Iterable[Enum] = leaf.wrapped_cls
    return {member: leaf.coerce_output_value(member) for member in members}.__getitem__


def _each(complete: Read | None) -> Read | None:
    if complete is None:
        return None

    def each(value: Any) -> list[Any]:
        if not isinstance(value, (list, tuple)):
            raise NotPlain
        return [complete(item) for item in value]

    return each


def _or_null(complete: Read) -> Read:
    return lambda value: None if value is None else complete(value)
