"""The state of a workload in one word and one sentence. "Ready" is said only when the cluster says so."""

from __future__ import annotations

from api.clusters import objects
from api.manifests.models import WorkloadKind
from api.workloads import jobs, troubles
from api.workloads.models import Condition, WorkloadPhase, WorkloadStatus
from api.workloads.observation import Observation, annotated_revision
from api.workloads.pods import is_ready, serving_before
from api.workloads.troubles import Trouble

# What the deployment controller writes once a rollout is through; it stays until the template changes again.
_ROLLED_OUT = "NewReplicaSetAvailable"


def status_of(observation: Observation) -> WorkloadStatus:
    """The workload's status, from what is known of it."""
    phase, message = _phase(observation)
    if observation.spec.kind.runs_to_an_end:
        return _of_job(observation, phase, message)
    replicated = observation.replicated
    counts = replicated.status if replicated is not None else objects.ReplicatedStatus()
    return WorkloadStatus(
        phase=phase,
        message=message,
        desired_replicas=observation.desired_replicas,
        ready_replicas=counts.ready_replicas,
        updated_replicas=counts.updated_replicas,
        available_replicas=counts.available_replicas,
        conditions=tuple(condition_of(condition) for condition in counts.conditions),
    )


def _of_job(observation: Observation, phase: WorkloadPhase, message: str) -> WorkloadStatus:
    """A job asks for a pod as long as it runs, and for none at all once it has ended."""
    job = observation.newest_job
    ready = sum(is_ready(pod) for pod in observation.pods_of(job)) if job is not None else 0
    active = job.status.active if job is not None else 0
    return WorkloadStatus(
        phase=phase,
        message=message,
        desired_replicas=active,
        ready_replicas=ready,
        updated_replicas=active,
        available_replicas=ready,
        conditions=tuple(condition_of(condition) for condition in (job.status.conditions if job is not None else ())),
    )


def is_rolled_out(deployment: objects.Replicated) -> bool:
    """Whether every pod asked for is of the newest template and ready, and none of an older one is left.

    The rule of `kubectl rollout status`, with ready pods in place of available ones, and no fewer than asked for.
    """
    status, desired = deployment.status, deployment.spec.replicas
    seen = status.observed_generation >= deployment.metadata.generation
    return seen and desired == status.replicas == status.updated_replicas == status.ready_replicas


def blocking_trouble(observation: Observation) -> Trouble | None:
    """What keeps the current template's pods from running, the plainest reason first; None where nothing does."""
    if observation.replicated is None:
        return None
    of_controller = troubles.of_controller(observation.replicated)
    if of_controller is not None and of_controller.stage is troubles.Stage.SCHEDULED:
        return of_controller
    of_pods = (troubles.of_pod(pod) for pod in observation.current_pods)
    return next((trouble for trouble in of_pods if trouble is not None), of_controller)


def _phase(observation: Observation) -> tuple[WorkloadPhase, str]:
    if observation.unreachable is not None:
        return (
            WorkloadPhase.UNKNOWN,
            f"The app's state is not known. {observation.unreachable}",
        )
    controller = observation.controller
    if controller is None:
        return _without_controller(observation)
    return _under_way(observation, controller) or _settled(observation, controller)


def _without_controller(observation: Observation) -> tuple[WorkloadPhase, str]:
    if observation.applying is not None:
        return WorkloadPhase.PENDING, f"Revision {observation.applying} is recorded and being applied."
    if observation.spec.kind is WorkloadKind.JOB:
        return WorkloadPhase.MISSING, "The job is recorded, and its run absent from the cluster. Run it again."
    return WorkloadPhase.MISSING, "The app is recorded, and absent from the cluster. Deploy it again to bring it back."


def _under_way(observation: Observation, controller: objects.Watched) -> tuple[WorkloadPhase, str] | None:
    """The phase while the controller itself is not yet what the current revision asks for."""
    if controller.metadata.deletion_timestamp is not None:
        return WorkloadPhase.DELETING, "The app is being deleted."
    if observation.applying is not None:
        return WorkloadPhase.PENDING, f"Revision {observation.applying} is recorded and being applied."
    if annotated_revision(controller.metadata) != observation.revision:
        return WorkloadPhase.PROGRESSING, f"Waiting for the cluster to show revision {observation.revision}."
    if not has_been_seen(controller):
        return (
            WorkloadPhase.PROGRESSING,
            f"The cluster has taken revision {observation.revision} and is about to start it.",
        )
    return None


