"""What is refused with 422 Invalid, field by field.

Source: pkg/apis/*/validation of Kubernetes; what a platform's users can get wrong, rather than all of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from .metadata import metadata_errors
from .names import (
    Errors,
    amount,
    config_key,
    dns_label,
    labels,
    not_negative,
    port_number,
)
from .objects import Obj, labels_of
from .podsecurity import LEVELS, MODES
from .podvalidation import ALWAYS, pod_spec, unique
from .resources import Resource
from .schedules import is_time_zone, schedule_error
from .selectors import selects
from .status import forbidden_field, invalid, invalid_value, required, unsupported

_SERVICE_TYPES = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
_PATH_TYPES = ("Exact", "ImplementationSpecific", "Prefix")
_PERCENT = re.compile(r"[0-9]+%")
_PERCENT_DETAIL = (
    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for "
    "validation is '[0-9]+%')"
)
_SCALES_FROM_ZERO = frozenset({"Object", "External"})
_JOB_RESTART = frozenset({"Never", "OnFailure"})


def validate(resource: Resource, obj: Obj) -> None:
    """Raises ApiError 422 with a cause for each field that is wrong."""
    errors = [*metadata_errors(resource, obj["metadata"])]
    if check := _CHECKS.get(resource.kind):
        errors += check(obj)
    if errors:
        raise invalid(resource, obj["metadata"].get("name", ""), errors)


def _namespace(obj: Obj) -> Errors:
    """The levels of Pod Security, which its admission plugin checks."""
    for name, value in labels_of(obj).items():
        if name in MODES and value not in LEVELS:
            field = f"metadata.labels[{name}]"
            yield invalid_value(field, value, f"must be one of {', '.join(LEVELS)}")


def _pod(obj: Obj) -> Errors:
    return pod_spec(obj["spec"], "spec")


def _replicated(obj: Obj) -> Errors:
    """What Deployment, ReplicaSet, StatefulSet and DaemonSet have in common."""
    spec = obj["spec"]
    for name in ("replicas", "minReadySeconds", "revisionHistoryLimit"):
        yield from not_negative(f"spec.{name}", spec.get(name))
    yield from _selector(obj["kind"], spec.get("selector"), spec["template"]["metadata"].get("labels"))
    yield from labels("spec.template.labels", spec["template"]["metadata"].get("labels") or {})
    yield from pod_spec(spec["template"]["spec"], "spec.template.spec", ALWAYS)


def _stateful_set(obj: Obj) -> Errors:
    """Its claims become volumes of the pods only: their mounts refer to something."""
    spec = obj["spec"]
    template = spec["template"]["spec"]
    claims = [{"name": each["metadata"].get("name")} for each in spec.get("volumeClaimTemplates") or ()]
    volumes = [*claims, *(each for each in template.get("volumes") or () if each not in claims)]
    completed = {**spec["template"], "spec": {**template, "volumes": volumes}}
    yield from _replicated({**obj, "spec": {**spec, "template": completed}})


def _selector(kind: str, selector: Obj | None, template_labels: Any) -> Errors:
    if selector is None:
        yield required("spec.selector")
    elif not selector:
        yield invalid_value("spec.selector", selector, f"empty selector is invalid for {kind.lower()}")
    if not selects(selector, template_labels or {}):
        detail = "`selector` does not match template `labels`"
        yield invalid_value("spec.template.metadata.labels", template_labels, detail)


def _deployment(obj: Obj) -> Errors:
    yield from _replicated(obj)
    spec = obj["spec"]
    yield from _strategy(spec["strategy"])
    if spec["progressDeadlineSeconds"] <= spec.get("minReadySeconds", 0):
        detail = "must be greater than minReadySeconds"
        yield invalid_value("spec.progressDeadlineSeconds", spec["progressDeadlineSeconds"], detail)


def _strategy(strategy: Obj) -> Errors:
    match strategy["type"]:
        case "RollingUpdate":
            yield from _rolling_update(strategy["rollingUpdate"])
        case "Recreate":
            if strategy.get("rollingUpdate") is not None:
                detail = "may not be specified when strategy `type` is 'Recreate'"
                yield forbidden_field("spec.strategy.rollingUpdate", detail)
        case other:
            shown = {"Type": other, "RollingUpdate": strategy.get("rollingUpdate")}
            yield unsupported("spec.strategy", shown, ("Recreate", "RollingUpdate"))


def _rolling_update(rolling: Obj) -> Errors:
    field = "spec.strategy.rollingUpdate"
    for name in ("maxUnavailable", "maxSurge"):
        value = rolling[name]
        if isinstance(value, str) and not _PERCENT.fullmatch(value):
            yield invalid_value(f"{field}.{name}", value, _PERCENT_DETAIL)
        yield from not_negative(f"{field}.{name}", value)
    if rolling["maxSurge"] in {0, "0%"} and rolling["maxUnavailable"] in {0, "0%"}:
        detail = "may not be 0 when `maxSurge` is 0"
        yield invalid_value(f"{field}.maxUnavailable", rolling["maxUnavailable"], detail)


def _job(obj: Obj) -> Errors:
    return _job_spec(obj["spec"], "spec")


def _job_spec(spec: Obj, field: str) -> Errors:
    for name in ("parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished"):
        yield from not_negative(f"{field}.{name}", spec.get(name))
    template = spec["template"]["spec"]
    if template["restartPolicy"] == "Always":
        yield required(f"{field}.template.spec.restartPolicy", 'valid values: "OnFailure", "Never"')
        template = {**template, "restartPolicy": "Never"}
    yield from pod_spec(template, f"{field}.template.spec", _JOB_RESTART)


def _cron_job(obj: Obj) -> Errors:
    spec = obj["spec"]
    schedule = str(spec.get("schedule", ""))
    if not schedule.strip():
        yield required("spec.schedule")
    elif detail := schedule_error(schedule):
        yield invalid_value("spec.schedule", schedule, detail)
    zone = spec.get("timeZone")
    if zone is not None and not is_time_zone(zone):
        yield invalid_value("spec.timeZone", zone, f"unknown time zone {zone}")
    yield from _job_spec(spec["jobTemplate"]["spec"], "spec.jobTemplate.spec")


def _service(obj: Obj) -> Errors:
    spec = obj["spec"]
    ports = spec.get("ports") or []
    if not ports and spec.get("clusterIP") != "None" and spec["type"] != "ExternalName":
        yield required("spec.ports")
    for index, port in enumerate(ports):
        yield from _service_port(port, f"spec.ports[{index}]", named=len(ports) > 1)
    yield from unique([port.get("name") for port in ports], "spec.ports[{}].name")
    if spec["type"] not in _SERVICE_TYPES:
        yield unsupported("spec.type", spec["type"], _SERVICE_TYPES)
    yield from labels("spec.selector", spec.get("selector") or {})
    for name in ("loadBalancerClass", "allocateLoadBalancerNodePorts"):
        if spec["type"] != "LoadBalancer" and spec.get(name) is not None:
            yield forbidden_field(f"spec.{name}", "may only be used when `type` is 'LoadBalancer'")


def _ingress(obj: Obj) -> Errors:
    spec = obj["spec"]
    if not spec.get("rules") and not spec.get("defaultBackend"):
        yield invalid_value("spec", spec, "either `defaultBackend` or `rules` must be specified")
    for index, rule in enumerate(spec.get("rules") or ()):
        for position, path in enumerate((rule.get("http") or {}).get("paths") or ()):
            field = f"spec.rules[{index}].http.paths[{position}].pathType"
            if not path.get("pathType"):
                yield required(field, "pathType must be specified")
            elif path["pathType"] not in _PATH_TYPES:
                yield unsupported(field, path["pathType"], _PATH_TYPES)


def _service_port(port: Obj, field: str, *, named: bool) -> Errors:
    if port.get("name"):
        yield from dns_label(f"{field}.name", port["name"])
    elif named:
        yield required(f"{field}.name")
    yield from port_number(f"{field}.port", port.get("port", 0))
    yield from port_number(f"{field}.targetPort", port.get("targetPort", 0))


def _config_map(obj: Obj) -> Errors:
    for field in ("data", "binaryData"):
        for key in obj.get(field) or {}:
            yield from config_key(f"{field}[{key}]", key)


def _resource_quota(obj: Obj) -> Errors:
    for name, value in (obj["spec"].get("hard") or {}).items():
        yield from amount(f"spec.hard[{name}]", value)


def _autoscaler(obj: Obj) -> Errors:
    spec = obj["spec"]
    yield from _bounds(spec)
    for name in ("kind", "name"):
        if not (spec.get("scaleTargetRef") or {}).get(name):
            yield required(f"spec.scaleTargetRef.{name}")
    for index, metric in enumerate(spec["metrics"]):
        if metric["type"] == "Resource":
            yield from _resource_target((metric.get("resource") or {}).get("target") or {}, index)


def _bounds(spec: Obj) -> Errors:
    least, most = spec["minReplicas"], spec.get("maxReplicas", 0)
    yield from not_negative("spec.minReplicas", least)
    if most == 0:
        yield required("spec.maxReplicas", "must be set and greater than 0")
    elif most < 0:
        yield invalid_value("spec.maxReplicas", most, "must be greater than or equal to 1")
    if most < least:
        yield invalid_value("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`")
    if least == 0 and all(metric["type"] not in _SCALES_FROM_ZERO for metric in spec["metrics"]):
        detail = "must specify at least one Object or External metric to support scaling to zero replicas"
        yield forbidden_field("spec.metrics", detail)


def _resource_target(target: Obj, index: int) -> Errors:
    field = f"spec.metrics[{index}].resource.target.averageUtilization"
    percent = target.get("averageUtilization")
    if percent is None and target.get("averageValue") is None:
        yield required(field, "must set either a target raw value or a target utilization")
    elif percent is not None and percent < 1:
        yield invalid_value(field, percent, "must be greater than 0")


_CHECKS: Mapping[str, Callable[[Obj], Errors]] = {
    "ConfigMap": _config_map,
    "CronJob": _cron_job,
    "DaemonSet": _replicated,
    "Deployment": _deployment,
    "HorizontalPodAutoscaler": _autoscaler,
    "Ingress": _ingress,
    "Job": _job,
    "Namespace": _namespace,
    "Pod": _pod,
    "ReplicaSet": _replicated,
    "ResourceQuota": _resource_quota,
    "Secret": _config_map,
    "Service": _service,
    "StatefulSet": _stateful_set,
}
