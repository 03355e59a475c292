"""What was reported of an app's pods, as evidence: the latest of each kind of event, and how statuses are quoted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from api.clusters import objects
from api.namespaces.events import event_of
from api.namespaces.models import Event, EventType
from api.workloads.diagnosis.models import Evidence, EvidenceSource


class Reported:
    """The warnings, and the ends of containers, that were reported of an app's pods; the latest first."""

    def __init__(self, events: Iterable[objects.Event]) -> None:
        told = (event_of(event) for event in events)
        kept = [event for event in told if event.type is EventType.WARNING or event.reason == "Killing"]
        self._events = sorted(kept, key=lambda event: event.last_seen, reverse=True)

    @classmethod
    def of_pods(cls, pods: Iterable[objects.Pod], events: Iterable[objects.Event]) -> Reported:
        """What of all that was reported in a namespace concerns these pods and their disks: most of it does not, and
        is not looked at any closer."""
        names = {pod.metadata.name for pod in pods}
        regarding = ((event, event.involved_object) for event in events)
        return cls(event for event, about in regarding if _pod_of(about) in names)

    def of(self, kind: str, name: str) -> Iterator[Event]:
        """What was reported of one object, the latest first."""
        return (event for event in self._events if (event.regarding_kind, event.regarding_name) == (kind, name))


def _pod_of(about: objects.ObjectReference) -> str | None:
    """The pod that an event is about, by itself or by a disk of its own: that is named `<volume>-<pod>`."""
    if about.kind == "PersistentVolumeClaim":
        return about.name.partition("-")[2]
    return about.name if about.kind == "Pod" else None


def of_event(event: Event) -> Evidence:
    """An event, quoted."""
    return Evidence(
        source=EvidenceSource.EVENT,
        kind=event.regarding_kind,
        name=event.regarding_name,
        reason=event.reason,
        message=event.message,
        at=event.last_seen,
    )


def of_condition(kind: str, name: str, condition: objects.Condition) -> Evidence:
    """A condition of an object, quoted."""
    return Evidence(
        source=EvidenceSource.CONDITION,
        kind=kind,
        name=name,
        reason=condition.reason,
        message=condition.message,
        at=condition.last_transition_time,
    )


def of_waiting(pod: objects.Pod, waiting: objects.ContainerStateWaiting) -> Evidence:
    """A container that waits, quoted."""
    return _of_container(pod, waiting.reason, waiting.message)


def of_ended(pod: objects.Pod, ended: objects.ContainerStateTerminated) -> Evidence:
    """A container's end, quoted, with its exit code."""
    said = f"exit code {ended.exit_code}" + (f": {ended.message}" if ended.message else "")
    return Evidence(
        source=EvidenceSource.CONTAINER,
        kind="Pod",
        name=pod.metadata.name,
        reason=ended.reason or "Error",
        message=said,
        at=ended.finished_at,
    )


def _of_container(pod: objects.Pod, reason: str | None, message: str | None) -> Evidence:
    return Evidence(
        source=EvidenceSource.CONTAINER,
        kind="Pod",
        name=pod.metadata.name,
        reason=reason or "",
        message=message or "",
        at=None,
    )
