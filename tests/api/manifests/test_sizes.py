"""What an app may ask for by itself: in numbers, and counted like a size."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.errors import FieldPath
from api.manifests.forecast import forecast
from api.manifests.models import Resources, WorkloadSpec
from api.manifests.validation import validate
from tests.api.manifests.specs import WEB, container_of
from tests.api.manifests.test_forecast import Usage


def own(*amounts: int) -> WorkloadSpec:
    return replace(WEB, size=None, resources=Resources(*amounts))


def broken(spec: WorkloadSpec) -> list[FieldPath]:
    return [failure.path for failure in validate(spec)]


@pytest.mark.parametrize("amounts", [(10, 10, 16, 16), (10, 128_000, 16, 1_048_576), (250, 500, 300, 301)])
def test_amounts_within_their_bounds_are_taken(amounts: tuple[int, ...]) -> None:
    assert [] == broken(own(*amounts))


@pytest.mark.parametrize(
    ("amounts", "field"),
    [
        ((9, 500, 64, 64), "cpu_request_millicores"),
        ((10, 128_001, 64, 64), "cpu_limit_millicores"),
        ((10, 500, 15, 64), "memory_request_mib"),
        ((10, 500, 64, 1_048_577), "memory_limit_mib"),
        ((501, 500, 64, 64), "cpu_request_millicores"),
        ((10, 500, 65, 64), "memory_request_mib"),
    ],
)
def test_an_amount_out_of_bounds_or_beyond_its_limit_is_refused_on_its_field(
    amounts: tuple[int, ...], field: str
) -> None:
    assert [("resources", field)] == broken(own(*amounts))


def test_what_a_pod_may_use_is_said_once() -> None:
    assert [("resources",)] == broken(replace(own(10, 10, 16, 16), size=WEB.size))
    assert [("size",)] == broken(replace(WEB, size=None))


def test_kubernetes_is_asked_for_just_as_much() -> None:
    assert {
        "requests": {"cpu": "50m", "memory": "100Mi"},
        "limits": {"cpu": "1", "memory": "2Gi"},
    } == container_of(own(50, 1000, 100, 2048))["resources"]


def test_own_resources_are_counted_against_the_quota_as_a_size_is() -> None:
    usage = [Usage("limits.cpu", 0, 4), Usage("requests.memory", 0, 2**33)]

    cpu, memory = forecast(usage, None, replace(own(50, 1500, 100, 2048), replicas=2), surges=True)

    assert (3.0, 200 * 2**20) == (cpu.after, memory.after)
