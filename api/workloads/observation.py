"""What is known of one workload at one moment: its rows, and what the Store holds of it."""

from __future__ import annotations

from dataclasses import dataclass

from api.clusters import objects
from api.manifests.models import WorkloadSpec


@dataclass(frozen=True, slots=True)
class Observation:
    """The ground on which status, rollout and pods are derived; the deriving functions are pure.

    `revision` is the one that was last applied (None before the first), `applying` the one being applied just now.
    `deployment` is None, and `pods` empty, where the cluster has none. `unreachable` is the reason where the cluster
    does not answer: what the Store holds is then of an earlier time.
    """

    spec: WorkloadSpec
    revision: int | None
    applying: int | None
    deployment: objects.Deployment | None
    pods: tuple[objects.Pod, ...]
    unreachable: str | None = None

    @property
    def template_revision(self) -> int | None:
        """The revision whose pods the Deployment asks for; older than `revision` after a mere scaling."""
        if self.deployment is None:
            return None
        return annotated_revision(self.deployment.spec.template.metadata)

    @property
    def current_pods(self) -> tuple[objects.Pod, ...]:
        """Pods that count towards the replicas: of the template asked for, neither ended nor on their way out."""
        return tuple(pod for pod in self.pods if self.is_current(pod) and _counts(pod))

    def is_current(self, pod: objects.Pod) -> bool:
        """Whether the pod runs the template that the Deployment asks for."""
        return self.template_revision is not None and annotated_revision(pod.metadata) == self.template_revision


def _counts(pod: objects.Pod) -> bool:
    """As the ReplicaSet controller counts: an evicted pod stays for the record and is replaced."""
    return pod.metadata.deletion_timestamp is None and pod.status.phase not in ("Succeeded", "Failed")


def annotated_revision(metadata: objects.ObjectMeta | objects.TemplateMeta) -> int | None:
    """The revision that an object of ours carries; None where it carries none."""
    text = metadata.annotations.get(objects.REVISION, "")
    return int(text) if text.isascii() and text.isdigit() else None
