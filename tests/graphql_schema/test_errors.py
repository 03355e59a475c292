"""Failures on their way to the caller."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from graphql import GraphQLError, GraphQLSyntaxError, OperationDefinitionNode, build_schema, parse, validate
from graphql.execution.values import get_variable_values

from api import errors
from graphql_schema.errors import (
    USER_ERROR_TYPES,
    ClusterRefusedError,
    FieldConflict,
    InvalidInputError,
    PlanConflictError,
    PolicyViolationError,
    QuotaExceededError,
    SuggestedFix,
    formatted,
    graphql_path,
    spec_path,
    user_errors,
)
from graphql_schema.scalars import Quantity

EXAMPLES: dict[type[errors.ExpectedFailure], errors.ExpectedFailure] = {
    errors.InvalidInput: errors.InvalidInput("no", path=("name",), example="web"),
    errors.InvalidInputs: errors.InvalidInputs([errors.InvalidInput("no", path=("name",))]),
    errors.NameTaken: errors.NameTaken("no"),
    errors.NotThere: errors.NotThere("no"),
    errors.InUse: errors.InUse("no"),
    errors.QuotaExceeded: errors.QuotaExceeded("no", resource="pods", used="1", requested="2", limit="2"),
    errors.PolicyViolation: errors.PolicyViolation("no"),
    errors.PlanConflict: errors.PlanConflict("no", changes=("spec.replicas",)),
    errors.PlanExpired: errors.PlanExpired("no"),
    errors.IdempotencyConflict: errors.IdempotencyConflict("no"),
    errors.NamespaceTerminating: errors.NamespaceTerminating("no"),
    errors.ClusterRefused: errors.ClusterRefused("no"),
}


def expected_failures(root: type[errors.ExpectedFailure] = errors.ExpectedFailure) -> Iterator[type]:
    for failure in root.__subclasses__():
        yield failure
        yield from expected_failures(failure)


def test_every_expected_failure_is_a_member_of_the_schema() -> None:
    assert set(EXAMPLES) == set(expected_failures())

    for example in EXAMPLES.values():
        assert all(type(error) in USER_ERROR_TYPES for error in user_errors(example))


def test_what_a_failure_tells_is_told() -> None:
    fix = errors.SuggestedFix(path=("run_as_user",), value="1000", label="Run as user 1000")

    assert user_errors(errors.InvalidInput("no", path=("workload", "run_as_user"), example="1000")) == [
        InvalidInputError(message="no", path=["workload", "runAsUser"], example="1000")
    ]
    assert user_errors(errors.PolicyViolation("no", fix=fix, policy="Pod Security")) == [
        PolicyViolationError(
            message="no",
            path=[],
            policy="Pod Security",
            fix=SuggestedFix(label="Run as user 1000", path=["runAsUser"], value="1000"),
        )
    ]
    refused = errors.RefusedField("spec.rules[0].host", "FieldValueInvalid", "no host")
    assert user_errors(errors.ClusterRefused("no", kind="Ingress", name="web", fields=(refused,))) == [
        ClusterRefusedError(
            message="no", path=[], kind="Ingress", name="web", field="spec.rules[0].host", reason="FieldValueInvalid"
        )
    ]
    conflict = errors.FieldConflict("Workload", "web", "run_as_user", planned="1", live="2", base="3")
    assert user_errors(errors.PlanConflict("no", changes=("run_as_user",), conflicts=(conflict,), revision=2)) == [
        PlanConflictError(
            message="no",
            path=[],
            changes=["runAsUser"],
            conflicts=[FieldConflict(kind="Workload", name="web", path="runAsUser", planned="1", live="2", base="3")],
            revision=2,
        )
    ]
    assert user_errors(errors.QuotaExceeded("no", resource="pods", used="1", requested="2", limit="")) == [
        QuotaExceededError(
            message="no", path=[], resource="pods", used=Quantity("1"), requested=Quantity("2"), limit=None, fix=None
        )
    ]


def test_every_broken_rule_is_an_error_of_its_own() -> None:
    failure = errors.InvalidInputs(
        [errors.InvalidInput("a", path=("name",)), errors.InvalidInput("b", path=("environment", 0, "name"))]
    )

    assert [["name"], ["environment", "0", "name"]] == [error.path for error in user_errors(failure)]


def test_what_is_not_found_names_the_field_that_named_it() -> None:
    assert [["slug"]] == [error.path for error in user_errors(errors.NotFound("no"), absent="slug")]
    place = errors.NotFound("no", path=("namespace",))
    assert [["namespace"]] == [error.path for error in user_errors(place, absent="name")]


@pytest.mark.parametrize(
    ("path", "spelling"),
    [
        ("run_as_user", "runAsUser"),
        ("environment[LOG_LEVEL]", "environment[LOG_LEVEL]"),
        ("volumes[data].size_gib", "volumes[data].sizeGib"),
        ("liveness.period_seconds", "liveness.periodSeconds"),
    ],
)
def test_fields_of_an_app_are_spelled_as_graphql_spells_them(path: str, spelling: str) -> None:
    assert spelling == spec_path(path)


@pytest.mark.parametrize(
    ("path", "spelling"),
    [(("run_as_user",), ["runAsUser"]), (("secrets", 3, "name"), ["secrets", "3", "name"])],
)
def test_paths_are_spelled_as_graphql_spells_them(path: errors.FieldPath, spelling: list[str]) -> None:
    assert spelling == graphql_path(path)


SCHEMA = build_schema(files("graphql_schema").joinpath("schema.graphql").read_text())
APP = {"name": "web", "image": "registry.example/web:1"}
CANARY = "hunter2"
WRONG: list[tuple[Any, str, str]] = [
    ({"secrets": [{"name": "DB", "value": CANARY, "extra": 1}]}, "secrets[0]", "unknown field 'extra'."),
    ({"secrets": [{"name": "DB", "values": CANARY}]}, "secrets[0]", "Did you mean 'value'?"),
    ({"secrets": [{"name": "DB", "value": [CANARY]}]}, "secrets[0].value", "a non string value"),
    ({"secrets": f"DB={CANARY}"}, "secrets", "to be an object."),
    ({"secrets": [{"value": CANARY}]}, "secrets[0]", "required field 'name'."),
    ({"replicas": CANARY}, "replicas", "non-integer value"),
    ({"surge": CANARY}, "surge", "a non boolean value"),
    ({"kind": CANARY}, "kind", "The value does not exist in 'WorkloadKind' enum."),
    ({"kind": {CANARY: 1}}, "kind", "non-string value"),
]
"""An input that is wrong by its type, where, and what is said of it."""


def told(error: GraphQLError) -> str:
    message: str = formatted(error, request_id="1")["message"]
    return message


@pytest.mark.parametrize(("wrong", "place", "reason"), WRONG)
def test_a_value_of_a_wrong_type_is_told_by_its_place_and_not_repeated(
    wrong: dict[str, Any], place: str, reason: str
) -> None:
    document = parse("query ($app: WorkloadInput!) { __typename }")
    [operation] = document.definitions
    assert isinstance(operation, OperationDefinitionNode)

    failed = get_variable_values(SCHEMA, operation.variable_definitions or (), {"app": {**APP, **wrong}})

    assert isinstance(failed, list)
    for message in map(told, failed):
        assert CANARY not in message
    assert any(place in message and reason in message for message in map(told, failed)), list(map(told, failed))


LITERALS = [f'{{name: "DB", value: "{CANARY}", x: 1}}', f'"{CANARY}"', f'{{name: ["{CANARY}"]}}', f"{{name: {CANARY}}}"]


@pytest.mark.parametrize("literal", LITERALS)
def test_a_literal_of_a_wrong_type_is_not_repeated(literal: str) -> None:
    workload = f'{{name: "web", image: "x", secrets: [{literal}]}}'
    document = f'mutation {{ planWorkload(input: {{namespace: "x", workload: {workload}}}) {{ __typename }} }}'

    failed = validate(SCHEMA, parse(document))

    assert failed
    assert not [message for message in map(told, failed) if "hunter2" in message]


MALFORMED = [
    ('{{ app(name: "web" "{}") }}', "Expected Name, found String."),
    ('{{ app(name: "web") {{ "{}" }} }}', "Expected Name, found String."),
    ("query ({}: x) {{ a }}", "Expected '$', found Name."),
    ("{} {{ a }}", "Unexpected Name."),
    ('{{ a """it\'s {}""" }}', "Expected Name, found BlockString."),
    ("{{ a(b: ) {} }}", "Unexpected ')'."),
    ('{{ a(b: "\\u{{{}}}") }}', "Invalid Unicode escape sequence."),
    ("{{ a 20260101{} }}", "Invalid number, expected digit."),
]
"""Documents with a value where none may be, and what is said of them."""


@pytest.mark.parametrize(("document", "reason"), MALFORMED)
def test_a_document_that_cannot_be_parsed_is_told_by_place_and_kind_and_not_repeated(
    document: str, reason: str
) -> None:
    with pytest.raises(GraphQLSyntaxError) as failed:
        parse(document.format(CANARY))

    response = formatted(failed.value, request_id="1")

    assert f"Syntax Error: {reason}" == response["message"]
    assert failed.value.formatted["locations"] == response["locations"]


def test_of_a_number_that_is_none_no_digit_is_repeated() -> None:
    with pytest.raises(GraphQLSyntaxError) as failed:
        parse("{ a(b: .20260101) }")

    assert "20260101" not in told(failed.value)
