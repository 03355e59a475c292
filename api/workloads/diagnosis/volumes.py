"""Why a disk of a pod is not there: its claim is not bound, and was reported to be in trouble."""

from __future__ import annotations

import re

from api.clusters import objects
from api.manifests.models import WorkloadSpec
from api.namespaces.models import Event
from api.workloads import troubles
from api.workloads.diagnosis import evidence
from api.workloads.diagnosis.evidence import Reported
from api.workloads.diagnosis.models import Evidence, MissingReference

_CLAIM = "PersistentVolumeClaim"
_TROUBLES = frozenset({"ProvisioningFailed", "FailedBinding"})
_NO_CLASS = re.compile(r'storageclass\S* "(?P<name>[^"]+)" not found', re.IGNORECASE)
_NO_DEFAULT = "no storage class is set"
_OTHER_CLASS = (
    "Disks keep their class: make a new app with a class that there is, or have the cluster's administrators add it."
)


def unbound(
    pod: objects.Pod, spec: WorkloadSpec, said: tuple[Evidence, ...], reported: Reported
) -> MissingReference | None:
    """The disk that keeps a pod from being scheduled; None where it is something else that does.

    `said` is what the scheduler says of the pod.
    """
    if not any(troubles.WAITS_FOR_DISK in each.message for each in said):
        return None
    claims = [f"{volume.name}-{pod.metadata.name}" for volume in spec.volumes]
    told = (event for claim in claims for event in reported.of(_CLAIM, claim) if event.reason in _TROUBLES)
    trouble = next(told, None)
    reference, message = _explained(claims, trouble)
    evidences = (*((evidence.of_event(trouble),) if trouble else ()), *said)
    return MissingReference(message=message, evidence=evidences, pods=(pod.metadata.name,), reference=reference)


def _explained(claims: list[str], trouble: Event | None) -> tuple[str, str]:
    """What is missing, and what to do about it."""
    if trouble is None:
        waited = ", ".join(claims)
        return f"{_CLAIM} {waited}", f"The disk {waited} is not there yet: the cluster has still to make it."
    claim = trouble.regarding_name
    made = f"The disk {claim} cannot be made"
    if match := _NO_CLASS.search(trouble.message):
        name = match["name"]
        return f"StorageClass {name}", f"{made}: the cluster has no storage class {name}. {_OTHER_CLASS}"
    if _NO_DEFAULT in trouble.message:
        return "StorageClass", f"{made}: the cluster has no default storage class. {_OTHER_CLASS}"
    return f"{_CLAIM} {claim}", f"{made}. Kubernetes says: {trouble.message.rstrip('.')}."
