"""What the settings of exposure name in the cluster is looked up, and told in the offer where it is missing."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from api.clusters.cluster import Cluster
from api.errors import InvalidInputs
from api.manifests.exposures.profiles import NOT_EXPOSED, ExposureProfile, Exposures
from api.manifests.models import EnvironmentVariable, ExposureMode
from api.parts import opened
from api.settings import Settings
from api.workloads.offers import ExposureOffer
from api.workloads.prerequisites import Prerequisites
from tests.api.manifests.exposures.profiles import PROFILES, PUBLIC, exposed
from tests.api.proxy import FaultyProxy
from tests.api.servers import ApiServer, only_embedded, write_kubeconfig
from tests.api.workloads.apps import Apps

NGINX = "/apis/networking.k8s.io/v1/ingressclasses/nginx"
CERT_MANAGER = "/apis/cert-manager.io"
ISSUER = f"{CERT_MANAGER}/v1/clusterissuers/letsencrypt"
GATEWAYS = "/apis/gateway.networking.k8s.io/v1"
GATEWAY = f"{GATEWAYS}/namespaces/edge/gateways/web"
GATEWAY_CLASS = f"{GATEWAYS}/gatewayclasses/mesh"
THERE: dict[str, Any] = {"metadata": {"name": "x"}}
OF_MESH = {"metadata": {"name": "web"}, "spec": {"gatewayClassName": "mesh"}}
NO_RIGHT = 'cannot get resource "ingressclasses" in API group "networking.k8s.io" at the cluster scope'


def only(profile: ExposureProfile) -> Exposures:
    return replace(NOT_EXPOSED, **{profile.mode.value: profile})


async def looked_up(cluster: Cluster, profile: ExposureProfile) -> tuple[str | None, str | None]:
    """What is missing of what it names, and what could not be looked up."""
    prerequisites = Prerequisites(only(profile), cluster)
    await prerequisites.look()
    found = prerequisites.of(profile.mode)
    return found.missing, found.unchecked


@pytest.mark.parametrize(
    ("name", "there", "missing", "way_out"),
    [
        ("tailscale", {}, "API tailscale.com of the Tailscale operator", "set MOORAGE_EXPOSURE_PRIVATE to another one"),
        ("netbird", {}, "API netbird.io of the NetBird operator", "set MOORAGE_EXPOSURE_PRIVATE to another one"),
        (
            "tailscale-ingress",
            {"/apis/tailscale.com": THERE},
            "IngressClass tailscale",
            "MOORAGE_EXPOSURE_PRIVATE_CLASS",
        ),
        ("ingress", {}, "IngressClass nginx", "name another class in MOORAGE_EXPOSURE_PUBLIC_CLASS"),
        ("ingress", {NGINX: THERE}, "API cert-manager.io", "leave MOORAGE_EXPOSURE_PUBLIC_ISSUER out"),
        ("ingress", {NGINX: THERE, CERT_MANAGER: THERE}, "ClusterIssuer letsencrypt", "MOORAGE_EXPOSURE_PUBLIC_ISSUER"),
    ],
)
async def test_what_is_missing_is_told_with_the_way_out(
    cluster: Cluster, proxy: FaultyProxy, *, name: str, there: Mapping[str, dict[str, Any]], missing: str, way_out: str
) -> None:
    for path, document in there.items():
        proxy.pretend(path, document)

    said, unchecked = await looked_up(cluster, PROFILES[name])

    assert said is not None
    assert (True, True, None) == (f"The cluster has no {missing}" in said, way_out in said, unchecked)


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("tailscale", ["/apis/tailscale.com"]),
        ("loadbalancer", []),
        ("ingress without issuer", [NGINX]),
        ("ingress", [NGINX, CERT_MANAGER, ISSUER]),
    ],
)
async def test_where_all_is_there_nothing_is_told(
    cluster: Cluster, proxy: FaultyProxy, name: str, there: list[str]
) -> None:
    for path in there:
        proxy.pretend(path, THERE)

    assert (None, None) == await looked_up(cluster, PROFILES[name])


class TestGateway:
    @pytest.fixture
    def proxy(self, proxy: FaultyProxy) -> FaultyProxy:
        """Routes are served, though none may be read."""
        proxy.pretend(GATEWAYS, {"resources": [{"name": "httproutes"}]})
        proxy.deny(f"{GATEWAYS}/httproutes", 'cannot list resource "httproutes" at the cluster scope')
        return proxy

    @pytest.mark.parametrize(
        ("there", "missing"),
        [
            ({}, "The cluster has no Gateway edge/web, which MOORAGE_EXPOSURE_PUBLIC_CLASS needs."),
            ({GATEWAY: OF_MESH}, "The cluster has no GatewayClass mesh, which the Gateway edge/web needs."),
            ({GATEWAY: OF_MESH, GATEWAY_CLASS: THERE}, ""),
        ],
    )
    async def test_a_gateway_and_its_class_have_to_be_there(
        self, proxy: FaultyProxy, cluster: Cluster, there: Mapping[str, dict[str, Any]], missing: str
    ) -> None:
        for path, document in there.items():
            proxy.pretend(path, document)

        said, _ = await looked_up(cluster, PROFILES["gateway"])

        assert missing == (said or "")[: len(missing) or None]


async def test_what_moorage_may_not_look_up_is_unknown_and_offered(cluster: Cluster, proxy: FaultyProxy) -> None:
    proxy.deny(NGINX, NO_RIGHT)

    missing, unchecked = await looked_up(cluster, PROFILES["ingress without issuer"])

    assert (None, True) == (missing, NO_RIGHT in (unchecked or ""))


async def test_while_the_cluster_does_not_answer_the_last_look_stands(cluster: Cluster, proxy: FaultyProxy) -> None:
    prerequisites = Prerequisites(only(PROFILES["ingress"]), cluster)
    await prerequisites.look()
    before = prerequisites.of(ExposureMode.PUBLIC)

    await proxy.refuse_connections()
    await prerequisites.look()

    assert before.missing is not None
    assert before == prerequisites.of(ExposureMode.PUBLIC)


async def test_a_demo_names_nothing(cluster: Cluster, proxy: FaultyProxy) -> None:
    assert (None, None) == await looked_up(cluster, replace(PROFILES["tailscale"], is_demo=True))
    assert not any("tailscale" in seen.path for seen in proxy.seen)


class TestOffered:
    @pytest.fixture
    def exposures(self) -> Exposures:
        return only(PROFILES["ingress without issuer"])

    async def test_a_mode_that_lacks_something_is_refused_in_the_words_of_its_offer_until_it_is_there(
        self, apps: Apps, proxy: FaultyProxy
    ) -> None:
        prerequisites, spec = apps.workloads.prerequisites, exposed(PROFILES["ingress"], replicas=0)
        await prerequisites.look()

        missing = public(apps).reason
        with pytest.raises(InvalidInputs) as refusal:
            await apps.deploy(spec)
        proxy.pretend(NGINX, THERE)
        await prerequisites.look()
        await apps.deploy(spec)

        (failure,) = refusal.value.failures
        assert (("workload", "exposure"), missing) == (failure.path, failure.message)
        assert None is public(apps).reason

    async def test_an_app_that_is_exposed_already_can_be_changed_and_stays_exposed(self, apps: Apps) -> None:
        await apps.deploy(replace(PUBLIC, replicas=0))
        before = (await apps.get()).exposure
        await apps.workloads.prerequisites.look()

        workload, _ = await apps.deploy(replace(PUBLIC, replicas=0, environment=(EnvironmentVariable("A", "b"),)))

        assert public(apps).reason is not None
        assert (before.state, before.url) == (workload.exposure.state, workload.exposure.url)

    async def test_what_is_missing_is_logged_once(self, apps: Apps, caplog: pytest.LogCaptureFixture) -> None:
        for _ in range(2):
            await apps.workloads.prerequisites.look()

        warnings = [each.getMessage() for each in caplog.records if each.levelno == logging.WARNING]
        assert 1 == sum("public exposure is not offered: The cluster has no IngressClass" in each for each in warnings)


def public(apps: Apps) -> ExposureOffer:
    return next(each for each in apps.workloads.exposure_offers() if each.mode is ExposureMode.PUBLIC)


@only_embedded
async def test_the_server_looks_at_its_start(
    api_server: ApiServer, proxy: FaultyProxy, database_url: str, tmp_path: Path
) -> None:
    kubeconfig = write_kubeconfig(tmp_path / "kubeconfig", proxy.url, api_server.token)
    settings = Settings(
        data_dir=tmp_path,
        kubeconfig=kubeconfig,
        database_url=SecretStr(database_url),
        exposure_private="tailscale",
    )

    async with opened(settings) as parts:
        offers = {each.mode: each.reason for each in parts.workloads.exposure_offers()}

    assert "The cluster has no API tailscale.com" in (offers[ExposureMode.PRIVATE] or "")
