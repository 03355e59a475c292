"""What cannot be read of the path to an app is told as not known, and not as it was last seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.clusters import objects
from api.clusters.cluster import Cluster
from api.clusters.models import Kubeconfig
from api.clusters.objects import Kind
from api.manifests.exposures.profiles import NOT_EXPOSED
from api.manifests.models import ExposureMode
from api.workloads.models import ExposureReason, ExposureState
from api.workloads.offers import ExposureOffers
from api.workloads.prerequisites import Prerequisites
from tests.api.manifests.exposures.profiles import PROFILES, PUBLIC
from tests.api.manifests.specs import WEB
from tests.api.proxy import FaultyProxy
from tests.api.servers import PATIENT, write_kubeconfig
from tests.api.workloads.apps import Apps
from tests.api.workloads.exposure.operators import Operator, is_in, reach
from tests.api.workloads.exposure.seen import (
    DEVICE,
    LATE,
    exposing,
    seen,
    told,
)
from tests.api.workloads.wire import at


@pytest.mark.parametrize(
    "carriers",
    [
        [exposing(objects.Service, given=DEVICE)],
        [exposing(objects.Service)],
        [exposing(objects.Service, given=DEVICE, deletionTimestamp=at(3), finalizers=["tailscale.com/finalizer"])],
        [],
    ],
    ids=["was ready", "was on its way", "was being removed", "was missing"],
)
def test_while_the_cluster_does_not_answer_the_state_is_unknown(carriers: list[objects.Watched]) -> None:
    exposure = seen(*carriers, after=LATE, unreachable="It does not answer.")

    assert (ExposureState.UNKNOWN, ExposureReason.UNREACHABLE) == told(exposure)
    assert exposure.port_answers is None
    assert exposure.message.endswith("It does not answer.")
    assert "open" not in exposure.message


def test_while_the_cluster_does_not_answer_the_last_address_stays_for_those_who_try_it() -> None:
    exposure = seen(exposing(objects.Service, given=DEVICE), unreachable="It does not answer.")

    assert f"{DEVICE}:8080" == exposure.address


def test_that_an_app_asks_for_no_exposure_is_known_without_the_cluster() -> None:
    assert (ExposureState.NONE, None) == told(seen(profile=None, unreachable="It does not answer."))


def test_that_a_mode_is_not_offered_is_known_without_the_cluster() -> None:
    spec = replace(WEB, exposure=ExposureMode.PUBLIC)

    exposure = seen(profile=None, spec=spec, refusal="Set MOORAGE_EXPOSURE_PUBLIC.", unreachable="It does not answer.")

    assert (ExposureState.FAILED, ExposureReason.NOT_OFFERED) == told(exposure)


@pytest.mark.parametrize(
    ("known", "way_out"),
    [
        ({"certificates": None}, "set no MOORAGE_EXPOSURE_PUBLIC_ISSUER"),
        ({"certificates": [], "denied": {Kind.CERTIFICATE}}, "get, list and watch certificates of cert-manager.io"),
    ],
    ids=["not served", "denied"],
)
def test_a_certificate_that_cannot_be_read_is_neither_there_nor_missing(known: dict[str, Any], way_out: str) -> None:
    ingress = exposing(objects.Ingress, "web-public", given="lb.example")

    exposure = seen(ingress, profile=PROFILES["ingress"], after=LATE, **known)

    assert (ExposureState.UNKNOWN, ExposureReason.UNREADABLE) == told(exposure)
    assert way_out in exposure.message


def test_certificates_that_may_not_be_read_are_of_no_account_where_none_is_waited_for() -> None:
    ingress = exposing(objects.Ingress, "web-public", given="lb.example")

    exposure = seen(ingress, profile=PROFILES["ingress without issuer"], denied={Kind.CERTIFICATE})

    assert ExposureState.READY is exposure.state


def test_what_exposes_an_app_and_may_not_be_read_is_not_held_to_be_absent() -> None:
    exposure = seen(profile=PROFILES["ingress"], denied={Kind.INGRESS})

    assert (ExposureState.UNKNOWN, ExposureReason.UNREADABLE) == told(exposure)
    assert "get, list and watch ingresses of networking.k8s.io" in exposure.message


async def test_a_path_is_unknown_for_as_long_as_the_cluster_cannot_be_asked(
    apps: Apps, operator: Operator, proxy: FaultyProxy
) -> None:
    await apps.deploy(replace(PUBLIC, replicas=0))
    await operator.assign("lb.example")
    before = await reach(apps, is_in(ExposureState.READY))

    await proxy.refuse_connections()
    meanwhile = await reach(apps, is_in(ExposureState.UNKNOWN))
    await proxy.accept_connections()
    after = await reach(apps, is_in(ExposureState.READY))

    assert ExposureReason.UNREACHABLE is meanwhile.reason
    assert (before.url, before.url) == (meanwhile.url, after.url)


async def test_a_kind_that_the_cluster_was_never_asked_for_is_not_said_to_be_absent(
    proxy: FaultyProxy, tmp_path: Path
) -> None:
    kubeconfig = write_kubeconfig(tmp_path / "kubeconfig", proxy.url, "token")
    exposures = replace(NOT_EXPOSED, public=PROFILES["gateway"])
    await proxy.refuse_connections()

    async with Cluster.open(Kubeconfig(kubeconfig), limit=PATIENT) as cluster:
        offers = ExposureOffers(exposures, cluster, Prerequisites(exposures, cluster))

        assert (False, None) == (cluster.reachable, offers.refusal(ExposureMode.PUBLIC))
