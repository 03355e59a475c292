"""Why an app is not up: what keeps its controller from making pods, else what keeps those from running."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from api.clusters import objects
from api.errors import SuggestedFix
from api.workloads import troubles
from api.workloads.diagnosis import evidence
from api.workloads.diagnosis.creation import refused_by_event, refused_creation
from api.workloads.diagnosis.models import Diagnosis, Evidence, RolloutOverdue
from api.workloads.diagnosis.pods import of_pods
from api.workloads.diagnosis.runs import of_runs
from api.workloads.observation import Observation
from api.workloads.pods import serving_before
from api.workloads.troubles import Trouble

_REPLICA_FAILURE = "ReplicaFailure"
_PROGRESSING = "Progressing"


def diagnose(observation: Observation, events: Iterable[objects.Event]) -> Diagnosis | None:
    """What is wrong with the app's current revision; None where nothing is, or nothing can be known.

    `events` are those of its namespace. The log of a run that ended is no part of it, and the revision to roll back to
    is the one that the pods carry which serve.
    """
    controller = observation.controller
    if observation.unreachable is not None or controller is None or controller.metadata.deletion_timestamp is not None:
        return None
    if not isinstance(controller, objects.Replicated):
        return of_runs(observation, events)
    found = _of_rollout(observation, controller, events)
    return replace(found, rollback_revision=serving_before(observation)) if found is not None else None


def _of_rollout(
    observation: Observation, controller: objects.Replicated, events: Iterable[objects.Event]
) -> Diagnosis | None:
    trouble = troubles.of_controller(controller)
    if trouble is not None and trouble.stage is troubles.Stage.SCHEDULED:
        return _refused(observation, controller, trouble)
    if len(observation.current_pods) < controller.spec.replicas:
        refused = refused_by_event(controller.metadata, "StatefulSet", events)
        if refused is not None:
            return refused
    return of_pods(observation.current_pods, observation.spec, events) or _overdue(controller, trouble)


def _refused(observation: Observation, deployment: objects.Replicated, trouble: Trouble) -> Diagnosis:
    """The API server takes no pod of the app."""
    said = tuple(_conditions(deployment, _REPLICA_FAILURE))
    return refused_creation(trouble.message, said, fix=_in_place(observation, deployment))


def _in_place(observation: Observation, deployment: objects.Replicated) -> SuggestedFix | None:
    """Where old pods run, the new ones may take their place instead of standing beside them."""
    is_update = deployment.status.replicas > deployment.status.updated_replicas
    if not observation.spec.surge or not is_update:
        return None
    label = "Stop a pod before its successor starts"
    return SuggestedFix(path=("workload", "surge"), value=json.dumps(obj=False), label=label)


def _overdue(deployment: objects.Replicated, trouble: Trouble | None) -> RolloutOverdue | None:
    if trouble is None:
        return None
    return RolloutOverdue(message=trouble.message, evidence=tuple(_conditions(deployment, _PROGRESSING)))


def _conditions(deployment: objects.Replicated, type_: str) -> Iterator[Evidence]:
    for condition in deployment.status.conditions:
        if condition.type == type_:
            yield evidence.of_condition("Deployment", deployment.metadata.name, condition)
