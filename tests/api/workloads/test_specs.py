"""Specs on their way into the database and back."""

from __future__ import annotations

import json
from dataclasses import replace

from api.manifests.models import EnvironmentVariable, SecretVariable, WorkloadSize, WorkloadSpec
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
    assert specs.without_values(SPEC) == specs.from_json(json.loads(json.dumps(specs.to_json(SPEC))))


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


def test_the_template_is_the_same_when_only_replicas_differ() -> None:
    assert specs.same_template(SPEC, replace(SPEC, replicas=9, surge=False))
    assert not specs.same_template(SPEC, replace(SPEC, image="registry.example/web:2"))
    assert not specs.same_template(SPEC, replace(SPEC, secrets=()))
