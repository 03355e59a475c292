"""Why one pod does not run: its statuses and conditions say what, its events say why.

What is written in them is of the kubelet, the scheduler and the container runtime:
https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import timedelta

from api.clusters import objects
from api.errors import SuggestedFix
from api.manifests.models import Probe, WorkloadSpec
from api.manifests.registries import server_of
from api.manifests.sizes import MEBIBYTE, larger_size, resources_of, with_twice_the_memory
from api.namespaces.models import Event
from api.workloads import troubles
from api.workloads.diagnosis import evidence
from api.workloads.diagnosis.evidence import Reported
from api.workloads.diagnosis.models import (
    CrashLoop,
    Diagnosis,
    Evidence,
    ImagePullCause,
    ImagePullFailure,
    MissingReference,
    OutOfMemory,
    PolicyRefusal,
    PortMismatch,
    ProbeFailure,
    ProbeName,
    StartFailure,
    Unschedulable,
)
from api.workloads.diagnosis.volumes import unbound
from api.workloads.observation import annotated_revision
from api.workloads.pods import is_ready
from api.workloads.refusals import as_user
from api.workloads.troubles import Trouble

_PULL_CAUSES = (
    (ImagePullCause.UNAUTHORIZED, ("unauthorized", "denied", "forbidden", "authentication required", "no basic auth")),
    (ImagePullCause.NOT_FOUND, ("not found", "manifest unknown", "name unknown")),
    (ImagePullCause.UNREACHABLE, ("no such host", "dial tcp", "timeout", "connection refused", "x509", "tls:")),
)
"""Words of containerd, CRI-O and the registries, the surest first: a registry that hides what it has says both
"denied" and "not found", and there a credential is what is missing."""
_MISSING = (
    re.compile(r'(?P<kind>secret|configmap|persistentvolumeclaim) "(?P<name>[^"]+)" not found', re.IGNORECASE),
    re.compile(r"couldn't find key (?P<key>\S+) in (?P<kind>Secret|ConfigMap) (?P<name>\S+)"),
)
_PROBE = re.compile(r"(?P<probe>Readiness|Liveness|Startup) probe (?:failed|errored)")
_KILLED = re.compile(r"failed (?P<probe>liveness|startup) probe")
_REFUSED = "connection refused"
_KILL_SLACK = timedelta(seconds=10)


def of_pods(pods: Sequence[objects.Pod], spec: WorkloadSpec, events: Iterable[objects.Event]) -> Diagnosis | None:
    """The first that keeps a pod from running, with the names of all pods that it keeps from it."""
    reported = Reported.of_pods(pods, events)
    found = [diagnosis for pod in pods if (diagnosis := of_pod(pod, spec, reported)) is not None]
    if not found:
        return None
    alike = [diagnosis for diagnosis in found if type(diagnosis) is type(found[0])]
    return replace(found[0], pods=tuple(name for diagnosis in alike for name in diagnosis.pods))


def of_pod(pod: objects.Pod, spec: WorkloadSpec, reported: Reported) -> Diagnosis | None:
    """What keeps the pod from serving; None where it serves, or is simply on its way."""
    if pod.metadata.deletion_timestamp is not None or is_ready(pod):
        return None
    events = list(reported.of("Pod", pod.metadata.name))
    trouble = troubles.of_pod(pod)
    if trouble is not None and trouble.reason == "Unschedulable":
        return _unschedulable(pod, spec, trouble, reported)
    for status in pod.status.container_statuses:
        found = _of_container(pod, status, spec, events)
        if found is not None:
            return found
    return _unmounted(pod, events)


def _of_container(
    pod: objects.Pod, status: objects.ContainerStatus, spec: WorkloadSpec, events: list[Event]
) -> Diagnosis | None:
    trouble = troubles.of_container(status, annotated_revision(pod.metadata))
    if trouble is None:
        return _probe_failing(pod, status, spec, events)
    if trouble.reason in troubles.UNPULLABLE:
        return _unpullable(pod, status, spec, trouble, events)
    if trouble.reason in troubles.UNSTARTABLE:
        return _unstartable(pod, status, spec, trouble)
    return _ending(pod, status, spec, trouble, events)


def _unschedulable(
    pod: objects.Pod, spec: WorkloadSpec, trouble: Trouble, reported: Reported
) -> Unschedulable | MissingReference:
    said = tuple(
        evidence.of_condition("Pod", pod.metadata.name, condition)
        for condition in pod.status.conditions
        if condition.reason == trouble.reason
    )
    if (disk := unbound(pod, spec, said, reported)) is not None:
        return disk
    return Unschedulable(message=trouble.message, evidence=said, pods=(pod.metadata.name,))


def _unpullable(
    pod: objects.Pod, status: objects.ContainerStatus, spec: WorkloadSpec, trouble: Trouble, events: list[Event]
) -> ImagePullFailure:
    """The runtime's own words are in the status at first, and later in the events alone, or in both: told once."""
    failed = [
        event for event in events if event.reason in {"Failed", "InspectFailed"} and status.image in event.message
    ]
    waiting = _said(pod, status)
    is_told = failed and any(_cause_told(failed[0]) in each.message for each in waiting)
    said = waiting if is_told else (*waiting, *(evidence.of_event(event) for event in failed[:1]))
    cause = _pull_cause(trouble.reason, " ".join(each.message for each in said))
    return ImagePullFailure(
        message=_unauthorized(spec, status.image) if cause is ImagePullCause.UNAUTHORIZED else trouble.message,
        evidence=said,
        pods=(pod.metadata.name,),
        image=status.image,
        cause=cause,
    )


