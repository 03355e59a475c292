"""From a field of an object back to the field of the form that it was built from.

The table stands beside the builder, and is the builder read backwards: a field that it sets on a developer's behalf
has no line here.
"""

from __future__ import annotations

import re

from api.errors import FieldPath
from api.manifests.files import key_of, secret_key_of
from api.manifests.models import WorkloadSpec
from api.manifests.pods import pod_spec
from api.manifests.sizes import size_field

_POD = re.compile(r"^(?:spec\.jobTemplate\.)?(?:spec\.template\.)?(?=spec\.)")
_ENVIRONMENT = re.compile(r"spec\.containers\[[^\]]*\]\.env\[(?P<index>\d+)\](?P<part>\.name|\.value(?![A-Za-z]))?")
_SECRET = re.compile(r"(?:data|stringData)(?:\[(?P<key>.*)\]$|\.(?P<name>\w+))", re.DOTALL)
"""A key stands between brackets as it was sent: empty, or with brackets and line feeds of its own."""
_NAMED_AFTER_APP = re.compile(
    r"\.(?:secretKeyRef\.name|claimName|configMap\.name|secret\.secretName)$"
    r"|^spec\.(?:serviceName|scaleTargetRef\.name|imagePullSecrets\[\d+\]\.name)$"
)
_INDEX = re.compile(r"\[(\d+)\]")

_CONTAINER = r"spec\.containers\[[^\]]*\]"
_PROBE_PARTS = {
    "exec": "command",
    "httpGet.path": "path",
    "httpGet.port": None,
    "tcpSocket.port": None,
    "initialDelaySeconds": "delay_seconds",
    "periodSeconds": "period_seconds",
    "timeoutSeconds": "timeout_seconds",
    "failureThreshold": "failures",
}

_TABLE: tuple[tuple[str, FieldPath], ...] = (
    (r"(?:spec\.(?:jobTemplate|template)\.)*metadata\.(?:name|labels)", ("name",)),
    (r"spec\.(?:selector|template)\.(?:matchLabels|labels)", ("name",)),
    (rf"{_CONTAINER}\.image", ("image",)),
    (rf"{_CONTAINER}\.command", ("command", "#")),
    (rf"{_CONTAINER}\.args", ("arguments", "#")),
    (rf"{_CONTAINER}\.ports", ("port",)),
    (rf"{_CONTAINER}\.resources", ("size",)),
    (r"spec\.resources", ("size",)),
    (rf"{_CONTAINER}\.securityContext\.runAsUser", ("run_as_user",)),
    (r"spec\.securityContext\.(?:runAsUser|fsGroup)", ("run_as_user",)),
    (rf"{_CONTAINER}\.volumeMounts\[\d+\]\.mountPath", ("volumes", "#", "path")),
    (rf"{_CONTAINER}\.volumeMounts\[\d+\]", ("volumes", "#", "name")),
    (rf"{_CONTAINER}\.env", ("environment",)),
    (r"spec\.volumes\[\d+\]\.configMap", ("files",)),
    (r"spec\.volumes\[\d+\]\.secret", ("secret_files",)),
    (r"spec\.volumes\[\d+\]", ("volumes", "#", "name")),
    (r"spec\.terminationGracePeriodSeconds", ("shutdown_seconds",)),
    (r"spec\.ports", ("port",)),
    (r"spec\.(?:rules|tls|hostnames|ingressClassName|defaultBackend)", ("exposure",)),
    (r"spec\.(?:parentRefs|ingress|loadBalancerClass)", ("exposure",)),
    (r"spec\.imagePullSecrets", ("registry_credentials",)),
    (r"spec\.minReplicas", ("autoscaling", "min_replicas")),
    (r"spec\.maxReplicas", ("autoscaling", "max_replicas")),
    (r"spec\.metrics", ("autoscaling", "cpu_percent")),
    (r"spec\.replicas", ("replicas",)),
    (r"spec\.strategy", ("surge",)),
    (r"spec\.schedule", ("schedule", "cron")),
    (r"spec\.timeZone", ("schedule", "time_zone")),
    (r"spec\.concurrencyPolicy", ("schedule", "concurrency")),
    (r"spec\.suspend", ("schedule", "suspended")),
    (r"spec\.backoffLimit", ("retries",)),
    (r"spec\.activeDeadlineSeconds", ("time_limit_seconds",)),
    (r"spec\.volumeClaimTemplates\[\d+\]\.metadata\.name", ("volumes", "#", "name")),
    (r"spec\.volumeClaimTemplates\[\d+\]\.spec\.resources", ("volumes", "#", "size_gib")),
    (r"spec\.volumeClaimTemplates\[\d+\]\.spec\.storageClassName", ("volumes", "#", "storage_class")),
    (r"spec\.volumeClaimTemplates", ("volumes",)),
    (r"data|stringData", ("secrets",)),
)
"""The first line whose pattern the field begins with; `#` is the position that the field names last, if it does.
Of labels, the app's name is all that its developer chooses."""
_LINES = tuple((re.compile(rf"{pattern}(?![A-Za-z])"), path) for pattern, path in _TABLE)
_ONE_CONTAINER = re.compile(_CONTAINER)
_PROBE = re.compile(rf"{_CONTAINER}\.(?P<probe>startup|liveness|readiness)Probe(?:\.(?P<part>.+))?")


