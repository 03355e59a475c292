"""What is exported, as kubectl takes it: under strict validation, and up as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from api.manifests.export import ExportFormat, export
from api.manifests.models import EnvironmentVariable, Probe, SecretVariable, WorkloadSpec
from tests.devcluster.kubectl import Kubectl

pytestmark = pytest.mark.devcluster

WEB = WorkloadSpec(
    name="web",
    image="registry.example/web:1",
    port=8080,
    replicas=2,
    environment=(EnvironmentVariable("GREETING", "a: $(b) 1e3"),),
    secrets=(SecretVariable("TOKEN"),),
    readiness=Probe(path="/healthz"),
)


def written(folder: Path, format_: ExportFormat, spec: WorkloadSpec = WEB) -> Path:
    """The folder with the exported files."""
    for file in export(spec, format_):
        (folder / file.path).write_text(file.content, encoding="utf-8")
    return folder


def test_kubectl_applies_the_manifests_and_the_app_comes_up(kubectl: Kubectl, tmp_path: Path) -> None:
    kubectl("create", "secret", "generic", "web-secrets", "--from-literal=TOKEN=x")

    kubectl("apply", "--validate=strict", "-f", str(written(tmp_path, ExportFormat.MANIFESTS)))

    kubectl("rollout", "status", "deployment/web", "--timeout=60s")


def test_kubectl_applies_the_base_and_the_app_comes_up(kubectl: Kubectl, tmp_path: Path) -> None:
    kubectl("apply", "--validate=strict", "-k", str(written(tmp_path, ExportFormat.KUSTOMIZE)))

    kubectl("rollout", "status", "deployment/web", "--timeout=60s")
    assert "secret/web-secrets-" in kubectl("get", "secrets", "-o", "name")


def test_what_is_exported_survives_a_change_of_its_own(kubectl: Kubectl, tmp_path: Path) -> None:
    """A second export is applied over the first: selectors stay as they were."""
    kubectl("apply", "-k", str(written(tmp_path, ExportFormat.KUSTOMIZE)))

    kubectl("apply", "-k", str(written(tmp_path, ExportFormat.KUSTOMIZE, replace(WEB, image="registry.example/web:2"))))

    kubectl("rollout", "status", "deployment/web", "--timeout=60s")
