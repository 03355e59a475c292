"""The Manifest Builder: from a spec to Kubernetes manifests. Pure: the same spec gives the same manifests.

What every app gets without asking: a rolling update that never drops below the replicas asked for (unless one is asked
for that does), a readiness probe on its port, pods on different nodes where there are some, one at a time of which may
be moved for the sake of a node, and what Pod Security calls `restricted`. A job gets a pod for each attempt. An app
that is autoscaled says nothing of `spec.replicas`: its HorizontalPodAutoscaler does.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from copy import deepcopy
from typing import Any
from uuid import UUID

from api.clusters.objects import APP_NAME, MANAGED_BY, MANAGER, REVISION, TRIGGER, WORKLOAD_ID, Kind
from api.manifests import files, registries
from api.manifests.claims import claim_name
from api.manifests.exposures.objects import exposing_objects
from api.manifests.exposures.profiles import ExposureProfile
from api.manifests.models import Autoscaling, Schedule, Volume, WorkloadKind, WorkloadSpec
from api.manifests.pods import PORT_NAME, pod_spec, secret_name
from api.manifests.quantities import bytes_quantity
from api.manifests.secrets import secret_data

Object = dict[str, Any]

_HISTORY = 5
_RUNS_KEPT = 3
_DEADLINE_SECONDS = 120
"""After this long without progress Kubernetes calls a rollout failed; an image that has to be pulled first fits in."""
_START_SECONDS = 300
"""A run that could not begin for so long is left out, rather than begun at a time that nobody expects."""
_REPLICAS_TO_SPARE = 2
_GIBIBYTE = 1024**3


def build(
    spec: WorkloadSpec,
    *,
    namespace: str,
    workload_id: UUID,
    revision: int,
    template_revision: int,
    secret_values: Mapping[str, str],
    exposure: ExposureProfile | None = None,
) -> list[Object]:
    """The objects of one app, in the order in which they are needed; the last is the controller, which makes its pods.

    `secret_values` go by the names of `api.manifests.secrets`. `revision` is written on the controller,
    `template_revision` (the revision that last changed the pods) on the pod template: pods are replaced when it
    changes, and not by scaling. `exposure` is the profile of the spec's mode on this installation, None where it is not
    exposed, or not any more.
    """
    metadata = _Metadata(spec.name, namespace, workload_id)
    kept = _kept(spec, metadata, secret_values)
    service = [_service(spec.port, metadata)] if spec.port is not None else []
    peers = [_peers(metadata)] if spec.kind is WorkloadKind.STATEFUL_SERVICE else []
    budget = [_disruption_budget(metadata)] if spec.least_replicas >= _REPLICAS_TO_SPARE else []
    exposing = exposing_objects(spec, exposure, metadata) if exposure is not None else []
    template: Object = {
        "metadata": {"labels": dict(metadata.labels), "annotations": {REVISION: str(template_revision)}},
        "spec": pod_spec(spec, metadata.selector),
    }
    controller = _controller(spec, metadata, template, revision)
    autoscaler = [_autoscaler(spec.autoscaling, metadata, controller)] if spec.autoscaling is not None else []
    return [*kept, *service, *peers, *budget, *exposing, *autoscaler, controller]


def labels_of(app: str, workload_id: UUID) -> dict[str, str]:
    """The labels that every object of an app has."""
    return {APP_NAME: app, MANAGED_BY: MANAGER, WORKLOAD_ID: str(workload_id)}


def pod_from(controller: Object) -> Object:
    """A pod as the controller would create it: for a dry run, as quota and Pod Security refuse pods only."""
    spec = controller["spec"]
    template = (spec["jobTemplate"]["spec"] if controller["kind"] == "CronJob" else spec)["template"]
    name = controller["metadata"]["name"]
    metadata = {"name": f"{name}-plan", "namespace": controller["metadata"]["namespace"], **template["metadata"]}
    claims = [each["metadata"]["name"] for each in spec.get("volumeClaimTemplates", ())]
    disks = [{"name": each, "persistentVolumeClaim": {"claimName": claim_name(each, name, 0)}} for each in claims]
    volumes = [*disks, *template["spec"].get("volumes", ())]
    pod = {**template["spec"], "volumes": volumes} if volumes else template["spec"]
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": pod}


def run_from(controller: Object, name: str, owner: Object | None) -> Object:
    """One more run of a job, by hand: as its schedule, the `owner`, would make it, or as a job's own was made.

    It carries the revision that its pods do, also where a later one has changed the schedule alone.
    Source: `kubectl create job --from=cronjob/…`.
    """
    metadata = controller["metadata"]
    run: Object = {"name": name, "namespace": metadata["namespace"], "labels": dict(metadata["labels"])}
    spec = controller["spec"] if owner is None else controller["spec"]["jobTemplate"]["spec"]
    annotations = {REVISION: spec["template"]["metadata"]["annotations"][REVISION], TRIGGER: "manual"}
    if owner is not None:
        annotations["cronjob.kubernetes.io/instantiate"] = "manual"
        run["ownerReferences"] = [
            {
                "apiVersion": "batch/v1",
                "kind": "CronJob",
                "name": owner["metadata"]["name"],
                "uid": owner["metadata"]["uid"],
                "controller": True,
                "blockOwnerDeletion": True,
            }
        ]
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {**run, "annotations": annotations}, "spec": spec}


def controller_name(spec: WorkloadSpec, template_revision: int) -> str:
    """The name of the object that makes the app's pods: a Job of its own for each revision, as none can be changed."""
    return f"{spec.name}-{template_revision}" if spec.kind is WorkloadKind.JOB else spec.name


