"""What is exported, as kubectl takes it: under strict validation, and up as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from api.manifests.export import ExportFormat, export
from api.manifests.exposures.profiles import Carrier, ExposureProfile
from api.manifests.models import (
    ConfigFile,
    EnvironmentVariable,
    Probe,
    RegistryCredentials,
    SecretFile,
    SecretVariable,
    WorkloadSpec,
)
from tests.api.manifests.exposures.profiles import PROFILES, exposed
from tests.devcluster.kubectl import Kubectl

pytestmark = pytest.mark.devcluster

WEB = WorkloadSpec(
    name="web",
    image="registry.example/web:1",
    port=8080,
    replicas=2,
    environment=(EnvironmentVariable("GREETING", "a: $(b) 1e3"),),
    files=(ConfigFile("/etc/app/settings.yaml", "# of the app\nlog_level: info\n"),),
    secrets=(SecretVariable("TOKEN"),),
    readiness=Probe(path="/healthz"),
)


SERVED = [name for name, profile in PROFILES.items() if profile.carrier is not Carrier.HTTP_ROUTE]


def written(
    folder: Path, format_: ExportFormat, spec: WorkloadSpec = WEB, exposure: ExposureProfile | None = None
) -> Path:
    """The folder with the exported files."""
    for file in export(spec, format_, slug="team-x4k2mq", exposure=exposure):
        (folder / file.path).parent.mkdir(exist_ok=True)
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


def test_kubectl_finds_files_and_credentials_under_the_names_that_kustomize_gives(
    kubectl: Kubectl, tmp_path: Path
) -> None:
    spec = replace(
        WEB,
        secret_files=(SecretFile("/etc/ssl/key.pem"),),
        registry_credentials=RegistryCredentials("ada"),
    )

    kubectl("apply", "--validate=strict", "-k", str(written(tmp_path, ExportFormat.KUSTOMIZE, spec)))

    kubectl("rollout", "status", "deployment/web", "--timeout=60s")
    names = kubectl("get", "secrets,configmaps", "-o", "name")
    pod = json.loads(kubectl("get", "deployment", "web", "-o", "jsonpath={.spec.template.spec}"))
    sources = {each.get("configMap", {}).get("name") or each["secret"]["secretName"] for each in pod["volumes"]}
    sources.add(pod["imagePullSecrets"][0]["name"])
    assert all(f"/{source}" in names for source in sources)
    found = [each.get("data", {}) for each in json.loads(kubectl("get", "configmaps", "-o", "json"))["items"]]
    assert {"etc_app_settings.yaml": "# of the app\nlog_level: info\n"} in found


def test_what_is_exported_survives_a_change_of_its_own(kubectl: Kubectl, tmp_path: Path) -> None:
    """A second export is applied over the first: selectors stay as they were."""
    kubectl("apply", "-k", str(written(tmp_path, ExportFormat.KUSTOMIZE)))

    kubectl("apply", "-k", str(written(tmp_path, ExportFormat.KUSTOMIZE, replace(WEB, image="registry.example/web:2"))))

    kubectl("rollout", "status", "deployment/web", "--timeout=60s")


@pytest.mark.parametrize("name", SERVED)
@pytest.mark.parametrize(("format_", "flag"), [(ExportFormat.MANIFESTS, "-f"), (ExportFormat.KUSTOMIZE, "-k")])
def test_kubectl_applies_what_exposes_an_app(
    kubectl: Kubectl, tmp_path: Path, name: str, format_: ExportFormat, flag: str
) -> None:
    """The cluster has no operator, and no Gateway API: that a route is taken is shown where there are its CRDs."""
    profile = PROFILES[name]
    folder = written(tmp_path, format_, exposed(profile, WEB, replicas=0, secrets=()), profile)

    applied = kubectl("apply", "--validate=strict", flag, str(folder), "-o", "name")

    kind = profile.carrier.kind.kind.lower()
    assert any(line.startswith(kind) and line.endswith(f"/{profile.object_name('web')}") for line in applied.split())
    assert "networkpolicy.networking.k8s.io/web-exposure" in applied
