"""What the settings say of exposure, as profiles: presets of known operators, with what an installation says instead.

Sources: https://tailscale.com/kb/1439/kubernetes-operator-cluster-ingress (labels of proxies, condition and finalizer:
cmd/k8s-operator of tailscale/tailscale), https://docs.netbird.io/how-to/kubernetes-operator and
https://cert-manager.io/docs/usage/ingress/.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol, TypeVar

from api.errors import ConfigurationError
from api.manifests.exposures.profiles import (
    NOT_EXPOSED,
    Carrier,
    ExposureProfile,
    Exposures,
    GatewayReference,
    Readiness,
    Source,
)
from api.manifests.models import ExposureMode

T = TypeVar("T")

_PRIVATE = "MOORAGE_EXPOSURE_PRIVATE"
_PUBLIC = "MOORAGE_EXPOSURE_PUBLIC"
_NAME = "kubernetes.io/metadata.name"
"""The label that every namespace has: its name."""
_FORBIDDEN = "tailscale.com/funnel"
"""Would make what is called private reachable by the whole internet."""
_DOMAIN = re.compile(r"(?=.{1,190}$)[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?)*")
"""RFC 1123, with room for a label before it."""

_TAILSCALE_PROXY = {
    "tailscale.com/managed": "true",
    "tailscale.com/parent-resource": "{object}",
    "tailscale.com/parent-resource-ns": "{namespace}",
}
"""The labels of the one proxy that the operator runs for an object."""
_TAILNET = "Devices of your tailnet that its access rules let in."


def _private(
    carrier: Carrier, readiness: Readiness, operator: str, reachable_by: str, source: Source
) -> ExposureProfile:
    return ExposureProfile(
        mode=ExposureMode.PRIVATE,
        setting=_PRIVATE,
        carrier=carrier,
        readiness=readiness,
        operator=operator,
        reachable_by=reachable_by,
        sources=(source,),
    )


_TAILSCALE = replace(
    _private(
        Carrier.LOAD_BALANCER,
        Readiness.ADDRESS,
        "the Tailscale operator",
        _TAILNET,
        Source({_NAME: "tailscale"}, _TAILSCALE_PROXY),
    ),
    class_name="tailscale",
    annotations={"tailscale.com/hostname": "{host}"},
    condition="TailscaleProxyReady",
    api_group="tailscale.com",
)
_NETBIRD = replace(
    _private(
        Carrier.SERVICE,
        Readiness.FINALIZER,
        "the NetBird operator",
        "Peers of your NetBird network that its policies let in.",
        Source({_NAME: "netbird"}),
    ),
    finalizer="netbird.io/",
    api_group="netbird.io",
    annotations={"netbird.io/expose": "true", "netbird.io/resource-name": "{host}"},
    address="{object}.{namespace}.svc.cluster.local",
)
_MEMBERS = "Members of the private network that the cluster's administrator set up."
_ANY = Source({_NAME: "vpn"})

PRIVATE: Mapping[str, ExposureProfile] = {
    "tailscale": _TAILSCALE,
    "tailscale-ingress": replace(_TAILSCALE, carrier=Carrier.INGRESS, annotations={}, condition=None),
    "netbird": _NETBIRD,
    "loadbalancer": _private(Carrier.LOAD_BALANCER, Readiness.ADDRESS, "the VPN operator", _MEMBERS, _ANY),
    "ingress": _private(Carrier.INGRESS, Readiness.ASSIGNED, "the VPN's ingress controller", _MEMBERS, _ANY),
}
"""By the value of MOORAGE_EXPOSURE_PRIVATE; the last two are of any provider, by class and annotations."""


class ExposureSettings(Protocol):
    """What of the settings is about exposure."""

    @property
    def exposure_private(self) -> str | None: ...
    @property
    def exposure_private_class(self) -> str | None: ...
    @property
    def exposure_private_domain(self) -> str | None: ...
    @property
    def exposure_private_annotations(self) -> Mapping[str, str]: ...
    @property
    def exposure_private_sources(self) -> Mapping[str, str] | None: ...
    @property
    def exposure_public(self) -> str | None: ...
    @property
    def exposure_public_class(self) -> str | None: ...
    @property
    def exposure_public_domain(self) -> str | None: ...
    @property
    def exposure_public_issuer(self) -> str | None: ...
    @property
    def exposure_public_sources(self) -> Mapping[str, str] | None: ...


def exposures_of(settings: ExposureSettings, *, is_demo: bool) -> Exposures:
    """What the installation offers. Where a mode is not set, a demo offers one that plays; else there is none.

    Raises ConfigurationError for settings that lack a part, or that would open what is private to everybody.
    """
    private = settings.exposure_private or ("tailscale" if is_demo else "none")
    public = settings.exposure_public or ("demo" if is_demo else "none")
    return Exposures(
        private=_demo(_private_profile(private, settings), is_demo) if private != "none" else NOT_EXPOSED.private,
        public=_demo(_public_profile(public, settings), is_demo) if public != "none" else NOT_EXPOSED.public,
    )


def _demo(profile: ExposureProfile, is_demo: bool) -> ExposureProfile:
    """A mode that is played still says who would be let in: what is chosen between differs by that alone."""
    if not is_demo:
        return profile
    elsewhere = profile.reachable_by[0].lower() + profile.reachable_by[1:]
    return replace(profile, is_demo=True, reachable_by=f"Nobody, as this is a demo. On a real cluster: {elsewhere}")


def _private_profile(name: str, settings: ExposureSettings) -> ExposureProfile:
    profile = PRIVATE[name]
    _require_domain(settings.exposure_private_domain, f"{_PRIVATE}_DOMAIN")
    annotations = {**profile.annotations, **settings.exposure_private_annotations}
    if any(key.startswith(_FORBIDDEN) for key in annotations):
        message = f"{_FORBIDDEN} would make private addresses public. Leave it out, and set MOORAGE_EXPOSURE_PUBLIC."
        raise ConfigurationError(message, setting=f"{_PRIVATE}_ANNOTATIONS")
    profile = replace(
        profile,
        annotations=annotations,
        class_name=settings.exposure_private_class or profile.class_name,
        suffix=_suffix(profile, settings.exposure_private_class),
        sources=_sources(settings.exposure_private_sources, profile.sources),
        address=_private_address(profile, settings.exposure_private_domain),
    )
    if name in ("loadbalancer", "ingress"):
        _require(profile.class_name, f"{_PRIVATE}_CLASS", "the class that the VPN operator serves")
        _require(settings.exposure_private_sources, f"{_PRIVATE}_SOURCES", "a label of the namespace of its proxies")
    if profile.readiness is Readiness.ASSIGNED:
        _require(profile.address, f"{_PRIVATE}_DOMAIN", "the domain below which apps are served")
    return profile


def _suffix(profile: ExposureProfile, class_name: str | None) -> str:
    """Of the names of Services: a `loadBalancerClass` is for ever, so that another class takes another Service."""
    if class_name in (None, profile.class_name) or profile.carrier is not Carrier.LOAD_BALANCER:
        return ""
    return f"-{hashlib.sha256(class_name.encode()).hexdigest()[:5]}"


def _private_address(profile: ExposureProfile, domain: str | None) -> str | None:
    """Of an operator that reports the address, that is the one; the domain tells it before that."""
    if domain is None:
        return profile.address
    is_named_in_cluster = profile.carrier is Carrier.SERVICE
    return f"{{object}}.{{namespace}}.{domain}" if is_named_in_cluster else f"{{host}}.{domain}"


def _public_profile(name: str, settings: ExposureSettings) -> ExposureProfile:
    if name == "demo":
        return _public(Carrier.INGRESS, Source({_NAME: "ingress"}), "apps.example", "demo")
    domain = _require(settings.exposure_public_domain, f"{_PUBLIC}_DOMAIN", "the domain below which apps are served")
    _require_domain(domain, f"{_PUBLIC}_DOMAIN")
    labels = _require(
        settings.exposure_public_sources, f"{_PUBLIC}_SOURCES", "a label of the namespace that requests come from"
    )
    reference = _require(settings.exposure_public_class, f"{_PUBLIC}_CLASS", _CLASSES[name])
    if name == "ingress":
        profile = _public(Carrier.INGRESS, Source(labels), domain, reference)
        return replace(profile, issuer=settings.exposure_public_issuer)
    namespace, _, gateway = reference.partition("/")
    _require(gateway, f"{_PUBLIC}_CLASS", _CLASSES[name])
    profile = _public(Carrier.HTTP_ROUTE, Source(labels), domain, "")
    return replace(profile, readiness=Readiness.ACCEPTED, gateway=GatewayReference(namespace, gateway))


_CLASSES = {"ingress": "an ingress class", "gateway": "a Gateway as namespace/name"}


def _public(carrier: Carrier, source: Source, domain: str, class_name: str) -> ExposureProfile:
    return ExposureProfile(
        mode=ExposureMode.PUBLIC,
        setting=_PUBLIC,
        carrier=carrier,
        readiness=Readiness.ASSIGNED,
        operator="the ingress controller" if carrier is Carrier.INGRESS else "the Gateway's controller",
        reachable_by="Anybody on the internet.",
        sources=(source,),
        class_name=class_name,
        address=f"{{host}}.{domain}",
    )


def _sources(labels: Mapping[str, str] | None, usual: tuple[Source, ...]) -> tuple[Source, ...]:
    """Other namespaces, and of these the same pods."""
    return tuple(replace(each, namespaces=labels) for each in usual) if labels else usual


def _require_domain(domain: str | None, setting: str) -> None:
    """Each app's address ends with it, and the API server takes lower case alone."""
    if domain is not None and not _DOMAIN.fullmatch(domain):
        message = f"{domain!r} is no domain: lower-case labels with dots between them, as in apps.example.com"
        raise ConfigurationError(message, setting=setting)


def _require(value: T | None, setting: str, what: str) -> T:
    if not value:
        raise ConfigurationError(f"it has to name {what}", setting=setting)
    return value