class _Metadata:
    """The names and labels that all objects of one app share."""

    def __init__(self, app: str, namespace: str, workload_id: UUID) -> None:
        self.app = app
        self.namespace = namespace
        self.selector = {WORKLOAD_ID: str(workload_id)}
        self.labels = labels_of(app, workload_id)

    def of(self, name: str | None = None, annotations: Mapping[str, str] | None = None) -> Object:
        metadata: Object = {"name": name or self.app, "namespace": self.namespace, "labels": dict(self.labels)}
        return {**metadata, "annotations": dict(annotations)} if annotations else metadata


def _kept(spec: WorkloadSpec, metadata: _Metadata, values: Mapping[str, str]) -> list[Object]:
    """What the pods refer to: secrets, files, and the credentials of the registry."""
    kept: list[Object] = []
    if data := secret_data(spec, values):
        kept.append(_secret(metadata.of(secret_name(spec.name)), "Opaque", data))
    if spec.files:
        config_map = metadata.of(files.config_map_name(spec.name))
        kept.append({"apiVersion": "v1", "kind": "ConfigMap", "metadata": config_map, "data": files.config_data(spec)})
    if spec.registry_credentials is not None:
        name = registries.secret_name(spec.name)
        config = registries.pull_config(spec, spec.registry_credentials, values)
        kept.append(_secret(metadata.of(name), registries.DOCKER_CONFIG_TYPE, {registries.DOCKER_CONFIG: config}))
    return kept


def _secret(metadata: Object, type_: str, data: Mapping[str, str]) -> Object:
    encoded = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": type_, "data": encoded}


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


def _autoscaler(autoscaling: Autoscaling, metadata: _Metadata, controller: Object) -> Object:
    targets = {"cpu": autoscaling.cpu_percent, "memory": autoscaling.memory_percent}
    spec = {
        "scaleTargetRef": {
            "apiVersion": controller["apiVersion"],
            "kind": controller["kind"],
            "name": controller["metadata"]["name"],
        },
        "minReplicas": autoscaling.min_replicas,
        "maxReplicas": autoscaling.max_replicas,
        "metrics": [_utilization(name, percent) for name, percent in targets.items() if percent is not None],
    }
    kind = Kind.HORIZONTAL_POD_AUTOSCALER
    return {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": metadata.of(), "spec": spec}


def _utilization(resource: str, percent: int) -> Object:
    target = {"type": "Utilization", "averageUtilization": percent}
    return {"type": "Resource", "resource": {"name": resource, "target": target}}


def _peers(metadata: _Metadata) -> Object:
    """The names by which the replicas of a stateful service find each other, those that are not ready yet too."""
    spec = {"clusterIP": "None", "publishNotReadyAddresses": True, "selector": dict(metadata.selector)}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata.of(peers_name(metadata.app)), "spec": spec}


