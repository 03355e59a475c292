"""What a plan makes its reader think of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.manifests.models import WorkloadSpec
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