def has_been_seen(controller: objects.Watched) -> bool:
    """Whether the controller manager has seen what it asks for; of jobs it does not say."""
    if not isinstance(controller, objects.Replicated):
        return True
    return controller.status.observed_generation >= controller.metadata.generation


def _settled(
    observation: Observation, controller: objects.Replicated | objects.CronJob | objects.Job
) -> tuple[WorkloadPhase, str]:
    """The phase once the controller manager has seen the current revision."""
    match controller:
        case objects.CronJob():
            return jobs.phase_of_schedule(observation, controller)
        case objects.Job():
            return jobs.phase_of_job(observation, controller)
        case _:
            return _replicated(observation, controller)


def _replicated(observation: Observation, deployment: objects.Replicated) -> tuple[WorkloadPhase, str]:
    if is_rolled_out(deployment):
        return _rolled_out(observation, deployment)
    trouble = blocking_trouble(observation)
    if trouble is not None:
        return _troubled(observation, deployment, trouble)
    return WorkloadPhase.PROGRESSING, _progress(observation, deployment)


def _rolled_out(observation: Observation, deployment: objects.Replicated) -> tuple[WorkloadPhase, str]:
    desired = deployment.spec.replicas
    if desired == 0:
        return WorkloadPhase.STOPPED, "Scaled to zero: nothing runs. Scale up to start it."
    return (
        WorkloadPhase.READY,
        f"Revision {observation.revision} is deployed{_on_pods_of(observation)}: {_ready(desired, desired)}.",
    )


def _troubled(observation: Observation, deployment: objects.Replicated, trouble: Trouble) -> tuple[WorkloadPhase, str]:
    """Degraded where the revision was up once and still serves; failed where its rollout does not move."""
    serving, desired = deployment.status.ready_replicas, deployment.spec.replicas
    if serving and _was_rolled_out(deployment):
        return WorkloadPhase.DEGRADED, f"{_ready(serving, desired).capitalize()}. {trouble.message}"
    return WorkloadPhase.FAILED, f"{trouble.message}{_still_serving(observation)}"


def _was_rolled_out(deployment: objects.Replicated) -> bool:
    reasons = {condition.type: condition.reason for condition in deployment.status.conditions}
    return reasons.get("Progressing") == _ROLLED_OUT


def _still_serving(observation: Observation) -> str:
    """A sentence about the pods of an older revision that go on serving while the new one fails; empty if none do."""
    number = serving_before(observation)
    return f" Revision {number} still serves." if number is not None else ""


def _progress(observation: Observation, deployment: objects.Replicated) -> str:
    status, desired = deployment.status, deployment.spec.replicas
    if status.replicas > status.updated_replicas and status.updated_replicas >= desired:
        left = status.replicas - status.updated_replicas
        return (
            f"Revision {observation.revision}: {left} {'pod' if left == 1 else 'pods'} of an older one still to stop."
        )
    if status.replicas > desired and desired == status.updated_replicas == 0:
        return f"Stopping: {status.replicas} pods are left."
    # The Deployment counts ready pods of every revision together.
    ready = sum(is_ready(pod) for pod in observation.current_pods)
    return f"Revision {observation.revision}{_on_pods_of(observation)}: {_ready(ready, desired)}."


def _on_pods_of(observation: Observation) -> str:
    """Which revision the pods carry, where the one that counts replaces none; else nothing."""
    kept = observation.kept_template
    return f", on the pods of revision {kept}" if kept is not None else ""


def _ready(ready: int, desired: int) -> str:
    return f"{ready} of {desired} {'pod is' if desired == 1 else 'pods are'} ready"


def condition_of(condition: objects.Condition) -> Condition:
    return Condition(
        type=condition.type,
        status=condition.status,
        reason=condition.reason or "",
        message=condition.message or "",
        last_transition=condition.last_transition_time,
    )
