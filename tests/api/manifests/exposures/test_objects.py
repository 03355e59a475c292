"""What exposes an app: nothing but its one port, to nobody but those who carry it, under nobody else's name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.clusters.objects import WORKLOAD_ID
from api.manifests.builder import Object, build
from api.manifests.exposures.hosts import MAX_LABEL, host_label, other_slugs
from api.manifests.exposures.profiles import ExposureProfile, Source
from api.manifests.models import ExposureMode, WorkloadSpec
from api.manifests.pods import PORT_NAME
from tests.api.manifests.exposures.profiles import PROFILES, exposed
from tests.api.manifests.specs import DATABASE, WEB, accepted_specs, bounded, values_of
from tests.api.manifests.specs import WORKLOAD_ID as ID

SLUG = "shop-x4k2mq"
profiles = st.sampled_from(sorted(PROFILES)).map(PROFILES.__getitem__)
slugs = st.from_regex(r"[a-z]([a-z0-9\-]{0,54}[a-z0-9])?-[a-z2-7]{6}", fullmatch=True)


def built(spec: WorkloadSpec, profile: ExposureProfile | None, slug: str = SLUG) -> list[Object]:
    return build(
        spec,
        namespace=slug,
        workload_id=ID,
        revision=1,
        template_revision=1,
        secret_values=values_of(spec),
        exposure=profile,
    )


def exposing(spec: WorkloadSpec, profile: ExposureProfile, slug: str = SLUG) -> dict[str, Object]:
    """What is there because of the exposure, by kind."""
    inside = {(each["kind"], each["metadata"]["name"]) for each in built(spec, None, slug)}
    added = [each for each in built(spec, profile, slug) if (each["kind"], each["metadata"]["name"]) not in inside]
    return {each["kind"]: each for each in added}


def carrier(name: str, spec: WorkloadSpec = WEB) -> Object:
    """The object that exposes the web service under that profile."""
    profile = PROFILES[name]
    return exposing(exposed(profile, spec), profile)[profile.carrier.kind.kind]


def annotations_of(manifest: Object) -> dict[str, str]:
    found: dict[str, str] = manifest["metadata"].get("annotations", {})
    return found


@bounded
@given(accepted_specs(), profiles, slugs)
def test_only_the_apps_port_is_opened_and_only_to_those_who_carry_it(
    spec: WorkloadSpec, profile: ExposureProfile, slug: str
) -> None:
    spec = replace(spec, exposure=profile.mode)
    policies = [each for each in built(spec, profile, slug) if each["kind"] == "NetworkPolicy"]
    if spec.port is None:
        assert [] == policies
        return
    (policy,) = policies

    (rule,) = policy["spec"]["ingress"]
    assert {"matchLabels": {WORKLOAD_ID: str(ID)}} == policy["spec"]["podSelector"]
    assert ["Ingress"] == policy["spec"]["policyTypes"]
    assert [{"protocol": "TCP", "port": PORT_NAME}] == rule["ports"]
    assert len(profile.sources) == len(rule["from"])
    for source, peer in zip(profile.sources, rule["from"], strict=True):
        assert peer["namespaceSelector"]["matchLabels"] == source.namespaces != {}
        assert source.pods.keys() == peer.get("podSelector", {"matchLabels": {}})["matchLabels"].keys()


@bounded
@given(accepted_specs(), profiles, slugs)
def test_a_load_balancer_has_a_class_and_no_node_ports_and_nothing_is_ever_funnelled(
    spec: WorkloadSpec, profile: ExposureProfile, slug: str
) -> None:
    for manifest in built(replace(spec, exposure=profile.mode), profile, slug):
        assert not any("funnel" in key for key in annotations_of(manifest))
        if manifest["kind"] == "Service":
            service = manifest["spec"]
            assert service.get("type", "ClusterIP") in ("ClusterIP", "LoadBalancer")
            assert not any("nodePort" in port for port in service.get("ports", ()))
            if service.get("type") == "LoadBalancer":
                assert (profile.class_name, False) == (
                    service["loadBalancerClass"],
                    service["allocateLoadBalancerNodePorts"],
                )
                assert profile.class_name


@bounded
@given(accepted_specs(), profiles, slugs)
def test_exposing_an_app_changes_nothing_else_of_it(spec: WorkloadSpec, profile: ExposureProfile, slug: str) -> None:
    inside = built(spec, None, slug)
    outside = built(replace(spec, exposure=profile.mode), profile, slug)

    assert inside == [each for each in outside if each in inside]
    assert inside[-1] == outside[-1]


def test_a_profile_without_a_source_would_let_everybody_in_and_cannot_be() -> None:
    with pytest.raises(ValueError, match="everybody"):
        replace(PROFILES["tailscale"], sources=())
    with pytest.raises(ValueError, match="every namespace"):
        Source({})


def test_a_load_balancer_without_a_class_is_never_made() -> None:
    with pytest.raises(ValueError, match="paid for"):
        exposing(WEB, replace(PROFILES["tailscale"], class_name=""))


def test_tailscale_gets_a_service_of_its_class_and_the_name_of_the_device() -> None:
    service = carrier("tailscale")

    assert "web-private" == service["metadata"]["name"]
    assert "tailscale" == service["spec"]["loadBalancerClass"]
    assert {"tailscale.com/hostname": "web-shop-x4k2mq"} == annotations_of(service)
    assert [8080] == [port["port"] for port in service["spec"]["ports"]]


def test_the_opening_for_tailscale_is_for_the_proxy_of_this_app_alone() -> None:
    profile = PROFILES["tailscale"]
    (rule,) = exposing(exposed(profile), profile)["NetworkPolicy"]["spec"]["ingress"]

    assert {
        "tailscale.com/managed": "true",
        "tailscale.com/parent-resource": "web-private",
        "tailscale.com/parent-resource-ns": SLUG,
    } == rule["from"][0]["podSelector"]["matchLabels"]


def test_tailscales_ingress_names_the_device_and_serves_whatever_host_it_gets() -> None:
    spec = carrier("tailscale-ingress")["spec"]

    assert ("tailscale", [{"hosts": ["web-shop-x4k2mq"]}]) == (spec["ingressClassName"], spec["tls"])
    assert {"name": "web", "port": {"name": "http"}} == spec["defaultBackend"]["service"]
    assert "rules" not in spec


def test_netbird_finds_a_service_by_its_annotations() -> None:
    service = carrier("netbird")

    assert {"netbird.io/expose": "true", "netbird.io/resource-name": "web-shop-x4k2mq"} == annotations_of(service)
    assert "ClusterIP" == service["spec"]["type"]


def test_another_providers_class_and_annotations_are_settings() -> None:
    service = carrier("loadbalancer")

    assert "vpn.example/mesh" == service["spec"]["loadBalancerClass"]
    assert {"vpn.example/name": "web-shop-x4k2mq"} == annotations_of(service)


def test_an_ingress_has_one_host_and_its_certificate() -> None:
    ingress = carrier("ingress")
    host = "web-shop-x4k2mq.apps.example"

    assert {"cert-manager.io/cluster-issuer": "letsencrypt"} == annotations_of(ingress)
    assert [{"hosts": [host], "secretName": "web-public-tls"}] == ingress["spec"]["tls"]
    assert [host] == [rule["host"] for rule in ingress["spec"]["rules"]]


def test_without_an_issuer_the_controllers_own_certificate_is_served() -> None:
    ingress = carrier("ingress without issuer")

    assert ({}, [{"hosts": ["web-shop-x4k2mq.apps.example"]}]) == (annotations_of(ingress), ingress["spec"]["tls"])


def test_a_route_has_one_host_of_one_gateway_and_leads_to_the_app() -> None:
    spec: dict[str, Any] = carrier("gateway")["spec"]

    assert [("edge", "web")] == [(parent["namespace"], parent["name"]) for parent in spec["parentRefs"]]
    assert ["web-shop-x4k2mq.apps.example"] == spec["hostnames"]
    assert [("web", 8080)] == [(each["name"], each["port"]) for each in spec["rules"][0]["backendRefs"]]


def test_a_stateful_service_is_exposed_on_its_own_port() -> None:
    ports = carrier("tailscale", DATABASE)["spec"]["ports"]

    assert [5432] == [port["port"] for port in ports]


def test_an_app_without_a_port_has_nothing_to_expose() -> None:
    profile = PROFILES["tailscale"]

    assert {} == exposing(exposed(profile, port=None), profile)


app_names = st.from_regex(r"[a-z]([a-z0-9\-]{0,44}[a-z0-9])?", fullmatch=True)


@bounded
@given(app_names, slugs)
def test_a_host_is_a_dns_label(app: str, slug: str) -> None:
    label = host_label(app, slug)

    assert len(label) <= MAX_LABEL
    assert label.strip("-") == label


@bounded
@given(app_names, slugs, app_names, slugs)
def test_no_two_apps_share_a_host(app: str, slug: str, other_app: str, other_slug: str) -> None:
    """But for those of namespaces that have drawn the same suffix, which `other_slugs` finds."""
    if (app, slug) == (other_app, other_slug) or other_slug in other_slugs(app, slug):
        return

    assert host_label(app, slug) != host_label(other_app, other_slug)


def test_the_namespaces_that_could_have_the_same_host_are_known() -> None:
    assert "shop-a-x4k2mq" in other_slugs("my-shop", "a-x4k2mq")
    assert host_label("my-shop", "a-x4k2mq") == host_label("my", "shop-a-x4k2mq")
    assert "a-x4k2mq" in other_slugs("my", "shop-a-x4k2mq")
    assert SLUG not in other_slugs("web", SLUG)


@bounded
@given(app_names, st.from_regex(r"[a-z]{54,56}-[a-z2-7]{6}", fullmatch=True))
def test_a_shortened_host_ends_as_no_namespace_does(app: str, slug: str) -> None:
    """In a hash of eight characters, where a slug ends in a suffix of six: it is nobody's plain host."""
    label = host_label(f"{app}-{app}", slug)

    assert 8 == len(label.rpartition("-")[2])


def test_modes_beside_none_have_objects_of_their_own() -> None:
    names = {mode: replace(PROFILES["tailscale"], mode=mode).object_name("web") for mode in ExposureMode}

    assert len(names) == len(set(names.values()))
