"""What exposes an app: one object that an operator or controller in the cluster acts on, and the opening for it.

The app's own Service stays as it is. A Service of type LoadBalancer is only ever made with the class of a profile, and
without node ports: https://kubernetes.io/docs/concepts/services-networking/service/#load-balancer-class.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from api.clusters.objects import Kind
from api.manifests.exposures.hosts import filled, host_label
from api.manifests.exposures.profiles import Carrier, ExposureProfile, Readiness, Source
from api.manifests.models import ExposureMode, WorkloadSpec
from api.manifests.pods import PORT_NAME

Object = dict[str, Any]

_ISSUER = "cert-manager.io/cluster-issuer"


class Metadata(Protocol):
    """The names and labels that all objects of one app share."""

    @property
    def namespace(self) -> str: ...
    @property
    def selector(self) -> Mapping[str, str]: ...
    def of(self, name: str | None = None, annotations: Mapping[str, str] | None = None) -> Object: ...


def exposing_objects(spec: WorkloadSpec, profile: ExposureProfile, metadata: Metadata) -> list[Object]:
    """The objects that expose the app as the profile says; none for an app without a port."""
    if spec.port is None:
        return []
    values = template_values(spec, profile, metadata.namespace)
    return [_CARRIERS[profile.carrier](spec, profile, metadata, values), _policy(spec, profile, metadata, values)]


def template_values(spec: WorkloadSpec, profile: ExposureProfile, slug: str) -> dict[str, str]:
    """What the templates of a profile are filled with."""
    return {"host": host_label(spec.name, slug), "object": profile.object_name(spec.name), "namespace": slug}


def planned_host(spec: WorkloadSpec, profile: ExposureProfile, slug: str) -> str | None:
    """The host under which the app will be reached; None where only the operator knows."""
    return filled(profile.address, template_values(spec, profile, slug)) if profile.address is not None else None


def exposes(manifest: Object, app: str) -> bool:
    """Whether an object of an app is there to expose it, in whatever mode."""
    if Kind.of(manifest) in (Kind.INGRESS, Kind.HTTP_ROUTE, Kind.NETWORK_POLICY):
        return True
    own = tuple(f"{app}-{mode.value}" for mode in ExposureMode if mode is not ExposureMode.NONE)
    return Kind.of(manifest) is Kind.SERVICE and str(manifest["metadata"]["name"]).startswith(own)


def policy_name(app: str) -> str:
    """The NetworkPolicy that lets in what the exposure sends."""
    return f"{app}-exposure"


def _head(profile: ExposureProfile, metadata: Metadata, values: Mapping[str, str]) -> Object:
    annotations = {key: filled(value, values) for key, value in profile.annotations.items()}
    if profile.issuer is not None:
        annotations[_ISSUER] = profile.issuer
    return metadata.of(values["object"], annotations)


def _service(spec: WorkloadSpec, profile: ExposureProfile, metadata: Metadata, values: Mapping[str, str]) -> Object:
    ports = [{"name": PORT_NAME, "port": spec.port, "targetPort": PORT_NAME, "protocol": "TCP"}]
    of_type: Object = {"type": "ClusterIP"}
    if profile.carrier is Carrier.LOAD_BALANCER:
        if not profile.class_name:
            raise ValueError("a load balancer of no class would be the cloud's, and paid for")
        of_type = {
            "type": "LoadBalancer",
            "loadBalancerClass": profile.class_name,
            "allocateLoadBalancerNodePorts": False,
        }
    service: Object = {**of_type, "selector": dict(metadata.selector), "ports": ports}
    return {"apiVersion": "v1", "kind": "Service", "metadata": _head(profile, metadata, values), "spec": service}


def _ingress(spec: WorkloadSpec, profile: ExposureProfile, metadata: Metadata, values: Mapping[str, str]) -> Object:
    """With a host of its own; or, where the operator names the device by the first label, for all that reaches it."""
    backend = {"service": {"name": spec.name, "port": {"name": PORT_NAME}}}
    host = None if profile.readiness is Readiness.ADDRESS else planned_host(spec, profile, metadata.namespace)
    tls: Object = {"hosts": [host or values["host"]]}
    if profile.issuer is not None:
        tls["secretName"] = profile.certificate_name(spec.name)
    ingress: Object = {"ingressClassName": profile.class_name, "tls": [tls]}
    if host is None:
        ingress["defaultBackend"] = backend
    else:
        paths = [{"path": "/", "pathType": "Prefix", "backend": backend}]
        ingress["rules"] = [{"host": host, "http": {"paths": paths}}]
    head = {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": _head(profile, metadata, values)}
    return {**head, "spec": ingress}


def _http_route(spec: WorkloadSpec, profile: ExposureProfile, metadata: Metadata, values: Mapping[str, str]) -> Object:
    """What the API server would default is written out, so that a plan shows no difference where there is none."""
    if profile.gateway is None:
        raise ValueError("a profile of HTTPRoutes names their Gateway")
    gateway = {"group": "gateway.networking.k8s.io", "kind": "Gateway"}
    parent = {**gateway, "namespace": profile.gateway.namespace, "name": profile.gateway.name}
    backend = {"group": "", "kind": "Service", "name": spec.name, "port": spec.port, "weight": 1}
    match = {"path": {"type": "PathPrefix", "value": "/"}}
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": _head(profile, metadata, values),
        "spec": {
            "parentRefs": [parent],
            "hostnames": [planned_host(spec, profile, metadata.namespace)],
            "rules": [{"matches": [match], "backendRefs": [backend]}],
        },
    }


def _policy(spec: WorkloadSpec, profile: ExposureProfile, metadata: Metadata, values: Mapping[str, str]) -> Object:
    """Exactly this path: to the app's port, from those who carry the exposure.

    By its name: while a new revision listens on another, the pods of the old one are reached too.
    """
    sources = [_peer(source, values) for source in profile.sources]
    rule = {"from": sources, "ports": [{"protocol": "TCP", "port": PORT_NAME}]}
    opening = {"podSelector": {"matchLabels": dict(metadata.selector)}, "policyTypes": ["Ingress"], "ingress": [rule]}
    head = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy"}
    return {**head, "metadata": metadata.of(policy_name(spec.name)), "spec": opening}


def _peer(source: Source, values: Mapping[str, str]) -> Object:
    peer: Object = {"namespaceSelector": {"matchLabels": dict(source.namespaces)}}
    if source.pods:
        labels = {key: filled(value, values) for key, value in source.pods.items()}
        peer["podSelector"] = {"matchLabels": labels}
    return peer


_Carry = Callable[[WorkloadSpec, ExposureProfile, Metadata, Mapping[str, str]], Object]
_CARRIERS: Mapping[Carrier, _Carry] = {
    Carrier.LOAD_BALANCER: _service,
    Carrier.SERVICE: _service,
    Carrier.INGRESS: _ingress,
    Carrier.HTTP_ROUTE: _http_route,
}
