"""An app as files that are its developer's own."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import yaml
from hypothesis import given

from api.manifests.export import ExportFormat, export
from api.manifests.models import ConfigFile, RegistryCredentials, SecretFile, WorkloadSpec
from tests.api.manifests.specs import WEB, accepted_specs, bounded, with_secrets

SECRETIVE = with_secrets(TOKEN="canary-5b0f2c9e", KEY="canary-77aa")


def contents(spec: WorkloadSpec, format_: ExportFormat) -> dict[str, str]:
    return {file.path: file.content for file in export(spec, format_)}


def documents(spec: WorkloadSpec) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(contents(spec, ExportFormat.MANIFESTS)[f"{spec.name}.yaml"]))


def test_manifests_are_one_file_of_all_objects_but_the_secret() -> None:
    assert ["Service", "PodDisruptionBudget", "Deployment"] == [each["kind"] for each in documents(SECRETIVE)]


def test_a_base_has_a_file_for_each_object_and_names_them() -> None:
    files = contents(SECRETIVE, ExportFormat.KUSTOMIZE)

    kustomization = yaml.safe_load(files.pop("kustomization.yaml"))
    assert ["service.yaml", "poddisruptionbudget.yaml", "deployment.yaml"] == kustomization["resources"]
    assert {*kustomization["resources"], "secrets.env"} == set(files)
    assert [{"name": "web-secrets", "envs": ["secrets.env"]}] == kustomization["secretGenerator"]


def test_an_app_without_secrets_asks_for_none() -> None:
    files = contents(WEB, ExportFormat.KUSTOMIZE)

    assert "secrets.env" not in files
    assert "secretGenerator" not in files["kustomization.yaml"]
    assert "kubectl create secret" not in contents(WEB, ExportFormat.MANIFESTS)["web.yaml"]


def test_no_secret_value_leaves() -> None:
    exported = str([export(SECRETIVE, format_) for format_ in ExportFormat])

    assert "canary" not in exported
    assert "kubectl create secret generic web-secrets --from-literal=TOKEN=… --from-literal=KEY=…" in exported


@bounded
@given(accepted_specs())
def test_nothing_of_an_export_is_moorages(spec: WorkloadSpec) -> None:
    """An environment variable may say so, where its developer wrote it."""
    for each in documents(spec):
        assert {"app.kubernetes.io/name": spec.name} == each["metadata"]["labels"]
        assert {"name", "labels"} == each["metadata"].keys()
        if each["kind"] == "Deployment":
            template = each["spec"]["template"]["metadata"]
            assert each["spec"]["selector"]["matchLabels"] == template["labels"] == each["metadata"]["labels"]
            assert ["labels"] == list(template)


FILED = replace(
    WEB,
    files=(ConfigFile("/etc/a.conf", "a = 1\n"),),
    secret_files=(SecretFile("/etc/key.pem", "canary-5b0f2c9e"),),
    registry_credentials=RegistryCredentials("ada", "canary-77aa"),
)


def test_files_are_files_of_a_base() -> None:
    files = contents(FILED, ExportFormat.KUSTOMIZE)
    kustomization = yaml.safe_load(files["kustomization.yaml"])

    assert "a = 1\n" == files["files/etc_a.conf"]
    assert [{"name": "web-files", "files": ["files/etc_a.conf"]}] == kustomization["configMapGenerator"]
    assert "configmap-web-files.yaml" not in files


def test_a_base_says_where_secret_files_and_passwords_go() -> None:
    files = contents(FILED, ExportFormat.KUSTOMIZE)

    assert [
        {"name": "web-secrets", "files": ["secret-files/file.etc_key.pem"]},
        {
            "name": "web-registry",
            "type": "kubernetes.io/dockerconfigjson",
            "files": [".dockerconfigjson=registry.json"],
        },
    ] == yaml.safe_load(files["kustomization.yaml"])["secretGenerator"]
    assert {"auths": {"registry.example": {"username": "ada", "password": ""}}} == json.loads(files["registry.json"])
    assert "canary" not in str(files)


def test_manifests_have_the_config_map_and_commands_for_the_rest() -> None:
    manifest = contents(FILED, ExportFormat.MANIFESTS)["web.yaml"]

    assert "ConfigMap" in [each["kind"] for each in documents(FILED)]
    assert "kubectl create secret generic web-secrets --from-file=file.etc_key.pem=…\n" in manifest
    assert "web-registry --docker-server=registry.example --docker-username=ada --docker-password=…\n" in manifest
    assert "canary" not in manifest
