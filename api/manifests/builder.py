"""The Manifest Builder: from a spec to Kubernetes manifests. Pure: the same spec gives the same manifests.

What every app gets without asking: a rolling update that never drops below the replicas asked for (unless one is asked
for that does), a readiness probe on its port, pods on different nodes where there are some, one at a time of which may
be moved for the sake of a node, and what Pod Security calls `restricted`
(https://kubernetes.io/docs/concepts/security/pod-security-standards/).
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from api.clusters.objects import APP_NAME, MANAGED_BY, MANAGER, REVISION, WORKLOAD_ID
from api.manifests.models import Probe, SizePreset, WorkloadSpec
from api.manifests.quantities import bytes_quantity, cores_quantity
from api.manifests.rules import preset

Object = dict[str, Any]

CONTAINER = "app"
PORT_NAME = "http"
_PORT_VARIABLE = "PORT"
_HISTORY = 5
_DEADLINE_SECONDS = 120
"""After this long without progress Kubernetes calls a rollout failed; an image that has to be pulled first fits in."""
_REPLICAS_TO_SPARE = 2
_SPREAD_OVER = ("kubernetes.io/hostname", "topology.kubernetes.io/zone")
_ANSWERS = Probe(period_seconds=5)
"""When a pod whose developer says nothing of it gets requests: once its port answers."""


def build(
    spec: WorkloadSpec,
    *,
    namespace: str,
    workload_id: UUID,
    revision: int,
    template_revision: int,
    secret_values: Mapping[str, str],
) -> list[Object]:
    """The objects of one app, in the order in which they are needed: Secret, Service, PodDisruptionBudget, Deployment.

    `revision` is written on the Deployment, `template_revision` (the revision that last changed the pods) on the pod
    template: pods are replaced when it changes, and not by scaling.
    """
    metadata = _Metadata(spec.name, namespace, workload_id)
    deployment = _deployment(spec, metadata, revision=revision, template_revision=template_revision)
    secret = [_secret(spec, metadata, secret_values)] if spec.secrets else []
    service = [_service(spec.port, metadata)] if spec.port is not None else []
    budget = [_disruption_budget(metadata)] if spec.replicas >= _REPLICAS_TO_SPARE else []
    return [*secret, *service, *budget, deployment]


def pod_from(deployment: Object) -> Object:
    """A pod as the Deployment would create it: for a dry run, as quota and Pod Security refuse pods only."""
    template = deployment["spec"]["template"]
    metadata = {
        "name": f"{deployment['metadata']['name']}-plan",
        "namespace": deployment["metadata"]["namespace"],
        **template["metadata"],
    }
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}


def secret_name(app: str) -> str:
    """The name of an app's Secret.

    It stays the same from revision to revision, and the annotation `moorage.dev/revision` of the pod template is what
    replaces the pods when a value changes. A Secret of its own for each revision would give pods that are on their way
    out their old values to the last, and in return would have to be kept for as long as a ReplicaSet may need it, and
    count against the namespace's quota. Rolling back writes the former values again: they are in the revision.
    """
    return f"{app}-secrets"


class _Metadata:
    """The names and labels that all objects of one app share."""

    def __init__(self, app: str, namespace: str, workload_id: UUID) -> None:
        self._app = app
        self._namespace = namespace
        self.selector = {WORKLOAD_ID: str(workload_id)}
        self.labels = {APP_NAME: app, MANAGED_BY: MANAGER, **self.selector}

    def of(self, name: str | None = None, annotations: Mapping[str, str] | None = None) -> Object:
        metadata: Object = {"name": name or self._app, "namespace": self._namespace, "labels": dict(self.labels)}
        return {**metadata, "annotations": dict(annotations)} if annotations else metadata


def _secret(spec: WorkloadSpec, metadata: _Metadata, values: Mapping[str, str]) -> Object:
    data = {each.name: base64.b64encode(values[each.name].encode()).decode() for each in spec.secrets}
    name = secret_name(spec.name)
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata.of(name), "type": "Opaque", "data": data}


def _service(port: int, metadata: _Metadata) -> Object:
    ports = [{"name": PORT_NAME, "port": port, "targetPort": PORT_NAME, "protocol": "TCP"}]
    spec = {"type": "ClusterIP", "selector": dict(metadata.selector), "ports": ports}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata.of(), "spec": spec}


def _disruption_budget(metadata: _Metadata) -> Object:
    """A node that is drained takes one pod at a time; one that does not run anyway holds up nobody."""
    spec = {
        "maxUnavailable": 1,
        "unhealthyPodEvictionPolicy": "AlwaysAllow",
        "selector": {"matchLabels": dict(metadata.selector)},
    }
    return {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": metadata.of(), "spec": spec}


def _deployment(spec: WorkloadSpec, metadata: _Metadata, *, revision: int, template_revision: int) -> Object:
    template_metadata = {"labels": dict(metadata.labels), "annotations": {REVISION: str(template_revision)}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata.of(annotations={REVISION: str(revision)}),
        "spec": {
            "replicas": spec.replicas,
            "revisionHistoryLimit": _HISTORY,
            "progressDeadlineSeconds": _DEADLINE_SECONDS,
            "selector": {"matchLabels": dict(metadata.selector)},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": _rolling_update(spec)},
            "template": {"metadata": template_metadata, "spec": _pod_spec(spec, metadata)},
        },
    }


def _rolling_update(spec: WorkloadSpec) -> Object:
    """A new pod before an old one goes; or, where there is no room for that, after it."""
    return {"maxUnavailable": 0, "maxSurge": 1} if spec.surge else {"maxUnavailable": 1, "maxSurge": 0}


def _pod_spec(spec: WorkloadSpec, metadata: _Metadata) -> Object:
    return {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "terminationGracePeriodSeconds": spec.shutdown_seconds,
        "topologySpreadConstraints": [_spread(topology, metadata) for topology in _SPREAD_OVER],
        "containers": [_container(spec)],
    }


def _spread(topology: str, metadata: _Metadata) -> Object:
    """Pods of one revision apart from each other, where that can be had. It is in the template whatever the number of
    replicas, so that scaling replaces no pod."""
    return {
        "maxSkew": 1,
        "topologyKey": topology,
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": dict(metadata.selector)},
        "matchLabelKeys": ["pod-template-hash"],
    }


def _container(spec: WorkloadSpec) -> Object:
    security: Object = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    if spec.run_as_user is not None:
        security["runAsUser"] = spec.run_as_user
    container: Object = {
        "name": CONTAINER,
        "image": spec.image,
        "env": _environment(spec),
        "resources": _resources(preset(spec.size)),
        "securityContext": security,
    }
    if spec.command:
        container["command"] = list(spec.command)
    if spec.arguments:
        container["args"] = list(spec.arguments)
    if spec.port is not None:
        container["ports"] = [{"name": PORT_NAME, "containerPort": spec.port, "protocol": "TCP"}]
    return {**container, **_probes(spec)}


def _probes(spec: WorkloadSpec) -> Object:
    readiness = spec.readiness or (_ANSWERS if spec.port is not None else None)
    probes = {"startupProbe": spec.startup, "livenessProbe": spec.liveness, "readinessProbe": readiness}
    return {field: _probe(probe) for field, probe in probes.items() if probe is not None}


def _probe(probe: Probe) -> Object:
    times: Object = {
        "periodSeconds": probe.period_seconds,
        "timeoutSeconds": probe.timeout_seconds,
        "failureThreshold": probe.failures,
    }
    if probe.delay_seconds:
        times["initialDelaySeconds"] = probe.delay_seconds
    return {**_question(probe), **times}


def _question(probe: Probe) -> Object:
    if probe.command:
        return {"exec": {"command": list(probe.command)}}
    if probe.path:
        return {"httpGet": {"path": probe.path, "port": PORT_NAME}}
    return {"tcpSocket": {"port": PORT_NAME}}


def _environment(spec: WorkloadSpec) -> list[Object]:
    """The app's variables and secrets; PORT says where to listen, unless the app has a PORT of its own."""
    variables: list[Object] = [{"name": each.name, "value": _literal(each.value)} for each in spec.environment]
    taken = {each["name"] for each in variables} | {each.name for each in spec.secrets}
    if spec.port is not None and _PORT_VARIABLE not in taken:
        variables.insert(0, {"name": _PORT_VARIABLE, "value": str(spec.port)})
    return variables + [_secret_variable(spec.name, each.name) for each in spec.secrets]


def _literal(value: str) -> str:
    """A value that the container sees as it was typed: Kubernetes reads `$(NAME)` as a reference and `$$` as `$`.

    https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/. Values from
    a Secret are not expanded.
    """
    return value.replace("$", "$$") if "$(" in value or "$$" in value else value


def _secret_variable(app: str, name: str) -> Object:
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": secret_name(app), "key": name}}}


def _resources(size: SizePreset) -> Object:
    return {
        "requests": {"cpu": cores_quantity(size.cpu_request), "memory": bytes_quantity(size.memory_request)},
        "limits": {"cpu": cores_quantity(size.cpu_limit), "memory": bytes_quantity(size.memory_limit)},
    }
