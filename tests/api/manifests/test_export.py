"""An app as files that are its developer's own."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
import yaml
from hypothesis import given

from api.manifests.export import ExportFormat, export
from api.manifests.exposures.profiles import NOT_EXPOSED, ExposureProfile
from api.manifests.models import ConfigFile, RegistryCredentials, SecretFile, WorkloadSpec
from tests.api.manifests.exposures.profiles import PROFILES, PUBLIC, exposed
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


SLUG = "team-x4k2mq"


def manifests(spec: WorkloadSpec, exposure: ExposureProfile | str | None) -> tuple[str, tuple[str, ...]]:
    """The one file of manifests, and its notes."""
    (file,) = export(spec, ExportFormat.MANIFESTS, slug=SLUG, exposure=exposure)
    return file.content, file.notes


def as_one_line(content: str) -> str:
    """The comment at the top, unwrapped."""
    comment = content.partition("\napiVersion:")[0]
    return " ".join(line.removeprefix("# ") for line in comment.splitlines())


@pytest.mark.parametrize("name", PROFILES)
def test_what_exposes_an_app_is_exported_as_it_is_built_and_nothing_of_it_is_moorages(name: str) -> None:
    profile = PROFILES[name]

    content, notes = manifests(exposed(profile), profile)

    found = {each["metadata"]["name"]: each for each in yaml.safe_load_all(content)}
    carrier, policy = found[profile.object_name("web")], found["web-exposure"]
    assert profile.carrier.kind.kind == carrier["kind"]
    assert "moorage" not in str(carrier) + str(policy)
    assert not {"namespace"} & (carrier["metadata"].keys() | policy["metadata"].keys())
    assert {"matchLabels": {"app.kubernetes.io/name": "web"}} == policy["spec"]["podSelector"]
    assert as_one_line(content) == " ".join(notes)
    assert profile.object_name("web") in notes[0]


def test_a_policy_that_is_exported_lets_in_the_other_apps_of_its_namespace_as_moorages_do() -> None:
    profile = PROFILES["ingress"]

    content, _ = manifests(exposed(profile), profile)

    (policy,) = (each for each in yaml.safe_load_all(content) if each["kind"] == "NetworkPolicy")
    everyone_here, carriers = policy["spec"]["ingress"]
    assert {"from": [{"podSelector": {}}]} == everyone_here
    assert [{"protocol": "TCP", "port": "http"}] == carriers["ports"]


def test_a_route_keeps_the_namespace_of_its_gateway_and_says_what_it_needs() -> None:
    profile = PROFILES["gateway"]

    content, notes = manifests(exposed(profile), profile)

    (route,) = (each for each in yaml.safe_load_all(content) if each["kind"] == "HTTPRoute")
    assert "edge" == route["spec"]["parentRefs"][0]["namespace"]
    assert [f"web-{SLUG}.apps.example"] == route["spec"]["hostnames"]
    assert any("CRDs of the Gateway API" in note for note in notes)


def test_an_exposure_that_is_not_offered_is_told_with_its_reason_and_a_way_out() -> None:
    reason = str(NOT_EXPOSED.public)

    content, notes = manifests(PUBLIC, reason)

    (note,) = notes
    assert f"its exposure is PUBLIC. {reason} Add a Service of type LoadBalancer" in note
    assert as_one_line(content) == note
    assert "NetworkPolicy" not in content


def test_a_base_names_what_exposes_the_app_and_its_kustomization_says_what_that_needs() -> None:
    profile = PROFILES["ingress"]

    files = export(exposed(profile), ExportFormat.KUSTOMIZE, slug=SLUG, exposure=profile)

    kustomization = files[0]
    resources = yaml.safe_load(kustomization.content)["resources"]
    assert {"ingress-web-public.yaml", "networkpolicy-web-exposure.yaml"} < set(resources)
    assert as_one_line(kustomization.content) == " ".join(kustomization.notes)
    assert not any(file.notes for file in files[1:])


def test_an_app_that_is_not_exposed_has_nothing_to_be_told() -> None:
    content, notes = manifests(WEB, None)

    assert () == notes
    assert not content.startswith("#")
