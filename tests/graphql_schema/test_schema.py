"""The schema as a whole: committed as it is printed, described everywhere, of one shape."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
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
            connection = get_named_type(field.type).name
            if connection == "LogLineConnection":  # a cluster reads logs forwards only: of theirs there is no `before`
                assert {"first", "after", "last"} <= set(field.args), f"{type_.name}.{name}"
            elif connection.endswith("Connection"):
                beside = set(field.args) - {"filter", "orderBy"}
                assert {"first", "after", "last", "before"} == beside, f"{type_.name}.{name}"


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


def test_connections_are_as_relay_specifies_them(schema: GraphQLSchema) -> None:
    """Source: https://relay.dev/graphql/connections.htm."""
    info = schema.type_map["PageInfo"]
    assert isinstance(info, GraphQLObjectType)
    cursors = {"startCursor": "String", "endCursor": "String"}
    assert {"hasNextPage": "Boolean!", "hasPreviousPage": "Boolean!", **cursors} == types_of(info)

    for type_ in own_types(schema):
        if isinstance(type_, GraphQLObjectType) and type_.name.endswith("Connection"):
            edge = get_named_type(type_.fields["edges"].type)
            assert isinstance(edge, GraphQLObjectType)
            listed = {"edges": f"[{edge.name}!]!", "pageInfo": "PageInfo!"}
            if type_.name != "LogLineConnection":  # nobody counts the lines of a log
                listed["totalCount"] = "Int!"
            assert listed == types_of(type_)
            node = type_.name.removesuffix("Connection")
            assert (f"{node}Edge", {"cursor": "String!", "node": f"{node}!"}) == (edge.name, types_of(edge))


def types_of(type_: GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType) -> dict[str, str]:
    return {name: str(field.type) for name, field in type_.fields.items()}


def test_filters_and_orders_are_inputs_of_their_own(schema: GraphQLSchema) -> None:
    for type_ in own_types(schema):
        for name, field in type_.fields.items() if isinstance(type_, GraphQLObjectType) else ():
            if "filter" in field.args:
                assert str(field.args["filter"].type).endswith("Filter"), f"{type_.name}.{name}"
            if "orderBy" in field.args:
                order = get_named_type(field.args["orderBy"].type)
                assert isinstance(order, GraphQLInputObjectType)
                assert {"field": f"{order.name}Field!", "direction": "OrderDirection!"} == types_of(order)


def test_names_are_spelled_as_graphql_spells_them(schema: GraphQLSchema) -> None:
    for type_ in own_types(schema):
        assert re.fullmatch(r"[A-Z][A-Za-z0-9]*", type_.name)
        if isinstance(type_, GraphQLEnumType):
            assert all(re.fullmatch(r"[A-Z][A-Z0-9_]*", value) for value in type_.values), type_.name
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            assert all(re.fullmatch(r"[a-z][A-Za-z0-9]*", name) for name in type_.fields), type_.name
        if isinstance(type_, GraphQLInputObjectType):
            assert type_.name.endswith(("Input", "Filter", "Order"))


def test_every_scalar_of_our_own_says_where_it_is_specified(schema: GraphQLSchema) -> None:
    scalars = {each.name: each.specified_by_url for each in own_types(schema) if isinstance(each, GraphQLScalarType)}

    assert {"Bytes", "DateTime", "Duration", "Quantity", "YAML"} == set(scalars)
    assert all((url or "").startswith("https://") for url in scalars.values())


def test_every_deprecation_says_what_to_use_instead(schema: GraphQLSchema) -> None:
    for type_ in own_types(schema):
        parts = getattr(type_, "fields", None) or getattr(type_, "values", None) or {}
        for name, part in parts.items():
            assert part.deprecation_reason is None or "`" in part.deprecation_reason, f"{type_.name}.{name}"


def test_every_expected_failure_has_a_code_of_its_own(schema: GraphQLSchema) -> None:
    failure, codes = schema.type_map["UserError"], schema.type_map["UserErrorCode"]
    assert isinstance(failure, GraphQLInterfaceType)
    assert isinstance(codes, GraphQLEnumType)

    types = {type_.name for type_ in schema.get_possible_types(failure)}

    assert types == {"".join(part.capitalize() for part in code.split("_")) + "Error" for code in codes.values}
    assert {"message": "String!", "path": "[String!]!", "code": "UserErrorCode!"} == types_of(failure)


def test_a_payload_takes_no_other_s_answer_with_it(schema: GraphQLSchema) -> None:
    """A mutation that fails nulls its own field: one whose field may not be null would null those before it too."""
    assert schema.mutation_type is not None

    assert [] == [name for name, field in schema.mutation_type.fields.items() if str(field.type).endswith("!")]


@pytest.mark.parametrize(
    "name", ["Namespace", "Workload", "Revision", "VolumeClaim", "DeletedWorkload", "ApiToken", "User", "Webhook"]
)
def test_what_a_mutation_can_touch_says_what_the_viewer_can_do(schema: GraphQLSchema, name: str) -> None:
    touched = schema.type_map[name]

    assert isinstance(touched, GraphQLObjectType)
    assert "ViewerCan!" == str(touched.fields["viewerCan"].type)
