"""How apps are reached from outside on this installation: a profile for each way, and which ways are offered.

Nothing here knows a provider: class, annotations, the suffix of addresses, who is let in and how readiness is read are
data. The presets are in `presets.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from api.clusters.objects import Kind
from api.manifests.models import ExposureMode


class Carrier(StrEnum):
    """The object that exposes an app."""

    LOAD_BALANCER = "load_balancer"
    """A Service of type LoadBalancer, of a class that an operator in the cluster serves."""
    SERVICE = "service"
    """A Service that an operator finds by its annotations."""
    INGRESS = "ingress"
    HTTP_ROUTE = "http_route"

    @property
    def kind(self) -> Kind:
        """Its kind on Kubernetes."""
        return {Carrier.INGRESS: Kind.INGRESS, Carrier.HTTP_ROUTE: Kind.HTTP_ROUTE}.get(self, Kind.SERVICE)

    @property
    def ends_tls(self) -> bool:
        """Whether it speaks HTTPS to those who come, and HTTP to the app."""
        return self in (Carrier.INGRESS, Carrier.HTTP_ROUTE)


class Readiness(StrEnum):
    """How it is read off the object that the path to the app is there."""

    ADDRESS = "address"
    """`status.loadBalancer.ingress` has a hostname or IP: that is the app's address."""
    ASSIGNED = "assigned"
    """`status.loadBalancer.ingress` has anything: the address is the host that was asked for."""
    FINALIZER = "finalizer"
    """The operator has put its finalizer on the object, and says no more."""
    ACCEPTED = "accepted"
    """The route's parents have accepted it and found its backend."""


@dataclass(frozen=True, slots=True)
class Source:
    """Pods that may reach the app's port: those with the labels `pods` in namespaces with the labels `namespaces`."""

    namespaces: Mapping[str, str]
    pods: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.namespaces:
            raise ValueError("a source names its namespaces: no label at all would be every namespace's")


@dataclass(frozen=True, slots=True)
class GatewayReference:
    """The Gateway that public routes attach to."""

    namespace: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureProfile:
    """One way to reach apps. `address`, and the values of `annotations` and of sources, are templates: `{host}` is the
    generated name (a DNS label), `{object}` and `{namespace}` are where the exposing object lies.

    `setting` is the variable that chose it, `operator` who has to act on the object, `reachable_by` a sentence.
    `condition` is one of the object's that says why it is not ready yet; `issuer` a cert-manager ClusterIssuer;
    `finalizer` what the operator's begin with; `api_group` one that the API server serves where the operator is
    installed. `suffix` ends the object's name, where its class cannot be changed.
    """

    mode: ExposureMode
    carrier: Carrier
    readiness: Readiness
    setting: str
    operator: str
    reachable_by: str
    sources: tuple[Source, ...]
    class_name: str = ""
    annotations: Mapping[str, str] = field(default_factory=dict)
    address: str | None = None
    condition: str | None = None
    issuer: str | None = None
    gateway: GatewayReference | None = None
    finalizer: str = ""
    api_group: str = ""
    suffix: str = ""
    is_demo: bool = False

    def __post_init__(self) -> None:
        if not self.sources:
            raise ValueError("a profile names who is let in: no source at all would be everybody")

    @property
    def demand(self) -> Mapping[str, float]:
        """What one app takes of its namespace's quota for it, the certificate's Secret included."""
        is_service = self.carrier in (Carrier.LOAD_BALANCER, Carrier.SERVICE)
        return {
            "services": float(is_service),
            "services.loadbalancers": float(self.carrier is Carrier.LOAD_BALANCER),
            "secrets": float(self.issuer is not None),
        }

    def object_name(self, app: str) -> str:
        """The name of the object that exposes an app: an own one for each mode, which comes and goes with it."""
        return f"{app}-{self.mode.value}{self.suffix}"

    def certificate_name(self, app: str) -> str:
        """The Secret that cert-manager writes the certificate to, and its Certificate."""
        return f"{self.object_name(app)}-tls"


@dataclass(frozen=True, slots=True)
class Exposures:
    """What this installation offers: a profile for a mode, or the reason why there is none."""

    private: ExposureProfile | str
    public: ExposureProfile | str

    def of(self, mode: ExposureMode) -> ExposureProfile | str | None:
        """The profile of a mode, or why it is not offered; None for an app that is not exposed."""
        return {ExposureMode.PRIVATE: self.private, ExposureMode.PUBLIC: self.public}.get(mode)

    @property
    def uses_load_balancers(self) -> bool:
        """Whether some app may need a Service of type LoadBalancer, so that quotas have to let it pass."""
        profiles = (each for each in (self.private, self.public) if isinstance(each, ExposureProfile))
        return any(each.carrier is Carrier.LOAD_BALANCER for each in profiles)


NOT_EXPOSED = Exposures(
    private="This installation offers no private addresses: its administrator can set MOORAGE_EXPOSURE_PRIVATE.",
    public="This installation offers no public addresses: its administrator can set MOORAGE_EXPOSURE_PUBLIC.",
)
"""What is offered where nothing is set."""
