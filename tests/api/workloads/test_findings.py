"""What a plan makes its reader think of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.manifests.models import EnvironmentVariable, WorkloadSpec
from api.workloads.findings import findings_of
from api.workloads.models import FindingSeverity

SPEC = WorkloadSpec(name="web", image="ghcr.io/ada/web:1")


@pytest.mark.parametrize("image", ["nginx", "docker.io/library/redis:7", "postgres:18"])
def test_an_official_image_without_a_user_probably_starts_as_root(image: str) -> None:
    (finding,) = findings_of(replace(SPEC, image=image), warnings=())

    assert FindingSeverity.WARNING == finding.severity
    assert finding.fix is not None
    assert "1000" == finding.fix.value


@pytest.mark.parametrize(
    "spec", [SPEC, replace(SPEC, image="nginx", run_as_user=101), replace(SPEC, image="bitnami/nginx")]
)
def test_nothing_is_found_where_nothing_is_known(spec: WorkloadSpec) -> None:
    assert () == findings_of(spec, warnings=())


def test_the_api_servers_own_warnings_are_handed_on() -> None:
    (finding,) = findings_of(SPEC, warnings=["spec.foo is deprecated"])

    assert ("spec.foo is deprecated", ()) == (finding.message, finding.path)


def test_a_warning_about_a_field_names_the_forms_field() -> None:
    spec = replace(SPEC, environment=(EnvironmentVariable("A", "1"), EnvironmentVariable("B", "2")))
    warning = 'spec.template.spec.containers[0].env[1]: hides previous definition of "A"'

    (finding,) = findings_of(spec, warnings=[warning])

    assert (warning, ("workload", "environment", 1)) == (finding.message, finding.path)


def test_a_warning_of_pod_security_is_a_finding_for_each_violation() -> None:
    warning = (
        'would violate PodSecurity "restricted:latest": host namespaces (hostNetwork=true), '
        'runAsUser=0 (container "app" must not set runAsUser=0)'
    )

    namespaces, user = findings_of(SPEC, warnings=[warning])

    assert ((), None) == (namespaces.path, namespaces.fix)
    assert ("workload", "run_as_user") == user.path
    assert user.fix is not None
    assert "hostNetwork" not in user.message
