"""What mutations of apps take."""

from __future__ import annotations

import strawberry

from api.manifests import models
from graphql_schema.enums import Concurrency, ExposureMode, WorkloadKind, WorkloadSize
from graphql_schema.idempotency import RepeatableInput
from graphql_schema.workloads.container_inputs import (
    ConfigFileInput,
    RegistryCredentialsInput,
    ResourcesInput,
    SecretFileInput,
)

_CURRENT_REVISION = (
    "The number of the revision that is taken for current: refused with a PlanConflictError where another one is. Left "
    "out: whatever is current."
)


@strawberry.input(description="A variable that anyone who sees the app may read.")
class EnvironmentVariableInput:
    name: str = strawberry.field(description="The variable's name.")
    value: str = strawberry.field(description="The variable's value.")


@strawberry.input(description="A variable kept in a Secret.")
class SecretVariableInput:
    name: str = strawberry.field(description="The variable's name.")
    value: str | None = strawberry.field(default=None, description="The value; left out: keep the app's own.")


@strawberry.input(
    description="How Kubernetes asks a container how it is: by a command, else by GET of a path on the app's port, "
    "else by connecting to that port."
)
class ProbeInput:
    path: str | None = strawberry.field(default=None, description="A path that answers 200 to 399 while all is well.")
    command: list[str] = strawberry.field(
        default_factory=list, description="A command to run in the container, which ends with 0 while all is well."
    )
    delay_seconds: int = strawberry.field(default=0, description="The wait before the first check, in seconds.")
    period_seconds: int = strawberry.field(default=10, description="The pause between two checks, in seconds.")
    timeout_seconds: int = strawberry.field(default=2, description="How long a check may take, in seconds.")
    failures: int = strawberry.field(default=3, description="How many failed checks in a row count as a failure.")

    def to_model(self) -> models.Probe:
        return models.Probe(
            path=self.path,
            command=tuple(self.command),
            delay_seconds=self.delay_seconds,
            period_seconds=self.period_seconds,
            timeout_seconds=self.timeout_seconds,
            failures=self.failures,
        )


@strawberry.input(description="A disk that each replica of a stateful service has of its own; it outlives the app.")
class VolumeInput:
    name: str = strawberry.field(description="Its name, unique in the app.")
    path: str = strawberry.field(description="Where it is mounted in the container.")
    size_gib: int = strawberry.field(description="Its size, in GiB.")
    storage_class: str | None = strawberry.field(
        default=None, description="The cluster's name for the sort of disk; left out: its default."
    )

    def to_model(self) -> models.Volume:
        return models.Volume(self.name, self.path, self.size_gib, self.storage_class or None)


@strawberry.input(description="When a scheduled job runs.")
class ScheduleInput:
    cron: str = strawberry.field(
        description="Minute, hour, day of the month, month and day of the week as in crontab, or a name as `@daily`."
    )
    time_zone: str = strawberry.field(
        default="Etc/UTC", description="The time zone of its clock, a name of the IANA time zone database."
    )
    concurrency: Concurrency = strawberry.field(
        default=Concurrency.FORBID, description="What happens where a run is due while the one before is under way."
    )
    suspended: bool = strawberry.field(default=False, description="Whether no run starts by itself.")

    def to_model(self) -> models.Schedule:
        return models.Schedule(self.cron, self.time_zone, self.concurrency, self.suspended)


@strawberry.input(description="How many pods an app has, by what they use; in percent of what its size requests.")
class AutoscalingInput:
    min_replicas: int = strawberry.field(description="How many pods at least; 1 or more.")
    max_replicas: int = strawberry.field(description="How many pods at most.")
    cpu_percent: int = strawberry.field(
        default=70, description="The CPU that pods are kept near on average, in percent of what they request."
    )
    memory_percent: int | None = strawberry.field(
        default=None,
        description="The memory that they are kept near too, in percent of what they request; left out: it has no say.",
    )

    def to_model(self) -> models.Autoscaling:
        return models.Autoscaling(self.min_replicas, self.max_replicas, self.cpu_percent, self.memory_percent)


