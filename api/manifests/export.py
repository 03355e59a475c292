"""An app as files of its developer's own, for kubectl and any cluster: without Moorage, and without secrets.

What ties objects to Moorage is taken out, lest it takes them for its own: `app.kubernetes.io/name` selects in place of
the workload's id. No namespace is named: `kubectl apply --namespace` says it. What exposes the app is as on this
installation, and notes say what that needs.
"""

from __future__ import annotations

import json
import shlex
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from api.clusters.objects import APP_NAME, MANAGED_BY, REVISION, WORKLOAD_ID
from api.manifests import registries
from api.manifests.builder import Object, build
from api.manifests.exposures.exporting import let_in, notes_of
from api.manifests.exposures.profiles import ExposureProfile
from api.manifests.files import config_map_name, key_of, secret_key_of
from api.manifests.models import RegistryCredentials, WorkloadSpec
from api.manifests.pods import secret_name
from api.manifests.redaction import to_yaml
from api.manifests.secrets import secrets_of

_NOBODY = UUID(int=0)
_SECRETS_FILE = "secrets.env"
_REGISTRY_FILE = "registry.json"
_FILES = "files"
_PRIVATE_FILES = "secret-files"
_COMMENT_WIDTH = 110
_PLACEHOLDER = "The content of secret files never leaves Moorage: write it here.\n"