def input_path(spec: WorkloadSpec, field: str) -> FieldPath | None:
    """The field of `spec` that `field` of one of its objects was built from; None where no field of it was.

    `field` is written as the API server writes it (`spec.template.spec.containers[0].env[2].name`), from a controller's
    template or from a pod of it.
    """
    place = _POD.sub("", field)
    if _NAMED_AFTER_APP.search(place):
        return ("name",)
    if match := _ENVIRONMENT.match(place):
        return _variable(spec, int(match["index"]), (match["part"] or "").removeprefix("."))
    if match := _SECRET.match(place):
        return _value(spec, match["name"] if match["key"] is None else match["key"])
    if match := _PROBE.match(place):
        return _probe(spec, match["probe"], match["part"] or "")
    path = next((_filled(path, place) for pattern, path in _LINES if pattern.match(place)), None)
    return _refined(spec, path, place) if path is not None else None


def _refined(spec: WorkloadSpec, path: FieldPath, place: str) -> FieldPath:
    """What the table says of every app, as it is of this one: its own resources, and mounts that are files."""
    if path == ("size",):
        return (size_field(spec),)
    match path:
        case ("autoscaling", "cpu_percent"):
            of_memory = spec.autoscaling is not None and spec.autoscaling.cpu_percent is None
            return ("autoscaling", "memory_percent") if of_memory or "[1]" in place else path
        case ("volumes", int(position), _) if ".volumeMounts[" in place:
            return _file(spec, position - len(spec.volumes)) or path
    return path


def _file(spec: WorkloadSpec, position: int) -> FieldPath | None:
    """Files are mounted behind the volumes: those that anyone may read, then the secret ones."""
    fields = [("files", index) for index in range(len(spec.files))]
    fields += [("secret_files", index) for index in range(len(spec.secret_files))]
    return (*fields[position], "path") if 0 <= position < len(fields) else None


def _variable(spec: WorkloadSpec, index: int, part: str) -> FieldPath | None:
    """The container's variables are the form's, after those that every app gets."""
    names = [each["name"] for each in pod_spec(spec, {})["containers"][0].get("env", ())]
    if index >= len(names):
        return None
    for field in ("environment", "secrets"):
        listed = [each.name for each in getattr(spec, field)]
        if names[index] in listed:
            return (field, listed.index(names[index]), *((part,) if part else ()))
    return ("port",)


def _value(spec: WorkloadSpec, key: str) -> FieldPath:
    """What is kept in a Secret or ConfigMap under `key`."""
    for field, keys in (
        ("files", [key_of(each.path) for each in spec.files]),
        ("secret_files", [secret_key_of(each.path) for each in spec.secret_files]),
    ):
        if key in keys:
            return (field, keys.index(key), "path")
    listed = [each.name for each in spec.secrets]
    return ("secrets", listed.index(key), "name") if key in listed else ("secrets",)


def _probe(spec: WorkloadSpec, probe: str, part: str) -> FieldPath:
    """A check that the app's developer does not speak of asks whether the port answers."""
    if getattr(spec, probe) is None:
        return ("port",)
    for field, name in _PROBE_PARTS.items():
        if part.startswith(field):
            return (probe, name) if name is not None else ("port",)
    return (probe,)


def _filled(path: FieldPath, place: str) -> FieldPath:
    """`path` with the position that `place` names last, the container's own left aside; cut short without one."""
    positions = _INDEX.findall(_ONE_CONTAINER.sub("", place))
    if "#" not in path:
        return path
    if not positions:
        return path[: path.index("#")]
    return tuple(int(positions[-1]) if step == "#" else step for step in path)
