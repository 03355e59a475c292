"""What an administrator sets becomes what developers are offered; what would be unsafe or half is refused at start."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.errors import ConfigurationError
from api.manifests.exposures.presets import exposures_of
from api.manifests.exposures.profiles import ExposureProfile, Readiness
from api.settings import Settings
from tests.api.manifests.exposures.profiles import ANY_BALANCER, ANY_INGRESS, GATEWAY, INGRESS, Said, of


def test_nothing_is_offered_where_nothing_is_set_and_the_reason_names_the_setting() -> None:
    offered = exposures_of(Said(), is_demo=False)

    assert isinstance(offered.private, str)
    assert isinstance(offered.public, str)
    assert "MOORAGE_EXPOSURE_PRIVATE" in offered.private
    assert "MOORAGE_EXPOSURE_PUBLIC" in offered.public
    assert not offered.uses_load_balancers


def test_a_demo_plays_both_and_says_so() -> None:
    offered = exposures_of(Said(), is_demo=True)

    for profile in (offered.private, offered.public):
        assert isinstance(profile, ExposureProfile)
        assert profile.is_demo
        assert profile.reachable_by.startswith("Nobody, as this is a demo.")


def test_a_demo_tells_its_modes_apart_by_who_would_be_let_in() -> None:
    offered = exposures_of(Said(), is_demo=True)

    assert isinstance(offered.private, ExposureProfile)
    assert isinstance(offered.public, ExposureProfile)
    assert offered.private.reachable_by.endswith(
        "On a real cluster: devices of your tailnet that its access rules let in."
    )
    assert offered.public.reachable_by.endswith("On a real cluster: anybody on the internet.")


def test_an_explicit_none_holds_for_a_demo_too() -> None:
    assert isinstance(exposures_of(Said(exposure_private="none"), is_demo=True).private, str)


def test_what_is_said_stands_in_for_the_presets_part() -> None:
    said = Said(
        exposure_private="tailscale",
        exposure_private_class="mesh",
        exposure_private_domain="tail1234.ts.net",
        exposure_private_annotations={"tailscale.com/tags": "tag:apps"},
        exposure_private_sources={"team": "network"},
    )
    profile = of(said)

    assert ("mesh", "{host}.tail1234.ts.net") == (profile.class_name, profile.address)
    assert {"tailscale.com/hostname": "{host}", "tailscale.com/tags": "tag:apps"} == profile.annotations
    assert {"team": "network"} == profile.sources[0].namespaces
    assert "tailscale.com/parent-resource" in profile.sources[0].pods


def test_only_a_profile_of_load_balancers_asks_the_quota_for_any() -> None:
    uses = {
        name: exposures_of(Said(exposure_private=name), is_demo=False).uses_load_balancers
        for name in ("tailscale", "tailscale-ingress", "netbird")
    }

    assert {"tailscale": True, "tailscale-ingress": False, "netbird": False} == uses


@pytest.mark.parametrize(
    ("said", "setting"),
    [
        (replace(ANY_BALANCER, exposure_private_class=None), "MOORAGE_EXPOSURE_PRIVATE_CLASS"),
        (replace(ANY_BALANCER, exposure_private_sources=None), "MOORAGE_EXPOSURE_PRIVATE_SOURCES"),
        (replace(ANY_INGRESS, exposure_private_domain=None), "MOORAGE_EXPOSURE_PRIVATE_DOMAIN"),
        (replace(INGRESS, exposure_public_class=None), "MOORAGE_EXPOSURE_PUBLIC_CLASS"),
        (replace(INGRESS, exposure_public_domain=None), "MOORAGE_EXPOSURE_PUBLIC_DOMAIN"),
        (replace(INGRESS, exposure_public_sources=None), "MOORAGE_EXPOSURE_PUBLIC_SOURCES"),
        (replace(INGRESS, exposure_public_sources={}), "MOORAGE_EXPOSURE_PUBLIC_SOURCES"),
        (replace(GATEWAY, exposure_public_class="web"), "MOORAGE_EXPOSURE_PUBLIC_CLASS"),
        (
            Said(exposure_private="tailscale", exposure_private_annotations={"tailscale.com/funnel": "true"}),
            "MOORAGE_EXPOSURE_PRIVATE_ANNOTATIONS",
        ),
    ],
)
def test_a_setting_that_is_missing_or_unsafe_is_named(said: Said, setting: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        exposures_of(said, is_demo=False)

    assert setting == refusal.value.setting


def test_readiness_is_read_as_each_operator_tells_it() -> None:
    told = {name: of(Said(exposure_private=name)).readiness for name in ("tailscale", "netbird")}

    assert {"tailscale": Readiness.ADDRESS, "netbird": Readiness.FINALIZER} == told
    assert Readiness.ASSIGNED is of(INGRESS).readiness
    assert Readiness.ACCEPTED is of(GATEWAY).readiness


def test_the_environment_says_labels_as_selectors_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOORAGE_EXPOSURE_PRIVATE", "tailscale")
    monkeypatch.setenv("MOORAGE_EXPOSURE_PRIVATE_SOURCES", "team=network, zone=a")
    monkeypatch.setenv("MOORAGE_EXPOSURE_PRIVATE_ANNOTATIONS", '{"tailscale.com/tags": "tag:apps"}')
    profile = exposures_of(Settings(), is_demo=False).private

    assert isinstance(profile, ExposureProfile)
    assert {"team": "network", "zone": "a"} == profile.sources[0].namespaces
    assert "tag:apps" == profile.annotations["tailscale.com/tags"]
