"""What a plan should make its reader think of before it is deployed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence

from api.errors import SuggestedFix
from api.manifests.forecast import allowed_replicas
from api.manifests.images import parse_image
from api.manifests.models import QuotaForecast, WorkloadSpec
from api.manifests.quantities import bytes_quantity
from api.manifests.registries import server_of
from api.namespaces.quota import described
from api.workloads.models import FindingSeverity, PolicyFinding, VolumeClaim
from api.workloads.refusals import as_user, warned_of
from api.workloads.remedies import OTHER_USER

_DOCKER_HUB = "docker.io"
_OFFICIAL = "library/"
_MOST_CLASSES = 10


def findings_of(
    spec: WorkloadSpec,
    *,
    warnings: Iterable[str],
    quota: Sequence[QuotaForecast] = (),
    disks: Sequence[VolumeClaim] = (),
    storage_classes: Collection[str] | None = None,
) -> tuple[PolicyFinding, ...]:
    """The findings of a plan; `warnings` are the API server's own, from its Warning headers, and `disks` those of
    another app that are there by the names of its own; `storage_classes` are those of the cluster, None where they are
    not known."""
    return (
        *_taken_over(disks),
        *_without_class(spec, storage_classes),
        *_root_user(spec),
        *_unused_credentials(spec),
        *_short_of_most(spec, quota),
        *(finding for warning in warnings for finding in _warned(spec, warning)),
    )


def _taken_over(disks: Sequence[VolumeClaim]) -> list[PolicyFinding]:
    """Kubernetes gives a stateful app whatever disk has the name; an app that is deleted leaves its own."""
    if not disks:
        return []
    told = ", ".join(f"{each.name} ({bytes_quantity(each.capacity or 0)})" for each in disks)
    message = (
        f"A deleted app of this name has left its disk in the namespace: {told}. This app would get it with its data, "
        "and with that size. To begin with an empty disk, give the volume another name; or delete that disk first in "
        "the settings of the namespace, where it can be from a day after its app was deleted."
    )
    return [PolicyFinding(FindingSeverity.WARNING, message, path=("workload", "volumes"), fix=None)]


def _without_class(spec: WorkloadSpec, classes: Collection[str] | None) -> Iterator[PolicyFinding]:
    """The API server takes any name; the disk, and the pod that waits for it, would not come."""
    if classes is None:
        return
    way_out = (
        f"It has {_listed(classes)}: name one of them, or none for the cluster's default."
        if classes
        else "It has none at all: ask its administrator for one."
    )
    for position, volume in enumerate(spec.volumes):
        if volume.storage_class and volume.storage_class not in classes:
            message = (
                f"Class of the volume {volume.name}: the cluster has no StorageClass {volume.storage_class}, so that "
                f"its disk would not be made. {way_out}"
            )
            path = ("workload", "volumes", position, "storage_class")
            yield PolicyFinding(FindingSeverity.WARNING, message, path=path, fix=None)


def _listed(names: Collection[str]) -> str:
    """The first of them in words."""
    more = len(names) - _MOST_CLASSES
    return ", ".join(sorted(names)[:_MOST_CLASSES]) + (f" and {more} more" if more > 0 else "")


def _unused_credentials(spec: WorkloadSpec) -> list[PolicyFinding]:
    """The kubelet looks credentials up by the image's registry."""
    registry = parse_image(spec.image).registry
    if spec.registry_credentials is None or server_of(spec, spec.registry_credentials) == registry:
        return []
    message = f"The image is pulled from {registry}, and credentials for another registry are not used for it."
    path = ("workload", "registry_credentials", "server")
    return [PolicyFinding(FindingSeverity.WARNING, message, path=path, fix=None)]


def _root_user(spec: WorkloadSpec) -> list[PolicyFinding]:
    """What user an image starts as is known to the kubelet only; that official images start as root is a good guess."""
    image = parse_image(spec.image)
    is_official = image.registry == _DOCKER_HUB and image.repository.startswith(_OFFICIAL)
    if spec.run_as_user is not None or not is_official:
        return []
    message = (
        f"{spec.image} is an official image of Docker Hub, and most of those start as root, which the namespace's "
        f"policy forbids: the pods would not start. {OTHER_USER}, or take an image that starts as another user."
    )
    path = ("workload", "run_as_user")
    return [PolicyFinding(FindingSeverity.WARNING, message, path=path, fix=as_user(spec))]


def _short_of_most(spec: WorkloadSpec, quota: Sequence[QuotaForecast]) -> list[PolicyFinding]:
    """That the quota would stop the autoscaler before its most. What fits at first may be deployed all the same."""
    allowed = allowed_replicas(quota, spec)
    if spec.autoscaling is None or allowed >= spec.most_replicas:
        return []
    short = ", ".join(described(each.resource, each.most, each.hard) for each in quota if each.most > each.hard)
    message = (
        f"The quota allows {allowed} of the {spec.most_replicas} replicas that autoscaling may ask for: with all of "
        f"them the namespace would come to {short}. Lower the most, choose a smaller size, or make room."
    )
    path = ("workload", "autoscaling", "max_replicas")
    fix = SuggestedFix(path=path, value=json.dumps(allowed), label=f"Scale to {allowed} at most")
    useful = fix if allowed >= spec.least_replicas else None
    return [PolicyFinding(FindingSeverity.WARNING, message, path=path, fix=useful)]


def _warned(spec: WorkloadSpec, warning: str) -> Iterator[PolicyFinding]:
    for message, path, fix in warned_of(spec, warning):
        yield PolicyFinding(FindingSeverity.WARNING, message, path=("workload", *path) if path else (), fix=fix)
