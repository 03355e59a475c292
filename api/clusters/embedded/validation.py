"""What is refused with 422 Invalid, field by field.

Source: pkg/apis/*/validation of Kubernetes; what a platform's users can get wrong, rather than all of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from . import quantity
from .objects import Obj
from .resources import Resource
from .status import (
    FieldError,
    duplicate,
    forbidden_field,
    invalid,
    invalid_value,
    not_found_field,
    required,
    unsupported,
)

Errors: TypeAlias = Iterator[FieldError]

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_DNS_1035 = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
_QUALIFIED = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
_PATH_SEGMENT = re.compile(r"(?!\.{1,2}$)[^/%]+")
_CONFIG_KEY = re.compile(r"[-._a-zA-Z0-9]+")
_ENVIRONMENT = re.compile(r"[ -<>-~]+")
_MAX_LABEL = 63
_MAX_SUBDOMAIN = 253
_MAX_PORT = 65535
_MAX_PORT_NAME = 15

_LABEL_DETAIL = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with "
    "an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
)
_SUBDOMAIN_DETAIL = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
_DNS_1035_DETAIL = (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, "
    "and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is "
    "'[a-z]([-a-z0-9]*[a-z0-9])?')"
)
_QUALIFIED_DETAIL = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
    "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
_LABEL_VALUE_DETAIL = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)
_PORT_DETAIL = "must be between 1 and 65535, inclusive"
_NOT_NEGATIVE = "must be greater than or equal to 0"
_IMMUTABLE = "field is immutable"

_NAMED_BY_LABEL = frozenset({"Namespace"})
_NAMED_BY_PATH_SEGMENT = frozenset({"Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"})


def validate(resource: Resource, obj: Obj) -> None:
    """Raises ApiError 422 with a cause for each field that is wrong."""
    errors = [*_metadata(resource, obj["metadata"])]
    if check := _CHECKS.get(resource.kind):
        errors += check(obj)
    _refuse(resource, obj, errors)


def validate_update(resource: Resource, before: Obj, after: Obj) -> None:
    """Raises ApiError 422 for what may not change."""
    if check := _UPDATE_CHECKS.get(resource.kind):
        _refuse(resource, after, [*check(before, after)])


def _refuse(resource: Resource, obj: Obj, errors: list[FieldError]) -> None:
    if errors:
        raise invalid(resource, obj["metadata"].get("name", ""), errors)


# Names


def _dns_label(field: str, value: str) -> Errors:
    if len(value) > _MAX_LABEL:
        yield invalid_value(field, value, f"must be no more than {_MAX_LABEL} characters")
    elif not _LABEL.fullmatch(value):
        yield invalid_value(field, value, _LABEL_DETAIL)


def _subdomain(field: str, value: str) -> Errors:
    if len(value) > _MAX_SUBDOMAIN:
        yield invalid_value(field, value, f"must be no more than {_MAX_SUBDOMAIN} characters")
    elif not _SUBDOMAIN.fullmatch(value):
        yield invalid_value(field, value, _SUBDOMAIN_DETAIL)


def _dns_1035(field: str, value: str) -> Errors:
    if len(value) > _MAX_LABEL:
        yield invalid_value(field, value, f"must be no more than {_MAX_LABEL} characters")
    elif not _DNS_1035.fullmatch(value):
        yield invalid_value(field, value, _DNS_1035_DETAIL)


def _path_segment(field: str, value: str) -> Errors:
    if not _PATH_SEGMENT.fullmatch(value):
        yield invalid_value(field, value, "may not contain '/' or '%', nor be '.' or '..'")


def _name(resource: Resource, value: str) -> Errors:
    if resource.kind in _NAMED_BY_LABEL:
        return _dns_label("metadata.name", value)
    if resource.kind in _NAMED_BY_PATH_SEGMENT:
        return _path_segment("metadata.name", value)
    if resource.kind == "Service":
        return _dns_1035("metadata.name", value)
    return _subdomain("metadata.name", value)


def _metadata(resource: Resource, metadata: Obj) -> Errors:
    if not metadata.get("name"):
        yield required("metadata.name", "name or generateName is required")
    else:
        yield from _name(resource, metadata["name"])
    yield from labels("metadata.labels", metadata.get("labels") or {})
    for key in metadata.get("annotations") or {}:
        yield from _qualified("metadata.annotations", key.lower())
    for index, reference in enumerate(metadata.get("ownerReferences") or ()):
        for name in ("apiVersion", "kind", "name", "uid"):
            if not reference.get(name):
                yield required(f"metadata.ownerReferences[{index}].{name}")


def labels(field: str, values: Mapping[str, Any]) -> Errors:
    for key, value in values.items():
        yield from _qualified(field, key)
        if len(value) > _MAX_LABEL:
            yield invalid_value(field, value, f"must be no more than {_MAX_LABEL} characters")
        elif value and not _QUALIFIED.fullmatch(value):
            yield invalid_value(field, value, _LABEL_VALUE_DETAIL)


def _qualified(field: str, key: str) -> Errors:
    prefix, slash, name = key.rpartition("/")
    if slash and not _SUBDOMAIN.fullmatch(prefix):
        yield invalid_value(field, key, f"prefix part {_SUBDOMAIN_DETAIL}")
    if len(name) > _MAX_LABEL:
        yield invalid_value(field, key, f"name part must be no more than {_MAX_LABEL} characters")
    elif not _QUALIFIED.fullmatch(name):
        yield invalid_value(field, key, _QUALIFIED_DETAIL)


# Pods


def pod_spec(spec: Obj, field: str, restart_policies: frozenset[str] | None = None) -> Errors:
    volumes = [volume.get("name") for volume in spec.get("volumes") or ()]
    yield from _unique(volumes, field + ".volumes[{}].name")
    containers = spec.get("containers") or []
    if not containers:
        yield required(f"{field}.containers")
    yield from _unique([container.get("name") for container in containers], field + ".containers[{}].name")
    for name in ("initContainers", "containers"):
        for index, container in enumerate(spec.get(name) or ()):
            yield from _container(container, f"{field}.{name}[{index}]", frozenset(volumes))
    policy = spec.get("restartPolicy")
    allowed = restart_policies or frozenset({"Always", "OnFailure", "Never"})
    if policy not in allowed:
        yield unsupported(f"{field}.restartPolicy", policy, sorted(allowed))


def _unique(values: list[Any], field: str) -> Errors:
    for index, value in enumerate(values):
        if value is not None and value in values[:index]:
            yield duplicate(field.format(index), value)


def _container(container: Obj, field: str, volumes: frozenset[str]) -> Errors:
    if not container.get("name"):
        yield required(f"{field}.name")
    else:
        yield from _dns_label(f"{field}.name", container["name"])
    yield from _image(container.get("image"), f"{field}.image")
    for index, port in enumerate(container.get("ports") or ()):
        yield from _container_port(port, f"{field}.ports[{index}]")
    for index, variable in enumerate(container.get("env") or ()):
        yield from _variable(variable, f"{field}.env[{index}]")
    for index, mount in enumerate(container.get("volumeMounts") or ()):
        yield from _mount(mount, f"{field}.volumeMounts[{index}]", volumes)
    yield from _resources(container.get("resources") or {}, f"{field}.resources")
    for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
        yield from _probe(container.get(probe), f"{field}.{probe}")


def _image(image: Any, field: str) -> Errors:
    if not image:
        yield required(field)
    elif image != str(image).strip():
        yield invalid_value(field, image, "must not have leading or trailing whitespace")


def _container_port(port: Obj, field: str) -> Errors:
    number = port.get("containerPort")
    if not number:
        yield required(f"{field}.containerPort")
    elif not 0 < number <= _MAX_PORT:
        yield invalid_value(f"{field}.containerPort", number, _PORT_DETAIL)
    if name := port.get("name"):
        yield from _port_name(name, f"{field}.name")
    if port.get("protocol") not in {"TCP", "UDP", "SCTP"}:
        yield unsupported(f"{field}.protocol", port.get("protocol"), ["SCTP", "TCP", "UDP"])


def _port_name(name: str, field: str) -> Errors:
    if len(name) > _MAX_PORT_NAME:
        yield invalid_value(field, name, f"must be no more than {_MAX_PORT_NAME} characters")
    elif not _LABEL.fullmatch(name):
        yield invalid_value(field, name, "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    elif not re.search("[a-z]", name):
        yield invalid_value(field, name, "must contain at least one letter (a-z)")


def _variable(variable: Obj, field: str) -> Errors:
    name = variable.get("name")
    if not name:
        yield required(f"{field}.name")
    elif not _ENVIRONMENT.fullmatch(name):
        detail = "a valid environment variable name must consist only of printable ASCII characters other than '='"
        yield invalid_value(f"{field}.name", name, detail)
    if variable.get("value") and variable.get("valueFrom"):
        yield invalid_value(f"{field}.valueFrom", "", "may not be specified when `value` is not empty")


def _mount(mount: Obj, field: str, volumes: frozenset[str]) -> Errors:
    if not mount.get("name"):
        yield required(f"{field}.name")
    elif mount["name"] not in volumes:
        yield not_found_field(f"{field}.name", mount["name"])
    if not mount.get("mountPath"):
        yield required(f"{field}.mountPath")


def _resources(resources: Obj, field: str) -> Errors:
    limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
    for kind, values in (("limits", limits), ("requests", requests)):
        for name, value in values.items():
            yield from quantity_at(value, f"{field}.{kind}[{name}]")
    for name, request in requests.items():
        if name in limits and _exceeds(request, limits[name]):
            detail = f"must be less than or equal to {name} limit of {limits[name]}"
            yield invalid_value(f"{field}.requests", request, detail)


def quantity_at(value: Any, field: str) -> Errors:
    try:
        number = quantity.parse(value)
    except ValueError as error:
        yield invalid_value(field, value, str(error))
    else:
        if number < 0:
            yield invalid_value(field, value, _NOT_NEGATIVE)


def _exceeds(request: Any, limit: Any) -> bool:
    try:
        return quantity.parse(request) > quantity.parse(limit)
    except ValueError:
        return False


def _probe(probe: Obj | None, field: str) -> Errors:
    if probe is None:
        return
    handlers = [name for name in ("exec", "httpGet", "tcpSocket", "grpc") if probe.get(name) is not None]
    if not handlers:
        yield required(field, "must specify a handler type")
    for name in handlers[1:]:
        yield forbidden_field(f"{field}.{name}", "may not specify more than 1 handler type")
    for name in ("httpGet", "tcpSocket"):
        port = (probe.get(name) or {}).get("port")
        if isinstance(port, int) and not 0 < port <= _MAX_PORT:
            yield invalid_value(f"{field}.{name}.port", port, _PORT_DETAIL)
    for name in ("initialDelaySeconds", "periodSeconds", "timeoutSeconds", "failureThreshold"):
        yield from _not_negative(probe.get(name), f"{field}.{name}")


def _not_negative(value: Any, field: str) -> Errors:
    if isinstance(value, int) and value < 0:
        yield invalid_value(field, value, _NOT_NEGATIVE)


# Kinds


def _pod(obj: Obj) -> Errors:
    return pod_spec(obj["spec"], "spec")


_ALWAYS = frozenset({"Always"})


def _replicated(obj: Obj) -> Errors:
    """What Deployment, ReplicaSet, StatefulSet and DaemonSet have in common."""
    spec = obj["spec"]
    yield from _not_negative(spec.get("replicas"), "spec.replicas")
    yield from _not_negative(spec.get("minReadySeconds"), "spec.minReadySeconds")
    yield from _not_negative(spec.get("revisionHistoryLimit"), "spec.revisionHistoryLimit")
    yield from _selector(spec.get("selector"), spec["template"])
    yield from labels("spec.template.labels", spec["template"]["metadata"].get("labels") or {})
    yield from pod_spec(spec["template"]["spec"], "spec.template.spec", _ALWAYS)


def _selector(selector: Obj | None, template: Obj) -> Errors:
    from .selectors import selects

    if selector is None:
        yield required("spec.selector")
        selector = {}
    if not selector:
        yield invalid_value("spec.selector", selector, "empty selector is invalid for deployment")
    template_labels = template["metadata"].get("labels") or {}
    if not selects(selector, template_labels):
        yield invalid_value(
            "spec.template.metadata.labels", template_labels, "`selector` does not match template `labels`"
        )


def _deployment(obj: Obj) -> Errors:
    yield from _replicated(obj)
    spec = obj["spec"]
    strategy = spec["strategy"]
    if strategy["type"] not in {"RollingUpdate", "Recreate"}:
        yield unsupported("spec.strategy.type", strategy["type"], ["Recreate", "RollingUpdate"])
    elif strategy["type"] == "Recreate" and strategy.get("rollingUpdate") is not None:
        detail = "may not be specified when strategy `type` is 'Recreate'"
        yield forbidden_field("spec.strategy.rollingUpdate", detail)
    elif strategy["type"] == "RollingUpdate":
        yield from _rolling_update(strategy["rollingUpdate"])
    if spec["progressDeadlineSeconds"] <= spec.get("minReadySeconds", 0):
        detail = "must be greater than minReadySeconds"
        yield invalid_value("spec.progressDeadlineSeconds", spec["progressDeadlineSeconds"], detail)


def _rolling_update(rolling: Obj) -> Errors:
    field = "spec.strategy.rollingUpdate"
    for name in ("maxSurge", "maxUnavailable"):
        value = rolling[name]
        if isinstance(value, str) and not re.fullmatch(r"\d+%", value):
            detail = (
                "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', "
                "regex used for validation is '[0-9]+%')"
            )
            yield invalid_value(f"{field}.{name}", value, detail)
        yield from _not_negative(value, f"{field}.{name}")
    if rolling["maxSurge"] in {0, "0%"} and rolling["maxUnavailable"] in {0, "0%"}:
        detail = "may not be 0 when `maxSurge` is 0"
        yield invalid_value(f"{field}.maxUnavailable", rolling["maxUnavailable"], detail)


def _job(obj: Obj) -> Errors:
    spec = obj["spec"]
    for name in ("parallelism", "completions", "backoffLimit", "activeDeadlineSeconds", "ttlSecondsAfterFinished"):
        yield from _not_negative(spec.get(name), f"spec.{name}")
    allowed = frozenset({"OnFailure", "Never"})
    template = spec["template"]["spec"]
    if template.get("restartPolicy") not in allowed:
        detail = 'valid values: "OnFailure", "Never"'
        yield (
            required("spec.template.spec.restartPolicy", detail)
            if False
            else unsupported("spec.template.spec.restartPolicy", template.get("restartPolicy"), sorted(allowed))
        )
    yield from pod_spec({**template, "restartPolicy": "Never"}, "spec.template.spec")


def _cron_job(obj: Obj) -> Errors:
    if not obj["spec"].get("schedule"):
        yield required("spec.schedule")
    template = obj["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    allowed = frozenset({"OnFailure", "Never"})
    yield from pod_spec(template, "spec.jobTemplate.spec.template.spec", allowed)


_SERVICE_TYPES = frozenset({"ClusterIP", "NodePort", "LoadBalancer", "ExternalName"})


def _service(obj: Obj) -> Errors:
    spec = obj["spec"]
    ports = spec.get("ports") or []
    if not ports and spec.get("clusterIP") != "None" and spec["type"] != "ExternalName":
        yield required("spec.ports")
    for index, port in enumerate(ports):
        yield from _service_port(port, f"spec.ports[{index}]", named=len(ports) > 1)
    yield from _unique([port.get("name") for port in ports], "spec.ports[{}].name")
    if spec["type"] not in _SERVICE_TYPES:
        yield unsupported("spec.type", spec["type"], sorted(_SERVICE_TYPES))
    yield from labels("spec.selector", spec.get("selector") or {})


def _service_port(port: Obj, field: str, *, named: bool) -> Errors:
    if port.get("name"):
        yield from _dns_label(f"{field}.name", port["name"])
    elif named:
        yield required(f"{field}.name")
    number = port.get("port") or 0
    if not 0 < number <= _MAX_PORT:
        yield invalid_value(f"{field}.port", number, _PORT_DETAIL)
    target = port.get("targetPort")
    if isinstance(target, int) and not 0 < target <= _MAX_PORT and target != number:
        yield invalid_value(f"{field}.targetPort", target, _PORT_DETAIL)


def _config_map(obj: Obj) -> Errors:
    for key in (*(obj.get("data") or {}), *(obj.get("binaryData") or {})):
        yield from _config_key(key, f"data[{key}]")


def _secret(obj: Obj) -> Errors:
    for key in obj.get("data") or {}:
        yield from _config_key(key, f"data[{key}]")


def _config_key(key: str, field: str) -> Errors:
    if not _CONFIG_KEY.fullmatch(key):
        detail = (
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or "
            "'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
        )
        yield invalid_value(field, key, detail)


def _resource_quota(obj: Obj) -> Errors:
    for name, value in (obj["spec"].get("hard") or {}).items():
        yield from quantity_at(value, f"spec.hard[{name}]")


def _autoscaler(obj: Obj) -> Errors:
    spec = obj["spec"]
    if spec.get("minReplicas", 1) < 1:
        yield invalid_value("spec.minReplicas", spec["minReplicas"], "must be greater than or equal to 1")
    if spec.get("maxReplicas", 0) < 1:
        yield invalid_value("spec.maxReplicas", spec.get("maxReplicas", 0), "must be greater than 0")
    elif spec["maxReplicas"] < spec.get("minReplicas", 1):
        yield invalid_value("spec.maxReplicas", spec["maxReplicas"], "must be greater than or equal to `minReplicas`")


# Updates


def _same(before: Obj, after: Obj, *path: str) -> Errors:
    old, new = _at(before, path), _at(after, path)
    if old != new:
        yield invalid_value(".".join(path), new, _IMMUTABLE)


def _at(obj: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        obj = (obj or {}).get(step)
    return obj


def _selector_stays(before: Obj, after: Obj) -> Errors:
    return _same(before, after, "spec", "selector")


def _job_stays(before: Obj, after: Obj) -> Errors:
    yield from _same(before, after, "spec", "completions")
    yield from _same(before, after, "spec", "selector")
    yield from _same(before, after, "spec", "template")


def _service_stays(before: Obj, after: Obj) -> Errors:
    old, new = before["spec"], after["spec"]
    if old.get("clusterIP") != new.get("clusterIP") and "ExternalName" not in {old["type"], new["type"]}:
        detail = "may not change once set"
        yield invalid_value("spec.clusterIPs[0]", [new.get("clusterIP")], detail)


def _secret_stays(before: Obj, after: Obj) -> Errors:
    yield from _same(before, after, "type")
    yield from _immutable_data(before, after)


def _immutable_data(before: Obj, after: Obj) -> Errors:
    if before.get("immutable") and any(before.get(each) != after.get(each) for each in ("data", "immutable")):
        yield forbidden_field("data", "field is immutable when `immutable` is set")


def _claim_stays(before: Obj, after: Obj) -> Errors:
    old, new = ({name: value for name, value in obj["spec"].items() if name != "resources"} for obj in (before, after))
    if old != new and before["spec"].get("volumeName"):
        detail = (
            "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"
        )
        yield forbidden_field("spec", detail)


def _role_ref_stays(before: Obj, after: Obj) -> Errors:
    if before["roleRef"] != after["roleRef"]:
        yield invalid_value("roleRef", after["roleRef"], "cannot change roleRef")


_POD_MAY_CHANGE = (
    "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
    "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
)


def _pod_stays(before: Obj, after: Obj) -> Errors:
    if _fixed(before["spec"]) != _fixed(after["spec"]):
        yield forbidden_field("spec", _POD_MAY_CHANGE)


def _fixed(spec: Obj) -> Obj:
    fixed = {
        name: value
        for name, value in spec.items()
        if name not in {"activeDeadlineSeconds", "tolerations", "nodeName", "schedulingGates"}
    }
    for name in ("containers", "initContainers"):
        fixed[name] = [
            {each: value for each, value in container.items() if each != "image"} for container in spec.get(name) or ()
        ]
    return fixed


_CHECKS: Mapping[str, Callable[[Obj], Errors]] = {
    "ConfigMap": _config_map,
    "CronJob": _cron_job,
    "DaemonSet": _replicated,
    "Deployment": _deployment,
    "HorizontalPodAutoscaler": _autoscaler,
    "Job": _job,
    "Pod": _pod,
    "ReplicaSet": _replicated,
    "ResourceQuota": _resource_quota,
    "Secret": _secret,
    "Service": _service,
    "StatefulSet": _replicated,
}
_UPDATE_CHECKS: Mapping[str, Callable[[Obj, Obj], Errors]] = {
    "ClusterRoleBinding": _role_ref_stays,
    "ConfigMap": _immutable_data,
    "DaemonSet": _selector_stays,
    "Deployment": _selector_stays,
    "Job": _job_stays,
    "PersistentVolumeClaim": _claim_stays,
    "Pod": _pod_stays,
    "ReplicaSet": _selector_stays,
    "RoleBinding": _role_ref_stays,
    "Secret": _secret_stays,
    "Service": _service_stays,
}
