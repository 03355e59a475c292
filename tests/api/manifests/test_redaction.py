"""Objects as people see them: no secret's value, and YAML that says what it means."""

from __future__ import annotations

import base64
import copy
import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from api.manifests.models import WorkloadSpec
from api.manifests.redaction import redact, to_yaml
from tests.api.manifests.specs import WEB, accepted_specs, bounded, built, with_environment, with_secrets

CANARY = "canary-7d1f"
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def test_a_secret_shows_its_keys_and_no_value() -> None:
    secret = built(with_secrets(TOKEN=CANARY, KEY=CANARY))["Secret"]

    shown = redact(secret | {"stringData": {"OTHER": CANARY}})

    assert {"TOKEN": "(redacted)", "KEY": "(redacted)"} == shown["data"]
    assert {"OTHER": "(redacted)"} == shown["stringData"]


def test_the_copy_that_kubectl_keeps_of_a_secret_is_not_shown() -> None:
    secret = built(with_secrets(TOKEN=CANARY))["Secret"]
    secret["metadata"]["annotations"] = {LAST_APPLIED: json.dumps({"stringData": {"TOKEN": CANARY}}), "team": "harbour"}

    shown = redact(secret)

    assert {"team": "harbour"} == shown["metadata"]["annotations"]
    assert CANARY not in to_yaml(shown)


def test_bookkeeping_of_the_api_server_is_not_shown() -> None:
    deployment = built(WEB)["Deployment"]
    deployment["metadata"]["managedFields"] = [{"manager": "moorage"}]

    assert "managedFields" not in redact(deployment)["metadata"]


def test_redacting_leaves_the_object_itself_alone() -> None:
    secret = built(with_secrets(TOKEN=CANARY))["Secret"]
    before = copy.deepcopy(secret)

    redact(secret)

    assert before == secret
    assert CANARY == base64.b64decode(secret["data"]["TOKEN"]).decode()


@bounded
@given(accepted_specs())
def test_yaml_means_the_object(spec: WorkloadSpec) -> None:
    for manifest in built(spec).values():
        assert manifest == yaml.safe_load(to_yaml(manifest))


def test_yaml_begins_as_people_write_manifests() -> None:
    shuffled = dict(reversed(built(WEB)["Deployment"].items()))

    assert ["apiVersion:", "kind:", "metadata:"] == [
        line.split()[0] for line in to_yaml(shuffled).splitlines() if not line.startswith(" ")
    ][:3]


def test_yaml_has_no_anchors() -> None:
    labels = {"app": "web"}

    text = to_yaml({"kind": "Thing", "metadata": {"labels": labels}, "spec": {"selector": labels}})

    assert "&" not in text
    assert "*" not in text


@pytest.mark.parametrize(
    "text", ["y", "N", "yes", "off", "null", "~", "1e3", "0o14", "0x1f", "1_000", "010", "-5", ".5", "1:30", "12e", ""]
)
def test_text_that_another_reader_of_yaml_takes_for_something_else_is_quoted(text: str) -> None:
    """Go's reader, which kubectl uses, takes `y` for true and `1e3` for a number; PyYAML does not."""
    dumped = to_yaml(built(with_environment(A=text))["Deployment"])

    assert f"value: '{text}'" in dumped


def test_keys_are_quoted_as_values_are() -> None:
    assert "  'y': (redacted)\n" in to_yaml(redact(built(with_secrets(y="x"))["Secret"]))


@bounded
@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none() | st.booleans() | st.lists(st.text())))
def test_any_object_is_read_back_as_it_was(content: dict[str, Any]) -> None:
    manifest = {"kind": "Thing", "metadata": {"name": "thing"}, "spec": content}

    assert manifest == yaml.safe_load(to_yaml(manifest))
