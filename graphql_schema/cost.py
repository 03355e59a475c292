"""What a field costs, told where the field is declared and printed in the SDL.

The directive is that of the GraphQL Cost Directives specification (https://ibm.github.io/graphql-specs/cost-spec.html),
which other servers and tools read too; weights are strings there. Two things differ. What has no weight weighs nothing,
as reads come from memory: only what calls the cluster or the metrics source, or works for long, is dear. And lists are
not told by `@listSize`, as every list that is long is a connection, whose `first` or `last` is its size.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

import strawberry
from graphql import GraphQLField, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.schema_directive import Location
from strawberry.types.field import StrawberryField

INTROSPECTION_WEIGHT = 20
"""Of `__schema` and `__type`, which are the library's own: the whole schema takes about 70 ms to tell."""


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="cost",
    description="What a field costs, in points: for each item of the lists that it is in, or once in all where it is "
    "`batched`, as one call reads it for all of them. Fields without it cost nothing. An operation costs 1 point, what "
    "its fields cost, and 1 point for each 100 items of lists that it may bring.",
)
class Cost:
    """The weight of a field. A `batched` one is read by one call for all items of the lists around it."""

    weight: str = strawberry.directive_field(name="weight")
    batched: bool | None = strawberry.directive_field(name="batched", default=strawberry.UNSET)

    @property
    def points(self) -> int:
        return int(self.weight)

    @property
    def is_batched(self) -> bool:
        return self.batched is True


Costs: TypeAlias = Mapping[tuple[str, str], Cost]
"""By the names of the type and of the field."""


def costs_of(schema: GraphQLSchema) -> Costs:
    """The fields of `schema` that cost something."""
    return dict(_declared(schema)) | _introspection(schema)


def _declared(schema: GraphQLSchema) -> Iterator[tuple[tuple[str, str], Cost]]:
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in type_.fields.items():
                for cost in _costs(field):
                    yield (type_.name, name), cost


def _costs(field: GraphQLField) -> Iterator[Cost]:
    declared = (field.extensions or {}).get(GraphQLCoreConverter.DEFINITION_BACKREF)
    if isinstance(declared, StrawberryField):
        yield from (each for each in declared.directives if isinstance(each, Cost))


def _introspection(schema: GraphQLSchema) -> dict[tuple[str, str], Cost]:
    query = schema.query_type
    if query is None:
        return {}
    return {(query.name, name): Cost(weight=str(INTROSPECTION_WEIGHT)) for name in ("__schema", "__type")}
