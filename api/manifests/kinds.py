"""What each kind of app is on Kubernetes, and which fields of the form it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from api.manifests.models import WorkloadKind, WorkloadSpec

_ROLLING = frozenset({"replicas", "autoscaling", "surge", "startup", "liveness", "readiness"})
_REACHED = frozenset({"port", "exposure"})
_ENDING = frozenset({"retries", "time_limit_seconds"})


@dataclass(frozen=True, slots=True)
class KindProfile:
    """One kind of app: `controller` is the kind of object that runs it, `fields` those that not every kind has."""

    kind: WorkloadKind
    noun: str
    controller: str
    fields: frozenset[str]


PROFILES: tuple[KindProfile, ...] = (
    KindProfile(WorkloadKind.WEB_SERVICE, "web service", "Deployment", _ROLLING | _REACHED),
    KindProfile(WorkloadKind.WORKER, "worker", "Deployment", _ROLLING),
    KindProfile(
        WorkloadKind.STATEFUL_SERVICE, "stateful service", "StatefulSet", _ROLLING - {"surge"} | _REACHED | {"volumes"}
    ),
    KindProfile(WorkloadKind.SCHEDULED_JOB, "scheduled job", "CronJob", _ENDING | {"schedule"}),
    KindProfile(WorkloadKind.JOB, "job", "Job", _ENDING),
)
"""Every kind, in the order in which a form offers them."""
_PROFILES: Mapping[WorkloadKind, KindProfile] = {each.kind: each for each in PROFILES}
SPECIAL = frozenset().union(*(each.fields for each in PROFILES))
"""The fields that some kinds have, and others not."""
DEFAULTS: Mapping[str, object] = {each.name: each.default for each in fields(WorkloadSpec) if each.name in SPECIAL}


def profile(kind: WorkloadKind) -> KindProfile:
    """What a kind is."""
    return _PROFILES[kind]


def has(kind: WorkloadKind, field: str) -> bool:
    """Whether apps of this kind have the field of a WorkloadSpec."""
    return field not in SPECIAL or field in _PROFILES[kind].fields