def peers_name(app: str) -> str:
    """The Service under which each replica has a name: `<app>-<ordinal>.<this>`."""
    return f"{app}-pods"


def _controller(spec: WorkloadSpec, metadata: _Metadata, template: Object, revision: int) -> Object:
    name = controller_name(spec, int(template["metadata"]["annotations"][REVISION]))
    head = metadata.of(name, annotations={REVISION: str(revision)})
    match spec.kind:
        case WorkloadKind.WEB_SERVICE | WorkloadKind.WORKER:
            return {**_apps("Deployment", head), "spec": _deployment(spec, metadata, template)}
        case WorkloadKind.STATEFUL_SERVICE:
            return {**_apps("StatefulSet", head), "spec": _stateful_set(spec, metadata, template)}
        case WorkloadKind.JOB:
            return {**_batch("Job", head), "spec": _job(spec, template)}
        case WorkloadKind.SCHEDULED_JOB:
            if spec.schedule is None:
                raise ValueError("a scheduled job without a schedule does not pass the rules")
            return {**_batch("CronJob", head), "spec": _cron_job(spec, spec.schedule, template)}


def _apps(kind: str, metadata: Object) -> Object:
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": metadata}


def _batch(kind: str, metadata: Object) -> Object:
    return {"apiVersion": "batch/v1", "kind": kind, "metadata": metadata}


def _deployment(spec: WorkloadSpec, metadata: _Metadata, template: Object) -> Object:
    return {
        **_replicas(spec),
        "revisionHistoryLimit": _HISTORY,
        "progressDeadlineSeconds": _DEADLINE_SECONDS,
        "selector": {"matchLabels": dict(metadata.selector)},
        "strategy": {"type": "RollingUpdate", "rollingUpdate": _rolling_update(spec)},
        "template": template,
    }


def _replicas(spec: WorkloadSpec) -> Object:
    return {"replicas": spec.replicas} if spec.autoscaling is None else {}


def _rolling_update(spec: WorkloadSpec) -> Object:
    """A new pod before an old one goes; or, where there is no room for that, after it."""
    return {"maxUnavailable": 0, "maxSurge": 1} if spec.surge else {"maxUnavailable": 1, "maxSurge": 0}


def _stateful_set(spec: WorkloadSpec, metadata: _Metadata, template: Object) -> Object:
    """Replicas start together: one after the other, a revision that does not come up would have to be cleared away by
    hand before the next could replace it.
    https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback
    """
    return {
        **_replicas(spec),
        "revisionHistoryLimit": _HISTORY,
        "serviceName": peers_name(spec.name),
        "podManagementPolicy": "Parallel",
        "selector": {"matchLabels": dict(metadata.selector)},
        "updateStrategy": {"type": "RollingUpdate"},
        "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
        "template": template,
        "volumeClaimTemplates": [_claim(volume, metadata) for volume in spec.volumes],
    }


def _claim(volume: Volume, metadata: _Metadata) -> Object:
    spec: Object = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": bytes_quantity(volume.size_gib * _GIBIBYTE)}},
    }
    if volume.storage_class:
        spec["storageClassName"] = volume.storage_class
    return {"metadata": {"name": volume.name, "labels": dict(metadata.labels)}, "spec": spec}


def _cron_job(spec: WorkloadSpec, schedule: Schedule, template: Object) -> Object:
    return {
        "schedule": schedule.cron,
        "timeZone": schedule.time_zone,
        "concurrencyPolicy": schedule.concurrency.value,
        "suspend": schedule.suspended,
        "startingDeadlineSeconds": _START_SECONDS,
        "successfulJobsHistoryLimit": _RUNS_KEPT,
        "failedJobsHistoryLimit": _RUNS_KEPT,
        "jobTemplate": {"metadata": deepcopy(template["metadata"]), "spec": _job(spec, template)},
    }


def _job(spec: WorkloadSpec, template: Object) -> Object:
    job: Object = {"backoffLimit": spec.retries, "template": template}
    return job if spec.time_limit_seconds is None else {**job, "activeDeadlineSeconds": spec.time_limit_seconds}
