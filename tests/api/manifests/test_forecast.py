"""What a deploy does to the quota: settled, and at its peak, where a rolling update either has room or never moves."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.manifests.forecast import allowed_replicas, forecast
from api.manifests.models import Autoscaling, QuotaForecast, WorkloadSize, WorkloadSpec
from api.manifests.sizes import preset
from tests.api.manifests.specs import DATABASE, WEB, bounded, with_secrets

ONE_S = replace(WEB, replicas=1, size=WorkloadSize.S)


@dataclass(frozen=True)
class Usage:
    resource: str
    used: float
    hard: float


def one(usage: Usage, old: WorkloadSpec | None, new: WorkloadSpec, *, surges: bool = True) -> tuple[float, float, bool]:
    """Settled use, peak, and whether it fits."""
    (found,) = forecast([usage], old, new, surges=surges)
    return found.after, found.peak, found.fits


def test_a_new_app_adds_what_it_needs_without_a_surge() -> None:
    assert (1.75, 1.75, True) == one(Usage("limits.cpu", 1.0, 4.0), None, replace(ONE_S, replicas=3))


def test_replacing_pods_takes_one_more_for_a_while() -> None:
    assert (3, 4, True) == one(Usage("pods", 3, 4), WEB, WEB)
    assert (3, 4, False) == one(Usage("pods", 3, 3), WEB, WEB)


def test_replacing_pods_in_place_takes_no_more() -> None:
    in_place = replace(WEB, surge=False)

    assert (3, 3, True) == one(Usage("pods", 3, 3), WEB, in_place)
    assert (6.0, 6.0, True) == one(Usage("limits.cpu", 0.75, 6.0), WEB, replace(in_place, size=WorkloadSize.XL))
    assert (0.75, 6.0, True) == one(Usage("limits.cpu", 6.0, 6.0), replace(WEB, size=WorkloadSize.XL), in_place)


def test_scaling_replaces_no_pod() -> None:
    assert (5, 5, True) == one(Usage("pods", 3, 5), WEB, replace(WEB, replicas=5), surges=False)
    assert (1, 3, True) == one(Usage("pods", 3, 5), WEB, replace(WEB, replicas=1), surges=False)


def test_growing_a_single_pod_overlaps_old_and_new_and_not_two_new_ones() -> None:
    bigger = replace(ONE_S, size=WorkloadSize.XL)

    assert (2.0, 2.25, True) == one(Usage("limits.cpu", 0.25, 2.25), ONE_S, bigger)


def test_shrinking_begins_with_all_old_pods_and_one_new() -> None:
    old, new = replace(ONE_S, size=WorkloadSize.XL, replicas=2), replace(ONE_S, replicas=2)

    assert (0.5, 4.25, False) == one(Usage("limits.cpu", 4.0, 4.0), old, new)


def test_scaling_up_while_replacing_scales_the_old_pods_first() -> None:
    old, new = replace(ONE_S, size=WorkloadSize.XL), replace(ONE_S, replicas=3)

    assert (0.75, 6.25, False) == one(Usage("limits.cpu", 2.0, 4.0), old, new)


def test_a_stopped_app_starts_and_stops_without_a_surge() -> None:
    stopped = replace(WEB, replicas=0)

    assert (3, 3, True) == one(Usage("pods", 0, 3), stopped, replace(WEB, image="other"))
    assert (0, 3, True) == one(Usage("pods", 3, 3), WEB, replace(stopped, image="other"))


def test_other_apps_stay_as_they_are() -> None:
    assert (7, 8, True) == one(Usage("pods", 7, 10), WEB, replace(WEB, image="other"))


def test_services_and_secrets_are_counted_and_have_no_surge() -> None:
    usage = [Usage("services", 1, 5), Usage("secrets", 0, 5)]

    service, secret = forecast(usage, replace(WEB, port=None), with_secrets(TOKEN="x"), surges=True)

    assert (2, 2) == (service.after, service.peak)
    assert (1, 1) == (secret.after, secret.peak)


def test_resources_that_apps_do_not_use_are_told_as_they_are() -> None:
    assert (QuotaForecast("persistentvolumeclaims", 1, 1, 1, 1, 2, True),) == forecast(
        [Usage("persistentvolumeclaims", 1, 2)], WEB, WEB, surges=True
    )


GIB = 2**30


def disks(used: int, old: WorkloadSpec | None, new: WorkloadSpec, *claimed: str) -> tuple[float, float]:
    """GiB of disk and their number once settled, where `used` disks of a GiB are counted by now."""
    usage = [Usage("requests.storage", used * GIB, 9 * GIB), Usage("persistentvolumeclaims", used, 9)]
    storage, number = forecast(usage, old, new, surges=False, claimed=claimed)
    return storage.after / GIB, number.after


def test_each_replica_of_a_new_app_asks_for_its_disks() -> None:
    assert (2, 2) == disks(0, None, replace(DATABASE, replicas=2))


def test_a_disk_that_is_taken_over_is_counted_already() -> None:
    assert (2, 2) == disks(1, None, replace(DATABASE, replicas=2), "data-db-0")
    assert (1, 1) == disks(1, None, DATABASE, "data-db-0", "data-other-1")


def test_a_disk_stays_when_its_replica_goes_and_is_there_when_it_comes_back() -> None:
    two = replace(DATABASE, replicas=2)

    assert (2, 2) == disks(2, two, DATABASE, "data-db-0", "data-db-1")
    assert (2, 2) == disks(2, DATABASE, two, "data-db-0", "data-db-1")
    assert (2, 2) == disks(1, DATABASE, two, "data-db-0")


def test_what_an_autoscaled_app_may_come_to_counts_no_disk_twice() -> None:
    scaled = replace(DATABASE, autoscaling=Autoscaling(1, 3))
    usage = [Usage("requests.storage", 2 * GIB, 9 * GIB)]

    (found,) = forecast(usage, None, scaled, surges=False, claimed={"data-db-0", "data-db-1"})

    assert (2 * GIB, 3 * GIB) == (found.after, found.most)


def test_memory_is_in_bytes() -> None:
    settled, _, _ = one(Usage("limits.memory", 0, 2**33), None, replace(ONE_S, size=WorkloadSize.M))

    assert 512 * 2**20 == settled


def test_what_just_fits_fits_though_floats_cannot_write_it() -> None:
    """1.1 + 2.2 is 3.3000000000000003 to a float."""
    settled, _, fits = one(Usage("limits.cpu", 1.1 + 2.2, 3.55), None, ONE_S)

    assert settled > 3.55
    assert fits


def test_a_count_that_lags_behind_is_never_less_than_nothing() -> None:
    settled, _, _ = one(Usage("pods", 0, 3), WEB, replace(WEB, replicas=1), surges=False)

    assert 0 == settled


@bounded
@given(
    old=st.builds(replace, st.just(WEB), replicas=st.integers(1, 9), size=st.sampled_from(WorkloadSize)),
    new=st.builds(replace, st.just(WEB), replicas=st.integers(1, 9), size=st.sampled_from(WorkloadSize)),
)
def test_the_peak_is_the_most_of_any_moment_of_the_rolling_update(old: WorkloadSpec, new: WorkloadSpec) -> None:
    """maxUnavailable 0 and maxSurge 1: first the old pods are scaled, then one comes before one goes."""
    before, after = (preset(each.size or WorkloadSize.S).cpu_limit_millicores / 1000 for each in (old, new))
    rolling = [(new.replicas - gone) * before + (gone + 1) * after for gone in range(new.replicas)]
    moments = [old.replicas * before, new.replicas * before, *rolling]

    _, peak, _ = one(Usage("limits.cpu", old.replicas * before, 99), old, new)

    assert max(moments) == peak


SCALED = replace(ONE_S, autoscaling=Autoscaling(2, 6))


def test_an_autoscaled_app_settles_at_its_least_and_may_come_to_its_most() -> None:
    (found,) = forecast([Usage("pods", 1, 5)], None, SCALED, surges=True)

    assert (3, 3, 7, True) == (found.after, found.peak, found.most, found.fits)


@pytest.mark.parametrize(("running", "settled"), [(1, 2), (4, 4), (9, 6)])
def test_as_many_pods_as_run_by_now_are_replaced_within_the_bounds(running: int, settled: int) -> None:
    (found,) = forecast([Usage("pods", running, 20)], SCALED, SCALED, surges=True, running=running)

    assert (settled, max(settled + 1, running), 6) == (found.after, found.peak, found.most)


def test_turning_it_off_settles_at_what_is_asked() -> None:
    (found,) = forecast([Usage("pods", 5, 20)], SCALED, replace(ONE_S, replicas=3), surges=False, running=5)

    assert (3, 5, 3) == (found.after, found.peak, found.most)


@pytest.mark.parametrize(
    ("usage", "allowed"),
    [
        (Usage("pods", 0, 6), 6),
        (Usage("pods", 0, 5), 5),
        (Usage("pods", 4, 5), 1),
        (Usage("limits.cpu", 0.1, 1.2), 4),
        (Usage("limits.memory", 0, 3 * 256 * 2**20), 3),
        (Usage("services", 1, 1), 6),
    ],
)
def test_the_quota_allows_as_many_replicas_as_fit(usage: Usage, allowed: int) -> None:
    """The services do not depend on them."""
    found = forecast([usage], None, replace(SCALED, port=None), surges=True)

    assert allowed == allowed_replicas(found, SCALED)
