"""What a plan makes its reader think of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.manifests.models import EnvironmentVariable, Volume, WorkloadKind, WorkloadSpec
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


STATEFUL = replace(
    SPEC,
    kind=WorkloadKind.STATEFUL_SERVICE,
    volumes=(Volume("data", "/data", 1), Volume("wal", "/wal", 1, "fast"), Volume("old", "/old", 1, "standard")),
)


def test_a_storage_class_that_the_cluster_does_not_have_is_told_with_those_that_it_has() -> None:
    (finding,) = findings_of(STATEFUL, warnings=(), storage_classes={"standard", "gold"})

    assert ("workload", "volumes", 1, "storage_class") == finding.path
    assert "Class of the volume wal: the cluster has no StorageClass fast" in finding.message
    assert "It has gold, standard: name one of them" in finding.message


def test_of_many_storage_classes_some_are_named() -> None:
    (finding, _) = findings_of(STATEFUL, warnings=(), storage_classes={f"class-{number:02}" for number in range(13)})

    assert "class-09 and 3 more" in finding.message


def test_a_cluster_without_storage_classes_is_told() -> None:
    assert [
        "It has none at all" in each.message for each in findings_of(STATEFUL, warnings=(), storage_classes=())
    ] == [
        True,
        True,
    ]


def test_storage_classes_that_nobody_may_read_are_told_nothing_of() -> None:
    assert () == findings_of(STATEFUL, warnings=(), storage_classes=None)


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
