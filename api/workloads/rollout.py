"""How far the current revision is: the steps of its deploy, and the rollout strip, one cell a pod."""

from __future__ import annotations

from collections.abc import Iterator

from api.clusters import objects
from api.manifests.models import WorkloadKind
from api.workloads import jobs, troubles
from api.workloads.models import PodState, Rollout, RolloutCell, RolloutStep, RunState, StepState
from api.workloads.observation import Observation, annotated_revision
from api.workloads.pods import is_ready, state_of
from api.workloads.status import blocking_trouble, has_been_seen, is_rolled_out
from api.workloads.troubles import Stage, Trouble


def rollout_of(observation: Observation) -> Rollout:
    """The rollout of the workload's current revision."""
    if observation.spec.kind.runs_to_an_end:
        return _of_job(observation)
    return Rollout(
        revision=observation.applying or observation.revision,
        complete=_is_applied(observation) and _is_complete(observation),
        steps=tuple(_steps(observation)),
        cells=(*_pod_cells(observation), *_missing_cells(observation)),
    )


def _of_job(observation: Observation) -> Rollout:
    """A schedule is in force once it is applied, however its runs go; a job is through once its run has ended well."""
    applied, job = _is_applied(observation), observation.newest_job
    is_scheduled = observation.spec.kind is WorkloadKind.SCHEDULED_JOB
    shown = job if is_scheduled or applied else None
    has_run = shown is not None or not is_scheduled
    return Rollout(
        revision=observation.applying or observation.revision,
        complete=applied and (is_scheduled or (job is not None and jobs.state_of(job) is RunState.SUCCEEDED)),
        steps=(
            *_first_steps(observation, applied=applied),
            *(jobs.steps_of_run(observation, shown) if has_run else ()),
        ),
        cells=tuple(_cell(observation, pod) for pod in reversed(observation.pods_of(shown))) if shown else (),
    )


def _is_applied(observation: Observation) -> bool:
    """Whether the Store shows the controller as the current revision wants it, seen by the controller manager."""
    controller = observation.controller
    if controller is None or observation.applying is not None:
        return False
    return annotated_revision(controller.metadata) == observation.revision and has_been_seen(controller)


def _is_complete(observation: Observation) -> bool:
    return observation.replicated is not None and is_rolled_out(observation.replicated)


def _first_steps(observation: Observation, *, applied: bool) -> Iterator[RolloutStep]:
    yield RolloutStep("recorded", "Recorded", StepState.DONE, None)
    state, kept = (StepState.DONE, _kept(observation)) if applied else (StepState.RUNNING, None)
    yield RolloutStep("applied", "Applied to the cluster", state, kept)


def _kept(observation: Observation) -> str | None:
    """What stays as it is, where the revision asks for no other pods than there are."""
    kept = observation.kept_template
    if kept is None:
        return None
    if observation.spec.kind.runs_to_an_end:
        return f"Its runs are those of revision {kept}: what they do has not changed."
    return f"Its pods are those of revision {kept}: none had to be replaced." if observation.desired_replicas else None


def _steps(observation: Observation) -> Iterator[RolloutStep]:
    applied = _is_applied(observation)
    yield from _first_steps(observation, applied=applied)
    trouble = blocking_trouble(observation) if applied and not _is_complete(observation) else None
    ahead = applied
    for stage, title, count in _pod_steps(observation):
        step = _pod_step(observation, stage, title, count=count if applied else 0, trouble=trouble, ahead=ahead)
        ahead = applied and count > 0 and step.state is not StepState.FAILED
        yield step


def _pod_steps(observation: Observation) -> Iterator[tuple[Stage, str, int]]:
    """Each step that pods go through, and how many of the current ones are past it."""
    pods = observation.current_pods
    yield Stage.SCHEDULED, "Pods placed on nodes", sum(pod.spec.node_name is not None for pod in pods)
    yield Stage.STARTED, "Containers started", sum(_is_started(pod) for pod in pods)
    yield Stage.READY, "Pods ready", sum(is_ready(pod) for pod in pods)


def _is_started(pod: objects.Pod) -> bool:
    statuses = pod.status.container_statuses
    return bool(statuses) and all(status.state.running is not None for status in statuses)


def _pod_step(
    observation: Observation, stage: Stage, title: str, *, count: int, trouble: Trouble | None, ahead: bool
) -> RolloutStep:
    """`ahead` says that the step before has let at least one pod through."""
    desired = observation.desired_replicas
    if trouble is not None and trouble.stage is stage:
        return RolloutStep(stage, title, StepState.FAILED, trouble.message)
    if not ahead and not (_is_applied(observation) and desired == 0):
        return RolloutStep(stage, title, StepState.PENDING, None)
    done = count >= desired and (stage is not Stage.READY or _is_complete(observation))
    return RolloutStep(stage, title, StepState.DONE if done else StepState.RUNNING, f"{count} of {desired}")


def _pod_cells(observation: Observation) -> list[RolloutCell]:
    """One cell a pod: older revisions on the left, then by age, so that a cell keeps its place as it fills."""
    return [_cell(observation, pod) for pod in sorted(observation.pods, key=lambda pod: _place(observation, pod))]


def _place(observation: Observation, pod: objects.Pod) -> tuple[bool, int, float, str]:
    age = pod.metadata.creation_timestamp.timestamp()
    return observation.is_current(pod), annotated_revision(pod.metadata) or 0, age, pod.metadata.name


def _cell(observation: Observation, pod: objects.Pod) -> RolloutCell:
    trouble = troubles.of_pod(pod)
    return RolloutCell(
        pod_name=pod.metadata.name,
        revision=annotated_revision(pod.metadata),
        is_current=observation.is_current(pod),
        state=state_of(pod, trouble),
        reason=trouble.reason if trouble else None,
    )


def _missing_cells(observation: Observation) -> Iterator[RolloutCell]:
    """A cell for each replica of the current revision that has no pod yet."""
    revision = observation.template_revision or observation.applying or observation.revision
    for _ in range(observation.desired_replicas - len(observation.current_pods)):
        yield RolloutCell(pod_name=None, revision=revision, is_current=True, state=PodState.PENDING, reason=None)
