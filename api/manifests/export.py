"""An app as files of its developer's own, for kubectl and any cluster: without Moorage, and without secrets.

What ties objects to Moorage is taken out, lest it takes them for its own: `app.kubernetes.io/name` selects in place of
the workload's id. No namespace is named: `kubectl apply --namespace` says it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from api.clusters.objects import APP_NAME, MANAGED_BY, REVISION, WORKLOAD_ID
from api.manifests.builder import Object, build
from api.manifests.models import WorkloadSpec
from api.manifests.pods import secret_name
from api.manifests.redaction import to_yaml

_NOBODY = UUID(int=0)
_SECRETS_FILE = "secrets.env"


class ExportFormat(StrEnum):
    """As what an app is exported."""

    MANIFESTS = "manifests"
    """One file, for `kubectl apply -f`."""
    KUSTOMIZE = "kustomize"
    """A base, for `kubectl apply -k` or for an overlay: https://kubectl.docs.kubernetes.io/references/kustomize/."""


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file, by its path in the folder that is exported."""

    path: str
    content: str


def export(spec: WorkloadSpec, format_: ExportFormat) -> tuple[ExportedFile, ...]:
    """The files of an app. Values of secrets are in none of them: each file says where they go."""
    objects = _objects(spec)
    if format_ is ExportFormat.MANIFESTS:
        documents = "---\n".join(to_yaml(each) for each in objects)
        return (ExportedFile(f"{spec.name}.yaml", _secrets_needed(spec) + documents),)
    files = {_file_name(each, spec.name): to_yaml(each) for each in objects}
    exported = {"kustomization.yaml": to_yaml(_kustomization(spec, list(files))), **files}
    if spec.secrets:
        exported[_SECRETS_FILE] = _secrets_file(spec)
    return tuple(ExportedFile(path, content) for path, content in exported.items())


def _file_name(manifest: Object, app: str) -> str:
    """By its kind, and by its name where that is not the app's."""
    kind, name = manifest["kind"].lower(), manifest["metadata"]["name"]
    return f"{kind}.yaml" if name == app else f"{kind}-{name}.yaml"


def _objects(spec: WorkloadSpec) -> list[Object]:
    """What Moorage would apply, but for the Secret."""
    values = {each.name: "" for each in spec.secrets}
    built = build(spec, namespace="", workload_id=_NOBODY, revision=1, template_revision=1, secret_values=values)
    return [_freed(each, spec.name) for each in built if each["kind"] != "Secret"]


def _freed(value: Any, app: str) -> Any:
    """A copy in which nothing is Moorage's: its labels and annotations, and the namespace's name."""
    if isinstance(value, list):
        return [_freed(each, app) for each in value]
    if not isinstance(value, dict):
        return value
    freed = {key: _freed(each, app) for key, each in value.items() if key not in (MANAGED_BY, REVISION, "namespace")}
    if freed.pop(WORKLOAD_ID, None) is not None:
        freed[APP_NAME] = app
    return {key: each for key, each in freed.items() if not (key == "annotations" and each == {})}


def _secrets_needed(spec: WorkloadSpec) -> str:
    """How the Secret comes to be, as a comment."""
    if not spec.secrets:
        return ""
    literals = " ".join(f"--from-literal={each.name}=…" for each in spec.secrets)
    return (
        "# The values of secrets never leave Moorage. Before this is applied, in the same namespace:\n"
        f"# kubectl create secret generic {secret_name(spec.name)} {literals}\n"
    )


def _kustomization(spec: WorkloadSpec, resources: list[str]) -> Object:
    """Kustomize names the Secret by its content, so that pods are replaced where a value changes."""
    kustomization: Object = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": resources,
    }
    if spec.secrets:
        kustomization["secretGenerator"] = [{"name": secret_name(spec.name), "envs": [_SECRETS_FILE]}]
    return kustomization


def _secrets_file(spec: WorkloadSpec) -> str:
    lines = (f"{each.name}=" for each in spec.secrets)
    return "\n".join(
        ("# The values of secrets never leave Moorage: write them here, and keep this file to yourself.", *lines, "")
    )
