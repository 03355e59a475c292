"""CronJobs → Jobs, when they are due.

Source: pkg/controller/cronjob/cronjob_controllerv2.go of Kubernetes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from api.clusters.embedded.clock import parse_timestamp, timestamp
from api.clusters.embedded.deletion import DeleteOptions
from api.clusters.embedded.events import NORMAL, WARNING
from api.clusters.embedded.objects import (
    Key,
    Obj,
    condition_of,
    controller_of,
    copy,
    is_controlled_by,
    is_deleting,
    key_of,
    name_of,
    object_reference,
    owner_reference,
)
from api.clusters.embedded.registry import for_controller, for_status
from api.clusters.embedded.resources import CRON_JOBS, JOBS
from api.clusters.embedded.schedules import last_due, next_due
from api.clusters.embedded.status import ApiError
from api.clusters.embedded.store import Change

from .controller import CONTROLLER_MANAGER, KeyController
from .job import is_finished

SCHEDULED_AT = "batch.kubernetes.io/cronjob-scheduled-timestamp"
_WRITE = for_controller(CONTROLLER_MANAGER)
_MINUTE = 60


class CronJobController(KeyController):
    """Makes a Job when one is due, and forgets the oldest of those that have ended."""

    name = "cronjob-controller"

    def on_change(self, change: Change) -> None:
        if change.resource is CRON_JOBS:
            self.queue.add(key_of(change.obj))
        elif change.resource is JOBS:
            owner = controller_of(change.obj)
            if owner and owner["kind"] == "CronJob":
                self.queue.add(Key(change.obj["metadata"]["namespace"], owner["name"]))

    def sync(self, key: Key) -> None:
        cron_job = self.store.get(CRON_JOBS, key)
        if cron_job is None or is_deleting(cron_job):
            return
        jobs = [job for job in self.store.list(JOBS, key.namespace) if is_controlled_by(job, cron_job)]
        self._forget(cron_job, jobs)
        begun = None if cron_job["spec"].get("suspend") else self._begin_due(cron_job, jobs)
        self._write_status(key, jobs, begun)
        if not cron_job["spec"].get("suspend"):
            self._wake_when_due(cron_job)

    def _begin_due(self, cron_job: Obj, jobs: Sequence[Obj]) -> datetime | None:
        """Begins the run that is due; answers the time that it was due at. Of several that were missed, the last."""
        now = self.context.clock.now()
        due = last_due(cron_job, now)
        if due is None or due <= _looked_at(cron_job):
            return None
        deadline = cron_job["spec"].get("startingDeadlineSeconds")
        if deadline is not None and due + timedelta(seconds=deadline) < now:
            self._tell(cron_job, WARNING, "MissSchedule", f"Missed scheduled time to start a job: {timestamp(due)}")
            return None
        active = [job for job in jobs if not is_finished(job)]
        policy = cron_job["spec"]["concurrencyPolicy"]
        if active and policy == "Forbid":
            self._tell(cron_job, NORMAL, "JobAlreadyActive", "Not starting job because prior execution is running")
            return None
        if policy == "Replace":
            for job in active:
                self.registry.delete(JOBS, key_of(job), DeleteOptions())
                self._tell(cron_job, NORMAL, "SuccessfulDelete", f"Deleted job {name_of(job)}")
        return self._begin(cron_job, due)

    def _begin(self, cron_job: Obj, due: datetime) -> datetime:
        job = _job(cron_job, due)
        if self.store.get(JOBS, Key(job["metadata"]["namespace"], job["metadata"]["name"])) is None:
            try:
                self.registry.create(JOBS, job["metadata"]["namespace"], job, _WRITE)
            except ApiError as error:
                self._tell(cron_job, WARNING, "FailedCreate", f"Error creating job: {error}")
                raise
            self._tell(cron_job, NORMAL, "SuccessfulCreate", f"Created job {job['metadata']['name']}")
        return due

    def _forget(self, cron_job: Obj, jobs: Sequence[Obj]) -> None:
        """Deletes what exceeds the history, the oldest first."""
        for condition, field in (("Complete", "successfulJobsHistoryLimit"), ("Failed", "failedJobsHistoryLimit")):
            ended = [job for job in jobs if condition_of(job, condition) and not is_deleting(job)]
            ended.sort(key=lambda job: str(job["metadata"]["creationTimestamp"]))
            for job in ended[: max(0, len(ended) - cron_job["spec"][field])]:
                self.registry.delete(JOBS, key_of(job), DeleteOptions())
                self._tell(cron_job, NORMAL, "SuccessfulDelete", f"Deleted job {name_of(job)}")

    def _write_status(self, key: Key, jobs: Sequence[Obj], begun: datetime | None) -> None:
        cron_job = self.store.get(CRON_JOBS, key)
        if cron_job is None:
            return
        status = _status(cron_job, jobs, begun)
        if status != (cron_job.get("status") or {}):
            self.registry.change(CRON_JOBS, key, lambda live: {**live, "status": status}, for_status(_WRITE))

    def _wake_when_due(self, cron_job: Obj) -> None:
        """Schedules are those of the clock, whatever the pace of the cluster."""
        now = self.context.clock.now()
        due = next_due(cron_job, now)
        if due is not None:
            self.queue.add_after(key_of(cron_job), min((due - now).total_seconds(), _MINUTE))

    def _tell(self, cron_job: Obj, event_type: str, reason: str, message: str) -> None:
        self.context.recorder.event(cron_job, event_type, reason, message, component=self.name)


def _looked_at(cron_job: Obj) -> datetime:
    """Up to when its schedule has been followed."""
    last = (cron_job.get("status") or {}).get("lastScheduleTime")
    return parse_timestamp(last or cron_job["metadata"]["creationTimestamp"])


def _job(cron_job: Obj, due: datetime) -> Obj:
    template = copy(cron_job["spec"]["jobTemplate"])
    metadata = template.get("metadata") or {}
    return {
        "metadata": {
            "name": f"{name_of(cron_job)}-{int(due.timestamp()) // _MINUTE}",
            "namespace": cron_job["metadata"]["namespace"],
            "labels": dict(metadata.get("labels") or {}),
            "annotations": {**(metadata.get("annotations") or {}), SCHEDULED_AT: timestamp(due)},
            "ownerReferences": [owner_reference(cron_job)],
        },
        "spec": template["spec"],
    }


def _status(cron_job: Obj, jobs: Sequence[Obj], begun: datetime | None) -> Obj:
    status: Obj = dict(cron_job.get("status") or {})
    if begun is not None:
        status["lastScheduleTime"] = timestamp(begun)
    succeeded = [job["status"]["completionTime"] for job in jobs if condition_of(job, "Complete")]
    if succeeded:
        status["lastSuccessfulTime"] = max([*succeeded, status.get("lastSuccessfulTime", "")])
    status["active"] = [object_reference(job) for job in jobs if not is_finished(job)]
    return {name: value for name, value in status.items() if value}
