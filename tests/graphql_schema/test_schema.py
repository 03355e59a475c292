"""The schema as a whole: committed as it is printed, described everywhere, of one shape."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_introspection_type,
    is_specified_scalar_type,
    print_schema,
)

from graphql_schema.node_queries import FINDERS_BY_UID, FINDERS_BY_UUID
from graphql_schema.print import SDL_FILE
from graphql_schema.schema import build_schema, print_sdl


def own_types(schema: GraphQLSchema) -> list[GraphQLNamedType]:
    return [
        type_
        for type_ in schema.type_map.values()
        if not is_introspection_type(type_) and not is_specified_scalar_type(type_)
    ]


def descriptions(type_: GraphQLNamedType) -> Iterator[tuple[str, str | None]]:
    """Everything of a type that has a description, by its path."""
    yield type_.name, type_.description
    if isinstance(type_, GraphQLEnumType):
        yield from ((f"{type_.name}.{name}", value.description) for name, value in type_.values.items())
    if isinstance(type_, GraphQLInputObjectType):
        yield from ((f"{type_.name}.{name}", field.description) for name, field in type_.fields.items())
    if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
        for name, field in type_.fields.items():
            yield f"{type_.name}.{name}", field.description
            yield from ((f"{type_.name}.{name}({arg})", value.description) for arg, value in field.args.items())


def test_the_committed_file_is_what_the_code_prints() -> None:
    assert SDL_FILE.read_text() == print_sdl(build_schema()), (
        "run `python -m graphql_schema.print` and review the difference"
    )


def test_everything_is_described(schema: GraphQLSchema) -> None:
    bare = [path for type_ in own_types(schema) for path, text in descriptions(type_) if not (text or "").strip()]

    assert [] == bare


def test_every_list_of_objects_with_a_cursor_takes_the_four_arguments(schema: GraphQLSchema) -> None:
    for type_ in own_types(schema):
        if not isinstance(type_, GraphQLObjectType):
            continue
        for name, field in type_.fields.items():
            if get_named_type(field.type).name.endswith("Connection"):
                assert {"first", "after", "last", "before"} == set(field.args), f"{type_.name}.{name}"


def test_edges_and_node_are_names_of_connections_alone(schema: GraphQLSchema) -> None:
    """The depth limit lets these two pass for free, by the types that they are of."""
    with_edges = {t.name for t in own_types(schema) if isinstance(t, GraphQLObjectType) and "edges" in t.fields}

    assert {name for name in with_edges if not name.endswith("Connection")} == set()


def test_every_node_type_can_be_found_by_its_id(schema: GraphQLSchema) -> None:
    node = schema.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)

    found = {*FINDERS_BY_UUID, *FINDERS_BY_UID}

    assert {type_.name for type_ in schema.get_possible_types(node)} == found


SHARED_PAYLOADS = {"planRollback": "PlanWorkloadPayload"}
"""A plan is a plan, whatever it was made of: clients show and deploy both alike."""


def test_every_mutation_takes_one_input_and_answers_with_a_payload_of_errors(schema: GraphQLSchema) -> None:
    assert schema.mutation_type is not None
    for name, field in schema.mutation_type.fields.items():
        pascal = name[0].upper() + name[1:]
        payload = get_named_type(field.type)
        assert isinstance(payload, GraphQLObjectType)
        assert f"{pascal}Input!" == str(field.args["input"].type)
        expected = SHARED_PAYLOADS.get(name, f"{pascal}Payload")
        assert (expected, "[UserError!]!") == (payload.name, str(payload.fields["errors"].type))


def test_no_union_or_interface_lacks_members(schema: GraphQLSchema) -> None:
    for type_ in own_types(schema):
        if isinstance(type_, GraphQLUnionType | GraphQLInterfaceType):
            assert schema.get_possible_types(type_), type_.name


def test_the_printed_schema_is_valid(schema: GraphQLSchema) -> None:
    assert print_schema(schema)


@pytest.mark.parametrize(
    "name", ["Namespace", "QuotaUsage", "Workload", "Pod", "Run", "VolumeClaim", "Event", "Cluster"]
)
def test_what_is_served_from_the_watch_cache_says_how_old_it_is(schema: GraphQLSchema, name: str) -> None:
    served = schema.type_map[name]

    assert isinstance(served, GraphQLObjectType)
    assert "DateTime" == str(served.fields["asOf"].type)
