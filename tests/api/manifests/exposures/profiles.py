"""Installations to try: each preset of a VPN operator, and each public way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from api.manifests.exposures.presets import exposures_of
from api.manifests.exposures.profiles import ExposureProfile
from api.manifests.models import ExposureMode, WorkloadSpec
from tests.api.manifests.specs import WEB


@dataclass(frozen=True)
class Said:
    """What an administrator set."""

    exposure_private: str | None = None
    exposure_private_class: str | None = None
    exposure_private_domain: str | None = None
    exposure_private_annotations: Mapping[str, str] = field(default_factory=dict)
    exposure_private_sources: Mapping[str, str] | None = None
    exposure_public: str | None = None
    exposure_public_class: str | None = None
    exposure_public_domain: str | None = None
    exposure_public_issuer: str | None = None
    exposure_public_sources: Mapping[str, str] | None = None


EDGE = {"kubernetes.io/metadata.name": "edge"}
INGRESS = Said(
    exposure_public="ingress",
    exposure_public_class="nginx",
    exposure_public_domain="apps.example",
    exposure_public_issuer="letsencrypt",
    exposure_public_sources=EDGE,
)
GATEWAY = Said(
    exposure_public="gateway",
    exposure_public_class="edge/web",
    exposure_public_domain="apps.example",
    exposure_public_sources=EDGE,
)
ANY_BALANCER = Said(
    exposure_private="loadbalancer",
    exposure_private_class="vpn.example/mesh",
    exposure_private_sources={"vpn": "proxies"},
    exposure_private_annotations={"vpn.example/name": "{host}"},
)
ANY_INGRESS = replace(
    ANY_BALANCER, exposure_private="ingress", exposure_private_class="mesh", exposure_private_domain="vpn.example"
)


def of(said: Said) -> ExposureProfile:
    """The one profile that is offered."""
    offered = exposures_of(said, is_demo=False)
    (profile,) = (each for each in (offered.private, offered.public) if isinstance(each, ExposureProfile))
    return profile


PROFILES: Mapping[str, ExposureProfile] = {
    **{name: of(Said(exposure_private=name)) for name in ("tailscale", "tailscale-ingress", "netbird")},
    "loadbalancer": of(ANY_BALANCER),
    "private ingress": of(ANY_INGRESS),
    "ingress": of(INGRESS),
    "ingress without issuer": of(replace(INGRESS, exposure_public_issuer=None)),
    "gateway": of(GATEWAY),
}


def exposed(profile: ExposureProfile, spec: WorkloadSpec = WEB, **changes: Any) -> WorkloadSpec:
    """`spec` in the profile's mode."""
    return replace(spec, exposure=profile.mode, **changes)


PRIVATE = replace(WEB, exposure=ExposureMode.PRIVATE)
PUBLIC = replace(WEB, exposure=ExposureMode.PUBLIC)
