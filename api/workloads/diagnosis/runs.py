"""Why the latest run of a job fails, or does not get on."""

from __future__ import annotations

from collections.abc import Iterable

from api.clusters import objects
from api.manifests.models import WorkloadKind, WorkloadSpec
from api.manifests.sizes import MEBIBYTE, resources_of
from api.workloads import jobs, troubles
from api.workloads.diagnosis import evidence
from api.workloads.diagnosis.creation import refused_by_event
from api.workloads.diagnosis.models import CrashLoop, Diagnosis, OutOfMemory, StartFailure, TimeLimitExceeded
from api.workloads.diagnosis.pods import larger, of_pods
from api.workloads.models import RunState
from api.workloads.observation import Observation, has_ended

Ended = CrashLoop | OutOfMemory | StartFailure


def of_runs(observation: Observation, events: Iterable[objects.Event]) -> Diagnosis | None:
    """What is wrong with the latest run; None where it gets on, or ended well.

    Of a schedule the run that ended last counts on while another is under way, as in its status.
    """
    newest = observation.newest_job
    is_scheduled = observation.spec.kind is WorkloadKind.SCHEDULED_JOB
    telling = (jobs.under_way(observation), jobs.last_failed(observation)) if is_scheduled else (newest,)
    found = (_of_run(observation, job, events) for job in telling if job is not None)
    return next((diagnosis for diagnosis in found if diagnosis is not None), None)


def _of_run(observation: Observation, job: objects.Job, events: Iterable[objects.Event]) -> Diagnosis | None:
    if jobs.state_of(job) is RunState.SUCCEEDED:
        return None
    if (overdue := jobs.time_limit_passed(job)) is not None:
        said = (evidence.of_condition("Job", job.metadata.name, overdue),)
        seconds = observation.spec.time_limit_seconds or 0
        message = f"{jobs.message_of(observation, job)} Give it more time, or find out what it waits for."
        return TimeLimitExceeded(message=message, evidence=said, seconds=seconds)
    attempts = observation.pods_of(job)
    if not attempts:
        return refused_by_event(job.metadata, "Job", events)
    running = [pod for pod in attempts if not has_ended(pod)]
    return of_pods(running, observation.spec, events) or _of_attempts(observation, job, attempts)


def _of_attempts(observation: Observation, job: objects.Job, attempts: Iterable[objects.Pod]) -> Ended | None:
    """How the attempts ended that have failed, the latest first."""
    failed = [pod for pod in attempts if pod.status.phase == "Failed"]
    if not failed:
        return None
    message, names = jobs.message_of(observation, job), tuple(pod.metadata.name for pod in failed)
    return _ended(failed[0], observation.spec, message, names)


def _ended(pod: objects.Pod, spec: WorkloadSpec, message: str, names: tuple[str, ...]) -> Ended:
    ended = troubles.last_ending(pod)
    said = (evidence.of_ended(pod, ended),) if ended is not None else ()
    again = len(names) - 1
    if ended is not None and ended.reason in troubles.NEVER_RAN:
        return StartFailure(message=troubles.ending(ended), evidence=said, pods=names, reason=ended.reason)
    if ended is not None and ended.reason == troubles.OUT_OF_MEMORY:
        limit = resources_of(spec).memory_limit_mib * MEBIBYTE
        return OutOfMemory(
            message=message, evidence=said, pods=names, fix=larger(spec), memory_limit=limit, restarts=again
        )
    code = ended.exit_code if ended is not None else None
    return CrashLoop(message=message, evidence=said, pods=names, exit_code=code, restarts=again)
