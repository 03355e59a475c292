"""What a namespace is made of, so that its apps are alone in it and take no more than their share.

Network: nothing reaches a pod and a pod reaches nothing, except DNS and the other pods of its own namespace, since an
app and its database belong together. Rights: the owner may look at everything that is not a Secret by way of
Kubernetes itself, under the name `moorage:<user id>`; changes go through Moorage.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID

from api.clusters.objects import MANAGED_BY, MANAGER, NAMESPACE_ID, OWNER_ID
from api.manifests.models import WorkloadSize
from api.manifests.quantities import bytes_quantity, cores_quantity, parse
from api.manifests.sizes import preset, quantities_of

Object = dict[str, Any]

_POLICY = "restricted"
_DNS_PORT = 53
MAX_OBJECTS = 100
LOAD_BALANCERS = "services.loadbalancers"
_RBAC = "rbac.authorization.k8s.io"


class Place(Protocol):
    """The namespace that is asked for."""

    @property
    def id(self) -> UUID: ...
    @property
    def slug(self) -> str: ...
    @property
    def owner_id(self) -> UUID: ...


class Share(Protocol):
    """What it may use: quantities of CPU and memory (limits) and of disks, numbers of pods and of load balancers."""

    @property
    def cpu(self) -> str: ...
    @property
    def memory(self) -> str: ...
    @property
    def pods(self) -> int: ...
    @property
    def storage(self) -> str: ...
    @property
    def load_balancers(self) -> int: ...


def build_namespace(place: Place, share: Share) -> list[Object]:
    """The Namespace, and what guards it, in the order of creation."""
    return [
        _namespace(place),
        _quota(place, share),
        _limit_range(place, share),
        _default_deny(place),
        _same_namespace(place),
        _role(place),
        _role_binding(place),
    ]


def _namespace(place: Place) -> Object:
    modes = {f"pod-security.kubernetes.io/{mode}": _POLICY for mode in ("enforce", "warn", "audit")}
    labels = {**_labels(place), OWNER_ID: str(place.owner_id), **modes}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": place.slug, "labels": labels}}


def _quota(place: Place, share: Share) -> Object:
    """Limits are the namespace's share; requests, which nodes set aside, half of it, as in the sizes of apps.

    A Service of type LoadBalancer counts no node ports where it is made without them.
    """
    cpu, memory = parse(share.cpu), parse(share.memory)
    hard = {
        "limits.cpu": cores_quantity(float(cpu)),
        "limits.memory": bytes_quantity(int(memory)),
        "requests.cpu": cores_quantity(float(cpu / 2)),
        "requests.memory": bytes_quantity(int(memory / 2)),
        "pods": str(share.pods),
        "services": str(MAX_OBJECTS),
        "secrets": str(MAX_OBJECTS),
        "configmaps": str(MAX_OBJECTS),
        "requests.storage": bytes_quantity(int(parse(share.storage))),
        "persistentvolumeclaims": str(MAX_OBJECTS),
        LOAD_BALANCERS: str(share.load_balancers),
        "services.nodeports": "0",
    }
    return _object("v1", "ResourceQuota", place, "quota", spec={"hard": hard})


def _limit_range(place: Place, share: Share) -> Object:
    """Containers that name no size get the smallest; none gets more than the namespace."""
    small = quantities_of(preset(WorkloadSize.S))
    limit = {
        "type": "Container",
        "default": small["limits"],
        "defaultRequest": small["requests"],
        "max": {"cpu": share.cpu, "memory": share.memory},
    }
    return _object("v1", "LimitRange", place, "limits", spec={"limits": [limit]})


def _default_deny(place: Place) -> Object:
    """Nothing in, nothing out, but questions to the cluster's DNS."""
    system = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}
    ports = [{"protocol": protocol, "port": _DNS_PORT} for protocol in ("UDP", "TCP")]
    egress = [{"to": [system], "ports": ports}]
    return _network_policy(place, "default-deny", egress=egress)


def _same_namespace(place: Place) -> Object:
    egress: list[Object] = [{"to": [_everyone_here()]}]
    return _network_policy(place, "same-namespace", ingress=[from_own_namespace()], egress=egress)


def from_own_namespace() -> Object:
    """The rule of a NetworkPolicy that lets in all pods of its namespace."""
    return {"from": [_everyone_here()]}


def _everyone_here() -> Object:
    return {"podSelector": {}}


def _network_policy(place: Place, name: str, **rules: list[Object]) -> Object:
    # Rules that there are none of are named too: else those that somebody adds would be nobody's business.
    spec = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"], "ingress": [], "egress": [], **rules}
    return _object("networking.k8s.io/v1", "NetworkPolicy", place, name, spec=spec)


def _role(place: Place) -> Object:
    look = ["get", "list", "watch"]
    rules = [
        {"apiGroups": [""], "resources": ["pods", "pods/log", "services", "events", "resourcequotas"], "verbs": look},
        {"apiGroups": [""], "resources": ["configmaps", "persistentvolumeclaims"], "verbs": look},
        {"apiGroups": ["apps"], "resources": ["deployments", "replicasets", "statefulsets"], "verbs": look},
        {"apiGroups": ["batch"], "resources": ["cronjobs", "jobs"], "verbs": look},
    ]
    return _object(f"{_RBAC}/v1", "Role", place, "owner", rules=rules)


def _role_binding(place: Place) -> Object:
    return _object(
        f"{_RBAC}/v1",
        "RoleBinding",
        place,
        "owner",
        roleRef={"apiGroup": _RBAC, "kind": "Role", "name": "owner"},
        subjects=[{"apiGroup": _RBAC, "kind": "User", "name": f"moorage:{place.owner_id}"}],
    )


def _object(api_version: str, kind: str, place: Place, name: str, **rest: object) -> Object:
    metadata = {"name": name, "namespace": place.slug, "labels": _labels(place)}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **rest}


def _labels(place: Place) -> Mapping[str, str]:
    return {MANAGED_BY: MANAGER, NAMESPACE_ID: str(place.id)}
