"""Pods as the graph serves them, derived from what the Store holds."""

from __future__ import annotations

from uuid import UUID

from api.clusters import objects
from api.workloads import troubles
from api.workloads.models import Container, ContainerState, Pod, PodState
from api.workloads.observation import Observation, annotated_revision
from api.workloads.troubles import Stage, Trouble


def pods_of(workload_id: UUID, observation: Observation) -> list[Pod]:
    """Every pod of the workload."""
    return [pod_of(workload_id, pod, is_current=observation.is_current(pod)) for pod in observation.pods]


def pod_of(workload_id: UUID, pod: objects.Pod, *, is_current: bool) -> Pod:
    """The model of one pod."""
    trouble = troubles.of_pod(pod)
    return Pod(
        uid=pod.metadata.uid,
        name=pod.metadata.name,
        namespace=pod.metadata.namespace or "",
        workload_id=workload_id,
        revision=annotated_revision(pod.metadata),
        is_current=is_current,
        state=state_of(pod, trouble),
        ready=is_ready(pod),
        restarts=sum(status.restart_count for status in pod.status.container_statuses),
        reason=trouble.reason if trouble else pod.status.reason,
        message=trouble.message if trouble else pod.status.message,
        node=pod.spec.node_name,
        ip=pod.status.pod_ip,
        created_at=pod.metadata.creation_timestamp,
        containers=_containers(pod),
    )


def state_of(pod: objects.Pod, trouble: Trouble | None) -> PodState:
    """The pod's state in one word; `trouble` is what `troubles.of_pod` found."""
    if pod.metadata.deletion_timestamp is not None:
        return PodState.TERMINATING
    if pod.status.phase == "Succeeded":
        return PodState.SUCCEEDED
    if trouble is not None and trouble.stage is Stage.STARTED:
        return PodState.FAILED
    if is_ready(pod):
        return PodState.READY
    if any(status.state.running is not None for status in pod.status.container_statuses):
        return PodState.RUNNING
    return PodState.STARTING if pod.spec.node_name else PodState.PENDING


def is_ready(pod: objects.Pod) -> bool:
    """Whether the kubelet calls the pod ready, and it is not on its way out."""
    ready = any(condition.type == "Ready" and condition.status == "True" for condition in pod.status.conditions)
    return ready and pod.metadata.deletion_timestamp is None


def serving_before(observation: Observation) -> int | None:
    """The latest revision before the one asked for of which a pod serves; None where none does.

    It is the number that the pods carry: revisions after it that replaced no pod are served by them as well.
    """
    before = (pod for pod in observation.pods if not observation.is_current(pod) and is_ready(pod))
    numbers = (annotated_revision(pod.metadata) for pod in before)
    return max((number for number in numbers if number is not None), default=None)


def _containers(pod: objects.Pod) -> tuple[Container, ...]:
    """One model a container, in the order of the pod's spec; one that the kubelet has not reported yet waits."""
    reported = {status.name: status for status in pod.status.container_statuses}
    return tuple(
        _container(reported[asked.name], annotated_revision(pod.metadata))
        if asked.name in reported
        else _unreported(asked)
        for asked in pod.spec.containers
    )


def _container(status: objects.ContainerStatus, revision: int | None) -> Container:
    reason, message, exit_code = _latest_trouble(status, revision)
    return Container(
        name=status.name,
        image=status.image,
        ready=status.ready,
        restarts=status.restart_count,
        state=_container_state(status),
        reason=reason,
        message=message,
        exit_code=exit_code,
    )


def _unreported(container: objects.Container) -> Container:
    return Container(
        name=container.name,
        image=container.image,
        ready=False,
        restarts=0,
        state=ContainerState.WAITING,
        reason=None,
        message=None,
        exit_code=None,
    )


def _container_state(status: objects.ContainerStatus) -> ContainerState:
    if status.state.running is not None:
        return ContainerState.RUNNING
    return ContainerState.TERMINATED if status.state.terminated is not None else ContainerState.WAITING


def _latest_trouble(status: objects.ContainerStatus, revision: int | None) -> tuple[str | None, str | None, int | None]:
    """Reason, message and exit code: of the present state, completed by how the container last ended."""
    ended = status.state.terminated or status.last_state.terminated
    waiting = status.state.waiting
    trouble = troubles.of_container(status, revision)
    reason = (waiting.reason if waiting else None) or (ended.reason if ended else None)
    message = trouble.message if trouble else (ended.message if ended else None)
    return reason, message, ended.exit_code if ended else None