@strawberry.input(description="One app, as its developer describes it. A field that its kind does not have is refused.")
class WorkloadInput:
    name: str = strawberry.field(description="Its name, unique in its namespace.")
    image: str = strawberry.field(description="Any full image reference.")
    kind: WorkloadKind = strawberry.field(
        default=WorkloadKind.WEB_SERVICE, description="What it is: a service, a worker or a job."
    )
    port: int | None = strawberry.field(default=None, description="The port it listens on; left out: none.")
    size: WorkloadSize | None = strawberry.field(
        default=None, description="CPU and memory for each replica; left out: S. Not looked at beside `resources`."
    )
    resources: ResourcesInput | None = strawberry.field(
        default=None, description="CPU and memory for each replica in numbers of its own, in place of a size."
    )
    replicas: int = strawberry.field(default=1, description="How many pods; 0 stops it.")
    environment: list[EnvironmentVariableInput] = strawberry.field(
        default_factory=list, description="Variables that anyone who sees the app may read."
    )
    secrets: list[SecretVariableInput] = strawberry.field(
        default_factory=list, description="Variables kept in a Secret. One that is left out is removed."
    )
    files: list[ConfigFileInput] = strawberry.field(
        default_factory=list, description="Files of text that anyone who sees the app may read."
    )
    secret_files: list[SecretFileInput] = strawberry.field(
        default_factory=list, description="Files kept in a Secret. One that is left out is removed."
    )
    registry_credentials: RegistryCredentialsInput | None = strawberry.field(
        default=None, description="Who pulls the image; left out: anybody may."
    )
    run_as_user: int | None = strawberry.field(
        default=None, description="The user id to run as; left out: the image's own, which must not be root."
    )
    command: list[str] = strawberry.field(
        default_factory=list,
        description="What to run in place of the image's ENTRYPOINT, a word an item; `$(NAME)` is the variable NAME.",
    )
    arguments: list[str] = strawberry.field(
        default_factory=list,
        description="Arguments in place of the image's CMD, a word an item; `$(NAME)` is the variable NAME.",
    )
    startup: ProbeInput | None = strawberry.field(
        default=None, description="The check that the other two wait for; left out: they do not wait."
    )
    liveness: ProbeInput | None = strawberry.field(
        default=None, description="The check that starts a container anew where it fails; left out: nothing does."
    )
    readiness: ProbeInput | None = strawberry.field(
        default=None, description="The check of a pod that is to get requests; left out: its port has to answer."
    )
    shutdown_seconds: int = strawberry.field(
        default=30, description="How long a pod has between SIGTERM and SIGKILL, in seconds."
    )
    surge: bool = strawberry.field(
        default=True,
        description="Whether a pod more than asked for may run while pods are replaced; without it, there is one less.",
    )

    volumes: list[VolumeInput] = strawberry.field(
        default_factory=list, description="The disks of each replica of a stateful service."
    )
    schedule: ScheduleInput | None = strawberry.field(default=None, description="When a scheduled job runs.")
    retries: int = strawberry.field(default=3, description="How often a run of a job that fails is tried again.")
    time_limit_seconds: int | None = strawberry.field(
        default=None, description="After how many seconds a run of a job is stopped, retries included; left out: never."
    )
    exposure: ExposureMode = strawberry.field(
        default=ExposureMode.NONE, description="From where it is reached, of what `workloadForm` says is offered."
    )

    autoscaling: AutoscalingInput | None = strawberry.field(
        default=None, description="Lets the cluster choose the number of pods; `replicas` says nothing then."
    )

    def to_model(self) -> models.WorkloadSpec:
        return models.WorkloadSpec(
            name=self.name,
            image=self.image,
            kind=self.kind,
            port=self.port,
            size=None if self.resources else self.size or WorkloadSize.S,
            resources=self.resources.to_model() if self.resources else None,
            replicas=self.replicas,
            environment=tuple(models.EnvironmentVariable(each.name, each.value) for each in self.environment),
            secrets=tuple(models.SecretVariable(each.name, each.value) for each in self.secrets),
            files=tuple(each.to_model() for each in self.files),
            secret_files=tuple(each.to_model() for each in self.secret_files),
            registry_credentials=self.registry_credentials.to_model() if self.registry_credentials else None,
            run_as_user=self.run_as_user,
            command=tuple(self.command),
            arguments=tuple(self.arguments),
            startup=self.startup.to_model() if self.startup else None,
            liveness=self.liveness.to_model() if self.liveness else None,
            readiness=self.readiness.to_model() if self.readiness else None,
            shutdown_seconds=self.shutdown_seconds,
            surge=self.surge,
            volumes=tuple(each.to_model() for each in self.volumes),
            schedule=self.schedule.to_model() if self.schedule else None,
            retries=self.retries,
            time_limit_seconds=self.time_limit_seconds,
            autoscaling=self.autoscaling.to_model() if self.autoscaling else None,
            exposure=self.exposure,
        )


