"""Which containers have a log, by what the watch cache knows of their pods."""

from __future__ import annotations

from api.clusters import objects
from api.clusters.store import Store
from api.logs.models import LogSource, LogTarget, PodEnd

_ENDS = {"Succeeded": PodEnd.SUCCEEDED, "Failed": PodEnd.FAILED}


def sources_of(store: Store, target: LogTarget, most: int) -> list[LogSource]:
    """The containers of a target that have begun, `most` of them; those of the youngest pods first."""
    pods = [
        pod
        for pod in store.pods(target.namespace, target.workload_id)
        if target.pod is None or pod.metadata.name == target.pod
    ]
    pods.sort(key=lambda pod: (pod.metadata.creation_timestamp, pod.metadata.name), reverse=True)
    return [source for pod in pods for source in _begun(pod, target.container)][:most]


def has_pod(store: Store, target: LogTarget) -> bool:
    """Whether the pod that a target names is there."""
    return any(pod.metadata.name == target.pod for pod in store.pods(target.namespace, target.workload_id))


def end_of(store: Store, source: LogSource) -> PodEnd | None:
    """Why a pod's logs grow no more; None while they may."""
    pod = store.pod(source.uid)
    return PodEnd.DELETED if pod is None else _ENDS.get(pod.status.phase)


def _begun(pod: objects.Pod, container: str | None) -> list[LogSource]:
    metadata = pod.metadata
    return [
        LogSource(metadata.namespace or "", metadata.name, metadata.uid, status.name)
        for status in pod.status.container_statuses
        if container in (None, status.name) and _has_run(status)
    ]


def _has_run(status: objects.ContainerStatus) -> bool:
    state = status.state
    return bool(state.running or state.terminated or status.last_state.terminated)
