"""What an app is, as its developer describes it."""

from __future__ import annotations

from datetime import UTC, datetime

import strawberry

from api.manifests import models
from api.manifests.images import parse_image
from api.manifests.schedules import explain, next_run
from graphql_schema.enums import Concurrency, ExposureMode, WorkloadKind, WorkloadSize
from graphql_schema.workloads.containers import ConfigFile, RegistryCredentials, Resources, SecretFile


@strawberry.type(description="An image reference, split by the grammar of the distribution project.")
class ImageReference:
    registry: str = strawberry.field(description="The registry's host, with a port where one is given.")
    repository: str = strawberry.field(description="The repository in the registry.")
    tag: str | None = strawberry.field(description="The tag; null where there is none.")
    digest: str | None = strawberry.field(description="The digest; null where there is none.")


@strawberry.type(description="A variable that anyone who sees the app may read.")
class EnvironmentVariable:
    name: str = strawberry.field(description="The variable's name.")
    value: str = strawberry.field(description="The variable's value.")


@strawberry.type(description="A secret by name; its value never leaves the server.")
class SecretVariable:
    name: str = strawberry.field(description="The variable's name.")


@strawberry.type(
    description="How Kubernetes asks a container how it is: by a command, else by GET of a path on the app's port, "
    "else by connecting to that port."
)
class Probe:
    path: str | None = strawberry.field(description="The path that answers 200 to 399 while all is well; null: none.")
    command: list[str] = strawberry.field(description="The command that ends with 0 while all is well; empty: none.")
    delay_seconds: int = strawberry.field(description="The wait before the first check, in seconds.")
    period_seconds: int = strawberry.field(description="The pause between two checks, in seconds.")
    timeout_seconds: int = strawberry.field(description="How long a check may take, in seconds.")
    failures: int = strawberry.field(description="How many failed checks in a row count as a failure.")

    @classmethod
    def from_model(cls, probe: models.Probe) -> Probe:
        return cls(
            path=probe.path,
            command=list(probe.command),
            delay_seconds=probe.delay_seconds,
            period_seconds=probe.period_seconds,
            timeout_seconds=probe.timeout_seconds,
            failures=probe.failures,
        )


@strawberry.type(description="A disk that each replica of a stateful service has of its own; it outlives the app.")
class Volume:
    name: str = strawberry.field(description="Its name, unique in the app.")
    path: str = strawberry.field(description="Where it is mounted in the container.")
    size_gib: int = strawberry.field(description="Its size, in GiB.")
    storage_class: str | None = strawberry.field(
        description="The cluster's name for the sort of disk; null: its default."
    )

    @classmethod
    def from_model(cls, volume: models.Volume) -> Volume:
        return cls(name=volume.name, path=volume.path, size_gib=volume.size_gib, storage_class=volume.storage_class)


@strawberry.type(description="How many pods an app has, by what they use; in percent of what its size requests.")
class Autoscaling:
    min_replicas: int = strawberry.field(description="How many pods at least.")
    max_replicas: int = strawberry.field(description="How many pods at most.")
    cpu_percent: int = strawberry.field(description="The CPU that pods are kept near on average, in percent.")
    memory_percent: int | None = strawberry.field(
        description="The memory that they are kept near too, in percent; null: it has no say."
    )

    @classmethod
    def from_model(cls, autoscaling: models.Autoscaling) -> Autoscaling:
        return cls(
            min_replicas=autoscaling.min_replicas,
            max_replicas=autoscaling.max_replicas,
            cpu_percent=autoscaling.cpu_percent,
            memory_percent=autoscaling.memory_percent,
        )


@strawberry.type(description="When a scheduled job runs.")
class Schedule:
    cron: str = strawberry.field(description="The schedule as in crontab, or a name as `@daily`.")
    time_zone: str = strawberry.field(description="The time zone of its clock, as the IANA database names it.")
    concurrency: Concurrency = strawberry.field(
        description="What happens where a run is due while the one before is under way."
    )
    suspended: bool = strawberry.field(description="Whether no run starts by itself.")
    model: strawberry.Private[models.Schedule]

    @classmethod
    def from_model(cls, schedule: models.Schedule) -> Schedule:
        return cls(
            cron=schedule.cron,
            time_zone=schedule.time_zone,
            concurrency=schedule.concurrency,
            suspended=schedule.suspended,
            model=schedule,
        )

    @strawberry.field(description="The schedule in English, as in `At 04:30 every day`.")
    def explanation(self) -> str:
        return explain(self.cron)

    @strawberry.field(description="When the next run is due; null while suspended, or where no such day ever comes.")
    def next_run_at(self) -> datetime | None:
        return next_run(self.model, datetime.now(UTC))


