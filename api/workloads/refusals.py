"""What the cluster refuses, as failures of the app's description: each with the field of the form that it is about."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

from api.clusters.admission import LIMIT_RANGE, POD_SECURITY, pod_security_violations
from api.errors import (
    ClusterRefused,
    ExpectedFailure,
    FieldPath,
    InvalidInput,
    InvalidInputs,
    PolicyViolation,
    QuotaExceeded,
    RefusedField,
    SuggestedFix,
)
from api.manifests.field_paths import input_path
from api.manifests.models import WorkloadSpec
from api.manifests.sizes import size_field
from api.workloads.remedies import remedy_of

SUGGESTED_USER = 1000
_AS_ROOT = "runAsUser=0"
_FIELD = re.compile(r"^(?P<field>[a-zA-Z]+(?:\[[^\]]*\])?(?:\.[a-zA-Z]+(?:\[[^\]]*\])?)+): ")
_PER_DISK = " per PersistentVolumeClaim "
_IMMUTABLE = "field is immutable"


@contextmanager
def about_fields_of(spec: WorkloadSpec) -> Iterator[None]:
    """Lets refusals of objects that were built from `spec` name its fields; several at once are InvalidInputs."""
    try:
        yield
    except (ClusterRefused, PolicyViolation, QuotaExceeded) as refusal:
        failures = _split(refusal, spec)
        raise (failures[0] if len(failures) == 1 else InvalidInputs(failures)) from refusal


def warned_of(spec: WorkloadSpec, warning: str) -> list[tuple[str, FieldPath, SuggestedFix | None]]:
    """What a Warning header says, one text a matter, each with the field of `spec` that it is about and what mends it;
    no field where no single one is."""
    if violations := pod_security_violations(warning):
        return [(f"Pod Security would refuse the pods: {each}.", *_mend(spec, each)) for each in violations]
    match = _FIELD.match(warning)
    path = input_path(spec, match["field"]) if match else None
    return [(warning, path or (), None)]


def _split(refusal: ClusterRefused | PolicyViolation | QuotaExceeded, spec: WorkloadSpec) -> list[ExpectedFailure]:
    """A failure for each thing that the refusal objects to."""
    if isinstance(refusal, QuotaExceeded):
        remedy = remedy_of(spec, refusal.resource)
        refusal.path, refusal.message = remedy.path, f"{refusal.message} {remedy.way_out}"
        return [refusal]
    if isinstance(refusal, PolicyViolation):
        return [*_violations(refusal, spec)] or [refusal]
    return [_field(refusal, each, spec) for each in refusal.fields] or [refusal]


def _field(refusal: ClusterRefused, refused: RefusedField, spec: WorkloadSpec) -> ExpectedFailure:
    path = input_path(spec, refused.field)
    if path is None:
        message = f"The cluster refuses {refused.field} of the {refusal.kind} {refusal.name}: {refused.detail}."
        return ClusterRefused(message, kind=refusal.kind, name=refusal.name, fields=(refused,))
    if _IMMUTABLE in refused.detail:
        message = f"This of {spec.name} cannot be changed once it runs. Keep it, or make a new app of another name."
        return InvalidInput(message, path=path)
    return InvalidInput(f"The cluster refuses this: {refused.detail}.", path=path)


def _violations(refusal: PolicyViolation, spec: WorkloadSpec) -> Iterator[PolicyViolation]:
    for each in refusal.violations if refusal.policy == POD_SECURITY else ():
        path, fix = _mend(spec, each)
        message = f"The namespace's policy (Pod Security) refuses the app's pods: {each}."
        yield PolicyViolation(message, path=path, fix=fix, policy=POD_SECURITY, violations=(each,))
    if refusal.policy == LIMIT_RANGE:
        refusal.path, way_out = _limited(refusal, spec)
        refusal.message = f"{refusal.message} {way_out}"


def _limited(refusal: PolicyViolation, spec: WorkloadSpec) -> tuple[FieldPath, str]:
    """The field that a LimitRange bounds, and the way out. It refuses one object: a disk, or a pod."""
    if any(_PER_DISK in each for each in refusal.violations):
        return ("volumes",), "Choose another size of the volumes."
    field = size_field(spec)
    return (field,), f"Choose {'another size' if field == 'size' else 'other resources'}."


def _mend(spec: WorkloadSpec, violation: str) -> tuple[FieldPath, SuggestedFix | None]:
    """The field that mends a violation of Pod Security: the user is all of a pod's security that the form has."""
    if not violation.startswith(_AS_ROOT):
        return (), None
    return ("run_as_user",), as_user(spec)


def as_user(spec: WorkloadSpec) -> SuggestedFix | None:
    """To run as a user that is not root; None where the app does."""
    if spec.run_as_user:
        return None
    path = ("workload", "run_as_user")
    return SuggestedFix(path=path, value=json.dumps(SUGGESTED_USER), label=f"Run as user {SUGGESTED_USER}")