def _cause_told(event: Event) -> str:
    """What the runtime said, of an event as in `Failed to pull image "web": not found`."""
    return event.message.partition('": ')[2]


def _unauthorized(spec: WorkloadSpec, image: str) -> str:
    """Which field of the form lets the cluster in, or does not yet."""
    if (credentials := spec.registry_credentials) is None:
        return (
            f"The registry of {image} does not let the cluster in. If it is a private one, give the app registry "
            "credentials: a user and a token that may read it. Else check the image's name and tag."
        )
    return (
        f"{server_of(spec, credentials)} does not give {image} to {credentials.username}. Check the app's registry "
        "credentials: whether the password is right and still holds, and whether that user may read the image."
    )


def _pull_cause(reason: str, said: str) -> ImagePullCause:
    if reason == "InvalidImageName":
        return ImagePullCause.INVALID_NAME
    if reason == "RegistryUnavailable":
        return ImagePullCause.UNREACHABLE
    lowered = said.lower()
    causes = (cause for cause, words in _PULL_CAUSES if any(word in lowered for word in words))
    return next(causes, ImagePullCause.UNKNOWN)


def _unstartable(pod: objects.Pod, status: objects.ContainerStatus, spec: WorkloadSpec, trouble: Trouble) -> Diagnosis:
    said, pods = _said(pod, status), (pod.metadata.name,)
    detail = " ".join(each.message for each in said)
    if reference := _missing(detail):
        message = f"{reference} is not in the namespace, and the pods need it. Deploy the app again to bring it back."
        return MissingReference(message=message, evidence=said, pods=pods, reference=reference)
    if "root" in detail.lower():
        return PolicyRefusal(message=trouble.message, evidence=said, pods=pods, fix=as_user(spec))
    fix = _image_command(spec, detail)
    return StartFailure(message=trouble.message, evidence=said, pods=pods, reason=trouble.reason, fix=fix)


def _image_command(spec: WorkloadSpec, detail: str) -> SuggestedFix | None:
    """To start what the image starts by itself, where it has no command such as the app's."""
    if not spec.command or not any(sign in detail.lower() for sign in troubles.NO_COMMAND):
        return None
    return SuggestedFix(path=("workload", "command"), value="[]", label="Start what the image starts by itself")


def _missing(detail: str) -> str | None:
    """What is missing, as in `Secret web` or `Key TOKEN of Secret web`; None where the text names nothing."""
    for pattern in _MISSING:
        if match := pattern.search(detail):
            words = match.groupdict()
            kind = _KINDS.get(words["kind"].lower(), words["kind"])
            named = f"{kind} {words['name'].rpartition('/')[2]}"
            return f"Key {words['key']} of {named}" if "key" in words else named
    return None


_KINDS = {"secret": "Secret", "configmap": "ConfigMap", "persistentvolumeclaim": "PersistentVolumeClaim"}


def _unmounted(pod: objects.Pod, events: list[Event]) -> MissingReference | None:
    """A volume whose source is absent is told of in an event alone; the container just waits."""
    if pod.status.phase != "Pending":
        return None
    for event in events:
        reference = _missing(event.message) if event.reason == "FailedMount" else None
        if reference is not None:
            message = f"{reference} is not in the namespace, and the pods mount it. Deploy the app again."
            said = (evidence.of_event(event),)
            return MissingReference(message=message, evidence=said, pods=(pod.metadata.name,), reference=reference)
    return None


