"""The pods of an app: one container, guarded as Pod Security's `restricted` wants it.

https://kubernetes.io/docs/concepts/security/pod-security-standards/.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.manifests import files, registries
from api.manifests.models import Probe, Volume, WorkloadKind, WorkloadSpec
from api.manifests.sizes import quantities_of, resources_of

Object = dict[str, Any]

CONTAINER = "app"
PORT_NAME = "http"
_PORT_VARIABLE = "PORT"
_SPREAD_OVER = ("kubernetes.io/hostname", "topology.kubernetes.io/zone")
_ANSWERS = Probe(period_seconds=5)
"""When a pod whose developer says nothing of it gets requests: once its port answers."""
_FILES_GROUP = 1000
"""Whose the files of a volume, and secret files, are, where the app's user is not known: every process of the pod is in
this group."""


def secret_name(app: str) -> str:
    """The name of an app's Secret.

    It stays the same from revision to revision, and the annotation `moorage.dev/revision` of the pod template is what
    replaces the pods when a value changes. A Secret of its own for each revision would give pods that are on their way
    out their old values to the last, and in return would have to be kept for as long as a ReplicaSet may need it, and
    count against the namespace's quota. Rolling back writes the former values again: they are in the revision.
    """
    return f"{app}-secrets"


def pod_spec(spec: WorkloadSpec, selector: Mapping[str, str]) -> Object:
    """The specification of a pod; `selector` finds the pods of the same app."""
    guarded: Object = {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "securityContext": _security(spec),
        "terminationGracePeriodSeconds": spec.shutdown_seconds,
        "containers": [_container(spec)],
    }
    if volumes := files.volumes(spec, secret_name=secret_name(spec.name)):
        guarded["volumes"] = volumes
    if spec.registry_credentials is not None:
        guarded["imagePullSecrets"] = [{"name": registries.secret_name(spec.name)}]
    if spec.kind.runs_to_an_end:
        return {**guarded, "restartPolicy": "Never"}  # a pod for each attempt, so that each keeps its log
    return {**guarded, "topologySpreadConstraints": [_spread(topology, spec, selector) for topology in _SPREAD_OVER]}


def _security(spec: WorkloadSpec) -> Object:
    security: Object = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    if spec.volumes or spec.secret_files:
        security |= {"fsGroup": spec.run_as_user or _FILES_GROUP, "fsGroupChangePolicy": "OnRootMismatch"}
    return security


def _spread(topology: str, spec: WorkloadSpec, selector: Mapping[str, str]) -> Object:
    """Pods of one revision apart from each other, where that can be had. It is in the template whatever the number of
    replicas, so that scaling replaces no pod."""
    is_stateful = spec.kind is WorkloadKind.STATEFUL_SERVICE
    return {
        "maxSkew": 1,
        "topologyKey": topology,
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": dict(selector)},
        "matchLabelKeys": ["controller-revision-hash" if is_stateful else "pod-template-hash"],
    }


def _container(spec: WorkloadSpec) -> Object:
    security: Object = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    if spec.run_as_user is not None:
        security["runAsUser"] = spec.run_as_user
    container: Object = {
        "name": CONTAINER,
        "image": spec.image,
        "resources": quantities_of(resources_of(spec)),
        "securityContext": security,
    }
    if environment := _environment(spec):
        container["env"] = environment
    if spec.command:
        container["command"] = list(spec.command)
    if spec.arguments:
        container["args"] = list(spec.arguments)
    if spec.port is not None:
        container["ports"] = [{"name": PORT_NAME, "containerPort": spec.port, "protocol": "TCP"}]
    if mounts := [*(_mount(volume) for volume in spec.volumes), *files.mounts(spec)]:
        container["volumeMounts"] = mounts
    return container if spec.kind.runs_to_an_end else {**container, **_probes(spec)}


def _mount(volume: Volume) -> Object:
    return {"name": volume.name, "mountPath": volume.path}


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
