"""Specs on their way into the database and back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from api.errors import InvalidInputs
from api.manifests.files import MAX_SECRET_BYTES
from api.manifests.models import (
    ConfigFile,
    EnvironmentVariable,
    RegistryCredentials,
    SecretFile,
    SecretVariable,
    WorkloadSize,
    WorkloadSpec,
)
from api.manifests.secrets import without_values
from api.workloads import specs

CANARY = "canary-7f3a9d"
SPEC = WorkloadSpec(
    name="web",
    image="registry.example/web:1",
    port=8080,
    size=WorkloadSize.M,
    replicas=2,
    environment=(EnvironmentVariable("MODE", "live"),),
    secrets=(SecretVariable("TOKEN", CANARY),),
    run_as_user=1000,
)


def test_a_spec_comes_back_as_it_was_but_for_secret_values() -> None:
    assert without_values(SPEC) == specs.from_json(json.loads(json.dumps(specs.to_json(SPEC))))


def test_json_never_has_a_secret_value() -> None:
    assert CANARY not in json.dumps(specs.to_json(SPEC))


def test_a_secret_without_a_value_keeps_the_one_there_is() -> None:
    spec = replace(SPEC, secrets=(SecretVariable("TOKEN"), SecretVariable("NEW", "fresh")))

    assert {"TOKEN": "kept", "NEW": "fresh"} == specs.secret_values(spec, {"TOKEN": "kept", "GONE": "old"})


def test_a_secret_that_never_had_a_value_is_named() -> None:
    spec = replace(SPEC, secrets=(SecretVariable("A", "1"), SecretVariable("B")))

    failures = specs.missing_values(spec, {})

    assert [("secrets", 1, "value")] == [failure.path for failure in failures]
    assert "The secret B has no value yet" in failures[0].message


def test_a_secret_file_and_a_password_are_kept_by_whom_they_are_for() -> None:
    base = replace(
        SPEC,
        secret_files=(SecretFile("/etc/key", "canary-key"),),
        registry_credentials=RegistryCredentials("ada", "canary-password"),
    )
    kept = specs.secret_values(base, {})
    again = without_values(replace(base, secrets=SPEC.secrets))

    assert kept == specs.secret_values(again, kept)
    assert "canary" not in json.dumps(specs.to_json(base))
    assert without_values(base) == specs.from_json(json.loads(json.dumps(specs.to_json(base))))


@pytest.mark.parametrize(
    "change",
    [
        {"registry_credentials": RegistryCredentials("eve")},
        {"registry_credentials": RegistryCredentials("ada", server="eve.example")},
        {"image": "eve.example/web:1"},
    ],
)
def test_a_password_is_kept_for_its_own_user_and_registry_only(change: dict[str, Any]) -> None:
    """Else who may deploy could have it sent to a registry of their own."""
    base = replace(SPEC, registry_credentials=RegistryCredentials("ada", "canary-password"))
    kept = specs.secret_values(base, {})
    asked = replace(SPEC, **{"registry_credentials": RegistryCredentials("ada"), **change})

    assert [("registry_credentials", "password")] == [each.path for each in specs.missing_values(asked, kept)]


def test_an_empty_password_is_none() -> None:
    spec = replace(SPEC, registry_credentials=RegistryCredentials("ada", ""))

    assert ["ada has no password at registry.example yet, so there is none to keep. Give it one."] == [
        each.message for each in specs.missing_values(spec, {})
    ]


def test_secrets_that_are_kept_and_new_ones_are_not_too_large_together() -> None:
    spec = replace(SPEC, secrets=(), secret_files=(SecretFile("/kept"), SecretFile("/new", "x")))

    with pytest.raises(InvalidInputs) as refusal:
        specs.secret_values(spec, {"/kept": "x" * MAX_SECRET_BYTES})

    assert [("secret_files",)] == [each.path for each in refusal.value.failures]


def test_another_content_of_a_file_is_another_template() -> None:
    one, other = (replace(SPEC, files=(ConfigFile("/a", content),)) for content in ("1", "2"))

    assert specs.same_template(one, one)
    assert not specs.same_template(one, other)


def test_the_template_is_the_same_when_only_replicas_differ() -> None:
    assert specs.same_template(SPEC, replace(SPEC, replicas=9, surge=False))
    assert not specs.same_template(SPEC, replace(SPEC, image="registry.example/web:2"))
    assert not specs.same_template(SPEC, replace(SPEC, secrets=()))