class ExportFormat(StrEnum):
    """As what an app is exported."""

    MANIFESTS = "manifests"
    """One file, for `kubectl apply -f`."""
    KUSTOMIZE = "kustomize"
    """A base, for `kubectl apply -k` or for an overlay: https://kubectl.docs.kubernetes.io/references/kustomize/."""


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file, by its path in the folder that is exported; `notes` are the sentences of the comment at its top that say
    what of the app's exposure is this installation's own."""

    path: str
    content: str
    notes: tuple[str, ...] = ()


def export(
    spec: WorkloadSpec, format_: ExportFormat, *, slug: str = "", exposure: ExposureProfile | str | None = None
) -> tuple[ExportedFile, ...]:
    """The files of an app. Values of secrets are in none of them: each file says where they go.

    `exposure` is the profile of the spec's mode on this installation, or why it has none; `slug` the app's namespace
    there, which generated hosts end in.
    """
    profile = exposure if isinstance(exposure, ExposureProfile) else None
    objects = _objects(spec, slug, profile)
    notes = notes_of(spec, exposure, slug)
    if format_ is ExportFormat.MANIFESTS:
        documents = "---\n".join(to_yaml(each) for each in objects)
        return (ExportedFile(f"{spec.name}.yaml", _commented(notes) + _secrets_needed(spec) + documents, notes),)
    kustomization, *others = _base(spec, objects)
    content = _commented(notes) + kustomization.content
    return (ExportedFile(kustomization.path, content, notes), *others)


def _base(spec: WorkloadSpec, objects: list[Object]) -> Iterator[ExportedFile]:
    """The kustomization, then what it names."""
    resources = {_file_name(each, spec.name): to_yaml(each) for each in objects if each["kind"] != "ConfigMap"}
    exported = {"kustomization.yaml": to_yaml(_kustomization(spec, list(resources))), **resources}
    if spec.secrets:
        exported[_SECRETS_FILE] = _secrets_file(spec)
    exported |= {_config_path(each.path): each.content for each in spec.files}
    exported |= {_secret_path(each.path): _PLACEHOLDER for each in spec.secret_files}
    if spec.registry_credentials is not None:
        exported[_REGISTRY_FILE] = _registry_file(spec, spec.registry_credentials)
    yield from (ExportedFile(path, content) for path, content in exported.items())


def _commented(notes: Iterable[str]) -> str:
    """Each note as a comment of its own; wrapping leaves no line break of a setting's in it."""
    wrapper = textwrap.TextWrapper(
        _COMMENT_WIDTH,
        initial_indent="# ",
        subsequent_indent="# ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "".join(f"{wrapper.fill(each)}\n" for each in notes)


def _config_path(path: str) -> str:
    """Where a file of the app is in the base; its name there is its key in the ConfigMap."""
    return f"{_FILES}/{key_of(path)}"


def _secret_path(path: str) -> str:
    return f"{_PRIVATE_FILES}/{secret_key_of(path)}"


def _file_name(manifest: Object, app: str) -> str:
    """By its kind, and by its name where that is not the app's."""
    kind, name = manifest["kind"].lower(), manifest["metadata"]["name"]
    return f"{kind}.yaml" if name == app else f"{kind}-{name}.yaml"


def _objects(spec: WorkloadSpec, slug: str, exposure: ExposureProfile | None) -> list[Object]:
    """What Moorage would apply, but for Secrets."""
    values = {each.name: "" for each in secrets_of(spec)}
    built = build(
        spec,
        namespace=slug,
        workload_id=_NOBODY,
        revision=1,
        template_revision=1,
        secret_values=values,
        exposure=exposure,
    )
    return [let_in(_without_place(_freed(each, spec.name)), spec.name) for each in built if each["kind"] != "Secret"]


def _without_place(manifest: Object) -> Object:
    """The object alone: a Gateway that a route names stays in its namespace."""
    metadata = {key: each for key, each in manifest["metadata"].items() if key != "namespace"}
    return {**manifest, "metadata": metadata}


def _freed(value: Any, app: str) -> Any:
    """A copy in which no label and no annotation is Moorage's."""
    if isinstance(value, list):
        return [_freed(each, app) for each in value]
    if not isinstance(value, dict):
        return value
    freed = {key: _freed(each, app) for key, each in value.items() if key not in (MANAGED_BY, REVISION)}
    if freed.pop(WORKLOAD_ID, None) is not None:
        freed[APP_NAME] = app
    return {key: each for key, each in freed.items() if not (key == "annotations" and each == {})}


def _secrets_needed(spec: WorkloadSpec) -> str:
    """How the Secret comes to be, as a comment."""
    commands = [*_secret_command(spec), *_registry_command(spec)]
    if not commands:
        return ""
    return (
        "\n# ".join(
            ("# The values of secrets never leave Moorage. Before this is applied, in the same namespace:", *commands)
        )
        + "\n"
    )


def _secret_command(spec: WorkloadSpec) -> Iterator[str]:
    literals = [f"--from-literal={each.name}=…" for each in spec.secrets]
    files = [f"--from-file={secret_key_of(each.path)}=…" for each in spec.secret_files]
    if literals or files:
        yield f"kubectl create secret generic {secret_name(spec.name)} {' '.join((*literals, *files))}"


def _registry_command(spec: WorkloadSpec) -> Iterator[str]:
    if (credentials := spec.registry_credentials) is not None:
        server = registries.config_server(registries.server_of(spec, credentials))
        name, user = registries.secret_name(spec.name), shlex.quote(credentials.username)
        yield (
            f"kubectl create secret docker-registry {name} --docker-server={server} --docker-username={user} "
            "--docker-password=…"
        )


def _kustomization(spec: WorkloadSpec, resources: list[str]) -> Object:
    """Kustomize names Secrets and the ConfigMap by their content, so that pods are replaced where that changes."""
    kustomization: Object = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": resources,
    }
    if spec.files:
        paths = [_config_path(each.path) for each in spec.files]
        kustomization["configMapGenerator"] = [{"name": config_map_name(spec.name), "files": paths}]
    if secrets := [*_generated_secret(spec), *_generated_registry(spec)]:
        kustomization["secretGenerator"] = secrets
    return kustomization


def _generated_secret(spec: WorkloadSpec) -> Iterator[Object]:
    sources: Object = {}
    if spec.secrets:
        sources["envs"] = [_SECRETS_FILE]
    if spec.secret_files:
        sources["files"] = [_secret_path(each.path) for each in spec.secret_files]
    if sources:
        yield {"name": secret_name(spec.name), **sources}


def _generated_registry(spec: WorkloadSpec) -> Iterator[Object]:
    if spec.registry_credentials is not None:
        files = [f"{registries.DOCKER_CONFIG}={_REGISTRY_FILE}"]
        yield {"name": registries.secret_name(spec.name), "type": registries.DOCKER_CONFIG_TYPE, "files": files}


def _registry_file(spec: WorkloadSpec, credentials: RegistryCredentials) -> str:
    """As `docker login` would write it, but for the password, which is to be filled in."""
    server = registries.config_server(registries.server_of(spec, credentials))
    entry = {"username": credentials.username, "password": ""}
    return json.dumps({"auths": {server: entry}}, indent=2) + "\n"


def _secrets_file(spec: WorkloadSpec) -> str:
    lines = (f"{each.name}=" for each in spec.secrets)
    return "\n".join(
        ("# The values of secrets never leave Moorage: write them here, and keep this file to yourself.", *lines, "")
    )
