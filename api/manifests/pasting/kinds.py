"""What the kind of a Kubernetes workload says of an app: schedules and limits of jobs, disks of stateful services."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from api.manifests import quantities
from api.manifests.models import Concurrency, Schedule, Volume, WorkloadKind
from api.manifests.pasting.gathering import Gathering, number

KINDS: Mapping[str, WorkloadKind] = {
    "Deployment": WorkloadKind.WEB_SERVICE,
    "StatefulSet": WorkloadKind.STATEFUL_SERVICE,
    "Job": WorkloadKind.JOB,
    "CronJob": WorkloadKind.SCHEDULED_JOB,
}
_SCHEDULED = ("schedule", "timeZone", "concurrencyPolicy", "suspend")
_LIMITS = ("backoffLimit", "activeDeadlineSeconds")
_GIBIBYTE = 1024**3


def kind_of(document: Mapping[str, Any]) -> WorkloadKind:
    """What an object becomes; what has no kind of app of its own, a web service."""
    return KINDS.get(str(document.get("kind")), WorkloadKind.WEB_SERVICE)


def taken_by(kind: WorkloadKind) -> frozenset[str]:
    """The fields of the object's `spec` that `read` takes over."""
    match kind:
        case WorkloadKind.SCHEDULED_JOB:
            return frozenset(_SCHEDULED)
        case WorkloadKind.JOB:
            return frozenset(_LIMITS)
        case WorkloadKind.STATEFUL_SERVICE:
            return frozenset({"volumeClaimTemplates"})
        case _:
            return frozenset()


def read(gathered: Gathering, kind: WorkloadKind, spec: Mapping[str, Any], container: Mapping[str, Any]) -> None:
    """Put what the object's `spec`, and the mounts of its first `container`, say into the fields that the kind has."""
    match kind:
        case WorkloadKind.SCHEDULED_JOB:
            gathered.put("schedule", _schedule(spec))
            job = _map(_map(spec.get("jobTemplate")).get("spec"))
            _limits(gathered, job)
            for key in sorted(map(str, job.keys() - {"template", *_LIMITS})):
                gathered.leave_out(f"spec.jobTemplate.spec.{key}", "There is no field for it.")
        case WorkloadKind.JOB:
            _limits(gathered, spec)
        case WorkloadKind.STATEFUL_SERVICE:
            _volumes(gathered, spec, container)
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


def _volumes(gathered: Gathering, spec: Mapping[str, Any], container: Mapping[str, Any]) -> None:
    templates, mounts = spec.get("volumeClaimTemplates"), container.get("volumeMounts")
    paths = {
        _map(each).get("name"): str(_map(each).get("mountPath", ""))
        for each in (mounts if isinstance(mounts, list) else [])
    }
    found = [_volume(_map(each), paths) for each in (templates if isinstance(templates, list) else [])]
    gathered.put("volumes", tuple(found) or None)


def _volume(template: Mapping[str, Any], paths: Mapping[Any, str]) -> Volume:
    name = str(_map(template.get("metadata")).get("name", ""))
    spec = _map(template.get("spec"))
    storage = _map(_map(spec.get("resources")).get("requests")).get("storage")
    storage_class = spec.get("storageClassName")
    return Volume(name, paths.get(name, ""), _gib(storage), str(storage_class) if storage_class else None)


def _gib(storage: object) -> int:
    """Rounded up to whole GiB; what cannot be read is the least."""
    try:
        return max(1, math.ceil(quantities.parse(str(storage)) / _GIBIBYTE))
    except (ValueError, ArithmeticError):
        return 1


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
