"""What a job's status and steps say, from what the cluster says of its runs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from api.clusters import objects
from api.manifests.models import Schedule, WorkloadKind, WorkloadSpec
from api.workloads.diagnosis.models import CrashLoop
from api.workloads.diagnosis.rollouts import diagnose
from api.workloads.jobs import run_of, runs_of
from api.workloads.models import RunState, RunTrigger, WorkloadPhase
from api.workloads.observation import Observation
from api.workloads.rollout import rollout_of
from api.workloads.status import status_of
from tests.api.workloads.wire import WORKLOAD_ID, at, condition, container, metadata, pod, running, terminated, waiting

JOB = WorkloadSpec(name="web", image="registry.example/web:1", kind=WorkloadKind.JOB)
NIGHTLY = replace(JOB, kind=WorkloadKind.SCHEDULED_JOB, schedule=Schedule("@daily"))
COMPLETE = condition("Complete", "True", "CompletionsReached")
EXHAUSTED = condition("Failed", "True", "BackoffLimitExceeded")
TIMED_OUT = condition("Failed", "True", "DeadlineExceeded")
CRASHED = container(state=terminated(1))


def job(name: str = "web-1", *, revision: int = 1, limit: int = 3, failed: int = 0, **more: Any) -> objects.Job:
    """A run, its conditions in `conditions`; `seconds` is when it was made."""
    document = {
        "metadata": metadata(name, revision=revision, creationTimestamp=at(more.get("seconds", 0))),
        "spec": {"backoffLimit": limit, "template": {"metadata": {"annotations": {objects.REVISION: str(revision)}}}},
        "status": {"failed": failed, "active": more.get("active", 0), "conditions": more.get("conditions", [])},
    }
    return msgspec.convert(document, objects.Job, strict=False)


def cron_job(*, suspend: bool = False) -> objects.CronJob:
    template = {"metadata": {"annotations": {objects.REVISION: "1"}}}
    spec = {"suspend": suspend, "jobTemplate": {"spec": {"template": template}}}
    return msgspec.convert({"metadata": metadata("web", revision=1), "spec": spec}, objects.CronJob, strict=False)


def attempt(name: str, of: str = "web-1", **more: Any) -> objects.Pod:
    made = pod(name, **more)
    labels = {**made.metadata.labels, objects.JOB_NAME: of}
    return msgspec.structs.replace(made, metadata=msgspec.structs.replace(made.metadata, labels=labels))


def observe(
    *jobs: objects.Job,
    spec: WorkloadSpec = JOB,
    pods: tuple[objects.Pod, ...] = (),
    schedule: objects.CronJob | None = None,
    applying: int | None = None,
) -> Observation:
    return Observation(spec, 1, applying, None, pods, cron_job=schedule, jobs=jobs)


@pytest.mark.parametrize(
    ("run", "phase", "message"),
    [
        (job(), WorkloadPhase.PROGRESSING, "Revision 1: it is running."),
        (job(conditions=[COMPLETE]), WorkloadPhase.COMPLETED, "Revision 1 ran to its end."),
        (job(conditions=[EXHAUSTED], failed=1), WorkloadPhase.FAILED, "It failed. The app ended with exit code 1."),
        (
            job(conditions=[EXHAUSTED], failed=4),
            WorkloadPhase.FAILED,
            "Each of its 4 attempts failed. The app ended with exit code 1.",
        ),
        (job(conditions=[TIMED_OUT]), WorkloadPhase.FAILED, "It was stopped at its time limit."),
        (
            job(failed=1),
            WorkloadPhase.PROGRESSING,
            "Revision 1: it is tried again: 1 of 4 attempts failed. The app ended with exit code 1.",
        ),
    ],
)
def test_a_job_says_how_its_run_goes(run: objects.Job, phase: WorkloadPhase, message: str) -> None:
    failed = (attempt("web-1-a", phase="Failed", statuses=[CRASHED]),) if run.status.failed else ()

    status = status_of(observe(run, pods=failed))

    assert (phase, message) == (status.phase, status.message)


def test_a_run_that_cannot_start_says_why() -> None:
    stuck = attempt("web-1-a", statuses=[waiting("ImagePullBackOff")])

    status = status_of(observe(job(active=1), pods=(stuck,)))

    assert WorkloadPhase.FAILED is status.phase
    assert "cannot be pulled" in status.message


def test_a_job_without_its_run_is_missing_though_an_earlier_revisions_is_there() -> None:
    assert WorkloadPhase.MISSING is status_of(observe(job("web-2", revision=2, conditions=[COMPLETE]))).phase
    assert WorkloadPhase.PENDING is status_of(observe(applying=2)).phase


@pytest.mark.parametrize(
    ("run", "pods", "states"),
    [
        (job(), (), ["done", "done", "running", "pending", "pending"]),
        (job(), (attempt("web-1-a"),), ["done", "done", "done", "running", "pending"]),
        (job(), (attempt("web-1-a", statuses=[running()]),), ["done", "done", "done", "done", "running"]),
        (job(conditions=[COMPLETE]), (), ["done"] * 5),
        (
            job(conditions=[EXHAUSTED]),
            (attempt("web-1-a", phase="Failed", statuses=[CRASHED]),),
            ["done", "done", "done", "done", "failed"],
        ),
    ],
)
def test_a_run_goes_through_steps(run: objects.Job, pods: tuple[objects.Pod, ...], states: list[str]) -> None:
    rollout = rollout_of(observe(run, pods=pods))

    assert states == [step.state for step in rollout.steps]
    assert rollout.complete is (states == ["done"] * 5)


@pytest.mark.parametrize(
    ("run", "phase"),
    [
        (None, WorkloadPhase.READY),
        (job(), WorkloadPhase.READY),
        (job(conditions=[COMPLETE]), WorkloadPhase.READY),
        (job(conditions=[EXHAUSTED]), WorkloadPhase.DEGRADED),
    ],
)
def test_a_schedule_in_force_is_ready_unless_its_last_run_failed(run: objects.Job | None, phase: WorkloadPhase) -> None:
    runs = (run,) if run is not None else ()

    assert phase is status_of(observe(*runs, spec=NIGHTLY, schedule=cron_job())).phase


FAILED = job("web-28", conditions=[EXHAUSTED], failed=4)
PAUSED = "Its schedule is paused: no run starts by itself. Resume it to go on."
UNDER_WAY = job("web-29", seconds=60)


@pytest.mark.parametrize(
    ("runs", "suspend", "phase", "message"),
    [
        ((UNDER_WAY,), False, WorkloadPhase.READY, "Revision 1 is deployed: a run is under way."),
        ((FAILED,), False, WorkloadPhase.DEGRADED, "The last run failed. Each of its 4 attempts failed."),
        (
            (FAILED, UNDER_WAY),
            False,
            WorkloadPhase.DEGRADED,
            "The last run failed. Each of its 4 attempts failed. Another run is under way.",
        ),
        (
            (job("web-28", conditions=[TIMED_OUT]), UNDER_WAY),
            False,
            WorkloadPhase.DEGRADED,
            "The last run failed. It was stopped at its time limit. Another run is under way.",
        ),
        (
            (FAILED,),
            True,
            WorkloadPhase.STOPPED,
            f"{PAUSED} The last run failed. Each of its 4 attempts failed.",
        ),
        (
            (UNDER_WAY,),
            True,
            WorkloadPhase.STOPPED,
            f"{PAUSED} A run is under way.",
        ),
        (
            (job("web-28", conditions=[COMPLETE]),),
            True,
            WorkloadPhase.STOPPED,
            PAUSED,
        ),
    ],
)
def test_a_schedule_tells_how_its_latest_run_ended_until_another_one_ends(
    runs: tuple[objects.Job, ...], suspend: bool, phase: WorkloadPhase, message: str
) -> None:
    status = status_of(observe(*runs, spec=NIGHTLY, schedule=cron_job(suspend=suspend)))

    assert (phase, message) == (status.phase, status.message)


def test_a_run_that_does_not_get_on_is_told_beside_the_one_that_failed() -> None:
    stuck = attempt("web-29-a", of="web-29", statuses=[waiting("ImagePullBackOff")])

    status = status_of(observe(FAILED, UNDER_WAY, spec=NIGHTLY, pods=(stuck,), schedule=cron_job()))

    assert WorkloadPhase.DEGRADED is status.phase
    assert "The last run failed. Each of its 4 attempts failed. A run does not get on." in status.message


def test_a_run_that_is_tried_again_is_told_as_in_the_list_of_runs() -> None:
    again = observe(job("web-29", failed=1), spec=NIGHTLY, schedule=cron_job())

    (run,) = runs_of(WORKLOAD_ID, again)

    assert "It is tried again: 1 of 4 attempts failed." == run.message
    assert f"Revision 1 is deployed: a run is under way. {run.message}" == status_of(again).message


def test_the_latest_run_is_the_first_of_the_list() -> None:
    """Times are told by the second: of two in one, both take the same."""
    by_hand = job("web-ma")
    by_hand.metadata.annotations[objects.TRIGGER] = "manual"
    observation = observe(job("web-28"), by_hand, job("web-27", seconds=-60), spec=NIGHTLY, schedule=cron_job())

    first, *_ = runs_of(WORKLOAD_ID, observation)

    assert observation.newest_job is not None
    assert observation.newest_job.metadata.name == first.name == "web-ma"


def test_the_latest_run_of_a_schedule_goes_through_steps() -> None:
    failed = rollout_of(observe(FAILED, spec=NIGHTLY, schedule=cron_job()))
    none = rollout_of(observe(spec=NIGHTLY, schedule=cron_job()))

    assert ("finished", "failed") == (failed.steps[-1].name, failed.steps[-1].state)
    assert ["recorded", "applied"] == [step.name for step in none.steps]
    assert failed.complete
    assert none.complete


def test_of_runs_that_overlap_the_one_that_ended_last_counts() -> None:
    long = job("web-28", conditions=[condition("Failed", "True", "BackoffLimitExceeded", seconds=90)])
    short = job("web-29", conditions=[condition("Complete", "True", seconds=70)], seconds=60)

    assert WorkloadPhase.DEGRADED is status_of(observe(long, short, spec=NIGHTLY, schedule=cron_job())).phase


def test_why_a_run_failed_is_diagnosed_until_another_one_ends() -> None:
    crashed = attempt("web-28-a", of="web-28", phase="Failed", statuses=[CRASHED])

    during = diagnose(observe(FAILED, UNDER_WAY, spec=NIGHTLY, pods=(crashed,), schedule=cron_job()), [])
    after = job("web-29", conditions=[condition("Complete", "True", seconds=90)], seconds=60)

    assert isinstance(during, CrashLoop)
    assert diagnose(observe(FAILED, after, spec=NIGHTLY, pods=(crashed,), schedule=cron_job()), []) is None


def test_the_latest_run_of_a_schedule_counts() -> None:
    before, after = job("web-28", conditions=[EXHAUSTED], seconds=0), job("web-29", conditions=[COMPLETE], seconds=60)

    assert WorkloadPhase.READY is status_of(observe(after, before, spec=NIGHTLY, schedule=cron_job())).phase


def test_a_run_whose_success_is_announced_has_ended() -> None:
    """The Job controller says so first, and writes `completionTime` once its pods are accounted for."""
    announced = job(conditions=[condition("SuccessCriteriaMet", "True", "CompletionsReached")])

    (run,) = runs_of(WORKLOAD_ID, observe(announced))

    assert RunState.SUCCEEDED is run.state
    assert run.finished_at is not None


def test_a_run_says_what_began_it_and_when_it_ended() -> None:
    observation = observe(job(conditions=[EXHAUSTED]), spec=NIGHTLY, schedule=cron_job())

    (run,) = runs_of(WORKLOAD_ID, observation)
    by_deploy = run_of(WORKLOAD_ID, observe(job()), job())

    assert (RunState.FAILED, RunTrigger.SCHEDULE) == (run.state, run.trigger)
    assert run.finished_at is not None
    assert (RunState.RUNNING, RunTrigger.DEPLOY, None) == (by_deploy.state, by_deploy.trigger, by_deploy.finished_at)
