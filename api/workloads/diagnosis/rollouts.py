"""Why an app is not up: what keeps its Deployment from making pods, else what keeps those from running."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from api.clusters import objects
from api.clusters.failures import quota_refusal
from api.errors import SuggestedFix
from api.workloads import troubles
from api.workloads.diagnosis import evidence
from api.workloads.diagnosis.evidence import Reported
from api.workloads.diagnosis.models import Diagnosis, Evidence, PolicyRefusal, QuotaExhausted, RolloutOverdue
from api.workloads.diagnosis.pods import of_pod
from api.workloads.observation import Observation
from api.workloads.troubles import Trouble

_REPLICA_FAILURE = "ReplicaFailure"
_PROGRESSING = "Progressing"


def diagnose(observation: Observation, events: Iterable[objects.Event]) -> Diagnosis | None:
    """What is wrong with the app's current revision; None where nothing is, or nothing can be known.

    `events` are those of its namespace. The log of a run that ended is no part of it.
    """
    deployment = observation.deployment
    if observation.unreachable is not None or deployment is None or deployment.metadata.deletion_timestamp is not None:
        return None
    trouble = troubles.of_deployment(deployment)
    if trouble is not None and trouble.stage is troubles.Stage.SCHEDULED:
        return _refused(observation, deployment, trouble)
    return _of_pods(observation, events) or _overdue(deployment, trouble)


def _refused(observation: Observation, deployment: objects.Deployment, trouble: Trouble) -> Diagnosis:
    """The API server takes no pod of the app."""
    said = tuple(_conditions(deployment, _REPLICA_FAILURE))
    refusal = quota_refusal(said[0].message)
    if refusal is None:
        return PolicyRefusal(message=trouble.message, evidence=said)
    return QuotaExhausted(
        message=trouble.message,
        evidence=said,
        fix=_in_place(observation, deployment),
        resource=refusal.resource,
        requested=refusal.requested,
        used=refusal.used,
        limit=refusal.limit,
    )


def _in_place(observation: Observation, deployment: objects.Deployment) -> SuggestedFix | None:
    """Where old pods run, the new ones may take their place instead of standing beside them."""
    is_update = deployment.status.replicas > deployment.status.updated_replicas
    if not observation.spec.surge or not is_update:
        return None
    label = "Stop a pod before its successor starts"
    return SuggestedFix(path=("workload", "surge"), value=json.dumps(obj=False), label=label)


def _of_pods(observation: Observation, events: Iterable[objects.Event]) -> Diagnosis | None:
    """The first that keeps a pod from running, with the names of all pods that it keeps from it."""
    reported = Reported.of_pods(observation.current_pods, events)
    pods = (of_pod(pod, observation.spec, reported) for pod in observation.current_pods)
    found = [diagnosis for diagnosis in pods if diagnosis is not None]
    if not found:
        return None
    alike = [diagnosis for diagnosis in found if type(diagnosis) is type(found[0])]
    return replace(found[0], pods=tuple(name for diagnosis in alike for name in diagnosis.pods))


def _overdue(deployment: objects.Deployment, trouble: Trouble | None) -> RolloutOverdue | None:
    if trouble is None:
        return None
    return RolloutOverdue(message=trouble.message, evidence=tuple(_conditions(deployment, _PROGRESSING)))


def _conditions(deployment: objects.Deployment, type_: str) -> Iterator[Evidence]:
    for condition in deployment.status.conditions:
        if condition.type == type_:
            yield evidence.of_condition("Deployment", deployment.metadata.name, condition)
