"""What the kind of a Kubernetes workload says of an app: schedules and limits of jobs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.manifests.models import Concurrency, Schedule, WorkloadKind
from api.manifests.pasting.documents import mapping
from api.manifests.pasting.gathering import NO_FIELD, Gathering, number

KINDS: Mapping[str, WorkloadKind] = {
    "Deployment": WorkloadKind.WEB_SERVICE,
    "StatefulSet": WorkloadKind.STATEFUL_SERVICE,
    "Job": WorkloadKind.JOB,
    "CronJob": WorkloadKind.SCHEDULED_JOB,
}
_SCHEDULED = ("schedule", "timeZone", "concurrencyPolicy", "suspend")
_LIMITS = ("backoffLimit", "activeDeadlineSeconds")


def kind_of(document: Mapping[str, Any]) -> WorkloadKind:
    """What an object becomes; what has no kind of app of its own, a web service."""
    return KINDS.get(str(document.get("kind")), WorkloadKind.WEB_SERVICE)


def taken_by(kind: WorkloadKind) -> frozenset[str]:
    """The fields of the object's `spec` that are taken over."""
    match kind:
        case WorkloadKind.SCHEDULED_JOB:
            return frozenset(_SCHEDULED)
        case WorkloadKind.JOB:
            return frozenset(_LIMITS)
        case WorkloadKind.STATEFUL_SERVICE:
            return frozenset({"volumeClaimTemplates"})
        case _:
            return frozenset()


def read(gathered: Gathering, kind: WorkloadKind, spec: Mapping[str, Any]) -> None:
    """Put what the object's `spec` says into the fields that the kind has."""
    match kind:
        case WorkloadKind.SCHEDULED_JOB:
            gathered.put("schedule", _schedule(spec))
            job = mapping(mapping(spec.get("jobTemplate")).get("spec"))
            _limits(gathered, job)
            for key in sorted(map(str, job.keys() - {"template", *_LIMITS})):
                gathered.leave_out(f"spec.jobTemplate.spec.{key}", NO_FIELD)
        case WorkloadKind.JOB:
            _limits(gathered, spec)
        case _:
            return


def _schedule(spec: Mapping[str, Any]) -> Schedule:
    """As Kubernetes has it: without a zone, its controllers take their own, which is UTC almost everywhere."""
    policy = spec.get("concurrencyPolicy")
    return Schedule(
        cron=str(spec.get("schedule", "")),
        time_zone=str(spec.get("timeZone") or "Etc/UTC"),
        concurrency=Concurrency(policy) if policy in list(Concurrency) else Concurrency.ALLOW,
        suspended=spec.get("suspend") is True,
    )


def _limits(gathered: Gathering, job: Mapping[str, Any]) -> None:
    retries, limit = job.get("backoffLimit"), job.get("activeDeadlineSeconds")
    gathered.put("retries", number(retries))
    gathered.put("time_limit_seconds", number(limit))
