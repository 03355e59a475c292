"""What mends a shortage of the namespace's quota: the field of the form that asks for the resource, and the way out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.errors import FieldPath
from api.manifests.kinds import has
from api.manifests.models import WorkloadSpec
from api.manifests.sizes import size_field

OTHER_USER = 'Set "Run as user" to one that the image can run as'
"""What is done about an image that starts as root, with the field by its label in the form."""
_SIZED = ("cpu", "memory")
_FEWER = "choose fewer replicas"


@dataclass(frozen=True, slots=True)
class Remedy:
    """`path` is the field of a spec, empty where none asks for the resource by itself; `way_out` is a sentence."""

    path: FieldPath
    way_out: str


def remedy_of(spec: WorkloadSpec, resource: str, *, replicas: FieldPath | None = None) -> Remedy:
    """What mends it that `spec` asks for more than there is of the quota's `resource`.

    `replicas` is the field that says how many pods there would be, where all of them together are too much; None where
    one pod is.
    """
    resource = resource.rpartition("/")[2]  # count/pods, gold.storageclass.storage.k8s.io/requests.storage
    if resource.endswith(_SIZED):
        path = replicas if replicas is not None and _has_several(spec) else (size_field(spec),)
        return Remedy(path, _way_out(spec, smaller(spec), _FEWER))
    if resource == "pods":
        return Remedy(replicas or _replicas(spec), _way_out(spec, _FEWER))
    if resource == "secrets":
        return Remedy(_secret(spec), way_out("do without secrets"))
    path, actions = _TABLE.get(resource, ((), ()))
    return Remedy(path, _way_out(spec, *actions))


_TABLE: Mapping[str, tuple[FieldPath, tuple[str, ...]]] = {
    "requests.storage": (("volumes",), ("choose smaller volumes", _FEWER)),
    "persistentvolumeclaims": (("volumes",), ("choose fewer volumes", _FEWER)),
    "services.loadbalancers": (("exposure",), ("do without a private address",)),
    "services.nodeports": (("exposure",), ("do without a private address",)),
    "services": (("port",), ("do without a port",)),
    "configmaps": (("files",), ("do without files",)),
}


def way_out(*actions: str) -> str:
    """What can be done, as a sentence; somebody can always make room."""
    return f"{', '.join([*actions, 'or make room'] if actions else ['make room'])} in the namespace.".capitalize()


def smaller(spec: WorkloadSpec) -> str:
    """To let each pod take less."""
    return "choose a smaller size" if size_field(spec) == "size" else "choose smaller resources"


def _way_out(spec: WorkloadSpec, *actions: str) -> str:
    """Of what can be done, that which can be done with `spec`."""
    return way_out(*(each for each in actions if each != _FEWER or _has_several(spec)))


def _has_several(spec: WorkloadSpec) -> bool:
    return has(spec.kind, "replicas") and spec.most_replicas > 1


def _replicas(spec: WorkloadSpec) -> FieldPath:
    if not has(spec.kind, "replicas"):
        return ()
    return ("replicas",) if spec.autoscaling is None else ("autoscaling", "min_replicas")


def _secret(spec: WorkloadSpec) -> FieldPath:
    """What it has a Secret for."""
    fields = ("secrets", "secret_files", "registry_credentials")
    return next(((field,) for field in fields if getattr(spec, field)), ())
