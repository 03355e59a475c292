"""Jobs: how a run goes, and what follows from it for the app. A run is a Job of Kubernetes, each attempt a pod of it.

The conditions and their reasons are those of https://kubernetes.io/docs/concepts/workloads/controllers/job/.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from api.clusters import objects
from api.workloads import troubles
from api.workloads.models import RolloutStep, Run, RunState, RunTrigger, StepState, WorkloadPhase
from api.workloads.observation import Observation, annotated_revision, has_ended
from api.workloads.troubles import Stage, Trouble

TIME_LIMIT = "DeadlineExceeded"
_FAILED = ("Failed", "FailureTarget")
_SUCCEEDED = ("Complete", "SuccessCriteriaMet")
"""Each is announced, and set once the last pod has ended."""


def runs_of(workload_id: UUID, observation: Observation) -> list[Run]:
    """Every run that the cluster still knows of."""
    return [run_of(workload_id, observation, job) for job in observation.jobs]


def run_of(workload_id: UUID, observation: Observation, job: objects.Job) -> Run:
    """The model of one run."""
    return Run(
        uid=job.metadata.uid,
        name=job.metadata.name,
        namespace=job.metadata.namespace or "",
        workload_id=workload_id,
        revision=annotated_revision(job.metadata),
        trigger=_trigger(observation, job),
        state=state_of(job),
        message=message_of(observation, job),
        failed_attempts=job.status.failed,
        created_at=job.metadata.creation_timestamp,
        started_at=job.status.start_time,
        finished_at=_finished_at(job),
    )


def state_of(job: objects.Job) -> RunState:
    """How far the run is."""
    if _condition(job, _FAILED) is not None:
        return RunState.FAILED
    return RunState.RUNNING if _condition(job, _SUCCEEDED) is None else RunState.SUCCEEDED


def message_of(observation: Observation, job: objects.Job) -> str:
    """How the run goes, in a sentence or two."""
    match state_of(job):
        case RunState.SUCCEEDED:
            return "It ran to its end."
        case RunState.FAILED:
            return _failure(observation, job)
        case RunState.RUNNING:
            trouble = trouble_of(observation, job)
            return trouble.message if trouble is not None else _under_way(observation, job)


def trouble_of(observation: Observation, job: objects.Job) -> Trouble | None:
    """What keeps the attempt that is under way from getting on."""
    pods = (pod for pod in observation.pods_of(job) if not has_ended(pod))
    return next((trouble for pod in pods if (trouble := troubles.of_pod(pod)) is not None), None)


def time_limit_passed(job: objects.Job) -> objects.Condition | None:
    """The condition that tells that the run was stopped at its time limit; None where it was not."""
    failed = _condition(job, _FAILED)
    return failed if failed is not None and failed.reason == TIME_LIMIT else None


def phase_of_job(observation: Observation, job: objects.Job) -> tuple[WorkloadPhase, str]:
    """What the latest run says of a job."""
    message = message_of(observation, job)
    match state_of(job):
        case RunState.SUCCEEDED:
            return WorkloadPhase.COMPLETED, f"Revision {observation.revision} ran to its end."
        case RunState.FAILED:
            return WorkloadPhase.FAILED, message
        case RunState.RUNNING if trouble_of(observation, job) is not None:
            return WorkloadPhase.FAILED, message
        case RunState.RUNNING:
            return WorkloadPhase.PROGRESSING, f"Revision {observation.revision}: {message[0].lower()}{message[1:]}"


def phase_of_schedule(observation: Observation, schedule: objects.CronJob) -> tuple[WorkloadPhase, str]:
    """What its schedule and the latest run say of a scheduled job."""
    job = observation.newest_job
    if schedule.spec.suspend:
        return WorkloadPhase.STOPPED, "Its schedule is suspended: no run starts by itself. Resume it to go on."
    if job is None:
        return WorkloadPhase.READY, f"Revision {observation.revision} is deployed: no run was due yet."
    message = message_of(observation, job)
    match state_of(job):
        case RunState.SUCCEEDED:
            return WorkloadPhase.READY, f"Revision {observation.revision} is deployed: the last run ended well."
        case RunState.FAILED:
            return WorkloadPhase.DEGRADED, f"The last run failed. {message}"
        case RunState.RUNNING if trouble_of(observation, job) is not None:
            return WorkloadPhase.DEGRADED, f"A run does not get on. {message}"
        case RunState.RUNNING:
            return WorkloadPhase.READY, f"Revision {observation.revision} is deployed: a run is under way."


def steps_of_run(observation: Observation, job: objects.Job | None) -> Iterator[RolloutStep]:
    """The steps of a job's run once it is applied; None: it is not applied yet."""
    pods = observation.pods_of(job) if job is not None else ()
    state = state_of(job) if job is not None else None
    trouble = trouble_of(observation, job) if job is not None else None
    reached = (
        (Stage.SCHEDULED, "Pod placed on a node", any(pod.spec.node_name for pod in pods)),
        (Stage.STARTED, "Container started", any(map(_has_started, pods))),
    )
    ahead = job is not None
    for stage, title, is_reached in reached:
        step = _step(stage, title, done=is_reached or state is RunState.SUCCEEDED, ahead=ahead, trouble=trouble)
        ahead = step.state is StepState.DONE
        yield step
    yield _last_step(observation, job, state, ahead=ahead)


