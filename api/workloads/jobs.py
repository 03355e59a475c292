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
from api.workloads.observation import Observation, annotated_revision, has_ended, latest_first
from api.workloads.troubles import Stage, Trouble

TIME_LIMIT = "DeadlineExceeded"
_FAILED = ("Failed", "FailureTarget")
_SUCCEEDED = ("Complete", "SuccessCriteriaMet")
"""Each is announced, and set once the last pod has ended."""


def runs_of(workload_id: UUID, observation: Observation) -> list[Run]:
    """Every run that the cluster still knows of, the latest first."""
    return [run_of(workload_id, observation, job) for job in sorted(observation.jobs, key=latest_first)]


def run_of(workload_id: UUID, observation: Observation, job: objects.Job) -> Run:
    """The model of one run."""
    return Run(
        uid=job.metadata.uid,
        name=job.metadata.name,
        namespace=job.metadata.namespace or "",
        workload_id=workload_id,
        revision=annotated_revision(job.metadata),
        is_current=annotated_revision(job.metadata) == observation.template_revision,
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
    """What its schedule and its runs say of a scheduled job: how the latest run ended holds until another one ends."""
    if schedule.spec.suspend:
        return WorkloadPhase.STOPPED, _sentences(
            "Its schedule is paused: no run starts by itself. Resume it to go on.", *_told_of_runs(observation)
        )
    if _is_failing(observation):
        return WorkloadPhase.DEGRADED, _sentences(*_told_of_runs(observation))
    return WorkloadPhase.READY, _sentences(
        f"Revision {observation.revision} is deployed: {_how_runs_go(observation)}.", *_tried_again(observation)
    )


def under_way(observation: Observation) -> objects.Job | None:
    """The newest run, as long as it has not ended."""
    job = observation.newest_job
    return job if job is not None and state_of(job) is RunState.RUNNING else None


def last_failed(observation: Observation) -> objects.Job | None:
    """The run that ended last, if it failed: one that is still under way says nothing of how runs go."""
    ended = (job for job in observation.jobs if state_of(job) is not RunState.RUNNING)
    last = min(ended, key=_ended_last_first, default=None)
    return last if last is not None and state_of(last) is RunState.FAILED else None


def _is_failing(observation: Observation) -> bool:
    job = under_way(observation)
    return last_failed(observation) is not None or (job is not None and trouble_of(observation, job) is not None)


def _told_of_runs(observation: Observation) -> Iterator[str]:
    """That the latest run failed, where it did, and what another one does that is under way."""
    failed, job = last_failed(observation), under_way(observation)
    if failed is not None:
        yield _sentences("The last run failed.", *_details_of_failure(observation, failed))
    if job is None:
        return
    trouble = trouble_of(observation, job)
    if trouble is not None:
        yield f"A run does not get on. {trouble.message}"
    else:
        yield "Another run is under way." if failed is not None else "A run is under way."
        yield from _tried_again(observation)


def _how_runs_go(observation: Observation) -> str:
    """Of a schedule none of whose runs failed."""
    if observation.newest_job is None:
        return "no run was due yet"
    return "a run is under way" if under_way(observation) is not None else "the last run ended well"


def _tried_again(observation: Observation) -> Iterator[str]:
    """What there is to say of the run that is under way, where an attempt of it has failed."""
    job = under_way(observation)
    if job is not None and job.status.failed:
        yield message_of(observation, job)


def _sentences(*sentences: str) -> str:
    return " ".join(sentences)


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
    return _sentences(f"It is tried again: {failed} of {most} attempts failed.", *_last_failure(observation, job))


def _failure(observation: Observation, job: objects.Job) -> str:
    was_tried_once = job.status.failed <= 1 and time_limit_passed(job) is None
    return _sentences(*(("It failed.",) if was_tried_once else ()), *_details_of_failure(observation, job))


def _details_of_failure(observation: Observation, job: objects.Job) -> Iterator[str]:
    """What there is to say of a run beyond that it failed."""
    if time_limit_passed(job) is not None:
        limit = observation.spec.time_limit_seconds
        yield f"It was stopped at its time limit{f' of {limit} s' if limit else ''}."
        return
    if job.status.failed > 1:
        yield f"Each of its {job.status.failed} attempts failed."
    yield from _last_failure(observation, job)


def _last_failure(observation: Observation, job: objects.Job) -> Iterator[str]:
    """How the attempt ended that failed last; nothing where no pod of it is left to tell."""
    endings = (troubles.last_ending(pod) for pod in observation.pods_of(job) if pod.status.phase == "Failed")
    ended = next((ending for ending in endings if ending is not None), None)
    if ended is not None:
        yield troubles.ending(ended)


def _trigger(observation: Observation, job: objects.Job) -> RunTrigger:
    if job.metadata.annotations.get(objects.TRIGGER) == RunTrigger.MANUAL:
        return RunTrigger.MANUAL
    return RunTrigger.SCHEDULE if observation.cron_job is not None else RunTrigger.DEPLOY


def _ended_last_first(job: objects.Job) -> tuple[float, tuple[float, int, bool, str]]:
    at = _finished_at(job) or job.metadata.creation_timestamp
    return -at.timestamp(), latest_first(job)


def _finished_at(job: objects.Job) -> datetime | None:
    """Of a run that failed, or whose success is announced and not entered yet, when that was said."""
    ended = _condition(job, (*_FAILED, *_SUCCEEDED))
    return job.status.completion_time or (ended.last_transition_time if ended is not None else None)


def _condition(job: objects.Job, types: tuple[str, ...]) -> objects.Condition | None:
    conditions = (each for each in job.status.conditions if each.type in types and each.status == "True")
    return next(conditions, None)