def _ending(
    pod: objects.Pod, status: objects.ContainerStatus, spec: WorkloadSpec, trouble: Trouble, events: list[Event]
) -> Diagnosis:
    """An app that ends again and again: by itself, by the kernel's hand, or by that of the kubelet."""
    ended = status.state.terminated or status.last_state.terminated
    pods = (pod.metadata.name,)
    said = (*_said(pod, status), *((evidence.of_ended(pod, ended),) if ended else ()))
    if ended is not None and ended.reason == troubles.OUT_OF_MEMORY:
        return OutOfMemory(
            message=trouble.message,
            evidence=said,
            pods=pods,
            fix=larger(spec),
            memory_limit=resources_of(spec).memory_limit_mib * MEBIBYTE,
            restarts=status.restart_count,
        )
    if ended is not None and ended.reason in troubles.NEVER_RAN:
        fix = _image_command(spec, ended.message or "")
        return StartFailure(message=trouble.message, evidence=said, pods=pods, reason=ended.reason, fix=fix)
    if ended is not None and (killing := _killing(ended, spec, events)) is not None:
        return _killed(killing, said, pods)
    return CrashLoop(
        message=trouble.message,
        evidence=said,
        pods=pods,
        exit_code=ended.exit_code if ended else None,
        restarts=status.restart_count,
    )


def _killing(ended: objects.ContainerStateTerminated, spec: WorkloadSpec, events: list[Event]) -> Event | None:
    """The kubelet's word that it ended this run of the container, because of a probe."""
    grace = timedelta(seconds=spec.shutdown_seconds) + _KILL_SLACK
    return next(
        (
            event
            for event in events
            if event.reason == "Killing"
            and _KILLED.search(event.message)
            and (ended.finished_at is None or event.last_seen >= ended.finished_at - grace)
        ),
        None,
    )


def _killed(event: Event, said: tuple[Evidence, ...], pods: tuple[str, ...]) -> ProbeFailure:
    match = _KILLED.search(event.message)
    probe = ProbeName(match["probe"] if match else ProbeName.LIVENESS)
    message = (
        f"The app runs, and Kubernetes ends it again and again, because its {probe} probe fails. "
        "Check what the probe asks for, and that it leaves the app enough time."
    )
    return ProbeFailure(message=message, evidence=(evidence.of_event(event), *said), pods=pods, probe=probe)


def _probe_failing(
    pod: objects.Pod, status: objects.ContainerStatus, spec: WorkloadSpec, events: list[Event]
) -> Diagnosis | None:
    """The container runs, and a probe of this run has failed as often as counts."""
    running = status.state.running
    if running is None:
        return None
    for event in events:
        match = _PROBE.match(event.message) if event.reason == "Unhealthy" else None
        is_of_this_run = running.started_at is None or event.last_seen >= running.started_at
        if match and is_of_this_run:
            probe = ProbeName(match["probe"].lower())
            return _unanswered(pod, spec, probe, event) if _counts(spec, probe, event) else None
    return None


def _counts(spec: WorkloadSpec, probe: ProbeName, event: Event) -> bool:
    """An app that starts slowly fails a check or two, and is in no trouble."""
    asked: Probe = getattr(spec, probe) or Probe()
    return event.count >= asked.failures


def _unanswered(pod: objects.Pod, spec: WorkloadSpec, probe: ProbeName, event: Event) -> Diagnosis:
    said, pods = (evidence.of_event(event),), (pod.metadata.name,)
    if spec.port is not None and _REFUSED in event.message.lower():
        message = (
            f"The app runs, and nothing listens on its port {spec.port}. Set the port that it listens on; or let it "
            "listen on the one that the variable PORT names, at 0.0.0.0 rather than 127.0.0.1."
        )
        return PortMismatch(message=message, evidence=said, pods=pods, port=spec.port)
    message = (
        f"The app runs, and its {probe} probe fails. Check what the probe asks for, and that it leaves the app "
        "enough time."
    )
    return ProbeFailure(message=message, evidence=said, pods=pods, probe=probe)


def _said(pod: objects.Pod, status: objects.ContainerStatus) -> tuple[Evidence, ...]:
    waiting = status.state.waiting
    return (evidence.of_waiting(pod, waiting),) if waiting is not None else ()


def larger(spec: WorkloadSpec) -> SuggestedFix | None:
    """The next size, as the graph names it; beyond the largest twice the memory, while that is allowed."""
    if spec.resources is None and spec.size is not None and (size := larger_size(spec.size)) is not None:
        return SuggestedFix(path=("workload", "size"), value=json.dumps(size.name), label=f"Give it size {size.name}")
    doubled = with_twice_the_memory(resources_of(spec))
    if doubled is None:
        return None
    label = f"Give it {doubled.memory_limit_mib} MiB of memory"
    return SuggestedFix(path=("workload", "resources"), value=json.dumps(asdict(doubled)), label=label)
