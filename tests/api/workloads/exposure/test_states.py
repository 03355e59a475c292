"""What is said of the path to an app, from what operators write on the object that exposes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from api.clusters import objects
from api.manifests.models import ExposureMode, Probe, WorkloadSpec
from api.workloads.exposure import unexposed
from api.workloads.models import ExposureReason, ExposureState
from tests.api.manifests.exposures.profiles import PROFILES
from tests.api.manifests.specs import DATABASE, WEB
from tests.api.workloads.exposure.seen import (
    DEVICE,
    HOST,
    LATE,
    READY_POD,
    SOON,
    TAILSCALE,
    certificate,
    exposing,
    route,
    seen,
    told,
)
from tests.api.workloads.wire import Json, at, condition, deployment, observe, pod


def test_an_app_that_is_not_exposed_is_reached_inside_alone() -> None:
    exposure = seen(profile=None)

    assert (ExposureState.NONE, None) == told(exposure)
    assert ("Other apps of its namespace.", None, None, True) == (
        exposure.reachable_by,
        exposure.address,
        exposure.url,
        exposure.port_answers,
    )


@pytest.mark.parametrize("pods", [(), (READY_POD,)], ids=["no pod", "a pod"])
@pytest.mark.parametrize("unreachable", [None, "It does not answer."])
@pytest.mark.parametrize("spec", [WEB, replace(WEB, port=None), replace(WEB, readiness=Probe(command=("true",)))])
def test_of_an_app_that_rests_inside_the_same_is_told_without_a_look_at_what_would_expose_it(
    spec: WorkloadSpec, unreachable: str | None, pods: tuple[objects.Pod, ...]
) -> None:
    observation = replace(observe(deployment(), *pods), spec=spec, unreachable=unreachable)

    assert unexposed(observation) == seen(profile=None, spec=spec, pods=pods, unreachable=unreachable)


def test_the_device_that_the_operator_reports_is_the_address() -> None:
    exposure = seen(exposing(objects.Service, given=DEVICE, conditions=[condition("TailscaleProxyReady", "True")]))

    assert (ExposureState.READY, None) == told(exposure)
    assert (f"{DEVICE}:8080", f"http://{DEVICE}:8080") == (exposure.address, exposure.url)
    assert "tailnet" in exposure.reachable_by


def test_the_usual_port_is_no_part_of_the_url() -> None:
    exposure = seen(exposing(objects.Service, given=DEVICE), spec=replace(WEB, port=80))

    assert f"http://{DEVICE}" == exposure.url


def test_what_may_speak_anything_has_an_address_and_no_url() -> None:
    exposure = seen(exposing(objects.Service, "db-private", given=DEVICE), spec=DATABASE)

    assert (f"{DEVICE}:5432", None) == (exposure.address, exposure.url)


def test_the_address_is_awaited_for_a_while() -> None:
    exposure = seen(exposing(objects.Service))

    assert (ExposureState.PENDING, ExposureReason.AWAITING_ADDRESS) == told(exposure)
    assert "the Tailscale operator" in exposure.message


def test_that_no_operator_says_anything_for_long_is_told_with_the_class_it_should_serve() -> None:
    exposure = seen(exposing(objects.Service), after=LATE)

    assert (ExposureState.FAILED, ExposureReason.NOT_TAKEN_UP) == told(exposure)
    assert "installed and serves the class tailscale" in exposure.message


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        ("ProxyPending", ExposureState.PENDING),
        ("ProxyFailed", ExposureState.FAILED),
        ("ProxyInvalid", ExposureState.FAILED),
    ],
)
def test_what_the_operator_says_is_passed_on(reason: str, state: ExposureState) -> None:
    said = condition("TailscaleProxyReady", "False", reason, "no auth key")

    exposure = seen(exposing(objects.Service, conditions=[said]), after=LATE)

    assert (state, ExposureReason.OPERATOR_REPORTS) == told(exposure)
    assert "The Tailscale operator says: no auth key." in exposure.message


def test_a_path_to_an_app_that_does_not_answer_is_there_and_said_to_lead_nowhere() -> None:
    exposure = seen(exposing(objects.Service, given=DEVICE), pods=[pod("web-1-a", phase="Running")])

    assert (ExposureState.READY, ExposureReason.PORT_SILENT) == told(exposure)
    assert exposure.port_answers is False
    assert "No pod of the app answers on port 8080." in exposure.message
    assert f"{DEVICE}:8080" == exposure.address


def test_a_check_that_runs_a_command_says_nothing_of_the_port() -> None:
    spec = replace(WEB, readiness=Probe(command=("true",)))

    assert seen(exposing(objects.Service, given=DEVICE), spec=spec).port_answers is None


def test_an_address_that_is_generated_is_known_before_it_is_served() -> None:
    exposure = seen(exposing(objects.Ingress, "web-public"), profile=PROFILES["ingress"])

    assert (ExposureState.PENDING, ExposureReason.AWAITING_ADDRESS) == told(exposure)
    assert (HOST, f"https://{HOST}") == (exposure.address, exposure.url)


def test_an_ingress_is_ready_with_its_certificate() -> None:
    ingress = exposing(objects.Ingress, "web-public", given="lb.example")
    ready = certificate(condition("Ready", "True"))

    exposure = seen(ingress, profile=PROFILES["ingress"], certificates=[ready])

    assert (ExposureState.READY, None) == told(exposure)
    assert f"https://{HOST}" == exposure.url


def test_an_ingress_of_the_controllers_own_certificate_waits_for_none() -> None:
    ingress = exposing(objects.Ingress, "web-public", given="lb.example")

    assert ExposureState.READY is seen(ingress, profile=PROFILES["ingress without issuer"]).state


@pytest.mark.parametrize(
    ("certificates", "after", "state", "said"),
    [
        ([], SOON, ExposureState.PENDING, "no certificate"),
        ([], LATE, ExposureState.FAILED, "no certificate"),
        ([certificate(condition("Ready", "False", "DoesNotExist", "Issuing"))], SOON, ExposureState.PENDING, "Issuing"),
        (
            [
                certificate(
                    condition("Ready", "False", "DoesNotExist", "refused by the authority"),
                    condition("Issuing", "False", "Failed"),
                )
            ],
            SOON,
            ExposureState.FAILED,
            "refused by the authority",
        ),
    ],
)
def test_a_certificate_that_is_not_there_is_told(
    certificates: list[objects.Certificate] | None, after: timedelta, state: ExposureState, said: str
) -> None:
    ingress = exposing(objects.Ingress, "web-public", given="lb.example")

    exposure = seen(ingress, profile=PROFILES["ingress"], certificates=certificates, after=after)

    assert (state, ExposureReason.CERTIFICATE_PENDING) == told(exposure)
    assert said in exposure.message


@pytest.mark.parametrize(
    ("conditions", "state", "reason"),
    [
        ([], ExposureState.PENDING, ExposureReason.AWAITING_ADDRESS),
        ([condition("Accepted", "True"), condition("ResolvedRefs", "True")], ExposureState.READY, None),
        (
            [condition("Accepted", "False", "NotAllowedByListeners", "not from here")],
            ExposureState.FAILED,
            ExposureReason.ROUTE_REFUSED,
        ),
        (
            [condition("Accepted", "True"), condition("ResolvedRefs", "False", "BackendNotFound")],
            ExposureState.FAILED,
            ExposureReason.ROUTE_REFUSED,
        ),
        ([condition("Accepted", "True")], ExposureState.PENDING, ExposureReason.AWAITING_ADDRESS),
    ],
)
def test_a_route_is_ready_once_its_gateway_takes_it(
    conditions: list[Json], state: ExposureState, reason: ExposureReason | None
) -> None:
    assert (state, reason) == told(seen(route(*conditions), profile=PROFILES["gateway"]))


@pytest.mark.parametrize("elsewhere", [{"of": "another"}, {"generation": 2}], ids=["another Gateway", "an edit before"])
def test_what_is_said_of_another_route_says_nothing(elsewhere: Json) -> None:
    seen_before = {"observedGeneration": 1}
    conditions = [{**condition(needed, "True"), **seen_before} for needed in ("Accepted", "ResolvedRefs")]
    accepted = route(*conditions, **elsewhere)

    exposure = seen(accepted, profile=PROFILES["gateway"])

    assert (ExposureState.PENDING, ExposureReason.AWAITING_ADDRESS) == told(exposure)


def test_another_operators_finalizer_is_none_of_ours() -> None:
    exposure = seen(exposing(objects.Service, finalizers=["example.com/backup"]), profile=PROFILES["netbird"])

    assert ExposureState.PENDING is exposure.state


def test_an_operator_that_leaves_a_finalizer_and_no_more_is_taken_at_that() -> None:
    taken = exposing(objects.Service, finalizers=["netbird.io/cleanup"])

    before, after = (seen(each, profile=PROFILES["netbird"]) for each in (exposing(objects.Service), taken))

    assert ExposureState.PENDING is before.state
    assert ExposureState.READY is after.state
    assert "web-private.shop-abc234.svc.cluster.local:8080" == after.address


def test_what_is_asked_for_no_longer_is_being_removed_until_it_is_gone() -> None:
    leaving = exposing(objects.Service, given=DEVICE, deletionTimestamp=at(3), finalizers=["tailscale.com/finalizer"])

    exposure = seen(leaving, profile=None)

    assert (ExposureState.REMOVING, ExposureReason.BEING_REMOVED) == told(exposure)
    assert (ExposureMode.NONE, None) == (exposure.mode, exposure.address)


def test_what_is_absent_is_being_applied_or_missing() -> None:
    assert (ExposureState.PENDING, ExposureReason.APPLYING) == told(seen(applying=True))
    assert (ExposureState.FAILED, ExposureReason.MISSING) == told(seen())


def test_an_object_of_another_kind_or_name_is_not_taken_for_it() -> None:
    others = exposing(objects.Ingress, given=DEVICE), exposing(objects.Service, "web-public", given=DEVICE)

    assert ExposureReason.MISSING is seen(*others).reason


def test_what_the_installation_no_longer_offers_is_told() -> None:
    spec = replace(WEB, exposure=ExposureMode.PUBLIC)

    exposure = seen(profile=None, spec=spec, refusal="Set MOORAGE_EXPOSURE_PUBLIC.")

    assert (ExposureState.FAILED, ExposureReason.NOT_OFFERED) == told(exposure)
    assert exposure.message == "Set MOORAGE_EXPOSURE_PUBLIC."


def test_a_demo_says_that_it_is_one() -> None:
    exposure = seen(exposing(objects.Service, given=DEVICE), profile=replace(TAILSCALE, is_demo=True))

    assert exposure.is_demo
    assert exposure.message.endswith("This cluster is a demo: nothing answers there.")
