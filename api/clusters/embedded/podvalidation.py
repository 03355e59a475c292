"""What is refused in a pod's spec.

Source: pkg/apis/core/validation of Kubernetes; what a platform's users can get wrong, rather than all of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from . import quantity
from .names import (
    Errors,
    amount,
    dns_label,
    not_negative,
    port_name,
    port_number,
)
from .objects import Obj
from .status import duplicate, forbidden_field, invalid_value, not_found_field, required, unsupported

ANY_RESTART = frozenset({"Always", "OnFailure", "Never"})
ALWAYS = frozenset({"Always"})

_ENVIRONMENT = re.compile(r"[ -<>-~]+")
_ENVIRONMENT_DETAIL = "a valid environment variable name must consist only of printable ASCII characters other than '='"
_PROTOCOLS = ("SCTP", "TCP", "UDP")
_HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc")
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_PROBE_NUMBERS = (
    "initialDelaySeconds",
    "timeoutSeconds",
    "periodSeconds",
    "successThreshold",
    "failureThreshold",
)


def pod_spec(spec: Obj, field: str, restart_policies: frozenset[str] = ANY_RESTART) -> Errors:
    """The errors of a pod's spec at `field`, which may restart only by one of `restart_policies`."""
    volumes = [volume.get("name") for volume in spec.get("volumes") or ()]
    yield from unique(volumes, field + ".volumes[{}].name")
    containers = spec.get("containers") or []
    if not containers:
        yield required(f"{field}.containers")
    for name in ("initContainers", "containers"):
        for index, container in enumerate(spec.get(name) or ()):
            yield from _container(container, f"{field}.{name}[{index}]", frozenset(volumes))
    yield from unique([container.get("name") for container in containers], field + ".containers[{}].name")
    policy = spec.get("restartPolicy")
    if policy not in restart_policies:
        yield unsupported(f"{field}.restartPolicy", policy, sorted(restart_policies))


def unique(values: Sequence[Any], field: str) -> Errors:
    """Each of `values` once; `field` has a place for its index."""
    for index, value in enumerate(values):
        if value is not None and value in values[:index]:
            yield duplicate(field.format(index), value)


def _container(container: Obj, field: str, volumes: frozenset[str]) -> Errors:
    if not container.get("name"):
        yield required(f"{field}.name")
    else:
        yield from dns_label(f"{field}.name", container["name"])
    yield from _image(f"{field}.image", container.get("image"))
    for index, port in enumerate(container.get("ports") or ()):
        yield from _port(port, f"{field}.ports[{index}]")
    for index, variable in enumerate(container.get("env") or ()):
        yield from _variable(variable, f"{field}.env[{index}]")
    for index, mount in enumerate(container.get("volumeMounts") or ()):
        yield from _mount(mount, f"{field}.volumeMounts[{index}]", volumes)
    for probe in _PROBES:
        yield from _probe(container.get(probe), f"{field}.{probe}")
    yield from _resources(container.get("resources") or {}, f"{field}.resources")


def _image(field: str, image: Any) -> Errors:
    if not image:
        yield required(field)
    elif image != str(image).strip():
        yield invalid_value(field, image, "must not have leading or trailing whitespace")


def _port(port: Obj, field: str) -> Errors:
    if name := port.get("name"):
        yield from port_name(f"{field}.name", name)
    if not port.get("containerPort"):
        yield required(f"{field}.containerPort")
    else:
        yield from port_number(f"{field}.containerPort", port["containerPort"])
    if port.get("protocol") not in _PROTOCOLS:
        yield unsupported(f"{field}.protocol", port.get("protocol"), _PROTOCOLS)


def _variable(variable: Obj, field: str) -> Errors:
    name = variable.get("name")
    if not name:
        yield required(f"{field}.name")
    elif not _ENVIRONMENT.fullmatch(name):
        yield invalid_value(f"{field}.name", name, _ENVIRONMENT_DETAIL)
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
            yield from amount(f"{field}.{kind}[{name}]", value)
    for name, request in requests.items():
        if name in limits and quantity.parse(request) > quantity.parse(limits[name]):
            detail = f"must be less than or equal to {name} limit of {limits[name]}"
            yield invalid_value(f"{field}.requests", request, detail)


def _probe(probe: Obj | None, field: str) -> Errors:
    if probe is None:
        return
    handlers = [name for name in _HANDLERS if probe.get(name) is not None]
    if not handlers:
        yield required(field, "must specify a handler type")
    for name in handlers[1:]:
        yield forbidden_field(f"{field}.{name}", "may not specify more than 1 handler type")
    for name in ("httpGet", "tcpSocket"):
        yield from port_number(f"{field}.{name}.port", (probe.get(name) or {}).get("port"))
    for name in _PROBE_NUMBERS:
        yield from not_negative(f"{field}.{name}", probe.get(name))
