"""Which containers have a log, by what the watch cache knows of their pods."""

from __future__ import annotations

from collections.abc import Iterator

from api.clusters import objects
from api.clusters.store import Store
from api.errors import NotFound, Unavailable
from api.logs.models import LogSource, LogTarget, PodEnd

_ENDS = {"Succeeded": PodEnd.SUCCEEDED, "Failed": PodEnd.FAILED}


def sources_of(store: Store, target: LogTarget, most: int) -> list[LogSource]:
    """The containers of a target that have begun, `most` of them; those of the youngest pods first."""
    pods = _pods(store, target)
    pods.sort(key=lambda pod: (pod.metadata.creation_timestamp, pod.metadata.name), reverse=True)
    return [source for pod in pods for source in _begun(pod, target.container)][:most]


def has_pod(store: Store, target: LogTarget) -> bool:
    """Whether the pod that a target names is there."""
    return bool(_pods(store, target))


def require_named(store: Store, target: LogTarget) -> None:
    """Raises NotFound on path `pod` or `container` for a name that none of the app's pods has; Unavailable where the
    cluster has not been read yet. An app without pods may have whatever container is named."""
    if target.pod is None and target.container is None:
        return
    if not store.synced:
        raise Unavailable("The cluster has not been read yet. Try again in a moment.", part="cluster")
    if target.pod is not None and not has_pod(store, target):
        raise NotFound("`pod`: the app has no pod of this name. Take one of its `pods`.", path=("pod",))
    names = {each for pod in _pods(store, target) for each in _containers(pod)}
    if target.container is not None and names and target.container not in names:
        message = f"`container`: there is none of this name. There are: {', '.join(sorted(names))}."
        raise NotFound(message, path=("container",))


def end_of(store: Store, source: LogSource) -> PodEnd | None:
    """Why a pod's logs grow no more; None while they may."""
    pod = store.pod(source.uid)
    return PodEnd.DELETED if pod is None else _ENDS.get(pod.status.phase)


def _pods(store: Store, target: LogTarget) -> list[objects.Pod]:
    return [
        pod
        for pod in store.pods(target.namespace, target.workload_id)
        if target.pod is None or pod.metadata.name == target.pod
    ]


def _containers(pod: objects.Pod) -> Iterator[str]:
    """The names of a pod's containers, those that are started beside the spec's (`kubectl debug`) too."""
    yield from (each.name for each in pod.spec.containers)
    yield from (each.name for each in pod.status.container_statuses)


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
