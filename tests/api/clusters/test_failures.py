"""From an answer of the API server to the narrowest failure, with the object and the fields that it names."""

from __future__ import annotations

import json
from typing import Any

import pytest

from api.clusters.failures import Busy, Faulty, failure, without_value
from api.errors import ClusterRefused, RefusedField


def refused(status: int, message: str, details: dict[str, Any] | None = None) -> ClusterRefused:
    body = json.dumps({"kind": "Status", "message": message, "details": details}).encode()
    found = failure(status, body, {})
    assert isinstance(found, ClusterRefused), found
    return found


def test_every_cause_of_a_422_is_a_field_without_its_value() -> None:
    causes = [
        {
            "reason": "FieldValueRequired",
            "message": "Required value",
            "field": "spec.replicas",
        },
        {"reason": "FieldValueInvalid", "message": 'Invalid value: "a: b": no name', "field": "metadata.name"},
    ]
    details = {"name": "web", "group": "apps", "kind": "Deployment", "causes": causes}

    found = refused(422, 'Deployment.apps "web" is invalid: …', details)

    assert ("Deployment", "web") == (found.kind, found.name)
    assert (
        RefusedField("spec.replicas", "FieldValueRequired", "Required value"),
        RefusedField("metadata.name", "FieldValueInvalid", "no name"),
    ) == found.fields
    assert "spec.replicas: Required value; metadata.name: no name" in found.message


def test_a_field_that_there_is_none_of_is_named() -> None:
    said = (
        'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.foo"'
    )

    assert ("spec.foo", "FieldUnknown") == (refused(400, said).fields[0].field, refused(400, said).fields[0].reason)


def test_what_an_apply_cannot_read_is_a_refusal_although_the_server_calls_it_a_fault() -> None:
    """It answers 500 for it, and would for ever."""
    said = (
        "failed to create typed patch object (probe/web; apps/v1, Kind=Deployment): .spec.replicas: expected numeric "
        "(int or float), got string"
    )

    found = refused(500, said)

    assert ("Deployment", "web") == (found.kind, found.name)
    assert (
        RefusedField("spec.replicas", "FieldTypeInvalid", "expected numeric (int or float), got string"),
    ) == found.fields


@pytest.mark.parametrize(
    "said",
    [
        ".stringData.key: expected string, got &value.valueUnstructured{Value:1234567}",
        ".spec.paused: expected boolean, got &{hunter2 1234567}",
        'errors:\n  .spec.a: expected string, got "1234567"\n  .spec.b: expected boolean, got 1234567',
    ],
)
def test_what_an_apply_cannot_read_is_told_without_the_value(said: str) -> None:
    found = refused(500, f"failed to create typed patch object (probe/web; v1, Kind=Secret): {said}")

    assert "1234567" not in str((found.message, found.fields))
    assert ("FieldTypeInvalid", True) == (found.fields[0].reason, found.fields[0].detail.startswith("expected "))


def test_a_webhook_that_does_not_answer_is_a_fault() -> None:
    said = 'Internal error occurred: failed calling webhook "policy.example.com": dial tcp 10.96.0.7:443: refused'

    found = failure(500, json.dumps({"message": said}).encode(), {})

    assert isinstance(found, Faulty)
    assert "The policy policy.example.com of the cluster does not answer" in found.message


@pytest.mark.parametrize("status", [429, 500, 503])
def test_addresses_in_what_a_fault_says_are_told_to_the_log_alone(status: int) -> None:
    said = "dial tcp 10.96.0.7:2379: connect: connection refused"

    found = failure(status, json.dumps({"message": said}).encode(), {})

    assert ("10.96" in found.message, "10.96.0.7:2379" in found.detail) == (False, True)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (
            409,
            'Operation cannot be fulfilled on resourcequotas "quota": the object has been modified',
        ),
        (403, 'pods "web" is forbidden: status unknown for quota: quota, resources: limits.cpu,pods'),
        (
            403,
            'pods "web" is forbidden: error looking up service account s/default: serviceaccount "default" not found',
        ),
    ],
)
def test_what_admission_cannot_say_yet_is_asked_again(code: int, message: str) -> None:
    found = failure(code, json.dumps({"message": message}).encode(), {})

    assert isinstance(found, Busy), found


def test_a_quota_in_words_that_are_not_known_is_a_refusal_of_its_object() -> None:
    said = 'services "web" is forbidden: exceeded quota: q, in words of another release'

    found = refused(403, said, {"kind": "services", "name": "web"})

    assert ("services", "web") == (found.kind, found.name)
    assert said in found.message


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ('Invalid value: "a \\" : b": no', "no"),
        ("Invalid value: -1: must be positive", "must be positive"),
        ('Invalid value: {"a":{"b":1}}: field is immutable', "field is immutable"),
        ('Invalid value: [{"a: ":1}]: field is immutable', "field is immutable"),
        ('Duplicate value: "a"', 'Duplicate value: "a"'),
        ("Required value", "Required value"),
    ],
)
def test_a_value_is_left_out_of_what_is_told(message: str, told: str) -> None:
    assert told == without_value(message)
