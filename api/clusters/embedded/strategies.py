"""What each kind does of its own when it is created, updated or deleted.

Source: pkg/registry/*/strategy.go of Kubernetes.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from typing import TypeAlias

from .objects import Obj, annotations_of, copy, uid_of
from .pods import qos_class
from .resources import SERVICES, STORAGE_CLASSES, Resource
from .store import Store

DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class"
CLAIM_PROTECTION = "kubernetes.io/pvc-protection"

_INITIAL_STATUS: Mapping[str, Obj] = {
    "CronJob": {},
    "DaemonSet": {
        "currentNumberScheduled": 0,
        "desiredNumberScheduled": 0,
        "numberMisscheduled": 0,
        "numberReady": 0,
    },
    "Deployment": {},
    "HorizontalPodAutoscaler": {"currentMetrics": None, "desiredReplicas": 0},
    "Ingress": {"loadBalancer": {}},
    "Job": {},
    "Namespace": {"phase": "Active"},
    "PersistentVolumeClaim": {"phase": "Pending"},
    "PodDisruptionBudget": {
        "currentHealthy": 0,
        "desiredHealthy": 0,
        "disruptionsAllowed": 0,
        "expectedPods": 0,
    },
    "ReplicaSet": {"replicas": 0},
    "ResourceQuota": {},
    "Service": {"loadBalancer": {}},
    "StatefulSet": {"availableReplicas": 0, "replicas": 0},
}
_NODE_PORTS = range(30000, 32768)
_DELETED_OBJECT_IS_ANSWERED = frozenset(
    {"Pod", "Namespace", "ServiceAccount", "PersistentVolumeClaim", "PersistentVolume", "ResourceQuota", "Service"}
)


def prepare_create(resource: Resource, obj: Obj, store: Store) -> None:
    """Sets what a client may not, before validation."""
    if resource.kind in _INITIAL_STATUS:
        obj["status"] = copy(_INITIAL_STATUS[resource.kind])
    if prepare := _PREPARE.get(resource.kind):
        prepare(obj, store)


def prepare_update(resource: Resource, before: Obj, after: Obj) -> None:
    """Keeps what the main endpoint may not change, and fills in what clients leave out."""
    if resource.has_status:
        _keep(before, after, "status")
    if resource.kind == "Service":
        _keep_addresses(before["spec"], after["spec"])
    if resource.kind == "Pod":
        _keep_assigned(before["spec"], after["spec"])
    if resource.kind == "Job":
        after["spec"].setdefault("selector", before["spec"].get("selector"))
    if resource.kind == "Namespace":
        after["spec"] = before.get("spec", {})


def prepare_status_update(before: Obj, after: Obj) -> Obj:
    """Of an update of the status, only the status and the annotations count."""
    metadata = {**before["metadata"], "resourceVersion": after["metadata"].get("resourceVersion")}
    for name in ("annotations", "managedFields"):
        if name in after["metadata"]:
            metadata[name] = after["metadata"][name]
    kept = {**before, "metadata": {name: value for name, value in metadata.items() if value is not None}}
    _keep(after, kept, "status")
    return kept


def _keep(source: Obj, target: Obj, name: str) -> None:
    if name in source:
        target[name] = source[name]
    else:
        target.pop(name, None)


def answers_deleted_object(resource: Resource) -> bool:
    """Whether DELETE answers the object, rather than a Status."""
    return resource.kind in _DELETED_OBJECT_IS_ANSWERED


_Prepare: TypeAlias = Callable[[Obj, Store], None]


def _pod(obj: Obj, _: Store) -> None:
    obj["status"] = {"phase": "Pending", "qosClass": qos_class(obj["spec"])}


def _namespace(obj: Obj, _: Store) -> None:
    obj["spec"] = {"finalizers": ["kubernetes"]}


def _claim(obj: Obj, store: Store) -> None:
    """A claim that names no class is of the default one, if there is one."""
    obj["metadata"].setdefault("finalizers", []).append(CLAIM_PROTECTION)
    default = next((each for each in store.list(STORAGE_CLASSES) if _is_default(each)), None)
    if default is not None:
        obj["spec"].setdefault("storageClassName", default["metadata"]["name"])


def _is_default(storage_class: Obj) -> bool:
    return annotations_of(storage_class).get(DEFAULT_CLASS) == "true"


def _job(obj: Obj, _: Store) -> None:
    """A job selects its pods by its own uid."""
    if obj["spec"].get("manualSelector"):
        return
    uid = uid_of(obj)
    names = {"batch.kubernetes.io/controller-uid": uid, "batch.kubernetes.io/job-name": obj["metadata"]["name"]}
    legacy = {"controller-uid": uid, "job-name": obj["metadata"]["name"]}
    obj["spec"]["selector"] = {"matchLabels": {"batch.kubernetes.io/controller-uid": uid}}
    metadata = obj["spec"]["template"]["metadata"]
    metadata["labels"] = {**(metadata.get("labels") or {}), **names, **legacy}
    obj["metadata"].setdefault("labels", dict(metadata["labels"]))


def _service(obj: Obj, store: Store) -> None:
    """Gives addresses and node ports that no other service has."""
    spec = obj["spec"]
    if spec["type"] == "ExternalName":
        return
    if not spec.get("clusterIP"):
        spec["clusterIP"] = _free_address(store)
    spec["clusterIPs"] = [spec["clusterIP"]]
    spec.setdefault("ipFamilies", ["IPv4"])
    spec.setdefault("ipFamilyPolicy", "SingleStack")
    if spec["type"] in {"NodePort", "LoadBalancer"} and spec.get("allocateLoadBalancerNodePorts") is not False:
        _assign_node_ports(spec, store)


def _free_address(store: Store) -> str:
    taken = {service["spec"].get("clusterIP") for service in store.list(SERVICES)}
    return _first_free(taken, lambda: f"10.96.{secrets.randbelow(256)}.{secrets.randbelow(254) + 1}")


def _first_free(taken: Collection[str | None], draw: Callable[[], str]) -> str:
    while (drawn := draw()) in taken:
        pass
    return drawn


def _assign_node_ports(spec: Obj, store: Store) -> None:
    taken = {port.get("nodePort") for service in store.list(SERVICES) for port in service["spec"].get("ports") or ()}
    free = (port for port in _NODE_PORTS if port not in taken)
    for port in spec.get("ports") or ():
        if not port.get("nodePort"):
            port["nodePort"] = next(free)


def _keep_addresses(before: Obj, after: Obj) -> None:
    for name in ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "healthCheckNodePort"):
        if name in before and not after.get(name) and after["type"] != "ExternalName":
            after[name] = before[name]


def _keep_assigned(before: Obj, after: Obj) -> None:
    for name in ("nodeName", "serviceAccountName", "serviceAccount", "priority", "preemptionPolicy"):
        if name in before:
            after.setdefault(name, before[name])


def scale_of(obj: Obj) -> Obj:
    """The `Scale` of a workload."""
    metadata = obj["metadata"]
    kept = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
    selector = obj["spec"].get("selector") or {}
    text = ",".join(f"{key}={value}" for key, value in sorted((selector.get("matchLabels") or {}).items()))
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": {name: metadata[name] for name in kept if name in metadata},
        "spec": {"replicas": obj["spec"].get("replicas", 0)} if obj["spec"].get("replicas") else {},
        "status": {"replicas": (obj.get("status") or {}).get("replicas", 0), "selector": text},
    }


_PREPARE: Mapping[str, _Prepare] = {
    "Job": _job,
    "Namespace": _namespace,
    "PersistentVolumeClaim": _claim,
    "Pod": _pod,
    "Service": _service,
}