def _step(stage: Stage, title: str, *, done: bool, ahead: bool, trouble: Trouble | None) -> RolloutStep:
    if done:
        return RolloutStep(stage, title, StepState.DONE, None)
    if trouble is not None and trouble.stage is stage:
        return RolloutStep(stage, title, StepState.FAILED, trouble.message)
    return RolloutStep(stage, title, StepState.RUNNING if ahead else StepState.PENDING, None)


def _last_step(
    observation: Observation, job: objects.Job | None, state: RunState | None, *, ahead: bool
) -> RolloutStep:
    title = "Ran to its end"
    if job is not None and state is RunState.FAILED:
        return RolloutStep("finished", title, StepState.FAILED, message_of(observation, job))
    if state is RunState.SUCCEEDED:
        return RolloutStep("finished", title, StepState.DONE, None)
    return RolloutStep("finished", title, StepState.RUNNING if ahead else StepState.PENDING, None)


def _has_started(pod: objects.Pod) -> bool:
    statuses = pod.status.container_statuses
    return any(status.state.running is not None or status.state.terminated is not None for status in statuses)


def _under_way(observation: Observation, job: objects.Job) -> str:
    if job.spec.suspend:
        return "It is suspended."
    if not job.status.failed:
        return "It is running."
    most, failed = job.spec.backoff_limit + 1, job.status.failed
    return f"It is tried again: {failed} of {most} attempts failed.{_last_failure(observation, job)}"


def _failure(observation: Observation, job: objects.Job) -> str:
    limit = observation.spec.time_limit_seconds
    if time_limit_passed(job) is not None:
        return f"It was stopped at its time limit of {limit} s." if limit else "It was stopped at its time limit."
    attempts = "It failed" if job.status.failed <= 1 else f"Each of its {job.status.failed} attempts failed"
    return f"{attempts}.{_last_failure(observation, job)}"


def _last_failure(observation: Observation, job: objects.Job) -> str:
    endings = (troubles.last_ending(pod) for pod in observation.pods_of(job) if pod.status.phase == "Failed")
    ended = next((ending for ending in endings if ending is not None), None)
    return f" {troubles.ending(ended)}" if ended is not None else ""


def _trigger(observation: Observation, job: objects.Job) -> RunTrigger:
    if job.metadata.annotations.get(objects.TRIGGER) == RunTrigger.MANUAL:
        return RunTrigger.MANUAL
    return RunTrigger.SCHEDULE if observation.cron_job is not None else RunTrigger.DEPLOY


def _finished_at(job: objects.Job) -> datetime | None:
    """Of a run that failed, or whose success is announced and not entered yet, when that was said."""
    ended = _condition(job, (*_FAILED, *_SUCCEEDED))
    return job.status.completion_time or (ended.last_transition_time if ended is not None else None)


def _condition(job: objects.Job, types: tuple[str, ...]) -> objects.Condition | None:
    conditions = (each for each in job.status.conditions if each.type in types and each.status == "True")
    return next(conditions, None)
