"""What is refused in the metadata of any object.

Source: k8s.io/apimachinery/pkg/api/validation (objectmeta.go).
"""

from __future__ import annotations

from .names import Errors, dns_label, labels, path_segment, qualified, subdomain
from .objects import Obj
from .resources import Resource
from .status import invalid_value, required

_NAMED_BY_LABEL = frozenset({"Namespace", "Service"})
_NAMED_BY_PATH_SEGMENT = frozenset({"Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"})
_STANDARD_FINALIZERS = frozenset({"foregroundDeletion", "kubernetes", "orphan"})
_FINALIZER_DETAIL = "name is neither a standard finalizer name nor is it fully qualified"


def metadata_errors(resource: Resource, metadata: Obj) -> Errors:
    """The errors of `metadata`, which is that of a `resource`."""
    yield from _names(resource, metadata)
    yield from labels("metadata.labels", metadata.get("labels") or {})
    for key in metadata.get("annotations") or {}:
        yield from qualified("metadata.annotations", key.lower())
    yield from _owners(metadata)
    for index, finalizer in enumerate(metadata.get("finalizers") or ()):
        if "/" not in finalizer and finalizer not in _STANDARD_FINALIZERS:
            yield invalid_value(f"metadata.finalizers[{index}]", finalizer, _FINALIZER_DETAIL)


def _names(resource: Resource, metadata: Obj) -> Errors:
    if base := metadata.get("generateName"):
        for error in _name(resource, "metadata.generateName", f"{base}a"):
            yield invalid_value(error.field, base, error.body.partition('": ')[2])
    if metadata.get("name"):
        yield from _name(resource, "metadata.name", metadata["name"])
    else:
        yield required("metadata.name", "name or generateName is required")


def _name(resource: Resource, field: str, value: str) -> Errors:
    if resource.kind in _NAMED_BY_LABEL:
        return dns_label(field, value)
    if resource.kind in _NAMED_BY_PATH_SEGMENT:
        return path_segment(field, value)
    return subdomain(field, value)


def _owners(metadata: Obj) -> Errors:
    for index, reference in enumerate(metadata.get("ownerReferences") or ()):
        for name in ("apiVersion", "kind", "name", "uid"):
            if not reference.get(name):
                yield required(f"metadata.ownerReferences[{index}].{name}")
