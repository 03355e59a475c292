"""What a plan should make its reader think of before it is deployed."""

from __future__ import annotations

import json
from collections.abc import Iterable

from api.errors import SuggestedFix
from api.manifests.images import parse_image
from api.manifests.models import WorkloadSpec
from api.manifests.registries import server_of
from api.workloads.models import FindingSeverity, PolicyFinding

SUGGESTED_USER = 1000
_DOCKER_HUB = "docker.io"
_OFFICIAL = "library/"


def findings_of(spec: WorkloadSpec, *, warnings: Iterable[str]) -> tuple[PolicyFinding, ...]:
    """The findings of a plan; `warnings` are the API server's own, from its Warning headers."""
    return (
        *_root_user(spec),
        *_unused_credentials(spec),
        *(PolicyFinding(FindingSeverity.WARNING, warning, path=(), fix=None) for warning in warnings),
    )


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
        "policy forbids: the pods would not start. Set runAsUser to a user that the image can run as, "
        "or take an image that starts as another user."
    )
    path = ("workload", "run_as_user")
    fix = SuggestedFix(path=path, value=json.dumps(SUGGESTED_USER), label=f"Run as user {SUGGESTED_USER}")
    return [PolicyFinding(FindingSeverity.WARNING, message, path=path, fix=fix)]