@strawberry.type(description="One app, as its developer describes it.")
class WorkloadSpec:
    kind: WorkloadKind = strawberry.field(description="What it is: a service, a worker or a job.")
    image: str = strawberry.field(description="The image, as it was written.")
    port: int | None = strawberry.field(description="The port it listens on; null: it listens on none.")
    size: WorkloadSize | None = strawberry.field(
        description="CPU and memory for each replica; null: it has `resources` of its own."
    )
    replicas: int = strawberry.field(description="How many pods, where no autoscaling says that.")
    run_as_user: int | None = strawberry.field(description="The user id it runs as; null: the image's own.")
    shutdown_seconds: int = strawberry.field(description="The time between SIGTERM and SIGKILL, in seconds.")
    surge: bool = strawberry.field(
        description="Whether a pod more than asked for may run while pods are replaced; without it, there is one less."
    )
    retries: int = strawberry.field(description="How often a run of a job that fails is tried again.")
    time_limit_seconds: int | None = strawberry.field(
        description="After how many seconds a run of a job is stopped, retries included; null: never."
    )
    exposure: ExposureMode = strawberry.field(description="From where it is to be reached.")
    model: strawberry.Private[models.WorkloadSpec]

    @classmethod
    def from_model(cls, spec: models.WorkloadSpec) -> WorkloadSpec:
        return cls(
            kind=spec.kind,
            image=spec.image,
            port=spec.port,
            size=spec.size,
            replicas=spec.replicas,
            run_as_user=spec.run_as_user,
            shutdown_seconds=spec.shutdown_seconds,
            surge=spec.surge,
            retries=spec.retries,
            time_limit_seconds=spec.time_limit_seconds,
            exposure=spec.exposure,
            model=spec,
        )

    @strawberry.field(description="The image in its parts.")
    def image_reference(self) -> ImageReference:
        reference = parse_image(self.image)
        return ImageReference(
            registry=reference.registry,
            repository=reference.repository,
            tag=reference.tag,
            digest=reference.digest,
        )

    @strawberry.field(description="Variables that anyone who sees the app may read.")
    def environment(self) -> list[EnvironmentVariable]:
        return [EnvironmentVariable(name=each.name, value=each.value) for each in self.model.environment]

    @strawberry.field(description="Variables kept in a Secret, by name only.")
    def secrets(self) -> list[SecretVariable]:
        return [SecretVariable(name=each.name) for each in self.model.secrets]

    @strawberry.field(description="CPU and memory for each replica in numbers of its own; null: it has a `size`.")
    def resources(self) -> Resources | None:
        return Resources.from_model(self.model.resources) if self.model.resources is not None else None

    @strawberry.field(description="Files of text that anyone who sees the app may read.")
    def files(self) -> list[ConfigFile]:
        return [ConfigFile.from_model(each) for each in self.model.files]

    @strawberry.field(description="Files kept in a Secret, by path only.")
    def secret_files(self) -> list[SecretFile]:
        return [SecretFile(path=each.path) for each in self.model.secret_files]

    @strawberry.field(description="Who pulls the image, without the password; null: anybody may.")
    def registry_credentials(self) -> RegistryCredentials | None:
        credentials = self.model.registry_credentials
        return RegistryCredentials.from_model(credentials) if credentials is not None else None

    @strawberry.field(description="The disks of each replica of a stateful service.")
    def volumes(self) -> list[Volume]:
        return [Volume.from_model(each) for each in self.model.volumes]

    @strawberry.field(description="By what the cluster chooses the number of pods; null: `replicas` says it.")
    def autoscaling(self) -> Autoscaling | None:
        return Autoscaling.from_model(self.model.autoscaling) if self.model.autoscaling is not None else None

    @strawberry.field(description="When a scheduled job runs; null for every other app.")
    def schedule(self) -> Schedule | None:
        return Schedule.from_model(self.model.schedule) if self.model.schedule is not None else None

    @strawberry.field(description="What runs in place of the image's ENTRYPOINT, a word an item; empty: that runs.")
    def command(self) -> list[str]:
        return list(self.model.command)

    @strawberry.field(description="Arguments in place of the image's CMD, a word an item; empty: those.")
    def arguments(self) -> list[str]:
        return list(self.model.arguments)

    @strawberry.field(description="The check that the other two wait for; null: they do not wait.")
    def startup(self) -> Probe | None:
        return _probe(self.model.startup)

    @strawberry.field(description="The check that starts a container anew where it fails; null: nothing does.")
    def liveness(self) -> Probe | None:
        return _probe(self.model.liveness)

    @strawberry.field(description="The check of a pod that is to get requests; null: its port has to answer.")
    def readiness(self) -> Probe | None:
        return _probe(self.model.readiness)


def _probe(probe: models.Probe | None) -> Probe | None:
    return Probe.from_model(probe) if probe is not None else None
