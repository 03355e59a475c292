"""Credentials of a registry: what the kubelet reads of them, and where they are not shown."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from api.errors import FieldPath
from api.manifests.models import RegistryCredentials, WorkloadSpec
from api.manifests.redaction import redact, to_yaml
from api.manifests.validation import validate
from tests.api.manifests.specs import WEB, built, pod_of

PRIVATE = replace(WEB, registry_credentials=RegistryCredentials("ada", "canary-5b0f2c9e"))


def broken(spec: WorkloadSpec) -> list[FieldPath]:
    return [failure.path for failure in validate(spec)]


def auths(spec: WorkloadSpec) -> dict[str, Any]:
    config = base64.b64decode(built(spec)["Secret"]["data"][".dockerconfigjson"])
    found: dict[str, Any] = json.loads(config)["auths"]
    return found


def test_pods_pull_with_a_secret_of_the_type_that_the_kubelet_reads() -> None:
    secret = built(PRIVATE)["Secret"]

    assert ("web-registry", "kubernetes.io/dockerconfigjson") == (secret["metadata"]["name"], secret["type"])
    assert [{"name": "web-registry"}] == pod_of(PRIVATE)["imagePullSecrets"]
    assert "imagePullSecrets" not in pod_of(WEB)


def test_credentials_are_for_the_registry_of_the_image() -> None:
    (entry,) = auths(PRIVATE).items()

    server, login = entry
    assert "registry.example" == server
    assert ("ada", "canary-5b0f2c9e") == (login["username"], login["password"])
    assert b"ada:canary-5b0f2c9e" == base64.b64decode(login["auth"])


def test_credentials_may_be_for_a_registry_that_is_named() -> None:
    spec = replace(WEB, registry_credentials=RegistryCredentials("ada", "x", "localhost:5000"))

    assert ["localhost:5000"] == list(auths(spec))


@pytest.mark.parametrize(
    ("image", "server"),
    [("redis", None), ("docker.io/a/b", None), ("x.example/a", "docker.io"), ("a", "index.docker.io")],
)
def test_docker_hub_is_called_as_the_kubelet_looks_for_it(image: str, server: str | None) -> None:
    spec = replace(WEB, image=image, registry_credentials=RegistryCredentials("ada", "x", server))

    assert ["https://index.docker.io/v1/"] == list(auths(spec))


def test_the_password_is_not_shown() -> None:
    assert "canary" not in to_yaml(redact(built(PRIVATE)["Secret"]))
    assert "canary" not in repr(PRIVATE)


@pytest.mark.parametrize(
    ("credentials", "field"),
    [
        (RegistryCredentials("", "x"), "username"),
        (RegistryCredentials("a:b", "x"), "username"),
        (RegistryCredentials("ada", "a\0b"), "password"),
        (RegistryCredentials("ada", "x", "https://ghcr.io"), "server"),
        (RegistryCredentials("ada", "x", "ghcr.io/ada"), "server"),
    ],
)
def test_what_is_wrong_is_refused_on_its_field(credentials: RegistryCredentials, field: str) -> None:
    assert [("registry_credentials", field)] == broken(replace(WEB, registry_credentials=credentials))


def test_a_password_of_several_lines_and_a_user_with_a_dollar_are_taken() -> None:
    """A key of Google's registry is a file, a robot of Harbor's is named `robot$…`."""
    credentials = (RegistryCredentials("_json_key", '{\n "type": "x"\n}'), RegistryCredentials("robot$ci", "x"))

    assert [[], []] == [broken(replace(WEB, registry_credentials=each)) for each in credentials]