@strawberry.input(description="The app to plan for.")
class PlanWorkloadInput:
    namespace: str = strawberry.field(description="The slug of the namespace to put it into.")
    workload: WorkloadInput = strawberry.field(description="The app as it shall be.")
    base_revision: int | None = strawberry.field(
        default=None,
        description="The number of the revision that `workload` was written from, 0 for a new app: refused with a "
        "PlanConflictError where another one is current. Left out: planned against whatever is current.",
    )


@strawberry.input(description="The plan to deploy.")
class DeployWorkloadInput(RepeatableInput):
    plan_id: strawberry.ID = strawberry.field(description="The plan's id.")
    message: str | None = strawberry.field(default=None, description="A note for the revision.")


@strawberry.input(description="The app to scale.")
class ScaleWorkloadInput(RepeatableInput):
    namespace: str = strawberry.field(description="The slug of the namespace it is in.")
    name: str = strawberry.field(description="The app's name.")
    replicas: int = strawberry.field(description="How many pods it shall have; 0 stops it.")


@strawberry.input(description="The app to restart.")
class RestartWorkloadInput(RepeatableInput):
    namespace: str = strawberry.field(description="The slug of the namespace it is in.")
    name: str = strawberry.field(description="The app's name.")


@strawberry.input(description="The job to run.")
class RunWorkloadInput(RepeatableInput):
    namespace: str = strawberry.field(description="The slug of the namespace it is in.")
    name: str = strawberry.field(description="The job's name.")


@strawberry.input(description="The scheduled job whose schedule to suspend.")
class PauseWorkloadInput(RepeatableInput):
    namespace: str = strawberry.field(description="The slug of the namespace it is in.")
    name: str = strawberry.field(description="The job's name.")


@strawberry.input(description="The scheduled job whose schedule to resume.")
class ResumeWorkloadInput(RepeatableInput):
    namespace: str = strawberry.field(description="The slug of the namespace it is in.")
    name: str = strawberry.field(description="The job's name.")


@strawberry.input(description="The app to plan a rollback of.")
class PlanRollbackInput:
    namespace: str = strawberry.field(description="The slug of the namespace it is in.")
    name: str = strawberry.field(description="The app's name.")
    revision: int = strawberry.field(description="The number of the revision to take up again.")
    base_revision: int | None = strawberry.field(default=None, description=_CURRENT_REVISION)


@strawberry.input(description="The app to roll back.")
class RollbackWorkloadInput(RepeatableInput):
    namespace: str = strawberry.field(description="The slug of the namespace it is in.")
    name: str = strawberry.field(description="The app's name.")
    revision: int = strawberry.field(description="The number of the revision to take up again.")
    message: str | None = strawberry.field(default=None, description="A note for the new revision.")
    base_revision: int | None = strawberry.field(default=None, description=_CURRENT_REVISION)


@strawberry.input(description="The app to delete.")
class DeleteWorkloadInput(RepeatableInput):
    namespace: str = strawberry.field(description="The slug of the namespace it is in.")
    name: str = strawberry.field(description="The app's name.")


@strawberry.input(description="The deleted app to bring back.")
class RestoreWorkloadInput:
    namespace: str = strawberry.field(description="The slug of the namespace it was in.")
    id: strawberry.ID = strawberry.field(description="The app's id, as `deletedWorkloads` tells it.")


@strawberry.input(description="The left-over disk to delete.")
class DeleteVolumeClaimInput(RepeatableInput):
    namespace: str = strawberry.field(description="The slug of the namespace it is in.")
    id: strawberry.ID = strawberry.field(description="The disk's id, as `volumeClaims` tells it.")
    confirm_name: str = strawberry.field(description="The disk's name, so that no other one is meant.")
