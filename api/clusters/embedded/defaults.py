"""What the API server fills in.

Source: pkg/apis/{core,apps,batch,autoscaling,…}/v1/defaults.go of Kubernetes.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from .objects import Obj
from .resources import Resource


def apply_defaults(resource: Resource, obj: Obj) -> None:
    """Completes `obj` in place."""
    if default := _DEFAULTS.get(resource.kind):
        default(obj)


def _set(obj: Obj, **values: Any) -> None:
    for name, value in values.items():
        if obj.get(name) is None:
            obj[name] = value


def _pod(obj: Obj) -> None:
    spec = obj.setdefault("spec", {})
    pod_spec(spec)
    _set(spec, enableServiceLinks=True)
    for container in (*(spec.get("containers") or ()), *(spec.get("initContainers") or ())):
        _requests_from_limits(container["resources"])


def pod_template(template: Obj) -> None:
    template.setdefault("metadata", {})
    pod_spec(template.setdefault("spec", {}))


def pod_spec(spec: Obj) -> None:
    _set(spec, dnsPolicy="ClusterFirst", restartPolicy="Always", securityContext={})
    _set(spec, schedulerName="default-scheduler", terminationGracePeriodSeconds=30)
    if spec.get("serviceAccountName"):
        _set(spec, serviceAccount=spec["serviceAccountName"])
    for container in (*(spec.get("containers") or ()), *(spec.get("initContainers") or ())):
        if isinstance(container, dict):
            _container(container)
    for volume in spec.get("volumes") or ():
        _volume(volume)


def _container(container: Obj) -> None:
    _set(container, imagePullPolicy=_pull_policy(str(container.get("image", ""))), resources={})
    _set(container, terminationMessagePath="/dev/termination-log", terminationMessagePolicy="File")
    for port in container.get("ports") or ():
        _set(port, protocol="TCP")
    for variable in container.get("env") or ():
        if field := (variable.get("valueFrom") or {}).get("fieldRef"):
            _set(field, apiVersion="v1")
    for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
        if container.get(probe) is not None:
            _probe(container[probe])


def _pull_policy(image: str) -> str:
    last = image.rsplit("/", 1)[-1]
    latest = "@" not in last and (":" not in last or last.endswith(":latest"))
    return "Always" if latest else "IfNotPresent"


def _probe(probe: Obj) -> None:
    _set(probe, failureThreshold=3, periodSeconds=10, successThreshold=1, timeoutSeconds=1)
    if http := probe.get("httpGet"):
        _set(http, path="/", scheme="HTTP")
    if grpc := probe.get("grpc"):
        _set(grpc, service="")


def _requests_from_limits(resources: Obj) -> None:
    for name, limit in (resources.get("limits") or {}).items():
        resources.setdefault("requests", {}).setdefault(name, limit)


def _volume(volume: Obj) -> None:
    for source in ("secret", "configMap", "projected", "downwardAPI"):
        if volume.get(source) is not None:
            _set(volume[source], defaultMode=0o644)
    if volume.get("hostPath") is not None:
        _set(volume["hostPath"], type="")
    if not volume.keys() - {"name"}:
        volume["emptyDir"] = {}


def _deployment(obj: Obj) -> None:
    spec = obj.setdefault("spec", {})
    _set(spec, replicas=1, revisionHistoryLimit=10, progressDeadlineSeconds=600)
    strategy = spec.get("strategy") or {}
    spec["strategy"] = strategy
    _set(strategy, type="RollingUpdate")
    if strategy["type"] == "RollingUpdate":
        _set(strategy, rollingUpdate={})
        _set(strategy["rollingUpdate"], maxSurge="25%", maxUnavailable="25%")
    pod_template(spec.setdefault("template", {}))


def _replica_set(obj: Obj) -> None:
    spec = obj.setdefault("spec", {})
    _set(spec, replicas=1)
    pod_template(spec.setdefault("template", {}))


def _stateful_set(obj: Obj) -> None:
    spec = obj.setdefault("spec", {})
    _set(spec, replicas=1, revisionHistoryLimit=10, podManagementPolicy="OrderedReady")
    rolling = {"maxUnavailable": 1, "partition": 0}
    _set(spec, updateStrategy={"type": "RollingUpdate", "rollingUpdate": rolling})
    _set(spec, persistentVolumeClaimRetentionPolicy={"whenDeleted": "Retain", "whenScaled": "Retain"})
    for claim in spec.get("volumeClaimTemplates") or ():
        _persistent_volume_claim(claim)
        _set(claim, apiVersion="v1", kind="PersistentVolumeClaim", status={"phase": "Pending"})
    pod_template(spec.setdefault("template", {}))


def _daemon_set(obj: Obj) -> None:
    spec = obj.setdefault("spec", {})
    annotations = obj["metadata"].setdefault("annotations", {})
    annotations.setdefault("deprecated.daemonset.template.generation", "1")
    rolling = {"maxSurge": 0, "maxUnavailable": 1}
    _set(spec, revisionHistoryLimit=10, updateStrategy={"type": "RollingUpdate", "rollingUpdate": rolling})
    pod_template(spec.setdefault("template", {}))


def _job(obj: Obj) -> None:
    job_spec(obj.setdefault("spec", {}))


def job_spec(spec: Obj) -> None:
    _set(spec, backoffLimit=6, completionMode="NonIndexed", suspend=False, manualSelector=False)
    _set(spec, podReplacementPolicy="TerminatingOrFailed")
    if spec.get("completions") is None and spec.get("parallelism") is None:
        spec["completions"] = 1
    _set(spec, parallelism=1)
    pod_template(spec.setdefault("template", {}))


def _cron_job(obj: Obj) -> None:
    spec = obj.setdefault("spec", {})
    _set(spec, concurrencyPolicy="Allow", suspend=False, successfulJobsHistoryLimit=3, failedJobsHistoryLimit=1)
    template = spec.setdefault("jobTemplate", {})
    template.setdefault("metadata", {})
    pod_template(template.setdefault("spec", {}).setdefault("template", {}))


def _service(obj: Obj) -> None:
    spec = obj.setdefault("spec", {})
    _set(spec, sessionAffinity="None", type="ClusterIP")
    for port in spec.get("ports") or ():
        _set(port, protocol="TCP", targetPort=port.get("port"))
    if spec["type"] != "ExternalName":
        _set(spec, internalTrafficPolicy="Cluster")
    if spec["type"] in {"NodePort", "LoadBalancer"}:
        _set(spec, externalTrafficPolicy="Cluster")
    if spec["type"] == "LoadBalancer":
        _set(spec, allocateLoadBalancerNodePorts=True)


def _secret(obj: Obj) -> None:
    """`stringData` is written only: it becomes `data`."""
    _set(obj, type="Opaque")
    for name, value in (obj.pop("stringData", None) or {}).items():
        obj.setdefault("data", {})[name] = base64.b64encode(value.encode()).decode()


def _persistent_volume_claim(obj: Obj) -> None:
    spec = obj.setdefault("spec", {})
    _set(spec, volumeMode="Filesystem")


def _limit_range(obj: Obj) -> None:
    for item in obj.setdefault("spec", {}).get("limits") or ():
        if item.get("type") == "Container":
            _container_limits(item)


def _container_limits(item: Obj) -> None:
    """Limits default to the maximum, requests to the limits."""
    for source, target in (("max", "default"), ("default", "defaultRequest"), ("min", "defaultRequest")):
        for name, value in (item.get(source) or {}).items():
            item.setdefault(target, {}).setdefault(name, value)


def _network_policy(obj: Obj) -> None:
    spec = obj.setdefault("spec", {})
    _set(spec, podSelector={}, policyTypes=["Ingress", "Egress"] if spec.get("egress") else ["Ingress"])
    for rule in (*(spec.get("ingress") or ()), *(spec.get("egress") or ())):
        for port in rule.get("ports") or ():
            _set(port, protocol="TCP")


def _role_binding(obj: Obj) -> None:
    group = "rbac.authorization.k8s.io"
    if obj.get("roleRef"):
        _set(obj["roleRef"], apiGroup=group)
    for subject in obj.get("subjects") or ():
        if subject.get("kind") in {"User", "Group"}:
            _set(subject, apiGroup=group)


def _autoscaler(obj: Obj) -> None:
    spec = obj.setdefault("spec", {})
    target = {
        "type": "Resource",
        "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}},
    }
    _set(spec, minReplicas=1, metrics=[target])


def _namespace(obj: Obj) -> None:
    obj["metadata"].setdefault("labels", {})["kubernetes.io/metadata.name"] = obj["metadata"]["name"]


_DEFAULTS: Mapping[str, Callable[[Obj], None]] = {
    "ClusterRoleBinding": _role_binding,
    "CronJob": _cron_job,
    "DaemonSet": _daemon_set,
    "Deployment": _deployment,
    "HorizontalPodAutoscaler": _autoscaler,
    "Job": _job,
    "LimitRange": _limit_range,
    "Namespace": _namespace,
    "NetworkPolicy": _network_policy,
    "PersistentVolumeClaim": _persistent_volume_claim,
    "Pod": _pod,
    "ReplicaSet": _replica_set,
    "RoleBinding": _role_binding,
    "Secret": _secret,
    "Service": _service,
    "StatefulSet": _stateful_set,
}
