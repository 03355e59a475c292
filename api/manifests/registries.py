"""The credentials by which an app's image is pulled from a registry that does not let everybody in.

https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

from api.errors import InvalidInput
from api.manifests import images
from api.manifests.models import FieldRule, RegistryCredentials, WorkloadSpec

DOCKER_CONFIG_TYPE = "kubernetes.io/dockerconfigjson"
DOCKER_CONFIG = ".dockerconfigjson"
_DOCKER_HUB = "https://index.docker.io/v1/"
"""The one name under which every client of Docker Hub keeps its credentials, the kubelet too."""

RULES: tuple[FieldRule, ...] = (
    FieldRule(
        field="registry_credentials.server",
        pattern=images.HOST,
        max_length=255,
        message="A registry is named as in an image: a host, with a port where it has one. Left out: the image's own.",
        example="ghcr.io",
    ),
    FieldRule(
        field="registry_credentials.username",
        required=True,
        pattern=r"[^\x00-\x1f\x7f\u003a\ud800-\udfff]+",
        max_length=255,
        message="A registry knows its users by a name of up to 255 characters, without a colon.",
        example="ada",
    ),
    FieldRule(
        field="registry_credentials.password",
        pattern=r"[^\x00\ud800-\udfff]*",
        max_length=8192,
        message="A password or token has 8192 characters at most, and no NUL.",
        example="an access token that may only read",
    ),
)


def secret_name(app: str) -> str:
    """The name of the Secret that has the credentials: of a type of its own, so that it cannot be the app's other."""
    return f"{app}-registry"


def server_of(spec: WorkloadSpec, credentials: RegistryCredentials) -> str:
    """The registry that the credentials are for, as images name it; empty where the image is none."""
    if credentials.server:
        return images.registry_named(credentials.server)
    try:
        return images.parse_image(spec.image).registry
    except InvalidInput:
        return ""


def password_name(spec: WorkloadSpec, credentials: RegistryCredentials) -> str:
    """The name of the password among the app's secret values: another one for another user or registry, so that nobody
    sends a password that they do not know to a registry of their own."""
    return f"registry:{server_of(spec, credentials)}:{credentials.username}"


def pull_config(spec: WorkloadSpec, credentials: RegistryCredentials, values: Mapping[str, str]) -> str:
    """What the kubelet reads, with the password of `values`."""
    password = values[password_name(spec, credentials)]
    return docker_config(server_of(spec, credentials), credentials.username, password)


def docker_config(server: str, username: str, password: str) -> str:
    """What `docker login` would write: https://docs.docker.com/reference/cli/docker/login/#credential-stores."""
    auth = base64.b64encode(f"{username}:{password}".encode()).decode()
    entry = {"username": username, "password": password, "auth": auth}
    return json.dumps({"auths": {config_server(server): entry}})


def config_server(server: str) -> str:
    """The name of a registry in such a file."""
    return _DOCKER_HUB if server == images.DOCKER_HUB else server
