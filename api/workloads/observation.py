"""What is known of one workload at one moment: its rows, and what the Store holds of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.clusters import objects
from api.manifests.models import WorkloadKind, WorkloadSpec


@dataclass(frozen=True, slots=True)
class Observation:
    """The ground on which status, rollout and pods are derived; the deriving functions are pure.

    `revision` is the one that was last applied (None before the first), `applying` the one being applied just now.
    `replicated` is the Deployment or StatefulSet, `cron_job` and `jobs` are those of a job, a schedule's runs too; None
    or empty, as `pods`, where the cluster has none; `autoscaler` is that of an app that asks for one. `unreachable` is
    the reason where the cluster does not answer: what the Store holds is then of an earlier time.
    """

    spec: WorkloadSpec
    revision: int | None
    applying: int | None
    replicated: objects.Replicated | None
    pods: tuple[objects.Pod, ...]
    unreachable: str | None = None
    cron_job: objects.CronJob | None = None
    jobs: tuple[objects.Job, ...] = ()
    autoscaler: objects.HorizontalPodAutoscaler | None = None

    @property
    def desired_replicas(self) -> int:
        """How many pods are asked for: by the revision, or where the app is autoscaled by the cluster."""
        if self.spec.autoscaling is None:
            return self.spec.replicas
        return self.replicated.spec.replicas if self.replicated is not None else self.spec.least_replicas

    @property
    def controller(self) -> objects.Replicated | objects.CronJob | objects.Job | None:
        """What makes the app's pods; of a job, its newest run."""
        if self.spec.kind is WorkloadKind.SCHEDULED_JOB:
            return self.cron_job
        return self.newest_job if self.spec.kind is WorkloadKind.JOB else self.replicated

    @property
    def newest_job(self) -> objects.Job | None:
        """The run that was begun last: of a schedule's, or of a job's current revision.

        What is left of a revision that was undone is no run of the one that counts.
        """
        runs = self.jobs
        if self.spec.kind is WorkloadKind.JOB:
            runs = tuple(job for job in runs if annotated_revision(job.metadata) == self.revision)
        return min(runs, key=latest_first, default=None)

    @property
    def template_revision(self) -> int | None:
        """The revision whose pods the controller asks for; older than `revision` after a mere scaling."""
        controller = self.controller
        if controller is None:
            return None
        if isinstance(controller, objects.CronJob):
            return annotated_revision(controller.spec.job_template.spec.template.metadata)
        return annotated_revision(controller.spec.template.metadata)

    @property
    def kept_template(self) -> int | None:
        """The revision that the pods carry where the one that counts replaces none, as by a scaling; None where it
        has pods of its own."""
        template = self.template_revision
        return template if template is not None and template != self.revision else None

    @property
    def current_pods(self) -> tuple[objects.Pod, ...]:
        """Pods that count towards the replicas: of the template asked for, neither ended nor on their way out."""
        return tuple(pod for pod in self.pods if self.is_current(pod) and _counts(pod))

    def is_current(self, pod: objects.Pod) -> bool:
        """Whether the pod runs the template that the controller asks for."""
        return self.template_revision is not None and annotated_revision(pod.metadata) == self.template_revision

    def pods_of(self, job: objects.Job) -> tuple[objects.Pod, ...]:
        """The pods of one run, the latest attempt first."""
        pods = [pod for pod in self.pods if pod.metadata.labels.get(objects.JOB_NAME) == job.metadata.name]
        return tuple(sorted(pods, key=_age, reverse=True))


def _counts(pod: objects.Pod) -> bool:
    """As the ReplicaSet controller counts: an evicted pod stays for the record and is replaced."""
    return pod.metadata.deletion_timestamp is None and not has_ended(pod)


def has_ended(pod: objects.Pod) -> bool:
    """Whether the pod ran to its end, well or not: it is not started anew."""
    return pod.status.phase in ("Succeeded", "Failed")


def latest_first(job: objects.Job) -> tuple[float, int, bool, str]:
    """By when runs began. Times are told by the second: of two in one, that of the later revision is the later, and one
    by hand later than what was there to be run once more."""
    begun, is_by_hand = job.metadata.creation_timestamp.timestamp(), objects.TRIGGER in job.metadata.annotations
    return -begun, -(annotated_revision(job.metadata) or 0), not is_by_hand, job.metadata.name


def _age(item: objects.Watched) -> tuple[datetime, str]:
    return item.metadata.creation_timestamp, item.metadata.name


def annotated_revision(metadata: objects.ObjectMeta | objects.TemplateMeta) -> int | None:
    """The revision that an object of ours carries; None where it carries none."""
    text = metadata.annotations.get(objects.REVISION, "")
    return int(text) if text.isascii() and text.isdigit() else None
